import { ComponentType, InteractionResponseType, TextInputStyle } from "discord.js";
import type { APILabelComponent, APIModalSubmitInteraction } from "discord.js";
import { LONGEST_STYLE_WORDS } from "../../../src/styles/style-book.ts";
import { LONGEST_STYLE_NAME } from "../../../src/styles/style-name.ts";
import { sentencesFor } from "../../../src/words/said.ts";
import { controlId, readControl } from "./buttons.ts";
import type { Form } from "./request-form.ts";

const NAME = "name";
const WORDS = "words";

/** A form for the name of a style, and how it looks; the picture travels in its name. */
export function styleForm({ of }: { of: string }): Form {
  return (locale) => {
    const { styles } = sentencesFor(locale);
    const name: APILabelComponent = {
      type: ComponentType.Label,
      label: styles.formName,
      component: {
        type: ComponentType.TextInput,
        custom_id: NAME,
        style: TextInputStyle.Short,
        required: true,
        max_length: LONGEST_STYLE_NAME,
        placeholder: styles.formNameHint,
      },
    };
    const words: APILabelComponent = {
      type: ComponentType.Label,
      label: styles.formWords,
      component: {
        type: ComponentType.TextInput,
        custom_id: WORDS,
        style: TextInputStyle.Paragraph,
        required: false,
        max_length: LONGEST_STYLE_WORDS,
        placeholder: styles.formWordsHint,
      },
    };
    const data = { custom_id: controlId("style", of), title: styles.formTitle, components: [name, words] };
    return { type: InteractionResponseType.Modal, data };
  };
}

/** Nothing for any other form. */
export function readStyleForm({
  data,
}: APIModalSubmitInteraction): { of: string; name: string; words?: string } | undefined {
  const { does, of } = readControl(data.custom_id) ?? { does: undefined, of: "" };
  if (does !== "style") return undefined;
  const parts = data.components.flatMap((part) => ("component" in part ? [part.component] : []));
  const written = (id: string) => {
    const input = parts.find((part) => part.custom_id === id);
    return input && "value" in input ? String(input.value).toWellFormed() : "";
  };
  return { of, name: written(NAME), words: written(WORDS).trim() || undefined };
}
