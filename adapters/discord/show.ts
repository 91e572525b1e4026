import { ComponentType, MessageFlags } from "discord.js";
import type { APIButtonComponentWithCustomId, APIComponentInContainer, APIContainerComponent } from "discord.js";
import type { ChatReply, ReplyPicture, SpokenReply } from "../../src/replies/reply.ts";
import { sentencesFor, speak, speakAll } from "../../src/words/said.ts";
import type { Sentences } from "../../src/words/said.ts";
import { shorten } from "../../src/words/shorten.ts";
import { rowsOf, showAllButton } from "./message/buttons.ts";
import { literal } from "./message/literal.ts";
import { isMarked, quotationOf, quotesWithin, smallPrintOf } from "./message/quotes.ts";
import { MOST_TEXT, weightOf } from "./message/text-weight.ts";
import { filesOf } from "./message/words-file.ts";
import type { FileBeside } from "./message/words-file.ts";

/** A picture that travels with the message, under a file name of its own. */
export type ShownPicture = { picture: ReplyPicture; fileName: string };

/** What the three ways to write a message have in common: editing an answer, following up, posting to a channel. */
export type MessageBody = {
  flags: MessageFlags;
  components: APIContainerComponent[];
  /** Every file of the message. An edit drops what is not listed, and that is wanted: what was in the making goes. */
  attachments: { id: string; filename: string; description?: string }[];
  allowed_mentions: { parse: [] };
};

const LONGEST_ALT_TEXT = 1024;

/** Characters of somebody's words that stand in sight. */
const MOST_OF_THE_ASKERS = 280;
const MOST_OF_THE_MODELS = 240;
const MOST_OF_AN_ORIGIN = 160;

export const colours: Record<ChatReply["mood"], number> = {
  waiting: 0x8a94a6,
  finished: 0x2f9e6e,
  declined: 0xe0a030,
  sorry: 0xc65353,
  help: 0x4a78d0,
};

export type Showing = {
  /** Names who asked, where Discord does not show it above the message by itself. */
  withAsker?: boolean;
  /** Of whoever reads what nobody has asked for. */
  locale?: string;
  /** A file goes along with the words that have no room in the message. */
  mayBringFile?: boolean;
};

export function showReply(
  said: ChatReply,
  shown: ShownPicture[],
  { withAsker = false, locale, mayBringFile = false }: Showing = {},
): MessageBody {
  const sentences = sentencesFor(said.askedBy?.locale ?? locale);
  const reply = speakAll(said, sentences);
  const components = isCalm(reply)
    ? calmParts(reply, shown, { withAsker, sentences })
    : wholeParts(reply, shown, { withAsker, sentences });
  const files = mayBringFile ? filesOf(reply) : [];
  for (const { name } of files) components.push({ type: ComponentType.File, file: { url: `attachment://${name}` } });
  return {
    flags: MessageFlags.IsComponentsV2,
    components: [{ type: ComponentType.Container, accent_color: colours[reply.mood], components }],
    attachments: [
      ...shown.map(({ picture, fileName }, index) => ({
        id: String(index),
        filename: fileName,
        description: altTextOf(picture, sentences),
      })),
      ...files.map(({ name }, index) => ({ id: String(shown.length + index), filename: name })),
    ],
    allowed_mentions: { parse: [] },
  };
}

/** The bytes that go with what `showReply` makes of a reply with `mayBringFile`. */
export function filesBeside(said: ChatReply, { locale }: Showing): FileBeside[] {
  return filesOf(speakAll(said, sentencesFor(said.askedBy?.locale ?? locale)));
}

type Spoken = { withAsker: boolean; sentences: Sentences };

/** What stands in the chat for all: the picture first, and of the words no more than a few lines. */
function isCalm({ role, pictures }: SpokenReply): boolean {
  return role === "progress" || (role === "answer" && pictures.length > 0);
}

function calmParts(
  reply: SpokenReply,
  shown: ShownPicture[],
  { withAsker, sentences }: Spoken,
): APIComponentInContainer[] {
  const foot = footOf(reply, withAsker, sentences);
  const words = calmWords(reply, sentences);
  // A picture says of itself that it is here.
  const titled = reply.role === "progress" ? reply : { ...reply, title: undefined };
  const room = MOST_TEXT - weightOf(foot) - words.reduce((sum, { content }) => sum + weightOf(content), 0);
  return [
    ...gallery(shown, sentences),
    ...text(fitHead(titled, shown, sentences, room)),
    ...words.flatMap(wordsPart),
    ...text(foot),
    ...rowsOf(reply, shown, sentences),
  ];
}

function wholeParts(
  reply: SpokenReply,
  shown: ShownPicture[],
  { withAsker, sentences }: Spoken,
): APIComponentInContainer[] {
  const foot = footOf(reply, withAsker, sentences);
  const head = fitHead(reply, shown, sentences, MOST_TEXT - weightOf(foot));
  const room = MOST_TEXT - weightOf(head) - weightOf(foot);
  // What pictures on a sheet are, is said below it.
  const isList = reply.actions.some((action) => action.do === "pick");
  return [
    ...(isList ? [] : text(head)),
    ...gallery(shown, sentences),
    ...(isList ? text(head) : []),
    ...text(quotesWithin(reply.quotes, room)),
    ...text(foot),
    ...rowsOf(reply, shown, sentences),
  ];
}

/** Lines that are too many, or too long, are shortened alike. */
function fitHead(reply: SpokenReply, shown: ShownPicture[], sentences: Sentences, room: number): string {
  let head = headOf(reply, shown, sentences);
  for (let most = 1500; weightOf(head) > room && most > 10; most = Math.floor(most * 0.8)) {
    head = headOf(
      { ...reply, paragraphs: reply.paragraphs.map((paragraph) => shorten(paragraph, most)) },
      shown,
      sentences,
    );
  }
  return head;
}

function headOf(reply: SpokenReply, shown: ShownPicture[], { finished }: Sentences): string {
  const hidden = reply.pictures.filter(({ name }) => !shown.some(({ picture }) => picture.name === name));
  const excuse = hidden.some(({ url }) => url) ? finished.notShown : finished.notShownKept;
  return [
    ...(reply.title ? [`### ${literal(reply.title)}`] : []),
    ...reply.paragraphs.map(literal),
    // What is still in the making, or only helps to choose, is not missed.
    ...(hidden.length && reply.role === "answer" ? [literal(excuse)] : []),
  ].join("\n");
}

function footOf(reply: SpokenReply, withAsker: boolean, sentences: Sentences): string {
  const { finished, joined, labels } = sentences;
  const facts = isCalm(reply)
    ? []
    : reply.facts.map((fact) => joined.pair({ name: literal(fact.name), value: literal(fact.value) }));
  const rest = [
    ...(reply.quotes.some(isMarked) ? [finished.added] : []),
    ...(reply.pictures.length && reply.role !== "word" ? [finished.generated] : []),
    ...(withAsker && reply.askedBy?.name ? [labels.askedBy({ name: literal(reply.askedBy.name) })] : []),
    ...(reply.reference ? [labels.reference({ reference: literal(reply.reference) })] : []),
  ];
  return [facts, rest]
    .filter((line) => line.length)
    .map((line) => `-# ${line.join(" · ")}`)
    .join("\n");
}

function originOf({ origin }: SpokenReply): Words[] {
  return origin ? [{ content: `-# ${literal(shorten(origin.replaceAll(/\s+/g, " "), MOST_OF_AN_ORIGIN))}` }] : [];
}

type Words = { content: string; showAll?: APIButtonComponentWithCustomId };

/** The asker's words, and in small print the model's; whole ones, and those of each of several pictures, are one press away. */
function calmWords(reply: SpokenReply, sentences: Sentences): Words[] {
  const { quotes, pictures } = reply;
  const ref = pictures.find((picture) => picture.ref)?.ref;
  const isOfEach = quotes.filter(({ marked }) => marked).length > 1;
  const words = quotes
    .filter(({ words: text, marked }) => text.trim() && !(marked && isOfEach))
    .map((quote) => {
      if (quote.marked) return { content: smallPrintOf(quote, MOST_OF_THE_MODELS, sentences) };
      const isCut = quote.words.length > MOST_OF_THE_ASKERS;
      const showAll = isCut && ref ? showAllButton(ref, sentences) : undefined;
      return { content: quotationOf(quote, MOST_OF_THE_ASKERS), showAll };
    });
  return [...originOf(reply), ...words];
}

function wordsPart({ content, showAll }: Words): APIComponentInContainer[] {
  if (!showAll) return text(content);
  return [
    { type: ComponentType.Section, components: [{ type: ComponentType.TextDisplay, content }], accessory: showAll },
  ];
}

function text(content: string): APIComponentInContainer[] {
  return content ? [{ type: ComponentType.TextDisplay, content }] : [];
}

function gallery(shown: ShownPicture[], sentences: Sentences): APIComponentInContainer[] {
  if (!shown.length) return [];
  const items = shown.map(({ picture, fileName }) => ({
    media: { url: `attachment://${fileName}` },
    description: altTextOf(picture, sentences),
  }));
  return [{ type: ComponentType.MediaGallery, items }];
}

export function altTextOf({ altText }: ReplyPicture, sentences: Sentences): string {
  // Read out or shown as it stands: controls, and what turns the direction of a text, have no place in it.
  return shorten(speak(altText, sentences).replaceAll(/[\p{Cc}\u202A-\u202E\u2066-\u2069]+/gu, " "), LONGEST_ALT_TEXT);
}
