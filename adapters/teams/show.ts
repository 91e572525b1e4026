import type { ChatReply, ReplyAction, ReplyPicture } from "../../src/reply.ts";
import { finished, labels } from "../../src/sentences.ts";
import { CARD_TYPE, factSet, fitCard, makeCard, sendButton, textOf } from "./card.ts";
import type { Card, Element } from "./card.ts";
import { wordsInput } from "./form.ts";
import { ELLIPSIS, shorten } from "./shorten.ts";

/** A message as the connector takes it; who speaks and where is added when it is sent. */
export type Message = {
  type: "message";
  summary: string;
  attachments: { contentType: string; content: Card }[];
  entities?: Record<string, unknown>[];
  channelData?: Record<string, unknown>;
};

export type Showing = {
  /** The longest prompt that a model here takes. */
  longestPrompt: number;
  /** More than one person reads it, so it says who asked. */
  shared: boolean;
  /** Without quotes and pictures, for a connector that finds the whole too large. */
  brief?: boolean;
  /** Fields beside the words, where an answer asks for another choice. */
  fields?: Element[];
};

const LONGEST_ALT_TEXT = 1000;
const LONGEST_LINE = 1000;
const MOST_PARAGRAPHS = 20;
/** A notification shows about this much. */
const LONGEST_SUMMARY = 200;

/** Of Teams' colours those that can be read on white and on black: "good" and "warning" cannot. */
const titleColours: Record<ChatReply["mood"], string> = {
  waiting: "accent",
  finished: "default",
  declined: "accent",
  sorry: "attention",
  help: "accent",
};

/** Microsoft's own label for what a machine made. A message has one; a second is refused. */
const AI_LABEL = {
  type: "https://schema.org/Message",
  "@type": "Message",
  "@context": "https://schema.org",
  additionalType: ["AIGeneratedContent"],
};

/** A reply as one message with one card in it and no text beside it, which would cost it its id where it is updated. */
export function showReply(reply: ChatReply, showing: Showing): Message {
  const message = messageWith(showCard(reply, showing), summaryOf(reply));
  if (!reply.pictures.length) return message;
  return { ...message, entities: [AI_LABEL], channelData: { feedbackLoop: { type: "default" } } };
}

export function messageWith(card: Card, summary: string): Message {
  return { type: "message", summary, attachments: [{ contentType: CARD_TYPE, content: card }] };
}

export function showCard(reply: ChatReply, showing: Showing): Card {
  const title = reply.title ?? "";
  return fitCard((most) => {
    const body = [
      ...(title ? [textOf(title, { size: "large", weight: "bolder", color: titleColours[reply.mood] })] : []),
      ...paragraphs(reply, most),
      ...(showing.brief ? [] : pictures(reply.pictures, most)),
      ...(showing.brief ? [] : reply.quotes.flatMap((quote) => quoted(quote, most))),
      ...factSet(reply.facts),
      ...reply.actions.flatMap((action) => inputsOf(action, showing, most)),
      ...footnotes(reply, showing),
    ];
    return makeCard(
      body,
      reply.actions.map((action) => buttonOf(action, most)),
      { fallbackText: title, speak: title },
    );
  });
}

function paragraphs({ paragraphs, pictures }: ChatReply, most: number): Element[] {
  const excuse = pictures.some((picture) => !shownAddress(picture)) ? [finished.notShown] : [];
  const shown = paragraphs.slice(0, MOST_PARAGRAPHS);
  const cut = shown.length < paragraphs.length ? ["…"] : [];
  return [...shown, ...cut, ...excuse].map((text) => textOf(shorten(text, Math.min(most, LONGEST_LINE))));
}

function quoted({ label, words }: ChatReply["quotes"][number], most: number): Element[] {
  if (!words.trim()) return [];
  const heading = textOf(label, { size: "small", weight: "bolder", isSubtle: true }, { spacing: "medium" });
  return [heading, textOf(shorten(words, most), {}, { spacing: "small" })];
}

/** One over the whole width; more of them two by two. */
function pictures(all: ReplyPicture[], most: number): Element[] {
  const images = all.flatMap((picture, index) => imageOf(picture, all.length > 1 ? index + 1 : undefined, most));
  if (images.length <= 1) return images;
  const column = (items: Element[]) => ({ type: "Column", width: "stretch", items });
  return Array.from({ length: Math.ceil(images.length / 2) }, (_, row) => {
    const pair = images.slice(row * 2, row * 2 + 2);
    return { type: "ColumnSet", columns: [column(pair.slice(0, 1)), column(pair.slice(1))] };
  });
}

function imageOf(picture: ReplyPicture, number: number | undefined, most: number): Element[] {
  const url = shownAddress(picture);
  if (!url) return [];
  const title = number ? labels.openOriginalOf(number) : labels.openOriginal;
  return [
    {
      type: "Image",
      url,
      altText: shorten(picture.altText, Math.min(most, LONGEST_ALT_TEXT)),
      size: "stretch",
      allowExpand: true,
      msteams: { allowExpand: true },
      ...(picture.url && { selectAction: { type: "Action.OpenUrl", title, url: picture.url } }),
    },
  ];
}

/** Teams shows pictures of at most 1024×1024 pixels and 1 MB, so an original is shown only where it is one. */
function shownAddress({ previewUrl, url, width, height, bytes, mediaType }: ReplyPicture): string | undefined {
  if (previewUrl) return previewUrl;
  const small = width <= 1024 && height <= 1024 && bytes <= 1_000_000;
  return small && ["image/png", "image/jpeg", "image/gif"].includes(mediaType) ? url : undefined;
}

function footnotes(reply: ChatReply, { shared }: Showing): Element[] {
  const asker = shared && reply.askedBy?.name ? [`${labels.askedBy} ${shorten(reply.askedBy.name, 100)}`] : [];
  const reference = reply.reference ? [`${labels.reference} ${reply.reference}`] : [];
  return [...asker, ...reference].map((line) => textOf(line, { size: "small", isSubtle: true }, { spacing: "small" }));
}

function inputsOf(action: ReplyAction, { longestPrompt, fields = [] }: Showing, most: number): Element[] {
  if (action.do !== "revise") return [];
  return [wordsInput(longestPrompt, shorten(action.words, most)), ...fields];
}

function buttonOf(action: ReplyAction, most: number): Element {
  switch (action.do) {
    case "open":
      return { type: "Action.OpenUrl", title: action.label, url: action.url };
    case "revise":
      return sendButton(action.label, { do: "revise", job: action.job, ...hiddenRest(action.words, most) });
  }
}

/** Where the words begin that are not in the field, if there are any: the ellipsis stands for them when it is sent. */
function hiddenRest(words: string, most: number): { rest?: string } {
  const shown = shorten(words, most);
  return shown === words ? {} : { rest: String(shown.length - ELLIPSIS.length) };
}

/** What a notification says. */
function summaryOf({ title, quotes }: ChatReply): string {
  return shorten(
    [title ?? "", ...quotes.slice(0, 1).map(({ words }) => words)].filter(Boolean).join(": "),
    LONGEST_SUMMARY,
  );
}
