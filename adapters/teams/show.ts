import type { ChatReply, SpokenReply } from "../../src/replies/reply.ts";
import { sentencesFor, speakAll } from "../../src/words/said.ts";
import type { Sentences } from "../../src/words/said.ts";
import { factSet, fitCard, fits, LONGEST_TEXT, makeCard, runOf, textOf } from "./card/card-parts.ts";
import { CARD_TYPE } from "./door/activity.ts";
import type { Card, Element } from "./card/card-parts.ts";
import { actionsBeside, buttonOf, inputsOf } from "./card/buttons.ts";
import type { BesidePicture, Fields } from "./card/buttons.ts";
import { ELLIPSIS, shorten } from "../../src/words/shorten.ts";

/** A message as the connector takes it; who speaks and where is added when it is sent. */
export type Message = {
  type: "message";
  summary: string;
  attachments: { contentType: string; content: Card }[];
  entities?: Record<string, unknown>[];
  channelData?: Record<string, unknown>;
};

export type Showing = Omit<Fields, "sentences"> & {
  /** Of whoever reads what nobody has asked for. */
  locale?: string | null;
  /** More than one person reads it, so it says who asked. */
  shared: boolean;
  /** Without quotes and pictures, for a connector that finds the whole too large. */
  brief?: boolean;
};

type Shown = Showing & Fields;
type ReplyPicture = SpokenReply["pictures"][number];

const LONGEST_ALT_TEXT = 1000;
const LONGEST_LINE = 1000;
const MOST_PARAGRAPHS = 40;
/** Beyond it the words stand without marks: each stretch is an element of its own. */
const MOST_STRETCHES = 300;
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
  const sentences = sentencesOf(reply, showing);
  const message = messageWith(showCard(reply, showing), summaryOf(speakAll(reply, sentences), sentences));
  if (!reply.pictures.length) return message;
  const labelled = { ...message, entities: [AI_LABEL] };
  return reply.role === "answer" ? { ...labelled, channelData: { feedbackLoop: { type: "default" } } } : labelled;
}

export function messageWith(card: Card, summary: string): Message {
  return { type: "message", summary, attachments: [{ contentType: CARD_TYPE, content: card }] };
}

function sentencesOf({ askedBy }: ChatReply, { locale }: Showing): Sentences {
  return sentencesFor(askedBy?.locale ?? locale);
}

/** Where the words of several pictures do not fit as fields, they come with each picture alone. */
export function showCard(said: ChatReply, how: Showing): Card {
  const sentences = sentencesOf(said, how);
  const reply = speakAll(said, sentences);
  const showing: Shown = { ...how, sentences };
  const isOneOfSeveral = reply.pictures.length > 1;
  const beside = { ...showing, isOneOfSeveral, withWords: true };
  const withWords = !isOneOfSeveral || fits(buildCard(reply, showing, beside, LONGEST_TEXT));
  return fitCard((most) => buildCard(reply, showing, { ...beside, withWords }, most));
}

function buildCard(reply: SpokenReply, showing: Shown, beside: BesidePicture, most: number): Card {
  const title = reply.title ?? "";
  const body = [
    ...(title ? [textOf(title, { size: "large", weight: "bolder", color: titleColours[reply.mood] })] : []),
    ...paragraphs(reply, most, showing.sentences),
    ...(showing.brief ? [] : pictures(reply.pictures, beside, most)),
    ...(showing.brief ? [] : reply.quotes.flatMap((quote) => quoted(quote, most, showing.sentences))),
    ...factSet(reply.facts),
    ...reply.actions.flatMap((action) => inputsOf(action, showing, most)),
    ...footnotes(reply, showing),
  ];
  const buttons = reply.actions.map((action) => buttonOf(action, showing, most));
  // An old client may read markdown in it, and there may be somebody's name in a sentence.
  const inShort = shorten(headOf(reply, showing.sentences), LONGEST_SUMMARY).replaceAll(/[\\`*_[\]()<>#~|]/g, " ");
  return makeCard(body, buttons, { fallbackText: inShort, speak: inShort });
}

function paragraphs({ paragraphs, pictures }: SpokenReply, most: number, { finished }: Sentences): Element[] {
  const excuse = pictures.some((picture) => !shownAddress(picture)) ? [finished.notShown] : [];
  const shown = paragraphs.slice(0, MOST_PARAGRAPHS);
  const cut = shown.length < paragraphs.length ? ["…"] : [];
  return [...shown, ...cut, ...excuse].map((text) => textOf(shorten(text, Math.min(most, LONGEST_LINE))));
}

function quoted(quote: SpokenReply["quotes"][number], most: number, { finished }: Sentences): Element[] {
  const { label, words } = quote;
  if (!words.trim()) return [];
  const heading = textOf(label, { size: "small", weight: "bolder", isSubtle: true }, { spacing: "medium" });
  const marked = markedRuns(quote, most);
  if (!marked) return [heading, textOf(shorten(words, most), {}, { spacing: "small" })];
  return [
    heading,
    { type: "RichTextBlock", spacing: "small", inlines: marked },
    textOf(finished.added, { size: "small", isSubtle: true }, { spacing: "small" }),
  ];
}

/** The words with what was added marked, cut where they would be cut without; nothing where nothing is to be marked. */
function markedRuns({ words, marked = [] }: SpokenReply["quotes"][number], most: number): Element[] | undefined {
  const shown = shorten(words, most);
  let left = shown === words ? words.length : shown.length - ELLIPSIS.length;
  const runs = marked.flatMap(({ words: stretch, added }) => {
    const text = stretch.slice(0, left);
    left -= text.length;
    return text ? [runOf(text, added ? { highlight: true, weight: "bolder" } : {})] : [];
  });
  if (marked.length > MOST_STRETCHES || !runs.some(({ highlight }) => highlight)) return undefined;
  return shown === words ? runs : [...runs, runOf(ELLIPSIS)];
}

/** One over the whole width; more of them two by two, each with its number. */
function pictures(all: ReplyPicture[], beside: BesidePicture, most: number): Element[] {
  const blocks = all.flatMap((picture, index) => {
    const number = beside.isOneOfSeveral ? index + 1 : undefined;
    const block = [...imageOf(picture, number, most, beside.sentences), ...actionsBeside(picture, beside, most)];
    const { labels } = beside.sentences;
    const heading =
      number && picture.ref ? [textOf(labels.pictureNumber({ number }), { size: "small", isSubtle: true })] : [];
    return block.length ? [[...heading, ...block]] : [];
  });
  if (blocks.length <= 1) return blocks.flat();
  const column = (items: Element[]) => ({ type: "Column", width: "stretch", items });
  return Array.from({ length: Math.ceil(blocks.length / 2) }, (_, row) => {
    const pair = blocks.slice(row * 2, row * 2 + 2);
    return { type: "ColumnSet", columns: [column(pair[0] ?? []), column(pair[1] ?? [])] };
  });
}

function imageOf(picture: ReplyPicture, number: number | undefined, most: number, { labels }: Sentences): Element[] {
  const url = shownAddress(picture);
  if (!url) return [];
  const title = number ? labels.openOriginalOf({ number }) : labels.openOriginal;
  // Sheets, grids and pictures in the making are shown as they are.
  const hasMore = picture.url !== undefined && picture.url !== picture.previewUrl;
  return [
    {
      type: "Image",
      url,
      altText: shorten(picture.altText, Math.min(most, LONGEST_ALT_TEXT)),
      size: "stretch",
      allowExpand: true,
      msteams: { allowExpand: true },
      ...(hasMore && { selectAction: { type: "Action.OpenUrl", title, url: picture.url } }),
    },
  ];
}

/** Teams shows pictures of at most 1024×1024 pixels and 1 MB, so an original is shown only where it is one. */
function shownAddress({ previewUrl, url, width, height, bytes, mediaType }: ReplyPicture): string | undefined {
  if (previewUrl) return previewUrl;
  const small = width <= 1024 && height <= 1024 && bytes <= 1_000_000;
  return small && ["image/png", "image/jpeg", "image/gif"].includes(mediaType) ? url : undefined;
}

function footnotes(reply: SpokenReply, { shared, sentences }: Shown): Element[] {
  const { labels } = sentences;
  const asker = shared && reply.askedBy?.name ? [labels.askedBy({ name: shorten(reply.askedBy.name, 100) })] : [];
  const reference = reply.reference ? [labels.reference({ reference: reply.reference })] : [];
  return [...asker, ...reference].map((line) => textOf(line, { size: "small", isSubtle: true }, { spacing: "small" }));
}

/** What a notification says. Teams says "Card" where there is nothing. */
function summaryOf(reply: SpokenReply, sentences: Sentences): string {
  const head = headOf(reply, sentences);
  const [quote] = reply.quotes;
  return shorten(quote ? sentences.joined.pair({ name: head, value: quote.words }) : head, LONGEST_SUMMARY);
}

/** What a client says that cannot show the card. */
function headOf({ title, paragraphs, pictures }: SpokenReply, { finished, labels }: Sentences): string {
  return title || paragraphs[0] || (pictures.length ? finished.title : labels.answer);
}
