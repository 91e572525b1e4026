import type { Board } from "../../src/brainstorm/board.ts";
import type { ChatReply, SpokenReply } from "../../src/replies/reply.ts";
import { sentencesFor, speakAll } from "../../src/words/said.ts";
import type { Sentences } from "../../src/words/said.ts";
import { factSet, fitCard, makeCard, MOST_IN_A_ROW, rowsOf, textOf } from "./card/card-parts.ts";
import { CARD_TYPE } from "./door/activity.ts";
import type { Card, Element } from "./card/card-parts.ts";
import { buttonOf, inputsOf } from "./card/buttons.ts";
import type { Fields } from "./card/buttons.ts";
import { boardCard } from "./card/board-card.ts";
import { pictureBody } from "./card/picture-card.ts";
import { pictureGrid, shownAddress } from "./card/pictures.ts";
import { wholeWords } from "./card/words.ts";
import { shorten } from "../../src/words/shorten.ts";

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

const LONGEST_LINE = 1000;
const MOST_PARAGRAPHS = 40;
const MOST_WORDS_IN_PROGRESS = 280;
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

/** A brainstorm as one message that is edited in place; `brief` without its pictures. */
export function showBoard(board: Board, how: { locale?: string | null; brief?: boolean }): Message {
  const sentences = sentencesFor(how.locale);
  const spoken = speakAll(board, sentences);
  const summary = sentences.joined.pair({ name: spoken.title, value: spoken.stage });
  const message = messageWith(boardCard(spoken, { ...how, sentences }), shorten(summary, LONGEST_SUMMARY));
  return board.ideas.some(({ picture }) => picture) ? { ...message, entities: [AI_LABEL] } : message;
}

export function messageWith(card: Card, summary: string): Message {
  return { type: "message", summary, attachments: [{ contentType: CARD_TYPE, content: card }] };
}

function sentencesOf({ askedBy }: ChatReply, { locale }: Showing): Sentences {
  return sentencesFor(askedBy?.locale ?? locale);
}

export function showCard(said: ChatReply, how: Showing): Card {
  const sentences = sentencesOf(said, how);
  const reply = speakAll(said, sentences);
  return fitCard((most) => buildCard(reply, { ...how, sentences }, most));
}

function buildCard(reply: SpokenReply, showing: Shown, most: number): Card {
  // An old client may read markdown in it, and there may be somebody's name in a sentence.
  const inShort = shorten(headOf(reply, showing.sentences), LONGEST_SUMMARY).replaceAll(/[\\`*_[\]()<>#~|]/g, " ");
  // One picture as wide as a wide card would be taller than a screen.
  const isNarrow = reply.pictures.length === 1 && (reply.role !== "word" || isOfPictures(reply));
  const more = { fallbackText: inShort, speak: inShort, ...(isNarrow && { msteams: {} }) };
  if (isOfPictures(reply)) {
    const of = { ...showing, notes: paragraphs(reply, most, showing.sentences), foot: footnotes(reply, showing) };
    return makeCard(pictureBody(reply, of, most), [], more);
  }
  const title = reply.title ?? "";
  const shown = showing.brief ? [] : reply.pictures.filter(shownAddress);
  const sheet = pictureGrid(shown, most, showing.sentences);
  const body = [
    ...(title ? [textOf(title, { size: "large", weight: "bolder", color: titleColours[reply.mood] })] : []),
    ...(isList(reply) ? [...sheet, ...lines(reply, most)] : [...paragraphs(reply, most, showing.sentences), ...sheet]),
    ...(reply.origin && !showing.brief ? [originLine(reply.origin, most)] : []),
    ...(showing.brief ? [] : quotes(reply, most, showing.sentences)),
    ...factSet(reply.facts),
    ...reply.actions.flatMap((action) => inputsOf(action, showing, most)),
    ...footnotes(reply, showing).map((line) => textOf(line, { size: "small", isSubtle: true }, { spacing: "small" })),
  ];
  const buttons = reply.actions.map((action) => buttonOf(action, showing, most));
  // At the foot of a card clients hide what is more behind "…".
  if (buttons.length > MOST_IN_A_ROW) return makeCard([...body, ...rowsOf(buttons)], [], more);
  return makeCard(body, buttons, more);
}

/** A history or a family: its sheet says most of it. */
function isList({ role, pictures, actions }: SpokenReply): boolean {
  return role === "word" && pictures.length > 0 && actions.some((action) => action.do === "pick");
}

function lines({ paragraphs: all }: SpokenReply, most: number): Element[] {
  return all
    .slice(0, MOST_PARAGRAPHS)
    .map((text) => textOf(shorten(text, Math.min(most, LONGEST_LINE)), { size: "small" }, { spacing: "small" }));
}

/** They are what the card is about, and something can be done with them. */
function isOfPictures({ pictures }: SpokenReply): boolean {
  return pictures.some(({ ref }) => ref !== undefined);
}

/** While something is drawn, its words are known: the beginning will do. In a field to revise them they stand already. */
function quotes({ role, quotes: all, actions }: SpokenReply, most: number, sentences: Sentences): Element[] {
  if (actions.some((action) => action.do === "revise")) return [];
  const inField = actions.flatMap((action) => (action.do === "described" ? [action.words] : []));
  const longest = role === "progress" ? Math.min(most, MOST_WORDS_IN_PROGRESS) : most;
  return all.filter(({ words }) => !inField.includes(words)).flatMap((quote) => wholeWords(quote, longest, sentences));
}

function originLine(origin: string, most: number): Element {
  return textOf(shorten(origin, Math.min(most, LONGEST_LINE)), { size: "small", isSubtle: true }, { spacing: "small" });
}

function paragraphs({ paragraphs, pictures }: SpokenReply, most: number, { finished }: Sentences): Element[] {
  const excuse = pictures.some((picture) => !shownAddress(picture)) ? [finished.notShown] : [];
  const shown = paragraphs.slice(0, MOST_PARAGRAPHS);
  const cut = shown.length < paragraphs.length ? ["…"] : [];
  return [...shown, ...cut, ...excuse].map((text) => textOf(shorten(text, Math.min(most, LONGEST_LINE))));
}

function footnotes(reply: SpokenReply, { shared, sentences }: Shown): string[] {
  const { labels } = sentences;
  const asker = shared && reply.askedBy?.name ? [labels.askedBy({ name: shorten(reply.askedBy.name, 100) })] : [];
  const reference = reply.reference ? [labels.reference({ reference: reply.reference })] : [];
  return [...asker, ...reference];
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
