/** What is to be done with styles, as it was typed. */
export type StyleCommand = {
  does: "save" | "use" | "list" | "show" | "drop";
  name: string;
  words?: string;
  /** Pictures by their numbers in the person's own history. */
  numbers: number[];
};

const STYLE = /^styles?(?:\s+(?<does>save|use|list|show|drop)(?=[\s:.!?]|$):?(?<rest>.*))?[\s.!?]*$/isu;

/** `style save harbour #3: soft watercolour`, `style use harbour`, `style`. Nothing for any other sentence. */
export function readStyleWords(text: string): StyleCommand | undefined {
  const { does = "list", rest = "" } = STYLE.exec(text)?.groups ?? { does: "" };
  switch (does.toLowerCase()) {
    case "save":
      return { does: "save", ...readSaving(rest) };
    case "use":
      return { does: "use", name: bare(rest), numbers: [] };
    case "list":
      return bare(rest) ? undefined : { does: "list", name: "", numbers: [] };
    case "show":
      return { does: "show", name: bare(rest), numbers: [] };
    case "drop":
      return { does: "drop", name: bare(rest), numbers: [] };
    default:
      return undefined;
  }
}

/** The name goes up to a colon or `--words`, or to the end; numbers stand behind a `#`. */
function readSaving(rest: string): Omit<StyleCommand, "does"> {
  const parted = /^(?<head>[^:]*?)(?::|\s[-–—]{1,2}(?:words|look)(?=\s))(?<words>.*)$/isu.exec(rest)?.groups;
  const { head = rest, words = "" } = { head: parted?.head, words: parted?.words?.trim() };
  const numbers = [...head.matchAll(/(?<=^|\s)#(\d{1,6})(?=[\s,]|$)/g)].map(([, number]) => Number(number));
  const name = bare(head.replaceAll(/(?<=^|\s)#\d{1,6}(?=[\s,]|$),?/g, " "));
  return { name, ...(words && { words }), numbers: numbers.slice(0, MOST_NUMBERS) };
}

/** More than are taken, so that too many are told. */
const MOST_NUMBERS = 9;

/** Without quotation marks, and without what ends a sentence. */
function bare(text: string): string {
  return text
    .trim()
    .replace(/[.!?]+$/, "")
    .replace(/^["'“”„‘’«»]+|["'“”„‘’«»]+$/gu, "")
    .trim();
}
