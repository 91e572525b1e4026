import type { TeamsAddress } from "./address.ts";
import { readSessionWords } from "../../src/brainstorm/read-session-words.ts";
import type { AskedTopic } from "../../src/brainstorm/session-options.ts";
import { OPTION_NAMES } from "../../src/request/request.ts";
import type { OptionName } from "../../src/request/request.ts";
import { readStyleWords } from "../../src/styles/read-style-words.ts";
import type { StyleCommand } from "../../src/styles/read-style-words.ts";
import { readWords } from "../../src/request/read-words.ts";
import type { AskedPicture } from "../../src/request/read-words.ts";
import { readPlainWords } from "../../src/request/plain-words.ts";

/** How a person begins; also what help texts show. */
export const IMAGINE = "imagine";

/** What a person types to begin: among others the bot hears only what mentions it. */
export function commandFor({ conversationType, bot }: Pick<TeamsAddress, "conversationType" | "bot">): string {
  return conversationType === "personal" ? IMAGINE : `@${bot.name ?? "Easel"} ${IMAGINE}`;
}

export type Command =
  | ({ command: "imagine" } & AskedPicture)
  /** Of pictures that are sent along. The words may be missing. */
  | ({ command: "edit" } & AskedPicture)
  /** `imagine` and no more: the fields in a card. */
  | { command: "form" }
  /** What a room is to throw ideas together about; without a topic the fields in a card. */
  | ({ command: "brainstorm" } & Required<AskedTopic>)
  /** The board of one that began elsewhere is to stand here as well. */
  | { command: "join"; code: string }
  | { command: "help" }
  | { command: "history" }
  /** Of a picture that is sent along. */
  | { command: "describe" }
  /** The same, of which a picture is to be made. The words may be missing. */
  | ({ command: "sketch" } & AskedPicture)
  | { command: "wall" }
  /** What is kept of whoever asks. */
  | { command: "privacy" }
  /** A panel for the person alone. */
  | { command: "usage" | "easel" }
  | { command: "style"; style: StyleCommand }
  /** Of the picture with this number in the person's own history; the newest unless given. */
  | { command: "family"; number: number | undefined }
  /** Whatever else somebody says. */
  | { command: "sentence"; words: string }
  | { command: "unknown" };

/** All that can be done stands in one help. "imagine help" is a picture of some. */
const COMMANDS = "brainstorms?|edit|styles?|history|family|wall|sketch|describe";
const DASHES = "(?:[-–—]{1,2})";
const HELP = new RegExp(
  [
    "^(?:(?:hi|hello|hey)(?: there| easel)?",
    `${DASHES}?help(?: there| easel| me)?(?:(?: with| on| for)? (?:imagine|${COMMANDS}))?`,
    `(?:${COMMANDS}) ${DASHES}?help`,
    `imagine ${DASHES}help)[\\s.!?]*$`,
  ].join("|"),
  "i",
);

/** What a message says once it is rid of mentions. Slash and case do not matter; whether a picture was sent along, sometimes does. */
export function readCommand(text: string, { isWithPicture = false } = {}): Command {
  const words = text.trim().replace(/^\/\s*/, "");
  if (HELP.test(words)) return { command: "help" };
  if (/^history[\s.!?]*$/i.test(words)) return { command: "history" };
  if (/^describe(?: (?:it|this|that|the picture|this picture))?[\s.!?]*$/i.test(words)) return { command: "describe" };
  const sketch = /^(?:from (?:a |the |this |my )?)?sketch(?::|(?=\s)|$)/i.exec(words);
  // Without a picture it is one of many words for drawing.
  if (sketch && (isWithPicture || sketch[0] === words))
    return { command: "sketch", ...readWords(words.slice(sketch[0].length)) };
  const style = readStyleWords(words);
  if (style) return { command: "style", style };
  if (/^wall[\s.!?]*$/i.test(words)) return { command: "wall" };
  if (/^privacy[\s.!?]*$/i.test(words)) return { command: "privacy" };
  const panel = /^(usage|easel)[\s.!?]*$/i.exec(words)?.[1]?.toLowerCase();
  if (panel === "usage" || panel === "easel") return { command: panel };
  const family = /^family(?:\s+#?(\d{1,7}))?[\s.!?]*$/i.exec(words);
  if (family) return { command: "family", number: family[1] === undefined ? undefined : Number(family[1]) };
  const edit = /^edit(?::|(?=\s)|$)/i.exec(words);
  if (edit) return { command: "edit", ...readWords(words.slice(edit[0].length)) };
  const brainstorm = /^brainstorm(?::|(?=\s)|$)/i.exec(words);
  if (brainstorm) return brainstormed(words.slice(brainstorm[0].length).trim());
  const imagine = /^imagine(?::|(?=\s)|$)/i.exec(words);
  if (imagine) return asked(words.slice(imagine[0].length));
  const plain = readPlainWords(words);
  if (plain !== undefined) return asked(plain);
  return words ? { command: "sentence", words } : { command: "unknown" };
}

/** A code is one word; "join" with more behind it is a topic. */
function brainstormed(words: string): Command {
  const join = /^join(?:\s+([a-z0-9-]{1,20}))?[.!]?$/i.exec(words);
  if (join) return { command: "join", code: join[1] ?? "" };
  return { command: "brainstorm", ...readSessionWords(words) };
}

function asked(words: string): Command {
  return words.trim() ? { command: "imagine", ...readWords(words) } : { command: "form" };
}

export function isOptionName(name: string | undefined): name is OptionName {
  return OPTION_NAMES.some((known) => known === name);
}
