import { LONGEST_STYLE_WORDS } from "../../../src/styles/style-book.ts";
import { LONGEST_STYLE_NAME } from "../../../src/styles/style-name.ts";
import type { Sentences } from "../../../src/words/said.ts";
import { sendButton } from "./card-parts.ts";
import type { Element } from "./card-parts.ts";
import { styleInputOf } from "./button-data.ts";

/** A button below which fields open for the name of a style, and how it looks. */
export function styleForm(ref: string, { actionLabels, styles }: Sentences): Element {
  const name = {
    type: "Input.Text",
    id: styleInputOf("name", ref),
    label: styles.formName,
    maxLength: LONGEST_STYLE_NAME,
    placeholder: styles.formNameHint,
  };
  const words = {
    type: "Input.Text",
    id: styleInputOf("words", ref),
    label: styles.formWords,
    isMultiline: true,
    maxLength: LONGEST_STYLE_WORDS,
    placeholder: styles.formWordsHint,
  };
  const card = {
    type: "AdaptiveCard",
    version: "1.5",
    body: [name, words],
    actions: [sendButton(styles.formSend, { do: "style", ref })],
  };
  return { type: "Action.ShowCard", title: actionLabels.style, card };
}
