import type { SpokenBoard } from "../../../src/brainstorm/board.ts";
import type { Sentences } from "../../../src/words/said.ts";
import { shorten } from "../../../src/words/shorten.ts";
import {
  escapeMarkdown,
  fitCard,
  makeCard,
  MOST_IN_A_ROW,
  rowOf,
  rowsOf,
  runOf,
  sendButton,
  textOf,
} from "./card-parts.ts";
import type { ButtonLook, Card, Element } from "./card-parts.ts";
import { imageOf, shownAddress } from "./pictures.ts";

type Idea = SpokenBoard["ideas"][number];
type Action = SpokenBoard["actions"][number];
/** `brief`: without pictures, for a connector that finds the whole too large. */
type Of = { sentences: Sentences; brief?: boolean };

const [LONGEST_TITLE, LONGEST_LINE, LONGEST_NAME] = [200, 400, 80];
/** Below a picture an idea has two lines; all of it stands on the page, and in the picture's alternative text. */
const [LONGEST_IDEA, LONGEST_IDEA_BELOW] = [120, 56];

/** Pixels of all rows of pictures together, so that six drafts with their words stand on one screen, and of one row at least. */
const [MOST_HEIGHT, LEAST_OF_ONE] = [366, 108];
const [WIDTH_OF_ONE, WIDTH_OF_TWO] = [416, 204];

/** Further away than that, a time of day would be taken for today's. */
const SOON_MILLISECONDS = 12 * 3_600_000;

/** Pixels of a row of buttons, and of one: so much for each character, and for what is around them. */
const [WIDTH_OF_ROW, WIDTH_OF_CHARACTER, WIDTH_AROUND] = [412, 8.3, 36];
/** What a press shows and hides. */
const FOLDED = "board-more";

const quiet = { size: "small", isSubtle: true };
const near = { spacing: "small" };

const looks: Record<Action["tone"], ButtonLook> = {
  main: { style: "positive" },
  usual: {},
  danger: { style: "destructive" },
};

/** A session as one card that stands for all of it. It has no fields: a client that draws it anew forgets what stood in them. */
export function boardCard(board: SpokenBoard, of: Of): Card {
  return fitCard((most) => buildBoard(board, of, most));
}

function buildBoard(board: SpokenBoard, of: Of, most: number): Card {
  const { mood, title, facts, stage, until, howTo, notes, ideas, vote, actions } = board;
  const { joined } = of.sentences;
  const line = (text: string, look = {}, space = near) =>
    textOf(shorten(text, Math.min(most, LONGEST_LINE)), look, space);
  const head = shorten(title, Math.min(most, LONGEST_TITLE));
  const hasPictures = ideas.some(({ picture }) => picture);
  // Beside pictures who began it stays in sight, and how it is done is folded, until there is nothing left to do.
  const folded = hasPictures && actions.length ? facts.slice(1) : [];
  const inSight = facts.slice(0, facts.length - folded.length);
  const factsLine = (some: string[]) => (some.length ? [line(joined.sentences({ all: some }), quiet)] : []);
  const body = [
    textOf(head, { size: "large", weight: "bolder", color: mood === "waiting" ? "accent" : "default" }),
    ...factsLine(inSight),
    line(stage, { weight: "bolder" }, { spacing: "medium" }),
    ...(until ? [untilLine(until, of.sentences)] : []),
    ...(howTo && !vote ? [line(howTo)] : []),
    ...(hasPictures ? ideaGrid(ideas, of, most) : ideaList(ideas, most)),
    ...notes.map((note) => line(note, quiet)),
    ...voteRows(board, of, most),
    ...actionRows(board, factsLine(folded), of),
  ];
  const plain = shorten(joined.pair({ name: head, value: stage }), LONGEST_LINE).replaceAll(/[\\`*_[\]()<>#~|]/g, " ");
  // Widened, two pictures side by side would be taller than a screen has room for three rows of.
  return makeCard(body, [], { msteams: {}, fallbackText: plain, speak: plain });
}

/** In each reader's own time zone: a TextBlock alone knows these functions, and reads markdown. */
function untilLine({ label, at }: { label: string; at: string }, { joined }: Sentences): Element {
  const instant = `${new Date(at).toISOString().slice(0, 19)}Z`;
  const time = `{{TIME(${instant})}}`;
  const isSoon = Date.parse(at) - Date.now() < SOON_MILLISECONDS;
  const value = isSoon ? time : `{{DATE(${instant}, SHORT)}}, ${time}`;
  const name = escapeMarkdown(label).replaceAll("{{", "{ {");
  return { type: "TextBlock", text: joined.pair({ name, value }), wrap: true, ...near };
}

/** While there is nothing to see: a line for each. */
function ideaList(ideas: Idea[], most: number): Element[] {
  return ideas.map((idea) => ideaLine(idea, Math.min(most, LONGEST_IDEA), most));
}

/** Its number, its words, and in small print whose it is and how it stands. */
function ideaLine({ number, words, by, state, votes, isWinner }: Idea, mostWords: number, most: number): Element {
  const inOneLine = shorten(words.replaceAll(/\s+/g, " ").trim(), mostWords);
  const name = shorten(by, Math.min(most, LONGEST_NAME));
  const besides = [name, votes, state].filter((part) => part !== undefined).join(" · ");
  const mark = { size: "small", weight: "bolder", ...(isWinner && { color: "accent" }) };
  return {
    type: "RichTextBlock",
    ...near,
    inlines: [
      runOf(`${number} `, mark),
      runOf(inOneLine, { size: "small" }),
      runOf(` · ${shorten(besides, Math.min(most, 2 * LONGEST_IDEA))}`, quiet),
    ],
  };
}

/** Two by two, in the order of their numbers; one over the whole width. */
function ideaGrid(ideas: Idea[], of: Of, most: number): Element[] {
  const inRow = ideas.length === 1 ? 1 : 2;
  const rows = Math.ceil(ideas.length / inRow);
  const column = (idea: Idea | undefined): Element => ({
    type: "Column",
    width: "stretch",
    ...near,
    ...(idea?.isWinner && inRow > 1 && { style: "emphasis" }),
    items: idea ? ideaCell(idea, of, { most, rows, inRow }) : [],
  });
  return Array.from({ length: rows }, (_, row) => ({
    type: "ColumnSet",
    spacing: row ? "small" : "medium",
    columns: Array.from({ length: inRow }, (_, place) => column(ideas[row * inRow + place])),
  }));
}

function ideaCell(
  idea: Idea,
  { sentences, brief }: Of,
  { most, rows, inRow }: { most: number; rows: number; inRow: number },
): Element[] {
  const { picture, number } = idea;
  const size = { width: inRow > 1 ? WIDTH_OF_TWO : WIDTH_OF_ONE, height: Math.max(LEAST_OF_ONE, MOST_HEIGHT / rows) };
  const shown = picture && !brief && shownAddress(picture);
  return [
    ...(shown ? [imageOf(picture, { most, sentences, number, ...size })] : []),
    ideaLine(idea, Math.min(most, shown && inRow > 1 ? LONGEST_IDEA_BELOW : LONGEST_IDEA), most),
  ];
}

/** A button for each number: a tap gives a vote, another takes it back, and no edit of the card comes between. */
function voteRows({ vote, session, round }: SpokenBoard, { sentences }: Of, most: number): Element[] {
  if (!vote) return [];
  const buttons = vote.choices.map(({ value, name }) => ({
    ...sendButton(value, { do: "board", does: "vote", session, round: String(round), toggle: value }, {}),
    tooltip: shorten(name, Math.min(most, LONGEST_NAME)),
  }));
  const label = shorten(vote.label, Math.min(most, LONGEST_LINE));
  return [textOf(sentences.teamsBoard.votes({ label }), { size: "small" }, { spacing: "medium" }), ...rowsOf(buttons)];
}

/** What comes first in sight, and one button that unfolds the rest where there is more than a row. */
function actionRows({ actions, page, session, round }: SpokenBoard, facts: Element[], { sentences }: Of): Element[] {
  const { moreActions } = sentences.labels;
  const buttons: Element[] = actions.map(({ does, label, tone }) =>
    sendButton(label, { do: "board", does, session, round: String(round) }, looks[tone]),
  );
  if (page) buttons.push({ type: "Action.OpenUrl", title: page.label, url: page.url });
  const more = { type: "Action.ToggleVisibility", title: moreActions, targetElements: [FOLDED] };
  if (!facts.length && fitting(buttons) === buttons.length) return rowOf(buttons);
  const inSight = fitting(buttons, [more]);
  return [
    ...rowOf([...buttons.slice(0, inSight), more]),
    { type: "Container", id: FOLDED, isVisible: false, items: [...facts, ...rowsOf(buttons.slice(inSight))] },
  ];
}

/** How many buttons stand in one row, beside these others. */
function fitting(buttons: Element[], others: Element[] = []): number {
  const widthOf = ({ title }: Element) => String(title).length * WIDTH_OF_CHARACTER + WIDTH_AROUND;
  let left = WIDTH_OF_ROW - others.reduce((sum, other) => sum + widthOf(other), 0);
  const end = buttons.findIndex((button, index) => {
    left -= widthOf(button);
    return left < 0 || index + others.length >= MOST_IN_A_ROW;
  });
  return end < 0 ? buttons.length : end;
}
