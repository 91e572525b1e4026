import { ComponentType, InteractionResponseType, SelectMenuDefaultValueType, TextInputStyle } from "discord.js";
import type {
  APILabelComponent,
  APIModalSubmitInteraction,
  APIStringSelectComponent,
  APITextDisplayComponent,
  APITextInputComponent,
} from "discord.js";
import type { ChatForm, FormValues, SpokenForm } from "../../../src/replies/form.ts";
import { sentencesFor, speakAll } from "../../../src/words/said.ts";
import { shorten } from "../../../src/words/shorten.ts";
import { literal } from "./literal.ts";
import type { Form } from "./request-form.ts";

const LONGEST_TITLE = 45;
const LONGEST_LABEL = 45;
const LONGEST_HINT = 100;
const LONGEST_CHOICE = 100;
const LONGEST_INPUT = 4000;
const LONGEST_EXPLANATION = 1000;
const MOST_CHOICES = 25;
const SNOWFLAKE = /^\d{15,21}$/;
export const MOST_FIELDS = 5;

type Field = SpokenForm["fields"][number];

/** A form as Discord's modal, which has room for five parts: what is required stands in it in any case. */
export function chatForm(customId: string, said: ChatForm): Form {
  return (locale) => {
    const { title, explanation, fields } = speakAll(said, sentencesFor(locale));
    const hasRoom = fields.length < MOST_FIELDS;
    const words: APITextDisplayComponent[] =
      explanation && hasRoom
        ? [{ type: ComponentType.TextDisplay, content: literal(shorten(explanation, LONGEST_EXPLANATION)) }]
        : [];
    const shown = fieldsThatFit(fields).map(labelled);
    const data = { custom_id: customId, title: shorten(title, LONGEST_TITLE), components: [...words, ...shown] };
    return { type: InteractionResponseType.Modal, data };
  };
}

export function fieldsThatFit<Some extends { isRequired: boolean }>(fields: Some[]): Some[] {
  const room = MOST_FIELDS - fields.filter(({ isRequired }) => isRequired).length;
  const others = fields.filter(({ isRequired }) => !isRequired).slice(0, Math.max(0, room));
  return fields.filter((field) => field.isRequired || others.includes(field)).slice(0, MOST_FIELDS);
}

function labelled(field: Field): APILabelComponent {
  const component = field.kind === "choice" ? select(field) : field.kind === "pick" ? picker(field) : input(field);
  return { type: ComponentType.Label, label: shorten(field.label, LONGEST_LABEL), component };
}

function input({ id, isRequired, ...field }: Exclude<Field, { kind: "choice" | "pick" }>): APITextInputComponent {
  const most = Math.min(field.most, LONGEST_INPUT);
  return {
    type: ComponentType.TextInput,
    custom_id: id,
    style: field.kind === "line" ? TextInputStyle.Short : TextInputStyle.Paragraph,
    required: isRequired,
    max_length: most,
    ...(field.hint && { placeholder: shorten(field.hint, LONGEST_HINT) }),
    ...(field.value && { value: shorten(field.value, most) }),
  };
}

function select({ id, isRequired, ...field }: Extract<Field, { kind: "choice" }>): APIStringSelectComponent {
  const options = field.choices.slice(0, MOST_CHOICES).map(({ value, name }) => ({
    value,
    label: shorten(name, LONGEST_CHOICE),
    default: field.chosen?.includes(value) ?? false,
  }));
  const most = Math.max(1, Math.min(field.most, options.length));
  return {
    type: ComponentType.StringSelect,
    custom_id: id,
    required: isRequired,
    min_values: isRequired ? Math.max(1, field.least) : 0,
    max_values: most,
    options,
  };
}

/** Discord's own list of what there is, with what was picked before. */
function picker({ id, isRequired, of, most, chosen = [] }: Extract<Field, { kind: "pick" }>) {
  const picked = chosen.filter((one) => SNOWFLAKE.test(one)).slice(0, Math.min(most, MOST_CHOICES));
  const common = {
    custom_id: id,
    required: isRequired,
    min_values: isRequired ? 1 : 0,
    max_values: Math.min(most, MOST_CHOICES),
  };
  const preset = <Type extends SelectMenuDefaultValueType>(type: Type) => ({
    ...(picked.length && { default_values: picked.map((one) => ({ id: one, type })) }),
  });
  if (of === "people")
    return { type: ComponentType.UserSelect as const, ...common, ...preset(SelectMenuDefaultValueType.User) };
  if (of === "roles")
    return { type: ComponentType.RoleSelect as const, ...common, ...preset(SelectMenuDefaultValueType.Role) };
  return { type: ComponentType.ChannelSelect as const, ...common, ...preset(SelectMenuDefaultValueType.Channel) };
}

export function valuesIn({ data }: APIModalSubmitInteraction): FormValues {
  const parts = data.components.flatMap((part) => ("component" in part ? [part.component] : []));
  return Object.fromEntries(
    parts.map((part) => {
      if ("values" in part) return [part.custom_id, part.values];
      return [part.custom_id, "value" in part && typeof part.value === "string" ? [part.value.toWellFormed()] : []];
    }),
  );
}
