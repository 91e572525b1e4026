import { ComponentType, InteractionResponseType, TextInputStyle } from "discord.js";
import type { APILabelComponent, APIModalSubmitInteraction } from "discord.js";
import { MOST_REPORT_CHARACTERS } from "../../../src/ask/report.ts";
import { sentencesFor } from "../../../src/words/said.ts";
import { controlId, readControl } from "./buttons.ts";
import type { Form } from "./request-form.ts";

const WHY = "why";

/** A form for what is wrong with a picture, which travels in its name. */
export function reportForm({ of }: { of: string }): Form {
  return (locale) => {
    const { report } = sentencesFor(locale);
    const input: APILabelComponent = {
      type: ComponentType.Label,
      label: report.why,
      component: {
        type: ComponentType.TextInput,
        custom_id: WHY,
        style: TextInputStyle.Paragraph,
        required: true,
        max_length: MOST_REPORT_CHARACTERS,
        placeholder: report.whyPlaceholder,
      },
    };
    const data = { custom_id: controlId("report", of), title: report.title, components: [input] };
    return { type: InteractionResponseType.Modal, data };
  };
}

/** Nothing for any other form. */
export function readReport({
  data,
}: APIModalSubmitInteraction): { does: "report"; of: string; why: string } | undefined {
  const { does, of } = readControl(data.custom_id) ?? { does: undefined, of: "" };
  if (does !== "report") return undefined;
  const parts = data.components.flatMap((part) => ("component" in part ? [part.component] : []));
  const input = parts.find(({ custom_id: id }) => id === WHY);
  return { does, of, why: input && "value" in input ? String(input.value).toWellFormed() : "" };
}
