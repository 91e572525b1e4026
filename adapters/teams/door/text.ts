import { mentionsIn } from "./activity.ts";
import type { TeamsActivity } from "./activity.ts";

const NAMED = new Map([
  ["nbsp", " "],
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
]);

/** Every character reference of HTML that Teams writes, once: `&amp;lt;` is what somebody wrote who wrote `&lt;`. */
export function decodeReferences(text: string): string {
  const reference = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi;
  const decoded = text.replaceAll(reference, (whole, ...[decimal, hex, name]: string[]) => {
    if (name) return NAMED.get(name.toLowerCase()) ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex ?? "", 16);
    return code > 31 && code <= 0x10ffff ? String.fromCodePoint(code) : " ";
  });
  return decoded.toWellFormed();
}

/** Characters that show as nothing. */
const INVISIBLE = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/gu;

/** Without what nobody sees, and with every kind of space as one kind. */
function clean(text: string): string {
  const visible = text.replaceAll(INVISIBLE, "").replaceAll(/\r\n|\s/g, " ");
  // Joiners make one sign of several, in emoji and in some scripts, but not beside letters of ours.
  return visible.replaceAll(/[\u200c\u200d]+/g, (joiners, at: number) => {
    const beside = [visible.charAt(at - 1), visible.charAt(at + joiners.length)];
    return beside.every((character) => character > "~") ? joiners : "";
  });
}

/** For comparing what may have been written in different ways. */
function fold(text: string): string {
  return clean(decodeReferences(text)).replaceAll(/ +/g, " ").trim().normalize("NFC").toLowerCase();
}

const withoutTags = (html: string) => html.replaceAll(/<[^<>]*>/g, "");

/** The words of a message without the bot's own name, wherever and however often it stands; other people's names stay as names. */
export function wordsFor(activity: Pick<TeamsActivity, "text" | "entities" | "recipient">): string {
  const { text, recipient } = activity;
  const mentions = mentionsIn(activity);
  const own = mentions.filter(({ mentioned }) => mentioned.id === recipient?.id);
  const written = own.flatMap(({ text, mentioned }) => [text ?? "", mentioned.name ?? ""]);
  const names = new Set([...written, recipient?.name ?? ""].flatMap((name) => [fold(withoutTags(name)), fold(name)]));
  names.delete("");
  const parts = atParts(text ?? "");
  const tags = parts.filter(({ inner }) => inner !== undefined);
  const isNamed = ({ inner = "" }: Part) => names.has(fold(withoutTags(inner))) || names.has(fold(inner));
  // Where no name fits, the order of the mentions tells which is which.
  const byPlace = own.length > 0 && tags.length === mentions.length && !tags.some(isNamed);
  const isOwn = (part: Part) =>
    isNamed(part) || (byPlace && mentions[tags.indexOf(part)]?.mentioned.id === recipient?.id);
  const words = parts.map((part) => {
    if (part.inner === undefined) return clean(decodeReferences(part.text));
    return isOwn(part) ? " " : clean(decodeReferences(withoutTags(part.inner)));
  });
  // Once decoded, a mention may still stand there: with a tag that came encoded, or without one.
  const left = atParts(words.join("")).map((part) => (part.inner !== undefined && isNamed(part) ? " " : part.text));
  const bare = own.flatMap(({ text }) => (text && !text.includes("<") ? [clean(decodeReferences(text)).trim()] : []));
  return bare
    .filter(Boolean)
    .reduce((rest, name) => rest.replaceAll(name, " "), left.join(""))
    .trim();
}

/** `inner` is what stands in an `<at>`. */
type Part = { text: string; inner?: string };

/** A text in parts: its mentions, and what stands between them. */
function atParts(text: string): Part[] {
  const parts: Part[] = [];
  const lower = text.toLowerCase();
  const searched = lower.length === text.length ? lower : text;
  let read = 0;
  for (let from = 0; ;) {
    const opening = searched.indexOf("<at", from);
    if (opening < 0) break;
    from = opening + 3;
    if (!/[\s>]/.test(searched.charAt(from))) continue;
    const begin = searched.indexOf(">", opening) + 1;
    const closing = begin > 0 ? searched.indexOf("</at>", begin) : -1;
    if (closing < 0) break;
    from = closing + "</at>".length;
    parts.push({ text: text.slice(read, opening) });
    parts.push({ text: text.slice(opening, from), inner: text.slice(begin, closing) });
    read = from;
  }
  return [...parts, { text: text.slice(read) }];
}
