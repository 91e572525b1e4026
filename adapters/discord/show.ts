import { ButtonStyle, ComponentType, MessageFlags } from "discord.js";
import type { APIButtonComponent, APIComponentInContainer, APIContainerComponent } from "discord.js";
import type { ChatReply, ReplyAction, ReplyPicture } from "../../src/reply.ts";
import { finished, labels } from "../../src/sentences.ts";
import { codeBlock, literal, shorten } from "./literal.ts";

/** A picture that travels with the message, under a file name of its own. */
export type ShownPicture = { picture: ReplyPicture; fileName: string };

/** What the three ways to write a message have in common: editing an answer, following up, posting to a channel. */
export type MessageBody = {
  flags: MessageFlags;
  components: APIContainerComponent[];
  /** Every file of the message. An edit drops what is not listed, and that is wanted: the waiting message has none. */
  attachments: { id: string; filename: string; description: string }[];
  allowed_mentions: { parse: [] };
};

/**
 * Discord takes 4000 characters over all texts of a message, and has been seen to fail above some 10,170 bytes. The
 * difference to 4000 is for what Discord may count otherwise.
 */
const MOST_TEXT = 3900;
const LONGEST_ALT_TEXT = 1024;
const LONGEST_LABEL = 80;
const BUTTONS_IN_A_ROW = 5;

const colours: Record<ChatReply["mood"], number> = {
  waiting: 0x8a94a6,
  finished: 0x2f9e6e,
  declined: 0xe0a030,
  sorry: 0xc65353,
  help: 0x4a78d0,
};

export const REVISE_PREFIX = "revise:";

/** `withAsker` names who asked, where Discord does not show it above the message by itself. */
export function showReply(reply: ChatReply, shown: ShownPicture[], withAsker = false): MessageBody {
  const head = headOf(reply, shown);
  const foot = footOf(reply, withAsker);
  const room = MOST_TEXT - weightOf(head) - weightOf(foot);
  const components: APIComponentInContainer[] = [
    ...text(head),
    ...gallery(shown),
    ...quotesWithin(reply.quotes, room).flatMap(text),
    ...text(foot),
    ...buttonRows(reply.actions),
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

function headOf(reply: ChatReply, shown: ShownPicture[]): string {
  const hidden = reply.pictures.filter((picture) => !shown.some((one) => one.picture === picture));
  const excuse = hidden.some(({ url }) => url) ? finished.notShown : finished.notShownKept;
  return [
    ...(reply.title ? [`### ${literal(reply.title)}`] : []),
    ...reply.paragraphs.map(literal),
    ...(hidden.length ? [literal(excuse)] : []),
  ].join("\n");
}

function footOf(reply: ChatReply, withAsker: boolean): string {
  const facts = reply.facts.map(({ name, value }) => `${literal(name)}: ${literal(value)}`);
  const rest = [
    ...(reply.pictures.length ? [finished.generated] : []),
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

/** Shares `room` among somebody's words: short ones whole, long ones alike. */
function quotesWithin(quotes: ChatReply["quotes"], room: number): string[] {
  const filled = quotes.filter(({ words }) => words.trim());
  const texts = new Map<(typeof filled)[number], string>();
  const shortestFirst = filled.toSorted((a, b) => weightOf(quoted(a, a.words)) - weightOf(quoted(b, b.words)));
  let left = room;
  for (const [index, quote] of shortestFirst.entries()) {
    const fitted = fitQuote(quote, Math.floor(left / (shortestFirst.length - index)));
    left -= weightOf(fitted);
    texts.set(quote, fitted);
  }
  return filled.map((quote) => texts.get(quote) ?? "");
}

function fitQuote(quote: ChatReply["quotes"][number], room: number): string {
  for (let most = quote.words.length; most > 0; most = Math.floor(Math.min(most * 0.9, room))) {
    const content = quoted(quote, shorten(quote.words, most));
    if (weightOf(content) <= room) return content;
  }
  return "";
}

function quoted({ label }: ChatReply["quotes"][number], words: string): string {
  return `**${literal(label)}**\n${codeBlock(words)}`;
}

/** Characters, or bytes where a script needs so many that their limit comes first; 12 bytes go with each text. */
function weightOf(content: string): number {
  if (!content) return 0;
  return Math.max(content.length, Math.ceil((Buffer.byteLength(content) + 12) * (MOST_TEXT / 10_000)));
}

function buttonRows(actions: ReplyAction[]): APIComponentInContainer[] {
  const buttons = actions.map(buttonOf);
  const rows = Array.from({ length: Math.ceil(buttons.length / BUTTONS_IN_A_ROW) }, (_, row) =>
    buttons.slice(row * BUTTONS_IN_A_ROW, (row + 1) * BUTTONS_IN_A_ROW),
  );
  return rows.map((components) => ({ type: ComponentType.ActionRow, components }));
}

function buttonOf(action: ReplyAction): APIButtonComponent {
  const label = shorten(action.label, LONGEST_LABEL);
  switch (action.do) {
    case "open":
      return { type: ComponentType.Button, style: ButtonStyle.Link, label, url: action.url };
    case "revise":
      return {
        type: ComponentType.Button,
        style: ButtonStyle.Primary,
        label,
        custom_id: `${REVISE_PREFIX}${action.job}`,
      };
  }
}
