import type { TeamsAddress } from "./address.ts";
import { readWords } from "../../src/request/read-words.ts";
import type { AskedPicture } from "../../src/request/read-words.ts";

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
  | { command: "help" }
  | { command: "history" }
  /** Of the picture with this number in the person's own history; the newest unless given. */
  | { command: "family"; number: number | undefined }
  | { command: "unknown"; words: string };

/** What a message says once it is rid of mentions. Slash and case do not matter. */
export function readCommand(text: string): Command {
  const words = text.trim().replace(/^\/\s*/, "");
  if (/^(?:help|hi|hello)[\s.!?]*$/i.test(words)) return { command: "help" };
  if (/^history[\s.!?]*$/i.test(words)) return { command: "history" };
  const family = /^family(?:\s+#?(\d{1,7}))?[\s.!?]*$/i.exec(words);
  if (family) return { command: "family", number: family[1] === undefined ? undefined : Number(family[1]) };
  const edit = /^edit(?::|(?=\s)|$)/i.exec(words);
  if (edit) return { command: "edit", ...readWords(words.slice(edit[0].length)) };
  const imagine = /^imagine(?::|(?=\s)|$)/i.exec(words) ?? PLAIN.exec(words);
  if (!imagine) return { command: "unknown", words };
  const rest = words.slice(imagine[0].length);
  return rest.trim() ? { command: "imagine", ...readWords(rest) } : { command: "form" };
}

const POLITE = String.raw`(?:(?:please|(?:can|could|would|will) you(?: please)?|i(?:['’]d| would) like you to),?\s+)?`;
const FOR_US = String.raw`(?:\s+(?:for\s+)?(?:me|us)(?=\s))?`;
/** What speaks of a picture that is there, or of nothing that can be drawn. */
const POINTS_BACK = "(?:it|its|this|that|these|those|them|him|her|again|another|more|sure|sense|up|out)";
const NEW_THING = String.raw`(?:an?|some|one|two|three|four|five|several|many|\d{1,3}|pictures?|images?)`;

/**
 * How people ask who know no command: "draw me a dog". `make`, `create` and `generate` ask for much else as well, so only
 * a new thing after them is one to draw.
 */
const PLAIN = new RegExp(
  `^${POLITE}(?:(?:draw|paint|sketch|illustrate)${FOR_US}(?=:|\\s+(?!${POINTS_BACK}(?![\\w-]))|\\s*$):?|(?:create|make|generate)${FOR_US}(?=\\s+${NEW_THING}\\s))`,
  "iu",
);
