import type { Command, CommandOption } from "./command-rules.ts";
import { checkFileType } from "./file-types.ts";
import { describeAttachment } from "./message-form.ts";
import type { Attachment, SentFile } from "./records.ts";
import { describeMember, describeUser, type Person } from "./places.ts";
import { keepUpload } from "./uploads.ts";
import { optionKind, type Fields } from "./wire.ts";
import type { World } from "./world.ts";

/** `contentType` is what the uploader says of a file whose name does not tell its type. */
export type GivenFile = Pick<SentFile, "name" | "bytes"> & { contentType?: string; description?: string };

/** What a person can put into an option. */
export type OptionValue = string | number | boolean | { file: GivenFile } | { person: Person };

export type GivenOptions = Record<string, OptionValue>;

type Filled = { options: Fields[]; resolved?: Fields };

/**
 * Fills in a command. `words` is its name, then group and subcommand. A registered command is held to its definition as
 * the client holds it, but for lengths and ranges, which a bot must not trust in.
 */
export async function fillOptions(
  world: World,
  { words, given, command, focused }: { words: string[]; given: GivenOptions; command?: Command; focused?: string },
): Promise<Filled> {
  const path = words.slice(1);
  const defined = command && findOptions(command, path);
  if (defined) checkGiven(words.join(" "), given, { defined, complete: focused === undefined });
  const resolved: Record<"attachments" | "users" | "members", Fields> = { attachments: {}, users: {}, members: {} };
  const leaves: Fields[] = [];
  for (const [name, value] of Object.entries(given)) {
    const type = defined?.find((option) => option.name === name)?.type ?? guessKind(value);
    const told = await tellValue(world, value, resolved);
    leaves.push({ name, type, value: told, ...(name === focused ? { focused: true } : {}) });
  }
  const nested = path.toReversed().reduce<Fields[]>((options, name, depth) => {
    return [{ name, type: depth === 0 ? optionKind.subcommand : optionKind.group, options }];
  }, leaves);
  const some = Object.entries(resolved).filter(([, things]) => Object.keys(things).length > 0);
  return { options: nested, ...(some.length > 0 ? { resolved: Object.fromEntries(some) } : {}) };
}

function findOptions(command: Command, path: readonly string[]): CommandOption[] {
  let options = command.options ?? [];
  for (const name of path) {
    const next = options.find((option) => option.name === name);
    if (next === undefined) throw new Error(`/${command.name} has no subcommand ${name}`);
    options = next.options ?? [];
  }
  const [first] = options;
  const nested = first !== undefined && (first.type === optionKind.subcommand || first.type === optionKind.group);
  if (nested) throw new Error(`/${command.name} can only be called with one of its subcommands`);
  return options;
}

function checkGiven(
  name: string,
  given: GivenOptions,
  { defined, complete }: { defined: readonly CommandOption[]; complete: boolean },
): void {
  for (const option of defined) {
    if (complete && option.required === true && !(option.name in given)) {
      throw new Error(`/${name} cannot be sent without ${option.name}`);
    }
  }
  for (const [key, value] of Object.entries(given)) {
    const option = defined.find((one) => one.name === key);
    if (option === undefined) throw new Error(`/${name} has no option ${key}`);
    const choices = option.choices ?? [];
    if (choices.length > 0 && !choices.some((choice) => choice.value === value)) {
      throw new Error(`/${name} ${key} has no choice ${JSON.stringify(value)}`);
    }
    const file = typeof value === "object" && "file" in value ? value.file : undefined;
    if ((option.type === optionKind.attachment) !== (file !== undefined)) {
      throw new Error(`/${name} ${key} ${file ? "takes no file" : "takes a file, and only that"}`);
    }
    if (file) checkFileType(`/${name} ${key}`, file.name, option.file_types);
  }
}

function guessKind(value: OptionValue): number {
  if (typeof value === "string") return optionKind.string;
  if (typeof value === "boolean") return optionKind.boolean;
  if (typeof value === "number") return Number.isInteger(value) ? optionKind.integer : optionKind.number;
  return "file" in value ? optionKind.attachment : optionKind.user;
}

async function tellValue(
  world: World,
  value: OptionValue,
  resolved: Record<"attachments" | "users" | "members", Fields>,
): Promise<string | number | boolean> {
  if (typeof value !== "object") return value;
  if ("file" in value) {
    const id = await attachFile(world, value.file, resolved.attachments);
    return id;
  }
  const { user, ...member } = describeMember(value.person);
  resolved.users[value.person.id] = user ?? describeUser(value.person);
  resolved.members[value.person.id] = member;
  return value.person.id;
}

/** A file that a person sends along: kept for a while under an address of its own, as if ephemeral. */
export async function attachFile(world: World, file: GivenFile, attachments: Fields): Promise<string> {
  const kept = await keepFile(world, file, { channelId: world.application.id, ephemeral: true });
  attachments[kept.upload.id] = describeAttachment(world, kept);
  return kept.upload.id;
}

export async function keepFile(
  world: World,
  { name, bytes, contentType = "application/octet-stream", description }: GivenFile,
  place: { channelId: string; ephemeral: boolean },
): Promise<Attachment> {
  const upload = await keepUpload(world, { name, bytes, contentType }, place);
  return { upload, description, spoiler: name.startsWith("SPOILER_") };
}
