import type { Asker } from "../request/request.ts";
import { becauseOf, log } from "../log.ts";
import type { Azure } from "../storage/azure.ts";
import type { Said } from "../words/said.ts";
import { brainstormAnswers } from "../words/sentences.ts";
import type { ChatForm } from "../replies/form.ts";
import type { BoardVerb } from "./board.ts";
import { ringSession } from "./clock.ts";
import { nameOfPerson } from "./people.ts";
import { boardAt, changeSession, roundOf } from "./session.ts";
import type { Round, Session } from "./session.ts";
import { freshSession } from "./session-reads.ts";
import { isBegunBy } from "./session-options.ts";

/** Somebody has pressed something on a board, or sent one of its forms. */
export type BoardPress = {
  does: BoardVerb;
  session: string;
  /** The round that the board showed. */
  round: number;
  /** Of a form, by its fields; without any, a press that needs some is answered with the form. */
  values?: Record<string, string[]>;
  by: Asker;
  isModerator: boolean;
  /** The time of the event, an ISO time. */
  at: string;
  /** The platform's own id of it. */
  event: string;
  signal?: AbortSignal;
};

/**
 * For the presser alone. `isRefused`: nothing was done, and what was typed should stay where it is. `isToKeep`: it is more than
 * one reads in a moment, or is to be copied.
 */
export type BoardOutcome = { word: Said; isRefused?: true; isToKeep?: true } | { form: ChatForm };

export function refused(word: Said): BoardOutcome {
  return { word, isRefused: true };
}

/** `leads`: only whoever began it may, or a moderator of the channel where they did. */
type Right = { leads: boolean };

/** What keeps somebody from doing something there; nothing where they may. */
export function inTheWay(session: Session, press: BoardPress, { leads }: Right): Said | undefined {
  const { by, round } = press;
  if (!boardAt(session, by)) return brainstormAnswers.notHere;
  if (leads && !mayLead(session, press))
    return brainstormAnswers.notYoursToLead({ name: nameOfPerson(session.begunBy) });
  if (session.endedAt) return brainstormAnswers.over;
  const { number } = roundOf(session);
  return round === number ? undefined : brainstormAnswers.movedOn({ number });
}

/** With a code the board comes into channels that have moderators of their own: they lead nothing that was begun elsewhere. */
function mayLead(session: Session, { by, isModerator }: BoardPress): boolean {
  const [first] = session.boards;
  return isBegunBy(session, by) || (isModerator && boardAt(session, by) === first);
}

/**
 * Whoever presses on a board has it before them: one that could be shown there no more, as where the bot was shut out for a
 * while, is shown again. Nobody waits for it.
 */
export function showAgain({ id, boards }: Session, { by }: BoardPress, azure: Azure): void {
  if (boardAt({ boards }, by)?.gone === undefined) return;
  const limit = AbortSignal.timeout(azure.times.brainstorm.recordLimitMilliseconds);
  const isBack = (session: Session) => {
    const board = boardAt(session, by);
    if (board?.gone === undefined) return false;
    delete board.gone;
    return undefined;
  };
  void changeSession(id, isBack, azure, limit)
    .then(() => ringSession(id, azure))
    .catch((error: unknown) => log.warn({ because: becauseOf(error) }, "a board that is back could not be noted"));
}

/** The session as it is now, for somebody who may press there; or what is said to somebody who may not. */
export async function lookAtBoard(
  press: BoardPress,
  right: Right,
  azure: Azure,
): Promise<{ session: Session } | { outcome: BoardOutcome }> {
  const session = await freshSession(press.session, azure, press.signal);
  if (!session) return { outcome: refused(brainstormAnswers.gone) };
  showAgain(session, press, azure);
  const word = inTheWay(session, press, right);
  return word ? { outcome: refused(word) } : { session };
}

/**
 * Changes the record, unless something is in the way: then that is what is said, and nothing is written. `mutate` says a word
 * where it leaves the session alone, and another beside `done` where it need not change it.
 */
export type Mutate = (session: Session, round: Round) => { done: Said; isAsBefore?: true } | { refused: Said };

export async function changeBoard(
  press: BoardPress,
  right: Right,
  mutate: Mutate,
  azure: Azure,
): Promise<BoardOutcome> {
  let outcome = { refused: brainstormAnswers.gone } as ReturnType<Mutate>;
  const session = await changeSession(
    press.session,
    (session) => {
      const word = inTheWay(session, press, right);
      outcome = word ? { refused: word } : mutate(session, roundOf(session));
      return "refused" in outcome || outcome.isAsBefore ? false : undefined;
    },
    azure,
    press.signal,
  );
  if (session) showAgain(session, press, azure);
  if (!session || "refused" in outcome) return refused("refused" in outcome ? outcome.refused : brainstormAnswers.gone);
  if (!outcome.isAsBefore) ringSession(session.id, azure);
  return { word: outcome.done };
}
