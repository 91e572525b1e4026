/** What Discord's client makes of markdown: each must find nothing to make something of. */
export const MEANINGFUL: [string, RegExp][] = [
  ["a mention of a person, role or channel", /(?<!\\)<(@[!&]?|#)\d+>/],
  ["everyone", /@(everyone|here)/],
  ["a timestamp", /(?<!\\)<t:-?\d+(:\w)?>/],
  ["a command", /(?<!\\)<\/[^>]+:\d+>/],
  ["an emoji of a server", /(?<!\\)<a?:\w+:\d+>/],
  ["a link", /\w+:\/\/\S/],
  ["a masked link", /(?<!\\)\[[^\]]*\]\(/],
  ["emphasis", /(?<!\\)[*_~|`]/],
  ["a heading", /^\s*(#{1,3}|-#) /m],
  ["a quote", /^\s*>/m],
  ["a list", /^\s*([-+*]|\d+[.)])\s/m],
  ["an override of direction", /[\u202a-\u202e\u2066-\u2069]/u],
];

/** What is more than plain characters in a text. Headings, quotations, labels and code blocks are ours. */
export function meaningsIn(text: string): string[] {
  const ours = ["a heading", "a quote", "a list"];
  const rest = text
    .replaceAll(/```[^]*?```/g, "")
    .replaceAll(/^\*\*[\w ]+\*\*$/gm, "")
    .replaceAll("\\\\", "");
  return MEANINGFUL.flatMap(([what, pattern]) => (!ours.includes(what) && pattern.test(rest) ? [what] : []));
}
