import type { SpokenBoard } from "../../../src/brainstorm/board.ts";
import type { Sentences } from "../../../src/words/said.ts";
import { shorten } from "../../../src/words/shorten.ts";
import { escapeMarkdown, fitCard, makeCard, rowOf, runOf, sendButton, textOf } from "./card-parts.ts";
import type { ButtonLook, Card, Element } from "./card-parts.ts";
import { imageOf, shownAddress } from "./pictures.ts";

type Idea = SpokenBoard["ideas"][number];
type Action = SpokenBoard["actions"][number];
/** `brief`: without pictures, for a connector that finds the whole too large. */
type Of = { sentences: Sentences; brief?: boolean };

const [LONGEST_TITLE, LONGEST_LINE, LONGEST_IDEA, LONGEST_NAME] = [200, 400, 120, 80];

/** Pixels of all rows of pictures together, so that six drafts with their words stand on one screen. */
const MOST_HEIGHT = 430;
const [WIDTH_OF_ONE, WIDTH_OF_TWO] = [416, 204];

/** Further away than that, a time of day would be taken for today's. */
const SOON_MILLISECONDS = 12 * 3_600_000;

/** As a reader's client finds them side by side: Teams takes six to a row. */
const [MOST_IN_ROW, MOST_IN_SIGHT] = [6, 4];
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
  const { mood, title, facts, stage, until, howTo, notes, ideas } = board;
  const { joined } = of.sentences;
  const line = (text: string, look = {}, space = near) =>
    textOf(shorten(text, Math.min(most, LONGEST_LINE)), look, space);
  const head = shorten(title, Math.min(most, LONGEST_TITLE));
  const body = [
    textOf(head, { size: "large", weight: "bolder", color: mood === "waiting" ? "accent" : "default" }),
    ...(facts.length ? [line(joined.sentences({ all: facts }), quiet)] : []),
    line(stage, { weight: "bolder" }, { spacing: "medium" }),
    ...(until ? [untilLine(until, of.sentences)] : []),
    ...(howTo ? [line(howTo)] : []),
    ...(ideas.some(({ picture }) => picture) ? ideaGrid(ideas, of, most) : ideaList(ideas, most)),
    ...notes.map((note) => line(note, quiet)),
    ...voteRows(board, most),
    ...actionRows(board, of),
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
  return ideas.map((idea) => ({
    type: "RichTextBlock",
    ...near,
    inlines: [...wordsOf(idea, most), runOf(` · ${belowOf(idea, most)}`, quiet)],
  }));
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
  const size = { width: inRow > 1 ? WIDTH_OF_TWO : WIDTH_OF_ONE, height: MOST_HEIGHT / rows };
  const shown = picture && !brief && shownAddress(picture);
  return [
    ...(shown ? [imageOf(picture, { most, sentences, number, ...size })] : []),
    { type: "RichTextBlock", ...near, inlines: wordsOf(idea, most) },
    textOf(belowOf(idea, most), quiet, { spacing: "none" }),
  ];
}

function wordsOf({ number, words, isWinner }: Idea, most: number): Element[] {
  const mark = { weight: "bolder", ...(isWinner && { color: "accent" }) };
  const inOneLine = shorten(words.replaceAll(/\s+/g, " ").trim(), Math.min(most, LONGEST_IDEA));
  return [runOf(`${number} `, { ...mark, size: "small" }), runOf(inOneLine, { size: "small" })];
}

function belowOf({ by, state, votes }: Idea, most: number): string {
  const name = shorten(by, Math.min(most, LONGEST_NAME));
  const parts = [name, votes, state].filter((part) => part !== undefined);
  return shorten(parts.join(" · "), Math.min(most, 2 * LONGEST_IDEA));
}

/** A button for each number: a tap gives a vote, another takes it back, and no edit of the card comes between. */
function voteRows({ vote, session, round }: SpokenBoard, most: number): Element[] {
  if (!vote) return [];
  const buttons = vote.choices.map(({ value, name }) => ({
    ...sendButton(value, { do: "board", does: "vote", session, round: String(round), toggle: value }, {}),
    tooltip: shorten(name, Math.min(most, LONGEST_NAME)),
  }));
  const inRow = buttons.length > MOST_IN_ROW ? Math.ceil(buttons.length / 2) : MOST_IN_ROW;
  const rows = Array.from({ length: Math.ceil(buttons.length / inRow) }, (_, row) =>
    buttons.slice(row * inRow, (row + 1) * inRow),
  );
  return [
    textOf(shorten(vote.label, Math.min(most, LONGEST_LINE)), { weight: "bolder" }, { spacing: "medium" }),
    ...rows.flatMap(rowOf),
  ];
}

/** What comes first in sight, and one button that unfolds the rest where there is more than a row. */
function actionRows({ actions, page, session, round }: SpokenBoard, { sentences }: Of): Element[] {
  const buttons: Element[] = actions.map(({ does, label, tone }) =>
    sendButton(label, { do: "board", does, session, round: String(round) }, looks[tone]),
  );
  if (page) buttons.push({ type: "Action.OpenUrl", title: page.label, url: page.url });
  if (buttons.length <= MOST_IN_SIGHT) return rowOf(buttons);
  const [inSight, folded] = [buttons.slice(0, MOST_IN_SIGHT - 1), buttons.slice(MOST_IN_SIGHT - 1)];
  const more = { type: "Action.ToggleVisibility", title: sentences.labels.moreActions, targetElements: [FOLDED] };
  const rows = Array.from({ length: Math.ceil(folded.length / MOST_IN_ROW) }, (_, row) =>
    folded.slice(row * MOST_IN_ROW, (row + 1) * MOST_IN_ROW),
  );
  return [
    ...rowOf([...inSight, more]),
    { type: "Container", id: FOLDED, isVisible: false, items: rows.flatMap(rowOf) },
  ];
}
