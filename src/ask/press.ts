import { beginDrawnSketch } from "./begin-sketch.ts";
import type { BegunSketch } from "./begin-sketch.ts";
import { beginEdit, editPanelReply, lookAtDraft } from "./begin-edit.ts";
import { detailsOf, familyReply, historyReply, pickedReply } from "./browse.ts";
import { askToDelete, cancelJob, deletePicture, readSure } from "./cancel-and-delete.ts";
import { findOwnJob, findPicture, requestOfPress, requestOfRevision, sorryForClick, wordsToChange } from "./go-on.ts";
import type { PicturePress, PlainChange, Sorry } from "./go-on.ts";
import { describeDrawn, describedWords } from "./describe.ts";
import { findSuggestion, suggestWords } from "./suggest-words.ts";
import { keepReply, readTurn, takeOffReply, wallReply } from "./wall.ts";
import { keepCells } from "../jobs/drafts.ts";
import type { Draft } from "../jobs/drafts.ts";
import { staysPrivate } from "../jobs/rights.ts";
import { log } from "../log.ts";
import { privateWordReply } from "../replies/compose-reply.ts";
import type { ChatReply } from "../replies/reply.ts";
import { wordsToRevise } from "../request/named-style.ts";
import { PICTURE_ACTIONS } from "../request/request.ts";
import type { Address, Asker, ImageRequest } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import type { Said } from "../words/said.ts";
import { edit, failed, styles } from "../words/sentences.ts";

/** What buttons and menus of ours do, whatever a platform calls what it shows of them. Each holds what it is done to, and nothing else. */
export const VERBS = [
  ...PICTURE_ACTIONS,
  "sure",
  "more",
  "all",
  "pick",
  "page",
  "change",
  "cancel",
  "revise",
  "suggest",
  "suggested",
  "fit",
  "described",
  "sketch",
  "wall",
  "off",
] as const;
export type Verb = (typeof VERBS)[number];

export type Press = {
  does: Verb;
  /** A picture's `ref`; for `page` its number, for `wall` its order and number, for `change` a draft's id, for `cancel`, `revise` and `suggest` a job's, for `suggested` and `fit` a job's and its number. */
  of: string;
  by: Asker;
  isModerator: boolean;
  /** Of this event, as for any request: of what is drawn, the job's. */
  id: string;
  /** Where what is drawn goes, and for `edit`, what will be. */
  address: Address;
  /** A fresher way to the job's own message, where the press has brought one. */
  ownAddress?: Address;
  /** Cells of the grid that were picked just now. */
  cells?: string[];
  /** Where a list becomes a message of its own: two presses in a row then show one. */
  shownIn?: string;
  signal?: AbortSignal;
};

/** Words to change, and what sending them off means: `of` is what the button held. */
export type WordsForm = { does: "words" | "revised" | "revise"; of: string; words: string; request: ImageRequest };

/** A word to the presser alone. `stands`: what was asked for is, or comes, in the chat as well. */
export type Word = { word: Said; stands?: boolean };

/** What a press comes to. An adapter has a hand for each. */
export type Outcome =
  | { draw: ImageRequest }
  /** For the presser alone. Making it may take longer than a press can wait. */
  | { show: (signal?: AbortSignal) => Promise<ChatReply> }
  | { form: WordsForm }
  /** A form for a new request, which begins with these words. */
  | { begin: { words: string } }
  /** What this sketch is to become is asked for. */
  | { sketch: BegunSketch }
  /** The presser is asked for a style's name. */
  | { style: { of: string } }
  /** The presser is asked what is wrong with this picture. */
  | { report: { of: string } }
  /** The words for an edit are asked for; these cells of the picture may change. */
  | { change: { draft: string; cells: string[] } }
  | Asked
  | Done;

/** Whether the picture is to go: for the presser alone, with a second button. */
export type Asked = { ask: ChatReply };

/** `deletes`: the picture is going. */
type Done = Word & { deletes?: boolean };

type Meaning = (press: Press, settings: Settings, azure: Azure) => Outcome | Promise<Outcome>;

const meanings: Record<Verb, Meaning> = {
  again: drawing("again"),
  like: drawing("like"),
  finish: drawing("finish"),
  finest: drawing("finest"),
  words: wordsOfPicture("words"),
  revised: wordsOfPicture("revised"),
  edit: showing(editPanel),
  family: showing(familyReply),
  style: styleForm,
  report: reportForm,
  pick: showing(pickedReply),
  page: ({ of, by, signal }, settings, azure) => ({
    show: () => historyReply(by, { page: pageIn(of), signal }, settings, azure),
  }),
  keep: keeping(keepReply),
  off: keeping(takeOffReply),
  wall: ({ of, by, signal }, settings, azure) => ({
    show: () => wallReply(by, { ...readTurn(of), signal }, settings, azure),
  }),
  change: wordsForEdit,
  cancel: async ({ of, ...press }, _, azure) => ({ word: (await cancelJob({ ...press, job: of }, azure)).said }),
  delete: ({ of, ...press }, settings, azure) => askToDelete({ ...press, ref: of }, settings, azure),
  sure: async ({ of, ownAddress, ...press }, settings, azure) => {
    const { ref, isOver } = readSure(of);
    if (isOver) return askToDelete({ ...press, ref }, settings, azure);
    const { said, deletes } = await deletePicture({ ...press, ref, address: ownAddress }, azure);
    return { word: said, deletes };
  },
  more: showing(detailsOf),
  all: drawing("all"),
  revise: wordsOfJob,
  suggest: ({ of, by }, settings, azure) => ({ show: (signal) => suggestWords({ of, by, signal }, settings, azure) }),
  suggested: drawSuggestion,
  fit: drawFit,
  describe: showing(describeDrawn),
  sketch: async ({ of, ...press }, settings, azure) => {
    const begun = await beginDrawnSketch({ ...press, ref: of }, settings, azure);
    return "word" in begun ? begun : { sketch: begun };
  },
  described: async ({ of, signal }, _, azure) => {
    const found = await describedWords(of, azure, signal);
    return "word" in found ? found : { begin: found };
  },
};

/** Does what a button says, by whoever presses and in a message of any age: all is looked up in storage and checked here. */
export function doPress(press: Press & { does: "cancel" }, settings: Settings, azure: Azure): Promise<Word>;
export function doPress(press: Press & { does: "sure" }, settings: Settings, azure: Azure): Promise<Done | Asked>;
export function doPress(press: Press, settings: Settings, azure: Azure): Promise<Outcome>;
export async function doPress(press: Press, settings: Settings, azure: Azure): Promise<Outcome> {
  const outcome = await meanings[press.does](press, settings, azure);
  if (!("show" in outcome) || press.shownIn === undefined) return outcome;
  return (await wordInstead(press, press.shownIn, azure)) ?? outcome;
}

/** For a list in a message of its own: it is not begun for what is gone, nor twice for a double click. */
async function wordInstead({ does, of, by, signal }: Press, place: string, azure: Azure): Promise<Word | undefined> {
  const isOfPicture = does !== "page" && does !== "suggest";
  const found = isOfPicture && (await findPicture({ ref: of, by, signal }, azure));
  if (found && "sorry" in found) return told(found);
  const sorry = await sorryForClick(`${does}/${of}/${place}`, { by, signal }, azure);
  return sorry && told(sorry);
}

export function told({ sorry, stands }: Sorry): Word {
  return { word: sorry, stands };
}

function drawing(change: PlainChange): Meaning {
  return async ({ of, ...press }, settings, azure) => {
    const asked = await requestOfPress({ ...press, ref: of, change }, settings, azure);
    return "request" in asked ? { draw: asked.request } : told(asked);
  };
}

type Compose = (press: PicturePress & { address: Address }, settings: Settings, azure: Azure) => Promise<ChatReply>;

function showing(compose: Compose): Meaning {
  return ({ of, by, address }, settings, azure) => ({
    show: (signal) => compose({ ref: of, by, address, signal }, settings, azure),
  });
}

function keeping(compose: typeof keepReply): Meaning {
  return ({ of, by, id, isModerator }, _, azure) => ({
    show: (signal) => compose({ ref: of, by, id, isModerator, signal }, azure),
  });
}

async function editPanel(press: Parameters<Compose>[0], settings: Settings, azure: Azure): Promise<ChatReply> {
  const begun = await beginEdit(press, settings, azure);
  return "sorry" in begun ? privateWordReply(begun.sorry) : editPanelReply(begun.draft, settings, azure);
}

function pageIn(text: string): number {
  return Math.max(0, Number.parseInt(text, 10) || 0);
}

function wordsOfPicture(does: "words" | "revised"): Meaning {
  return async ({ of, by, signal }, _, azure) => {
    const found = await findPicture({ ref: of, by, signal }, azure);
    if ("sorry" in found) return told(found);
    return { form: { does, of, words: wordsToChange(found, does), request: found.job.request } };
  };
}

async function reportForm({ of, by, signal }: Press, _: Settings, azure: Azure): Promise<Outcome> {
  const found = await findPicture({ ref: of, by, signal }, azure);
  return "sorry" in found ? told(found) : { report: { of } };
}

async function styleForm({ of, by, signal }: Press, _: Settings, azure: Azure): Promise<Outcome> {
  const found = await findPicture({ ref: of, by, signal }, azure);
  if ("sorry" in found) return told(found);
  return staysPrivate(found.job, by) ? { word: styles.privatePicture } : { style: { of } };
}

async function wordsOfJob(press: Press, _: Settings, azure: Azure): Promise<Outcome> {
  const found = await findOwnJob(press.of, press, azure);
  if ("sorry" in found) return told(found);
  const { request } = found.job;
  return { form: { does: "revise", of: press.of, words: wordsToRevise(request), request } };
}

/** What was refused, in the words of this suggestion. */
async function drawSuggestion(press: Press, _: Settings, azure: Azure): Promise<Outcome> {
  const found = await findSuggestion(press.of, press, azure);
  if ("word" in found) return found;
  const sorry = await sorryForClick(`suggested/${press.of}`, press, azure);
  if (sorry) return told(sorry);
  const { options } = found.job.request;
  return { draw: { ...requestOfRevision(found.job, { ...press, words: found.words, options }), isSuggested: true } };
}

/** What a rule said no to, with options that it lets pass: whether it still does is asked anew. */
async function drawFit(press: Press, _: Settings, azure: Azure): Promise<Outcome> {
  const [, id = "", number = ""] = /^([a-z0-9-]{1,100})\/([1-9])$/.exec(press.of) ?? [];
  const found = await findOwnJob(id, press, azure);
  if ("sorry" in found) return told(found);
  const { job } = found;
  const options = job.fits?.[Number(number) - 1];
  if (!options) return { word: failed.goneJob };
  const sorry = await sorryForClick(`fit/${press.of}`, press, azure);
  if (sorry) return told(sorry);
  return { draw: requestOfRevision(job, { ...press, words: job.request.prompt, options }) };
}

/** Where the draft cannot be seen now, it will be when the words are there. */
async function wordsForEdit({ of, cells: picked, signal }: Press, _: Settings, azure: Azure): Promise<Outcome> {
  const draft = await lookAtDraft(of, azure, signal);
  if (draft === "gone") return { word: edit.expired };
  if (draft === "unseen") return { change: { draft: of, cells: picked ?? [] } };
  if (picked) void rememberCells(draft, picked, azure);
  return { change: { draft: of, cells: picked ?? draft.cells ?? [] } };
}

async function rememberCells(draft: Draft, cells: string[], azure: Azure): Promise<void> {
  const limit = AbortSignal.timeout(azure.times.ask.cellsLimitMilliseconds);
  await keepCells(draft, cells, azure, limit).catch((error: unknown) =>
    log.warn({ error }, "the cells of an edit could not be kept"),
  );
}
