import { foreignOption, NUMBERED } from "./foreign-options.ts";
import type { ForeignValue } from "./foreign-options.ts";
import { MODELS } from "../models.ts";
import { nearestOption, OPTION_ALIASES, OPTION_NAMES, optionNamed } from "./request.ts";
import type { ImageRequest } from "./request.ts";

/** Of options that do not exist, so many are told. */
const MOST_UNKNOWN = 20;

export type AskedPicture = Pick<ImageRequest, "prompt" | "options" | "unknownOptions">;

/**
 * Takes the options out of somebody's words. `--` before a word always means an option, so that a misspelt one is told and
 * not drawn; a dash, which telephones write for `--` and people write for themselves, only before the name of one. What
 * belongs to an option of another bot's goes with it.
 */
export function readWords(text: string): AskedPicture {
  const asked: AskedPicture = { prompt: "", options: {}, unknownOptions: [] };
  const kept: string[] = [];
  let rest = text;
  for (let mark = OPTION.exec(rest); mark; mark = OPTION.exec(rest)) {
    kept.push(rest.slice(0, mark.index));
    rest = takeOption(mark.groups ?? {}, rest.slice(mark.index + mark[0].length), asked);
  }
  asked.unknownOptions = [...new Set(asked.unknownOptions)].slice(0, MOST_UNKNOWN);
  asked.prompt = [...kept, rest]
    .map((part) => part.trim())
    .filter(Boolean)
    .join(" ");
  return asked;
}

/** The same, where words without an option in them are to stay as they are. */
export function readOptionsIn(text: string): AskedPicture {
  return OPTION.test(text) ? readWords(text) : { prompt: text, options: {}, unknownOptions: [] };
}

/** Words with their options as they could have been typed. */
export function optionsTyped({ prompt, options, unknownOptions }: AskedPicture): string {
  const typed = Object.entries(options).map(([name, value]) => `--${name} ${/\s/.test(value) ? `"${value}"` : value}`);
  return [prompt, ...typed, ...unknownOptions].join(" ").trim();
}

/** Notes the option at the beginning of `rest`, and returns what is left of that. */
function takeOption(
  { dash = "", name: typed = "" }: Record<string, string>,
  rest: string,
  asked: AskedPicture,
): string {
  const name = optionNamed(typed);
  const foreign = name ? undefined : foreignOption(typed);
  if (foreign?.kind === "quality") {
    const word = VALUES.any.exec(rest);
    const quality = unquote(word?.groups?.value ?? "").toLowerCase();
    if (QUALITIES.has(quality)) {
      asked.options.quality ??= quality;
      return rest.slice(word?.[0].length ?? 0);
    }
  }
  if (foreign) {
    const [whole, value] = foreignValue(foreign.takes, rest);
    const shown = value.replaceAll(/\s+/g, " ").trim();
    asked.unknownOptions.push(`${dash}${typed}${shown ? ` ${cut(shown)}` : ""}`);
    return rest.slice(whole.length).replace(/^[=:]\S*/, "");
  }
  const meant = name ?? nearestOption(typed);
  const value = meant && VALUES[meant === "size" ? "size" : "any"].exec(rest);
  // An option without a value is told as such: an empty one would count as not there.
  if (name) asked.options[name] = unquote(value?.groups?.value ?? " ");
  else if (meant && value) asked.options[meant] ??= unquote(value.groups?.value ?? " ");
  const left = rest.slice(value?.[0].length ?? 0);
  if (name) return left;
  asked.unknownOptions.push(`${dash}${typed}`);
  return left.replace(/^[=:]\S*/, "");
}

/** What is told of what stood behind an option is short. */
const LONGEST_SHOWN = 60;

function cut(value: string): string {
  return value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN - 1).toWellFormed()}…` : value;
}

function foreignValue(takes: ForeignValue, rest: string): [whole: string, value: string] {
  if (takes === "nothing") return ["", ""];
  if (takes === "rest") {
    const words = rest.slice(0, OPTION.exec(rest)?.index ?? rest.length).split("\n", 1)[0] ?? "";
    return [words, words.slice(0, 10 * LONGEST_SHOWN).replace(/^[\s=:]+/, "")];
  }
  const [whole = "", value = ""] = FOREIGN_VALUES[takes].exec(rest) ?? [];
  return [whole, value];
}

const list = (token: string) => new RegExp(String.raw`^((?:\s{1,9}${token}(?=\s|$)){1,20})`, "iu");

const FOREIGN_VALUES: Record<Exclude<ForeignValue, "nothing" | "rest">, RegExp> = {
  number: /^\s{0,9}[=:\s]\s{0,9}(\d{1,10}(?:[.]\d{1,4})?)(?=[\s,;]|[.]?(?:\s|$))/u,
  addresses: list(String.raw`(?:https?://\S{1,2000}|\d[\d:.]{0,30}|random)`),
  codes: list(String.raw`(?=[a-z]{0,30}\d)[\w-]{4,40}`),
  "low or high": /^\s{0,9}[=:\s]\s{0,9}(low|high)(?=\s|$)/iu,
};

const QUALITIES = new Set(Object.values(MODELS).flatMap(({ qualities }) => qualities));

const OURS = [...OPTION_NAMES, ...OPTION_ALIASES.keys()].filter((name) => name.length > 1).join("|");

const OPTION = new RegExp(
  [
    String.raw`(?<=^|\s)(?:(?<dash>--|[—–]{1,2})(?<name>${OURS})(?=[\s=:]|$)`,
    String.raw`(?<dash>[—–]{1,2})(?<name>${NUMBERED.join("|")})(?=[\s=:]{1,9}\d)`,
    // As a channel's own style is left out, which is said so where that is made.
    String.raw`(?<name>style)(?=:none(?:[\s.,;]|$))`,
    String.raw`(?<dash>--)(?<name>[a-z][\w-]*))`,
  ].join("|"),
  "iu",
);

/** No value that means anything is longer; looking for the end of one that has none would take long. */
const QUOTED = [
  `"[^"]{0,200}"`,
  `'[^']{0,200}'`,
  `[“”„][^“”„]{0,200}[“”]`,
  `[‘’‚][^‘’‚]{0,200}[‘’]`,
  `«[^»]{0,200}»`,
].join("|");
const WORD = String.raw`(?!(?:--|[—–])[a-z])\S+`;
const PIXELS = String.raw`\d{1,5}\s{0,9}[x×*:/]\s{0,9}\d{1,5}(?=\s|$)`;
const valueOf = (forms: string) => new RegExp(String.raw`^(?:\s*[=:]\s*|\s+)(?<value>${forms})`, "iu");
const VALUES = { size: valueOf(`${QUOTED}|${PIXELS}|${WORD}`), any: valueOf(`${QUOTED}|${WORD}`) };

function unquote(value: string): string {
  return /^["'“”„‘’‚«].*["'“”‘’»]$/su.test(value) && value.length > 1 ? value.slice(1, -1) || " " : value;
}
