const ZERO_WIDTH_SPACE = "\u200b";

/** Embeddings, overrides and isolates that would reorder what follows them; marks that order one letter may stay. */
const BIDI_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/gu;
const FIRST_STRONG_ISOLATE = "\u2068";
const POP_ISOLATE = "\u2069";

/** Control characters other than tab and line feed show as nothing or as boxes. */
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;

/** Plain text as Discord's markdown that shows just these characters: no format, link, mention, command or timestamp comes of it. */
export function literal(text: string): string {
  return (
    withoutControls(text)
      .replaceAll(/[\\*_~`|[\]<]/g, String.raw`\$&`)
      .replaceAll("@", `@${ZERO_WIDTH_SPACE}`)
      .replaceAll("://", `:${ZERO_WIDTH_SPACE}//`)
      // Of one line alone: a space that is itself the end of a line would begin the search anew for each.
      .replaceAll(/^([^\S\n\r\u2028\u2029]*)([#>+-])/gm, String.raw`$1\$2`)
      .replaceAll(/^([^\S\n\r\u2028\u2029]*\d+)([.)])/gm, String.raw`$1\$2`)
  );
}

function withoutControls(text: string): string {
  return text.replaceAll(BIDI_CONTROLS, "").replaceAll(CONTROLS, " ");
}

/** Private characters that stand for the two ends of bold type while everything else is made literal. */
const BOLD_BEGINS = "\ue000";
const BOLD_ENDS = "\ue001";

/** Somebody's words as they are, some of them in bold. */
export function partlyBold(stretches: { words: string; bold: boolean }[]): string {
  const marked = stretches.map(({ words, bold }) => {
    const plain = withoutControls(words.replaceAll(/\r\n?|[\u2028\u2029]/g, "\n")).replaceAll(/[\ue000\ue001]/g, "");
    return bold ? plain.replaceAll(/\S(?:.*\S)?/g, `${BOLD_BEGINS}$&${BOLD_ENDS}`) : plain;
  });
  return literal(marked.join("")).replaceAll(/[\ue000\ue001]/g, "**");
}

/** The same at length. Each line is a quotation, so that none of it reads as ours. */
export function quotation(stretches: { words: string; bold: boolean }[]): string {
  return partlyBold(stretches).replaceAll(/^/gm, "> ");
}

/**
 * Somebody's words at length. Inside a code block nothing is a mention, a link or a format, so only its end has to be
 * guarded: no two backticks stand side by side.
 */
export function codeBlock(words: string): string {
  const lines = words
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(CONTROLS, "")
    .replaceAll(/`(?=`)/g, `\`${ZERO_WIDTH_SPACE}`)
    .split("\n");
  return `\`\`\`\n${lines.map(isolate).join("\n")}\n\`\`\``;
}

/** Closes within the line what a line opens; only where there is something to close. */
function isolate(line: string): string {
  if (line.search(BIDI_CONTROLS) < 0) return line;
  let open = 0;
  const balanced = line.replaceAll(/[\u2066-\u2069]/gu, (control) => {
    if (control !== POP_ISOLATE) open += 1;
    else if (open === 0) return "";
    else open -= 1;
    return control;
  });
  return `${FIRST_STRONG_ISOLATE}${balanced}${POP_ISOLATE.repeat(open + 1)}`;
}
