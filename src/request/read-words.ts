import { nearestOption, OPTION_ALIASES, OPTION_NAMES, optionNamed } from "./request.ts";
import type { ImageRequest, OptionName } from "./request.ts";
import { habitOf, withoutValue } from "./other-bots.ts";

/** Of options that do not exist, so many are told. */
const MOST_UNKNOWN = 20;

export type AskedPicture = Pick<ImageRequest, "prompt" | "options" | "unknownOptions">;

/**
 * Takes the options out of somebody's words. `--` before a word always means an option, so that a misspelt one is told and
 * not drawn; a dash, which telephones write for `--` and people write for themselves, only before the name of one.
 */
export function readWords(text: string): AskedPicture {
  const asked: AskedPicture = { prompt: "", options: {}, unknownOptions: [] };
  const kept: string[] = [];
  let rest = text;
  for (let mark = OPTION.exec(rest); mark; mark = OPTION.exec(rest)) {
    kept.push(rest.slice(0, mark.index));
    rest = rest.slice(mark.index + mark[0].length);
    const { dash = "", known, other } = mark.groups ?? {};
    const name = optionNamed(known ?? "");
    const habit = habitOf(other ?? "");
    const meant = name ?? (habit ? undefined : nearestOption(other ?? ""));
    if (meant) {
      const value = VALUES[meant === "size" ? "size" : "any"].exec(rest);
      rest = rest.slice(value?.[0].length ?? 0);
      // An option without a value is told as such: an empty one would count as not there.
      if (name) asked.options[name] = unquote(value?.groups?.value ?? " ");
      else if (value) asked.options[meant] ??= unquote(value.groups?.value ?? " ");
    }
    if (habit) rest = withoutValue(habit, rest);
    if (!name) {
      asked.unknownOptions.push(`${dash}${other}`);
      rest = rest.replace(/^[=:]\S*/, "");
    }
  }
  asked.unknownOptions = [...new Set(asked.unknownOptions)].slice(0, MOST_UNKNOWN);
  asked.prompt = [...kept, rest]
    .map((part) => part.trim())
    .filter(Boolean)
    .join(" ");
  return asked;
}

export function isOptionName(name: string | undefined): name is OptionName {
  return OPTION_NAMES.some((known) => known === name);
}

const OPTION = new RegExp(
  `(?<=^|\\s)(?:(?<dash>--|[—–]{1,2})(?<known>${[...OPTION_NAMES, ...OPTION_ALIASES.keys()].join("|")})(?=[\\s=:]|$)|(?<dash>--)(?<other>[a-z][\\w-]*))`,
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
