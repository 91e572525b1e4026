import { ApplicationCommandOptionType } from "discord.js";
import type { APIChatInputApplicationCommandInteraction, APIModalSubmitInteraction } from "discord.js";
import { beginForm } from "../../../src/brainstorm/board-forms.ts";
import type { Settings } from "../../../src/settings.ts";
import { chatForm, MOST_FIELDS, valuesIn } from "./chat-form.ts";
import type { Form } from "./request-form.ts";

/** What somebody typed behind `/brainstorm`, or into its form; `code` is that of a session elsewhere. */
export type AskedBrainstorm = { topic: string; options: Record<string, string>; thread: boolean; code: string };

const PREFIX = "brainstorm?";
const LONGEST_ID = 100;
const TOPIC = "topic";
const THREAD = "thread";

/** People type `join` and the code where a topic stands, as they do on Teams: with a digit, or in capitals alone, it is one. */
const JOINING = /^join\s+(?=\S*\d|[A-Z]+$)([A-Za-z\d]{8})$/;

export function readBrainstorm({ data }: APIChatInputApplicationCommandInteraction): AskedBrainstorm {
  const asked: AskedBrainstorm = { topic: "", options: {}, thread: false, code: "" };
  for (const option of data.options ?? []) {
    const value = "value" in option ? String(option.value).toWellFormed().trim() : "";
    const isYes = option.type === ApplicationCommandOptionType.Boolean && option.value;
    if (option.name === TOPIC) asked.topic = value;
    else if (option.name === "join") asked.code = value;
    else if (option.name === THREAD) asked.thread = isYes;
    else if (option.type === ApplicationCommandOptionType.Boolean) asked.options[option.name] = isYes ? "yes" : "no";
    else asked.options[option.name] = value;
  }
  const [, typed = ""] = JOINING.exec(asked.topic) ?? [];
  return typed && !asked.code ? { ...asked, code: typed } : asked;
}

/** Asks for a topic, and for as many of the options that were not given as a modal has room for; the given ones travel in its name. */
export function topicForm({ options, thread }: AskedBrainstorm, settings: Settings): Form {
  const form = beginForm(settings);
  const kept = new URLSearchParams(thread ? { [THREAD]: "yes" } : {});
  const overlong: string[] = [];
  for (const [name, value] of Object.entries(options)) {
    kept.set(name, value);
    if (`${PREFIX}${kept}`.length <= LONGEST_ID) continue;
    kept.delete(name);
    overlong.push(name);
  }
  const asked = form.fields.filter(({ id }) => !kept.has(id));
  const first = asked.filter(({ id }) => id === TOPIC || overlong.includes(id));
  const fields = [...first, ...asked.filter((field) => !first.includes(field))].slice(0, MOST_FIELDS).map((field) => {
    const value = options[field.id];
    if (value === undefined) return field;
    return field.kind === "choice" ? { ...field, chosen: [value] } : { ...field, value };
  });
  return chatForm(`${PREFIX}${kept}`, { ...form, fields });
}

export function isTopicForm(customId: string): boolean {
  return customId.startsWith(PREFIX);
}

export function readTopicForm(interaction: APIModalSubmitInteraction): AskedBrainstorm {
  const kept = Object.fromEntries(new URLSearchParams(interaction.data.custom_id.slice(PREFIX.length)));
  const { thread, ...options } = kept;
  const asked: AskedBrainstorm = { topic: "", options, thread: thread !== undefined, code: "" };
  for (const [name, [value = ""]] of Object.entries(valuesIn(interaction))) {
    if (name === TOPIC) asked.topic = value.trim();
    else if (value.trim()) asked.options[name] = value.trim();
  }
  return asked;
}
