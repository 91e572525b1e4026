/** The fields of an Adaptive Card: what stands in them, what a person can put there, and what is sent of it. */
import { cardOf, isInput, type Part, type Placed } from "./card-parts.ts";

/** By the input's id: text, `true` or `false` for an Input.Toggle, the values chosen in an Input.ChoiceSet of several. */
export type Filled = Record<string, string | number | boolean | string[]>;

/** The inputs that a button sends: those of its own card and of the cards around it, not those of cards inside. */
export function inputsFor(button: Placed, parts: Placed[]): Part[] {
  if (button.part.associatedInputs === "none") return [];
  const cards = button.path.filter(({ type }) => type === "AdaptiveCard");
  return parts
    .filter(({ part, path }) => isInput(part) && cards.includes(cardOf(path) ?? part))
    .map(({ part }) => part);
}

/**
 * What is sent of these inputs: what the person filled in, else what stands there. A choice that was not made and a
 * number, date or time that was not given are left out; an empty text is sent. Throws where no client would send.
 */
export function fillIn(inputs: Part[], filled: Filled, title: string): Record<string, string> {
  const ids = inputs.map(({ id }) => id ?? "");
  for (const id of Object.keys(filled)) {
    if (ids.includes(id)) continue;
    throw new Error(`"${title}" sends no input "${id}"; it sends: ${ids.join(", ") || "none"}`);
  }
  const entries = inputs.flatMap((input): [string, string][] => {
    const id = input.id ?? "";
    const value = id in filled ? written(input, filled[id] ?? "") : present(input);
    const fault = faultOf(input, value ?? "");
    if (fault) throw new Error(`"${title}" is not sent: ${id} ${fault}`);
    return value === undefined ? [] : [[id, value]];
  });
  return Object.fromEntries(entries);
}

export function choicesOf(input: Part): { title?: string; value: string }[] {
  return Array.isArray(input.choices) ? (input.choices as { title?: string; value: string }[]) : [];
}

function present(input: Part): string | undefined {
  const { type, value } = input;
  if (type === "Input.Toggle") return typeof value === "string" ? value : togglesTo(input, false);
  if (type === "Input.Text") return typeof value === "string" ? value : "";
  const chosen = type === "Input.ChoiceSet" ? known(input, value) : value;
  if (typeof chosen === "number") return String(chosen);
  return typeof chosen === "string" && chosen !== "" ? chosen : undefined;
}

/** A client shows nothing for a value that is no choice. */
function known(input: Part, value: unknown): unknown {
  const values = choicesOf(input).map((choice) => choice.value);
  if (typeof value !== "string" || input.isMultiSelect !== true) return values.find((one) => one === value);
  return value
    .split(",")
    .filter((one) => values.includes(one))
    .join(",");
}

function written(input: Part, value: Filled[string]): string | undefined {
  if (typeof value === "boolean") return togglesTo(input, value);
  const text = Array.isArray(value) ? value.join(",") : String(value);
  return input.type === "Input.ChoiceSet" && text === "" ? undefined : text;
}

function togglesTo({ valueOn = "true", valueOff = "false" }: Part, on: boolean): string {
  return String(on ? valueOn : valueOff);
}

/** `maxLength` is not among these: not every client keeps to it. */
function faultOf(input: Part, value: string): string | undefined {
  if (input.isRequired === true && value === "") return "is required";
  if (value === "") return undefined;
  if (typeof input.regex === "string" && !new RegExp(input.regex, "u").test(value)) return `is not ${input.regex}`;
  if (input.type === "Input.Toggle" && ![togglesTo(input, true), togglesTo(input, false)].includes(value))
    return `has no "${value}"`;
  if (input.type !== "Input.ChoiceSet") return undefined;
  const values = choicesOf(input).map((choice) => choice.value);
  const chosen = input.isMultiSelect === true ? value.split(",") : [value];
  const wrong = chosen.filter((one) => !values.includes(one));
  return wrong.length ? `has no choice ${wrong.join(", ")}; it has: ${values.join(", ")}` : undefined;
}
