import { ComponentType, MessageFlags } from "discord.js";
import type { APIComponentInContainer, APIContainerComponent } from "discord.js";
import type { ChatReply, ReplyPicture } from "../../src/replies/reply.ts";
import { finished, labels } from "../../src/words/sentences.ts";
import { shorten } from "../../src/words/shorten.ts";
import { rowsOf } from "./message/buttons.ts";
import { literal } from "./message/literal.ts";
import { isMarked, quotesWithin } from "./message/quotes.ts";
import { MOST_TEXT, weightOf } from "./message/text-weight.ts";

/** A picture that travels with the message, under a file name of its own. */
export type ShownPicture = { picture: ReplyPicture; fileName: string };

/** What the three ways to write a message have in common: editing an answer, following up, posting to a channel. */
export type MessageBody = {
  flags: MessageFlags;
  components: APIContainerComponent[];
  /** Every file of the message. An edit drops what is not listed, and that is wanted: what was in the making goes. */
  attachments: { id: string; filename: string; description: string }[];
  allowed_mentions: { parse: [] };
};

const LONGEST_ALT_TEXT = 1024;

const colours: Record<ChatReply["mood"], number> = {
  waiting: 0x8a94a6,
  finished: 0x2f9e6e,
  declined: 0xe0a030,
  sorry: 0xc65353,
  help: 0x4a78d0,
};

/** `withAsker` names who asked, where Discord does not show it above the message by itself. */
export function showReply(reply: ChatReply, shown: ShownPicture[], withAsker = false): MessageBody {
  const foot = footOf(reply, withAsker);
  const head = fitHead(reply, shown, MOST_TEXT - weightOf(foot));
  const room = MOST_TEXT - weightOf(head) - weightOf(foot);
  const components: APIComponentInContainer[] = [
    ...text(head),
    ...gallery(shown),
    ...text(quotesWithin(reply.quotes, room)),
    ...text(foot),
    ...rowsOf(reply),
  ];
  return {
    flags: MessageFlags.IsComponentsV2,
    components: [{ type: ComponentType.Container, accent_color: colours[reply.mood], components }],
    attachments: shown.map(({ picture, fileName }, index) => ({
      id: String(index),
      filename: fileName,
      description: altTextOf(picture),
    })),
    allowed_mentions: { parse: [] },
  };
}

/** Lines that are too many, or too long, are shortened alike. */
function fitHead(reply: ChatReply, shown: ShownPicture[], room: number): string {
  let head = headOf(reply, shown);
  for (let most = 1500; weightOf(head) > room && most > 10; most = Math.floor(most * 0.8)) {
    head = headOf({ ...reply, paragraphs: reply.paragraphs.map((paragraph) => shorten(paragraph, most)) }, shown);
  }
  return head;
}

function headOf(reply: ChatReply, shown: ShownPicture[]): string {
  const hidden = reply.pictures.filter((picture) => !shown.some((one) => one.picture === picture));
  const excuse = hidden.some(({ url }) => url) ? finished.notShown : finished.notShownKept;
  return [
    ...(reply.title ? [`### ${literal(reply.title)}`] : []),
    ...reply.paragraphs.map(literal),
    // What is still in the making, or only helps to choose, is not missed.
    ...(hidden.length && reply.role === "answer" ? [literal(excuse)] : []),
  ].join("\n");
}

function footOf(reply: ChatReply, withAsker: boolean): string {
  const facts = reply.facts.map(({ name, value }) => `${literal(name)}: ${literal(value)}`);
  const rest = [
    ...(reply.quotes.some(isMarked) ? [finished.added] : []),
    ...(reply.pictures.length && reply.role !== "word" ? [finished.generated] : []),
    ...(withAsker && reply.askedBy?.name ? [`${labels.askedBy} ${literal(reply.askedBy.name)}`] : []),
    ...(reply.reference ? [`${labels.reference} ${literal(reply.reference)}`] : []),
  ];
  return [facts, rest]
    .filter((line) => line.length)
    .map((line) => `-# ${line.join(" · ")}`)
    .join("\n");
}

function text(content: string): APIComponentInContainer[] {
  return content ? [{ type: ComponentType.TextDisplay, content }] : [];
}

function gallery(shown: ShownPicture[]): APIComponentInContainer[] {
  if (!shown.length) return [];
  const items = shown.map(({ picture, fileName }) => ({
    media: { url: `attachment://${fileName}` },
    description: altTextOf(picture),
  }));
  return [{ type: ComponentType.MediaGallery, items }];
}

function altTextOf({ altText }: ReplyPicture): string {
  // Read out or shown as it stands: controls, and what turns the direction of a text, have no place in it.
  return shorten(altText.replaceAll(/[\p{Cc}\u202A-\u202E\u2066-\u2069]+/gu, " "), LONGEST_ALT_TEXT);
}
