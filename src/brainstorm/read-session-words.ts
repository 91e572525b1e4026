import { SESSION_OPTIONS } from "./session-options.ts";
import type { AskedTopic } from "./session-options.ts";

const NAMES = SESSION_OPTIONS.join("|");
const QUOTED = `"[^"]{0,200}"|'[^']{0,200}'|[“”„][^“”„]{0,200}[“”]|[‘’‚][^‘’‚]{0,200}[‘’]`;

/**
 * `--` before a word always means an option. A dash, which telephones write for `--`, and a name with a colon only where the name
 * is one: `ideas:4`.
 */
const OPTION = new RegExp(
  [
    String.raw`(?<=^|\s)(?:(?<dash>--|[—–]{1,2})(?<name>${NAMES})(?=[\s=:]|$)(?:\s{0,9}[=:]\s{0,9}|\s{1,9})?`,
    String.raw`(?<name>${NAMES}):(?=\S)`,
    String.raw`(?<name>ideas|minutes|votes):\s(?=\d)`,
    String.raw`(?<dash>--)(?<name>[a-z][\w-]{0,60})(?:[=:]|\s{1,9})?)(?<value>${QUOTED}|(?!(?:--|[—–])[a-z])\S{1,200})?`,
  ].join("|"),
  "giu",
);

/** Takes the options out of what stands behind `brainstorm`. */
export function readSessionWords(text: string): Required<AskedTopic> {
  const options: Record<string, string> = {};
  const unknownOptions: string[] = [];
  const topic = text.replaceAll(OPTION, (...found) => {
    const { dash = "", name = "", value = "" } = found.at(-1) as Record<string, string | undefined>;
    const option = SESSION_OPTIONS.find((known) => known === name.toLowerCase());
    if (option) options[option] = value.replaceAll(/^["'“”„‘’‚]|["'“”‘’]$/g, "");
    else unknownOptions.push(`${dash}${name}`);
    return " ";
  });
  return { topic: topic.replaceAll(/\s+/g, " ").trim(), options, unknownOptions };
}
