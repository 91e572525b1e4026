import { InteractionResponseType } from "discord.js";
import type { APIModalSubmitInteraction } from "discord.js";
import { CELLS } from "../../../src/pixels/grid-and-mask.ts";
import { sentencesFor } from "../../../src/words/said.ts";
import { textInput } from "./request-form.ts";
import type { Form } from "./request-form.ts";

const CHANGE = "change";
const CHANGE_FORM = /^change:([0-9a-f]{40}):([0-9a-f]{4})$/;

/** A form for what should change of a picture, in whose name the cells travel. */
export function changeForm({ draft, cells }: { draft: string; cells: string[] }): Form {
  const bits = CELLS.reduce((sum, cell, index) => sum + (cells.includes(cell) ? 2 ** index : 0), 0);
  const customId = `${CHANGE}:${draft}:${bits.toString(16).padStart(4, "0")}`;
  const chosen = CELLS.filter((cell) => cells.includes(cell));
  const isWhole = !chosen.length || chosen.length === CELLS.length;
  return (locale) => {
    const { edit, form, labels } = sentencesFor(locale);
    const input = textInput(CHANGE, { label: labels.change, placeholder: form.changePlaceholder });
    const description = isWhole ? edit.wholeMayChange : edit.cellsMayChange({ cells: chosen });
    const data = { custom_id: customId, title: labels.editTitle, components: [{ ...input, description }] };
    return { type: InteractionResponseType.Modal, data };
  };
}

/** Nothing for any other form. */
export function readChange({
  data,
}: APIModalSubmitInteraction): { does: "change"; of: string; words: string; cells: string[] } | undefined {
  const [, of, bits = "0"] = CHANGE_FORM.exec(data.custom_id) ?? [];
  if (!of) return undefined;
  const parts = data.components.flatMap((part) => ("component" in part ? [part.component] : []));
  const input = parts.find(({ custom_id: id }) => id === CHANGE);
  const words = input && "value" in input ? String(input.value).toWellFormed() : "";
  const cells = CELLS.filter((_, index) => (Number.parseInt(bits, 16) & (2 ** index)) !== 0);
  return { does: "change", of, words, cells };
}
