import type { Said } from "../words/said.ts";
import { brainstorm, together } from "../words/sentences.ts";
import { nameOfPerson, namesOf } from "./people.ts";
import { isGathering } from "./rounds.ts";
import type { Round, Session } from "./session.ts";

/** What is going on: where it is over, what has come of it. */
export function stageSaid(session: Session, round: Round, voters: number): Said {
  if (session.endedAt) return endSaid(session);
  const drawn = round.ideas.filter(({ state }) => state === "drawn").length;
  switch (round.stage) {
    case "gathering":
      return gatheringSaid(session, round);
    case "drawing":
      return round.ideas.length ? brainstorm.drawing({ drawn, count: round.ideas.length }) : brainstorm.finding;
    case "voting":
      return round.kind === "run-off" ? brainstorm.runningOff({ voters }) : brainstorm.voting({ voters });
    case "counting":
      return brainstorm.counting;
    case "closed":
      return together([
        resultSaid(round),
        round.closedBy && brainstorm.closedBy({ name: nameOfPerson(round.closedBy) }),
      ]);
  }
}

function gatheringSaid({ begunBy, options }: Session, round: Round): Said {
  const count = round.ideas.length;
  const { places } = round;
  if (!isGathering(round)) return brainstorm.finding;
  return options.others
    ? brainstorm.gathering({ count, places })
    : brainstorm.gatheringFrom({ name: nameOfPerson(begunBy), count, places });
}

/** Who has won, if anybody; a tie in words. */
export function resultSaid({ kind, ideas, result }: Round): Said {
  const drawn = ideas.filter(({ state }) => state === "drawn");
  const [only] = drawn;
  const { winners = [], votes = {}, voters = 0 } = result ?? {};
  const [winner] = winners;
  if (!only) return brainstorm.noneCame;
  if (kind === "finish") return brainstorm.finished;
  if (kind === "combine") return brainstorm.combined;
  if (drawn.length === 1 && !voters) return brainstorm.onlyOne({ number: only.number });
  if (!voters || winner === undefined) return brainstorm.nobodyVoted;
  const most = votes[winner] ?? 0;
  if (winners.length > 1) return brainstorm.tied({ numbers: winners.map(String), votes: most });
  return brainstorm.won({ number: winner, by: authorsOf(ideas, winner), votes: most, voters });
}

/** The last one that has a winner, or several. */
export function decidedRound({ rounds }: Session): Round | undefined {
  return rounds.findLast(({ result }) => result?.winners.length);
}

function endSaid(session: Session): Said {
  const { rounds, endedBy } = session;
  const decided = decidedRound(session);
  const [winner, ...others] = decided?.result?.winners ?? [];
  const by = endedBy && brainstorm.endedBy({ name: nameOfPerson(endedBy) });
  if (!decided || winner === undefined) return together([brainstorm.ended, by]);
  const said = others.length
    ? brainstorm.endedTied({ numbers: [winner, ...others].map(String) })
    : brainstorm.endedWith({ number: winner, by: authorsOf(decided.ideas, winner) });
  const isLast = decided === rounds.at(-1);
  return together([said, isLast ? undefined : brainstorm.decidedIn({ number: decided.number }), by]);
}

function authorsOf(ideas: Round["ideas"], number: number): Said | undefined {
  const { by = [] } = ideas.find((idea) => idea.number === number) ?? {};
  return by.length ? brainstorm.by({ names: namesOf(by) }) : undefined;
}
