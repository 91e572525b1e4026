import { randomInt } from "node:crypto";
import { log } from "../log.ts";
import { personOf } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { isConflict, isOutage } from "../storage/storage-refusal.ts";
import { addRow, readRow } from "../storage/table.ts";
import { tryAFewTimes } from "../storage/until-storage-answers.ts";
import type { Said } from "../words/said.ts";
import { brainstormAnswers, failed } from "../words/sentences.ts";
import { shorten } from "../words/shorten.ts";
import { boardOf } from "./begin.ts";
import type { AskedSession } from "./begin.ts";
import { noteChannel, sessionUnderWay } from "./channels.ts";
import { ringSession } from "./clock.ts";
import { freshSession } from "./session-reads.ts";
import { boardAt, changeSession, MOST_BOARDS } from "./session.ts";
import type { Session } from "./session.ts";

export type AskedJoin = Pick<AskedSession, "by" | "address" | "event" | "lastsUntil" | "signal"> & { code: string };

/** Table partition: which code stands for which session, and until when. */
const CODES = "session-codes";

/** None that could be taken for another: no I, L, O, U, 0 or 1. */
const LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_LENGTH = 8;
const CODE = new RegExp(`^[${LETTERS}]{${CODE_LENGTH}}$`);
const MOST_CODE_TRIES = 5;

/**
 * Codes that somebody typed in vain, by person: a code that is guessed would bring a board to strangers. Each process counts for
 * itself, which leaves a guesser some ten tries more: of 656,100,000,000 codes as good as none.
 */
const vainTries = new Map<string, number[]>();
const MOST_TRIES = 10;
const MOST_PEOPLE = 10_000;

/** Puts a board of a session into the channel of whoever has its code. That gives no more right than to be in that channel does. */
export async function joinSession(
  asked: AskedJoin,
  settings: Settings,
  azure: Azure,
): Promise<{ joined: Session } | { word: Said }> {
  const signal = asked.signal ?? AbortSignal.timeout(settings.times.ask.acceptLimitMilliseconds);
  if (!asked.code.trim()) return { word: brainstormAnswers.codeMissing };
  if (triesOf(asked, settings).length >= MOST_TRIES) return { word: brainstormAnswers.tooManyTries };
  // Before it is looked for: of many at once no more are looked for either.
  const takeBack = noteTry(asked, settings);
  try {
    const found = await sessionOfCode(asked.code, azure, signal);
    if (!("session" in found)) return found;
    takeBack();
    return await addBoard({ ...asked, signal }, found.session, azure);
  } catch (error) {
    takeBack();
    if (!isOutage(error)) throw error;
    log.error({ error }, "storage is out of reach: a brainstorm was not joined");
    return { word: failed.notNoted };
  }
}

async function sessionOfCode(
  typed: string,
  azure: Azure,
  signal: AbortSignal,
): Promise<{ session: string } | { word: Said }> {
  const code = typed.toUpperCase().replaceAll(/[\s-]/g, "");
  const isCode = CODE.test(code);
  const row = isCode ? await tryAFewTimes(() => readRow(CODES, code, azure, signal), azure, signal) : undefined;
  if (!row) return { word: brainstormAnswers.codeUnknown };
  if (String(row.values.until) <= new Date().toISOString()) return { word: brainstormAnswers.codeOld };
  return { session: String(row.values.session) };
}

async function addBoard(asked: AskedJoin, id: string, azure: Azure): Promise<{ joined: Session } | { word: Said }> {
  const { by, signal } = asked;
  const other = await sessionUnderWay(by, azure, signal);
  if (other && other.id !== id)
    return { word: brainstormAnswers.anotherHere({ topic: shorten(other.topic, MOST_TOPIC_SHOWN) }) };
  let word: Said | undefined;
  const session = await changeSession(
    id,
    (session) => {
      word = inTheWayOf(session, asked);
      // The same event once more finds its board there.
      if (word || boardAt(session, by)) return false;
      session.boards.push(boardOf(asked));
    },
    azure,
    signal,
  );
  if (!session) return { word: brainstormAnswers.gone };
  if (word) return { word };
  ringSession(id, azure);
  await noteChannel(by, id, azure);
  return { joined: session };
}

const MOST_TOPIC_SHOWN = 80;

function inTheWayOf(session: Session, { by, event }: AskedJoin): Said | undefined {
  if (session.endedAt) return brainstormAnswers.over;
  const board = boardAt(session, by);
  if (board) return board.event === event ? undefined : brainstormAnswers.hereAlready;
  return session.boards.length >= MOST_BOARDS ? brainstormAnswers.tooManyBoards({ most: MOST_BOARDS }) : undefined;
}

/** The code of a session, which holds for a day: the same to whoever asks again soon. */
export async function codeOf(
  id: string,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<Session["code"] | undefined> {
  const { codeMilliseconds, codeLeastMilliseconds } = azure.times.brainstorm;
  const present = await freshSession(id, azure, abortSignal);
  if ((present?.code?.until ?? "") > inMilliseconds(codeLeastMilliseconds)) return present?.code;
  const fresh = { code: await newCode(id, azure, abortSignal), until: inMilliseconds(codeMilliseconds) };
  const session = await changeSession(
    id,
    (session) => {
      if ((session.code?.until ?? "") > inMilliseconds(codeLeastMilliseconds)) return false;
      session.code = fresh;
    },
    azure,
    abortSignal,
  );
  return session?.code;
}

/** The row comes first: no code is told that leads nowhere. */
async function newCode(session: string, azure: Azure, abortSignal?: AbortSignal): Promise<string> {
  const values = { session, until: inMilliseconds(azure.times.brainstorm.codeMilliseconds) };
  for (let tries = 1; ; tries += 1) {
    const code = Array.from({ length: CODE_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join("");
    try {
      await addRow({ partition: CODES, name: code, values }, azure, abortSignal);
      return code;
    } catch (error) {
      if (!isConflict(error) || tries === MOST_CODE_TRIES) throw error;
    }
  }
}

const inMilliseconds = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();

function triesOf({ by }: AskedJoin, { times }: Settings): number[] {
  const since = performance.now() - times.brainstorm.codeTriesMilliseconds;
  return (vainTries.get(personOf(by)) ?? []).filter((at) => at > since);
}

/** What comes back takes the try out again: the code was right, or nobody knows whether it was. */
function noteTry(asked: AskedJoin, settings: Settings): () => void {
  const person = personOf(asked.by);
  const at = performance.now();
  const own = [...triesOf(asked, settings), at];
  vainTries.delete(person);
  vainTries.set(person, own);
  const [oldest] = vainTries.keys();
  if (vainTries.size > MOST_PEOPLE && oldest !== undefined) vainTries.delete(oldest);
  return () => {
    const others = vainTries.get(person)?.filter((one) => one !== at);
    if (others) vainTries.set(person, others);
  };
}
