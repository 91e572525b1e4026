import { z } from "zod";
import { BOARD_VERBS } from "../../../src/brainstorm/board.ts";
import { SessionId } from "../../../src/brainstorm/session.ts";
import { textOfSure } from "../../../src/ask/cancel-and-delete.ts";
import { PANEL } from "../../../src/panels/panel.ts";
import { CELLS as CELLS_OF_GRID } from "../../../src/pixels/grid-and-mask.ts";
import { JobId, OPTION_NAMES, readRef } from "../../../src/request/request.ts";
import { ELLIPSIS } from "../../../src/words/shorten.ts";
import { readWords } from "../../../src/request/read-words.ts";
import type { AskedPicture } from "../../../src/request/read-words.ts";
import { isOptionName } from "../commands.ts";
import { member } from "../door/own-member.ts";

/** Names of the inputs in our cards; those of the options are the options' own. */
export const PROMPT = "prompt";
/** A style that was saved, by its name: the one of the models is an option. */
export const SAVED_STYLE = "saved-style";
/** What should change of a picture; and where: one input for each column of cells, whose letter stands behind this. */
export const CHANGE = "change";
export const CELLS = "cells";
/** One of several pictures. */
export const REF = "ref";
/** The choice that makes none. Some clients show an empty value as nothing at all. */
export const AS_USUAL = "as-usual";

/** Names of the inputs in a form of a brainstorm: what is written begins with the one, what is picked with the other. */
export const [SAID, PICKED] = ["said_", "picked_"];

export const LONGEST_WORDS = 40_000;

export const inputs = {
  [PROMPT]: z.string().max(LONGEST_WORDS).optional(),
  [SAVED_STYLE]: z.string().max(200).optional(),
  ...Object.fromEntries(OPTION_NAMES.map((name) => [name, z.string().max(200).optional()])),
};

/** Where those of the words begin that the field had no room for. */
const rest = z
  .string()
  .regex(/^\d{1,6}$/)
  .optional();

/** In a card that only one person sees: so is the message in which it stands. */
const targeted = z.literal("yes").optional();

/** What comes of it is for all, though one person alone sees the card. */
const forAll = z.literal("yes").optional();

/** Any text: whether there is such a picture is seen when it is looked for. */
const ref = z.string().max(200);

/** What arrives when a button of our cards is pressed: its data, and what stands in the card's inputs. */
export const Pressed = z.discriminatedUnion("do", [
  z.object({ do: z.literal("revise"), job: JobId, rest, targeted, ...inputs }),
  /** `asker` is who got the form. */
  z.object({ do: z.literal("imagine"), asker: z.string(), forAll, targeted, ...inputs }),
  /** The words are a change of this picture, the last one of `asker`. */
  z.object({ do: z.literal("alter"), asker: z.string(), ref, targeted, ...inputs }),
  z.looseObject({
    do: z.literal("change"),
    draft: z.string(),
    targeted,
    [CHANGE]: z.string().max(LONGEST_WORDS).optional(),
  }),
  z.object({
    do: z.enum(["again", "all", "like", "finish", "finest", "edit", "keep", "off", "family", "describe", "delete"]),
    ref,
  }),
  /** In place of the question whether it is to go. */
  z.object({ do: z.literal("back"), ref }),
  /** The second press of Delete. `until`: an ISO time. */
  z.object({ do: z.literal("sure"), ref, until: z.string().max(40) }),
  /** Nothing in `ref`: nothing was chosen. */
  z.object({ do: z.literal("pick"), [REF]: ref.optional() }),
  /** The words are in an input of their own for each picture, see `wordsInputOf`. */
  z.looseObject({ do: z.enum(["words", "revised"]), ref, rest }),
  /** What is wrong with it is in an input of its own for each picture, see `whyInputOf`. */
  z.looseObject({ do: z.literal("report"), ref }),
  /** A style's name and look are in inputs of their own for each picture, see `styleInputOf`. */
  z.looseObject({ do: z.literal("style"), ref }),
  z.object({ do: z.literal("page"), page: z.string().regex(/^\d{1,6}$/) }),
  z.object({ do: z.enum(["cancel", "suggest"]), job: JobId }),
  z.object({ do: z.literal("fit"), fit: z.string().max(110) }),
  z.object({ do: z.literal("suggested"), suggestion: z.string().max(110) }),
  z.object({ do: z.literal("wall"), turn: z.string().regex(/^(?:newest|most)\.\d{1,6}$/) }),
  z.object({ do: z.literal("privacy"), what: z.string().max(40) }),
  z.object({ do: z.literal("look"), job: JobId }),
  /** Of a board, or of a form for it: `sent` with what stands in its inputs, see `valuesIn`. `toggle` is the number of an idea. */
  z.looseObject({
    do: z.literal("board"),
    does: z.enum(BOARD_VERBS),
    session: SessionId,
    round: z.string().regex(/^\d{1,4}$/),
    toggle: z
      .string()
      .regex(/^\d{1,4}$/)
      .optional(),
    /** A form: in a message of its own for the presser alone, or where the board stands. */
    sent: z.enum(["own message", "in place"]).optional(),
    targeted,
  }),
  /** The form that begins a session. `asker` is who got it. */
  z.looseObject({ do: z.literal("brainstorm"), asker: z.string(), targeted }),
  /** Another panel: `panel`, or one that was chosen in a menu, see `panelIn`. `sent` with what stands in the inputs of its form. */
  z.looseObject({
    do: z.literal("panel"),
    panel: z.string().max(100).optional(),
    menu: z.string().max(20).optional(),
    sent: z.literal("yes").optional(),
    targeted,
  }),
]);
export type Pressed = z.infer<typeof Pressed>;

/** Those that ask for a picture from a card which gives way to what comes of it. */
export type PressedForm = Extract<Pressed, { do: "revise" | "imagine" | "alter" | "change" }>;
/** Those that leave the card as it is. */
export type PressedButton = Exclude<
  Pressed,
  PressedForm | PressedBoard | PressedBeginning | PressedPanel | { do: "look" }
>;
export type PressedPanel = Extract<Pressed, { do: "panel" }>;
export type PressedBoard = Extract<Pressed, { do: "board" }>;
export type PressedBeginning = Extract<Pressed, { do: "brainstorm" }>;

/** What a button is about, see `Press` in `src/ask/press.ts`. */
export function heldBy(pressed: PressedButton): string {
  if (pressed.do === "sure") return textOfSure(pressed.ref, pressed.until);
  if ("ref" in pressed) return pressed.ref ?? "";
  if ("turn" in pressed) return pressed.turn;
  if ("suggestion" in pressed) return pressed.suggestion;
  if ("fit" in pressed) return pressed.fit;
  return "job" in pressed ? pressed.job : "page" in pressed ? pressed.page : "";
}

/** The request in a card. `before` is what the inputs change; an input left "as usual" takes its option away. */
export function askedIn(
  pressed: { rest?: string; [input: string]: unknown },
  before: Partial<Pick<AskedPicture, "prompt" | "options">> = {},
): AskedPicture {
  const prompt = typeof pressed[PROMPT] === "string" ? pressed[PROMPT] : undefined;
  const asked = readWords(joinRest(prompt, pressed.rest, before.prompt ?? ""));
  const options = { ...before.options };
  for (const [name, value] of Object.entries(pressed)) {
    if (!isOptionName(name) || (value !== undefined && typeof value !== "string")) continue;
    if (value && value !== AS_USUAL) options[name] = value;
    else delete options[name];
  }
  const named = typeof pressed[SAVED_STYLE] === "string" ? pressed[SAVED_STYLE].trim() : "";
  return { ...asked, options: { ...options, ...(named && { style: named }), ...asked.options } };
}

/** The cells that were picked, in the order of the grid. */
export function cellsIn(pressed: Extract<Pressed, { do: "change" }>): string[] {
  const inputs = Object.entries(pressed).filter(([name]) => name.startsWith(CELLS));
  const picked = inputs.flatMap(([, value]) => (typeof value === "string" ? value.split(",") : []));
  return CELLS_OF_GRID.filter((cell) => picked.some((each) => each.trim() === cell));
}

/** The input beside a picture: in one card each has a name of its own. */
export function wordsInputOf(action: "words" | "revised", ref: string): string {
  return `${action}${readRef(ref)?.place ?? 0}`;
}

/** What was written beside a picture; `before` is what stood there. */
export function wordsBeside(
  pressed: Extract<Pressed, { do: "words" | "revised" }>,
  before: Pick<AskedPicture, "prompt" | "options">,
): AskedPicture {
  const written = member(pressed, wordsInputOf(pressed.do, pressed.ref));
  const words = typeof written === "string" ? written.slice(0, LONGEST_WORDS) : undefined;
  const asked = readWords(joinRest(words, pressed.rest, before.prompt));
  return { ...asked, options: { ...before.options, ...asked.options } };
}

/** The input for what is wrong with a picture. */
export function whyInputOf(ref: string): string {
  return `why${readRef(ref)?.place ?? 0}`;
}

/** What was written of it. */
export function whyBeside(pressed: Extract<Pressed, { do: "report" }>): string {
  const written = member(pressed, whyInputOf(pressed.ref));
  return typeof written === "string" ? written.slice(0, LONGEST_WORDS) : "";
}

/** By the field's own name. A field in which nothing was picked sends nothing. */
export function valuesIn(pressed: PressedBoard | PressedBeginning | PressedPanel): Record<string, string[]> {
  const all: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(pressed)) {
    if (typeof value !== "string") continue;
    const text = value.slice(0, LONGEST_WORDS);
    // What is picked and what is written may be of one field.
    if (name.startsWith(SAID)) (all[name.slice(SAID.length)] ??= []).push(text);
    else if (name.startsWith(PICKED)) (all[name.slice(PICKED.length)] ??= []).push(...text.split(",").filter(Boolean));
  }
  return all;
}

/** One of several panels, in the menu of this name. */
export function panelInputOf(menu: string): string {
  return `panel${menu}`;
}

/** The panel that a press leads to; nothing where none was chosen. */
export function panelIn(pressed: PressedPanel): string | undefined {
  const panel = pressed.menu === undefined ? pressed.panel : member(pressed, panelInputOf(pressed.menu));
  return typeof panel === "string" && PANEL.test(panel) ? panel : undefined;
}

/** The inputs for a style that is made of a picture. */
export function styleInputOf(input: "name" | "words", ref: string): string {
  return `style-${input}${readRef(ref)?.place ?? 0}`;
}

/** What was written there. */
export function styleBeside(pressed: Extract<Pressed, { do: "style" }>): { name: string; words?: string } {
  const written = (input: "name" | "words") => {
    const text = member(pressed, styleInputOf(input, pressed.ref));
    return typeof text === "string" ? text.slice(0, LONGEST_WORDS).trim() : "";
  };
  return { name: written("name"), words: written("words") || undefined };
}

/** A field that was too small ended in an ellipsis. Where that still stands, so do the words behind it. */
function joinRest(words: string | undefined, rest: string | undefined, before: string): string {
  if (words === undefined) return before;
  const kept = words.trimEnd();
  if (rest === undefined || !kept.endsWith(ELLIPSIS)) return words;
  return kept.slice(0, -ELLIPSIS.length) + before.slice(Number(rest));
}
