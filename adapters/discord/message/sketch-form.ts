import { ComponentType, InteractionResponseType, TextInputStyle } from "discord.js";
import type { APIModalSubmitInteraction } from "discord.js";
import type { BegunSketch } from "../../../src/ask/begin-sketch.ts";
import { sentencesFor } from "../../../src/words/said.ts";
import { shorten } from "../../../src/words/shorten.ts";
import type { Form } from "./request-form.ts";

const SKETCH = "sketch";
const SKETCH_FORM = /^sketch:([0-9a-f]{40})$/;
/** Discord's own limit. */
const LONGEST_INPUT = 4000;

/** A form for what a sketch is to become; nothing needs to be said of it. */
export function sketchForm({ id, words }: BegunSketch): Form {
  return (locale) => {
    const { sketches } = sentencesFor(locale);
    const value = shorten(words, LONGEST_INPUT);
    const component = {
      type: ComponentType.TextInput as const,
      custom_id: SKETCH,
      style: TextInputStyle.Paragraph,
      required: false,
      max_length: LONGEST_INPUT,
      placeholder: sketches.placeholder,
      ...(value && { value }),
    };
    const label = {
      type: ComponentType.Label as const,
      label: sketches.label,
      description: sketches.explanation,
      component,
    };
    return {
      type: InteractionResponseType.Modal,
      data: { custom_id: `${SKETCH}:${id}`, title: sketches.title, components: [label] },
    };
  };
}

/** Nothing for any other form. */
export function readSketch({
  data,
}: APIModalSubmitInteraction): { does: "sketch"; of: string; words: string } | undefined {
  const [, of] = SKETCH_FORM.exec(data.custom_id) ?? [];
  if (!of) return undefined;
  const parts = data.components.flatMap((part) => ("component" in part ? [part.component] : []));
  const input = parts.find(({ custom_id: id }) => id === SKETCH);
  return { does: "sketch", of, words: input && "value" in input ? String(input.value).toWellFormed() : "" };
}
