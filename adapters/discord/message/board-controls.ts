import { BOARD_VERBS } from "../../../src/brainstorm/board.ts";
import type { BoardVerb } from "../../../src/brainstorm/board.ts";
import { SessionId } from "../../../src/brainstorm/session.ts";

/** What a component of a board does, and in which round of which session; `isSure` where a question was asked before. */
export type BoardControl = { does: BoardVerb; session: string; round: number; isSure?: boolean };

const CONTROL = /^board:([a-z-]+):([^:]+):(\d{1,3})(:sure)?$/;

/** `board:vote:<session>:<round>`; the form that a button opens has the same name. */
export function boardControlId({ does, session, round, isSure }: BoardControl): string {
  return `board:${does}:${session}:${round}${isSure ? ":sure" : ""}`;
}

/** Nothing for any other component. */
export function readBoardControl(customId: string): BoardControl | undefined {
  const [, name, session, round, sure] = CONTROL.exec(customId) ?? [];
  const does = BOARD_VERBS.find((verb) => verb === name);
  if (!does || !SessionId.safeParse(session).success || !session) return undefined;
  return { does, session, round: Number(round), ...(sure && { isSure: true }) };
}
