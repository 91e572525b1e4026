/** Adaptive Cards as plain JSON: the parts that Easel's cards are made of. */

export type Element = { type: string; [member: string]: unknown };

export type Card = {
  type: "AdaptiveCard";
  $schema: string;
  version: "1.5";
  body: Element[];
  actions?: Element[];
  [member: string]: unknown;
};

/** 28 KB is the lowest ceiling that was reported; the difference is for what the connector may add. */
const MOST_CARD_BYTES = 27_000;
/** Beyond any text that can reach us: the start of the search. */
export const LONGEST_TEXT = 65_536;

export function makeCard(body: Element[], actions: Element[], more: Record<string, unknown> = {}): Card {
  return {
    type: "AdaptiveCard",
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    version: "1.5",
    msteams: { width: "Full" },
    ...more,
    body,
    ...(actions.length && { actions }),
  };
}

/** The card with the longest texts that still fit. `build` cuts every text in it to the characters it is given. */
export function fitCard(build: (most: number) => Card): Card {
  const whole = build(LONGEST_TEXT);
  if (fits(whole)) return whole;
  let [fitting, tooMuch] = [1, LONGEST_TEXT];
  while (tooMuch - fitting > 1) {
    const middle = Math.floor((fitting + tooMuch) / 2);
    if (fits(build(middle))) fitting = middle;
    else tooMuch = middle;
  }
  return build(fitting);
}

export function fits(card: Card): boolean {
  return Buffer.byteLength(JSON.stringify(card)) <= MOST_CARD_BYTES;
}

/** Control characters other than tab and line feed show as nothing or as boxes. */
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;

/** Left open they would turn around the runs behind them. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/gu;

/** Text that shows just its characters: a TextRun, unlike a TextBlock, knows no markdown, link or mention. */
export function runOf(text: string, look: Record<string, unknown> = {}): Element {
  return {
    type: "TextRun",
    text: text.replaceAll(/\r\n?/g, "\n").replaceAll(TURNS, "").replaceAll(CONTROLS, " "),
    ...look,
  };
}

export function textOf(text: string, look: Record<string, unknown> = {}, space: Record<string, unknown> = {}): Element {
  return { type: "RichTextBlock", ...space, inlines: [runOf(text, look)] };
}

/** Several choices, all of them seen or behind a tap. */
export function choiceInput(
  id: string,
  label: string,
  choices: { title: string; value: string }[],
  more: Partial<{
    value: string;
    style: "compact" | "expanded";
    isMultiSelect: boolean;
    isRequired: boolean;
    errorMessage: string;
  }> = {},
): Element {
  return { type: "Input.ChoiceSet", id, label, style: "compact", ...more, choices };
}

/** Text as it is where markdown is read. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_[\]()<>#~|]/g, String.raw`\$&`);
}

/** A FactSet reads markdown, and takes no TextRuns. */
export function factSet(facts: { name: string; value: string }[]): Element[] {
  if (!facts.length) return [];
  const pairs = facts.map(({ name, value }) => ({ title: escapeMarkdown(name), value: escapeMarkdown(value) }));
  return [{ type: "FactSet", facts: pairs }];
}

/** A row of buttons in the body of a card. */
export function rowOf(actions: Element[]): Element[] {
  return actions.length ? [{ type: "ActionSet", actions }] : [];
}

/** Clients show so many buttons of one row. */
export const MOST_IN_A_ROW = 6;

/** As few rows as there can be, about equally long. */
export function rowsOf(actions: Element[]): Element[] {
  const inOne = Math.ceil(actions.length / Math.ceil(actions.length / MOST_IN_A_ROW));
  const count = actions.length ? Math.ceil(actions.length / inOne) : 0;
  return Array.from({ length: count }, (_, row) => actions.slice(row * inOne, (row + 1) * inOne)).flatMap(rowOf);
}

/** What a button sends; a member without a value is not sent. */
export type ButtonData = { do: string; [member: string]: string | undefined };

/** How a button stands among others: `secondary` behind "…" on clients that can. */
export type ButtonLook = { style?: "default" | "positive" | "destructive"; mode?: "primary" | "secondary" };

/** A button that sends `data` and the card's inputs. Clients without Action.Execute send the same by Action.Submit. */
export function sendButton(title: string, data: ButtonData, look: ButtonLook = { style: "positive" }): Element {
  const common = { title, ...look, data };
  return { type: "Action.Execute", verb: data.do, ...common, fallback: { type: "Action.Submit", ...common } };
}
