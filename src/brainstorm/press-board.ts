import { becauseOf, log } from "../log.ts";
import { brakeOn } from "../purse/brake.ts";
import { personOf } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { isOutage } from "../storage/storage-refusal.ts";
import type { Said } from "../words/said.ts";
import { brainstormAnswers, brake, failed } from "../words/sentences.ts";
import type { ChatForm } from "../replies/form.ts";
import type { BoardVerb } from "./board.ts";
import { admitRound, giveRoundBack } from "./admit-round.ts";
import type { RoundAdmission } from "./admit-round.ts";
import { combineForm, endForm, finishForm, nextForm, pricedRound } from "./board-forms.ts";
import { addIdea, rewordIdea, yesAnd } from "./bring-ideas.ts";
import { changeBoard, lookAtBoard, refused } from "./change-board.ts";
import type { BoardOutcome, BoardPress } from "./change-board.ts";
import { codeOf } from "./join.ts";
import { priceOfRound } from "./price-of-round.ts";
import { beginRound, closeVotes, drawNow, endSession, roundFault } from "./rounds.ts";
import type { RoundFault } from "./rounds.ts";
import { MOST_ROUNDS, roundOf } from "./session.ts";
import type { Round, Session } from "./session.ts";
import { pressVote, tellVotes } from "./press-vote.ts";

export type { BoardOutcome, BoardPress } from "./change-board.ts";

type Act = (press: BoardPress, settings: Settings, azure: Azure) => Promise<BoardOutcome>;

/** What whoever began it does, and a moderator. */
const LEADS = { leads: true };

const acts: Record<BoardVerb, Act> = {
  vote: (press, _, azure) => pressVote(press, azure),
  votes: (press, _, azure) => tellVotes(press, azure),
  add: addIdea,
  "yes-and": yesAnd,
  reword: rewordIdea,
  draw: (press, _, azure) =>
    changeBoard(
      press,
      LEADS,
      (session, { number }) =>
        drawNow(session, number, new Date()) === false
          ? { refused: brainstormAnswers.nothingToDraw }
          : { done: brainstormAnswers.drawsNow },
      azure,
    ),
  close: (press, _, azure) =>
    changeBoard(
      press,
      LEADS,
      (session, { number }) =>
        closeVotes(session, { round: number, by: press.by, now: new Date() }) === false
          ? { refused: brainstormAnswers.nothingToClose }
          : { done: brainstormAnswers.closing },
      azure,
    ),
  next: beginning("next", nextForm),
  combine: beginning("combine", combineForm),
  finish: beginning("finish", finishForm),
  new: beginning("new"),
  "run-off": beginning("run-off"),
  code: tellCode,
  end: endIt,
};

/** What brings words of one's own. */
const BRINGS_WORDS: readonly BoardVerb[] = ["add", "yes-and", "reword"];

/** Does what a board's button or form says, by whoever presses it and on a board of any age: all is looked up in storage and checked here. */
export async function doBoardPress(press: BoardPress, settings: Settings, azure: Azure): Promise<BoardOutcome> {
  try {
    const until = BRINGS_WORDS.includes(press.does) && brakeOn(personOf(press.by), settings, azure)?.pausedUntil;
    if (until) return refused(brake.pausedHere({ until: new Date(until).toISOString() }));
    return await acts[press.does](press, settings, azure);
  } catch (error) {
    if (!isOutage(error)) throw error;
    log.warn(
      { because: becauseOf(error), session: press.session, does: press.does },
      "storage is out of reach: a press of a board",
    );
    return refused(failed.notNoted);
  }
}

type Kind = Exclude<Round["kind"], "first">;

/** Another round. Where it costs something a form says what, and asks from which pictures it goes on. */
function beginning(kind: Kind, formOf?: (session: Session, settings: Settings) => ChatForm): Act {
  return async (press, settings, azure) => {
    const { values } = press;
    if (formOf && !values) {
      const looked = await lookAtBoard(press, LEADS, azure);
      if ("outcome" in looked) return looked.outcome;
      const fault = faultOfRound(looked.session, { kind, press, picks: anyDrawn(looked.session, kind) }, settings);
      return fault ? refused(fault) : { form: formOf(looked.session, settings) };
    }
    const picks = picksIn(kind, values);
    if (picks === "missing") return refused(kind === "combine" ? brainstormAnswers.pickTwo : brainstormAnswers.pick);
    const looked = await lookAtBoard(press, LEADS, azure);
    if ("outcome" in looked) return looked.outcome;
    const inTheWay = faultOfRound(looked.session, { kind, press, picks }, settings);
    if (inTheWay) return refused(inTheWay);
    const admitted = await admitNext(looked.session, kind, press, { settings, azure });
    if ("word" in admitted) return refused(admitted.word);
    let isOurs = false;
    const outcome = await changeBoard(
      press,
      LEADS,
      (session) => {
        // The same press once more meets what it has begun itself.
        isOurs = session.rounds.some(({ hold }) => hold !== undefined && hold === admitted.hold);
        const fault = faultOfRound(session, { kind, press, picks }, settings);
        if (fault) return { refused: fault };
        const { dollars } = priceOfRound(pricedRound(session, kind), settings);
        const { round: after, by } = press;
        beginRound(
          session,
          { kind, after, picks, by, now: new Date(), toldDollars: dollars, hold: admitted.hold },
          settings,
        );
        return { done: brainstormAnswers.begins({ number: roundOf(session).number }) };
      },
      azure,
    );
    if ("isRefused" in outcome && !isOurs) giveRoundBack(admitted.hold, azure);
    return outcome;
  };
}

/** The whole round, in the name of whoever presses. */
function admitNext(
  session: Session,
  kind: Kind,
  { by, event, signal }: BoardPress,
  room: Room,
): Promise<RoundAdmission> {
  const { settings, azure } = room;
  const round = pricedRound(session, kind);
  const number = roundOf(session).number + 1;
  return admitRound({ session: session.id, number, event, by, round }, settings, azure, signal);
}

type Room = { settings: Settings; azure: Azure };

/** Pictures that stand for whatever will be picked in the form. */
function anyDrawn(session: Session, kind: Kind): number[] {
  const drawn = roundOf(session).ideas.filter(({ state }) => state === "drawn");
  return drawn.slice(0, kind === "combine" ? 2 : 1).map(({ number }) => number);
}

function picksIn(kind: Kind, values: BoardPress["values"] = {}): number[] | "missing" {
  const numbers = (name: string) => (values[name] ?? []).map(Number);
  switch (kind) {
    case "new":
    case "run-off":
      return [];
    case "combine": {
      const picks = [...numbers("look"), ...numbers("composition")];
      return new Set(picks).size === 2 ? picks : "missing";
    }
    case "next":
      return numbers("ideas").length ? [...new Set(numbers("ideas"))] : "missing";
    case "finish":
      return numbers("idea").length ? numbers("idea").slice(0, 1) : "missing";
  }
}

type Wanted = { kind: Kind; press: BoardPress; picks: number[] };

function faultOfRound(session: Session, { kind, press, picks }: Wanted, settings: Settings): Said | undefined {
  const fault = roundFault(session, { kind, after: press.round, picks }, settings);
  if (fault) return sentenceOf(fault, session);
  return minutesLeftIn(session, kind, settings) < 1 ? brainstormAnswers.noTimeLeft : undefined;
}

/** Where all its boards can be shown for a quarter of an hour only. */
function minutesLeftIn({ boards }: Session, kind: Kind, { times }: Settings): number {
  const lasting = boards.filter(({ gone }) => gone === undefined).map(({ lastsUntil }) => lastsUntil);
  const { gatherMilliseconds, draftsMilliseconds } = times.brainstorm;
  const needed = (kind === "new" ? gatherMilliseconds : 0) + (kind === "run-off" ? 0 : draftsMilliseconds);
  const ends = lasting.map((until) => (until ? Date.parse(until) - Date.now() - needed : Infinity));
  return Math.max(...ends, lasting.length ? -Infinity : Infinity) / 60_000;
}

function sentenceOf(fault: RoundFault, session: Session): Said {
  switch (fault) {
    case "outdated":
      return brainstormAnswers.movedOn({ number: roundOf(session).number });
    case "not closed":
      return brainstormAnswers.notClosed;
    case "ended":
      return brainstormAnswers.over;
    case "too many rounds":
      return brainstormAnswers.tooManyRounds({ most: MOST_ROUNDS });
    case "no winner":
      return brainstormAnswers.noWinner;
    case "needs two":
      return brainstormAnswers.needsTwo;
    case "no tie":
      return brainstormAnswers.noTie;
    case "not drawn":
      return brainstormAnswers.notDrawn;
    case "no editing":
      return failed.noEditing;
  }
}

async function endIt(press: BoardPress, _: Settings, azure: Azure): Promise<BoardOutcome> {
  if (!press.values) {
    const looked = await lookAtBoard(press, LEADS, azure);
    return "outcome" in looked ? looked.outcome : { form: endForm() };
  }
  return changeBoard(
    press,
    LEADS,
    (session) =>
      endSession(session, { by: press.by, now: new Date() }) === false
        ? { refused: brainstormAnswers.over }
        : { done: brainstormAnswers.ends },
    azure,
  );
}

async function tellCode(press: BoardPress, _: Settings, azure: Azure): Promise<BoardOutcome> {
  const looked = await lookAtBoard(press, LEADS, azure);
  if ("outcome" in looked) return looked.outcome;
  const code = await codeOf(press.session, azure, press.signal);
  if (!code) return refused(brainstormAnswers.gone);
  const hours = Math.max(1, Math.round((Date.parse(code.until) - Date.now()) / 3_600_000));
  return { word: brainstormAnswers.code({ code: code.code, hours }), isToKeep: true };
}
