const POLITE = String.raw`(?:(?:please|pls|kindly)[\s,]{1,9})?(?:(?:(?:can|could|will|would) you|i(?:['’]d| would) like you to)\s{1,9}(?:(?:please|kindly)\s{1,9})?)?`;
const VERBS = "draw|paint|create|make|generate|sketch|illustrate";
const ASKS = new RegExp(
  String.raw`^${POLITE}(?<verb>${VERBS})(?=[\s:,.!?]|$)[\s:,]{0,9}(?<whom>(?:for\s{1,9})?(?:me|us)(?=[\s:,.!?]|$)[\s:,]{0,9})?(?<what>.*)$`,
  "isu",
);

const PICTURE = "(?:picture|image|drawing|painting|photo|photograph|sketch|illustration|portrait|logo|poster)s?";
const MANY = String.raw`(?:an?|one|two|three|four|some|several|\d{1,2})`;
/** “I would like a picture of a fox” */
const WANTS = new RegExp(
  String.raw`^${POLITE}(?:i.?d like|i would like|i want|i need|give (?:me|us)|show (?:me|us))\s{1,9}(?<what>${MANY}\s{1,9}(?:[\w-]{1,30}\s{1,9})?${PICTURE}\s{1,9}(?:of|with|showing|where|in which)\s.*)$`,
  "isu",
);

/** What stands in the chat already is meant, or nothing in particular. */
const SPOKEN_OF = new RegExp(
  String.raw`^(?:(?:it|this|that|these|those|them|him|her|everything|all|another|more|again|sure|sense|up|out|on|off|no|one)(?![\p{L}\p{N}-])|${MANY}\s{1,9}(?:[\p{L}-]{1,30}\s{1,9})?(?:more|changes?|cop(?:y|ies)|variations?|variants?|versions?|edits?|ones?|differences?|mistakes?)(?![\p{L}\p{N}-]))`,
  "iu",
);
const BARE = new RegExp(String.raw`^(?:something|anything|(?:${MANY}\s{1,9})?${PICTURE})?$`, "iu");
const A_THING = new RegExp(String.raw`^(?:${MANY}(?![\p{L}\p{N}-])|${PICTURE}\s{1,9}of\s)`, "iu");
/** “paint the sky red” may be about the last picture, where “draw the sea” is not. */
const A_KNOWN_THING = /^(?:the|my|your|our|their|his|its)(?![\p{L}\p{N}-])/iu;

/**
 * The words to draw from where somebody asks for a picture in other words than `imagine`: “draw me a fox, please”. Empty
 * where nothing is said of what to draw; undefined for a sentence of any other kind, and for one that may mean a picture
 * which is there already.
 */
export function readPlainWords(text: string): string | undefined {
  const wants = WANTS.exec(text)?.groups?.what;
  if (wants !== undefined) return tidy(wants);
  const { verb = "", whom, what } = ASKS.exec(text)?.groups ?? {};
  if (what === undefined) return undefined;
  const words = tidy(what.replace(/^(?:this|the following)\s{0,9}:\s{0,9}(?=\S)/i, ""));
  const options = words.search(/(?<=^|\s)(?:--|[—–])[a-z]/i);
  const bare = (options < 0 ? words : words.slice(0, options)).replace(/[\s.!?]{1,9}$/, "");
  if (!bare && /^(?:create|make|generate)$/i.test(verb)) return undefined;
  if (BARE.test(bare)) return words.slice(bare.length).replace(/^[\s.!?]{1,9}/, "");
  if (SPOKEN_OF.test(words)) return undefined;
  switch (verb.toLowerCase()) {
    case "draw":
    case "sketch":
    case "illustrate":
      return words;
    case "paint":
      return !whom && A_KNOWN_THING.test(words) ? undefined : words;
    default:
      return A_THING.test(words) ? words : undefined;
  }
}

/** No phrase of politeness is longer. */
const LONGEST_TAIL = 40;

/** Without what is said to the painter and not of the picture: before the options, where there are any. */
function tidy(words: string): string {
  const text = words.trim();
  const options = text.search(/(?<=^|\s)(?:--|[—–])[a-z]/i);
  const [said, rest] = options < 0 ? [text, ""] : [text.slice(0, options).trimEnd(), text.slice(options)];
  const tail = said
    .slice(-LONGEST_TAIL)
    .replace(/(?:[\s,]{1,3}for (?:me|us))?(?:[\s,]{1,3}(?:please|pls|thanks|thank you))?[\s?]{0,9}$/i, "");
  return `${said.slice(0, -LONGEST_TAIL)}${tail} ${rest}`.trim();
}
