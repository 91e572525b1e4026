import { checkFileTypes } from "./file-types.ts";
import { lengthOf } from "./message-rules.ts";
import type { Problem } from "./refusals.ts";
import { optionKind } from "./wire.ts";

export type Choice = { name: string; value: string | number; name_localizations?: Localizations };
type Localizations = Record<string, string> | null;

/** An option as it is registered, and a subcommand or group too. */
export type CommandOption = {
  type: number;
  name: string;
  description: string;
  name_localizations?: Localizations;
  description_localizations?: Localizations;
  required?: boolean | null;
  autocomplete?: boolean | null;
  choices?: Choice[] | null;
  min_length?: number | null;
  max_length?: number | null;
  min_value?: number | null;
  max_value?: number | null;
  file_types?: string[] | null;
  options?: CommandOption[] | null;
};

export type Command = {
  id?: string;
  type?: number | null;
  name: string;
  description?: string | null;
  name_localizations?: Localizations;
  description_localizations?: Localizations;
  options?: CommandOption[] | null;
};

const namePattern = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
/** How many commands of a type there may be, globally and again per server. */
export const mostPerType: Record<number, number> = { 1: 100, 2: 15, 3: 15 };

/** The rules for a whole set of commands, as a PUT brings it. */
export function checkCommands(commands: readonly Command[]): Problem[] {
  const kinds = Object.entries(mostPerType).flatMap(([type, most]): Problem[] => {
    const count = commands.filter((command) => String(command.type ?? 1) === type).length;
    return count <= most
      ? []
      : [{ path: [], code: "APPLICATION_COMMANDS_TOO_MANY", message: `${count} of type ${type}` }];
  });
  const names = commands.map((command) => `${command.type ?? 1} ${command.name}`);
  return [
    ...kinds,
    ...repeated(names).map((index): Problem => {
      const message = "Application command names must be unique";
      return { path: [index], code: "APPLICATION_COMMANDS_DUPLICATE_NAME", message };
    }),
    ...commands.flatMap((command, index) => checkCommand(command, [index])),
  ];
}

export function checkCommand(command: Command, path: Problem["path"]): Problem[] {
  const slash = (command.type ?? 1) === 1;
  const problems: Problem[] = [];
  if (slash) problems.push(...checkNames(command, path));
  if (slash && !command.description) {
    problems.push({ path: [...path, "description"], code: "BASE_TYPE_REQUIRED", message: "This field is required" });
  }
  if (!slash) problems.push(...checkMenuCommand(command, path));
  const size = sizeOf(command);
  if (size > 8000) {
    problems.push({
      path,
      code: "APPLICATION_COMMAND_TOO_LARGE",
      message: `Command exceeds maximum size (8000): ${size}`,
    });
  }
  return [...problems, ...checkOptions(command.options ?? [], { path, depth: 0 })];
}

/** A command in the menu of a message or a person is a name and nothing else; it may have capitals and spaces. */
function checkMenuCommand({ name, description, options }: Command, path: Problem["path"]): Problem[] {
  const problems: Problem[] = [];
  const refuse = (field: string, message: string): void => {
    problems.push({ path: [...path, field], code: "APPLICATION_COMMAND_INVALID", message });
  };
  if (name.trim() === "") refuse("name", "A name of blanks is none.");
  if (description) refuse("description", "Context menu commands have no description.");
  if ((options ?? []).length > 0) refuse("options", "Context menu commands have no options.");
  return problems;
}

function checkOptions(
  options: readonly CommandOption[],
  { path, depth }: { path: Problem["path"]; depth: number },
): Problem[] {
  const problems = repeated(options.map(({ name }) => name)).map((index): Problem => ({
    path: [...path, "options", index, "name"],
    code: "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
    message: "Option name already exists",
  }));
  const nested = options.filter(isNested).length;
  if (nested > 0 && nested < options.length) {
    const message = "Subcommands and other options do not mix.";
    problems.push({ path: [...path, "options"], code: "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message });
  }
  const firstOptional = options.findIndex((option) => !isNested(option) && option.required !== true);
  for (const [index, option] of options.entries()) {
    const here = [...path, "options", index];
    if (option.required === true && firstOptional !== -1 && firstOptional < index) {
      const message = "Required options must be placed before non-required options";
      problems.push({ path: here, code: "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message });
    }
    if ((isNested(option) && depth > 1) || (option.type === optionKind.group && depth > 0)) {
      problems.push({ path: here, code: "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message: "Nested too deeply." });
    }
    problems.push(...checkNames(option, here), ...checkOption(option, here));
    problems.push(...checkOptions(option.options ?? [], { path: here, depth: depth + 1 }));
  }
  return problems;
}

function checkOption(
  { type, choices, autocomplete, min_length, max_length, min_value, max_value, file_types }: CommandOption,
  path: Problem["path"],
): Problem[] {
  const problems = checkFileTypes(file_types, path);
  if (file_types && type !== optionKind.attachment) {
    const message = "Only an attachment option has file types.";
    problems.push({ path: [...path, "file_types"], code: "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message });
  }
  if (autocomplete && (choices ?? []).length > 0) {
    problems.push({
      path,
      code: "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE",
      message: "Choices and autocomplete exclude each other.",
    });
  }
  for (const field of ["name", "value"] as const) {
    for (const index of repeated((choices ?? []).map((choice) => String(choice[field])))) {
      const message = `Choice ${field} is used twice`;
      problems.push({
        path: [...path, "choices", index, field],
        code: "APPLICATION_COMMAND_OPTIONS_CHOICE_EXISTS",
        message,
      });
    }
  }
  const backwards = (min_length ?? 0) > (max_length ?? Infinity) || (min_value ?? -Infinity) > (max_value ?? Infinity);
  if (backwards)
    problems.push({
      path,
      code: "APPLICATION_COMMAND_OPTIONS_MIN_GREATER_THAN_MAX",
      message: "Minimum above maximum.",
    });
  return problems;
}

function checkNames(
  { name, name_localizations }: Pick<Command, "name" | "name_localizations">,
  path: Problem["path"],
): Problem[] {
  const all = [["name", name], ...Object.entries(name_localizations ?? {})];
  return all
    .filter(([, text = ""]) => !namePattern.test(text) || text !== text.toLowerCase())
    .map(([where = ""]) => ({
      path: where === "name" ? [...path, "name"] : [...path, "name_localizations", where],
      code: "APPLICATION_COMMAND_INVALID_NAME",
      message: "Command name is invalid",
    }));
}

function isNested({ type }: CommandOption): boolean {
  return type === optionKind.subcommand || type === optionKind.group;
}

/** Names, descriptions and values; of several languages the longest counts. */
function sizeOf(
  command: Pick<Command, "name" | "description" | "name_localizations" | "description_localizations" | "options">,
): number {
  const longest = (text: string | null | undefined, others: Localizations | undefined): number =>
    Math.max(...[text, ...Object.values(others ?? {})].map(lengthOf));
  const own =
    longest(command.name, command.name_localizations) + longest(command.description, command.description_localizations);
  return (command.options ?? []).reduce((sum, option) => sum + sizeOf(option) + sizeOfChoices(option), own);
}

function sizeOfChoices({ choices }: CommandOption): number {
  return (choices ?? []).reduce((sum, { name, value, name_localizations }) => {
    const names = [name, ...Object.values(name_localizations ?? {})].map(lengthOf);
    return sum + Math.max(...names) + (typeof value === "string" ? lengthOf(value) : 0);
  }, 0);
}

function repeated(names: readonly string[]): number[] {
  return names.flatMap((name, index) => (names.indexOf(name) < index ? [index] : []));
}
