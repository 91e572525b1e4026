import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { personOf } from "../request/request.ts";
import type { Asker } from "../request/request.ts";
import type { Azure } from "../storage/azure.ts";
import { isConflict, isMissing } from "../storage/storage-refusal.ts";
import { addRow, readRow, readRows, removeRow, replaceRow } from "../storage/table.ts";
import type { Row, StoredRow } from "../storage/table.ts";
import { tryAFewTimes } from "../storage/until-storage-answers.ts";
import { ringSessionSoon } from "./clock.ts";
import { freshSession } from "./session-reads.ts";
import type { Result, Round } from "./session.ts";

/** What one person says in a round. */
export type Vote = {
  session: string;
  round: number;
  by: Asker;
  /** All their votes, none to withdraw them; or one that is given, or taken back where it was given before. */
  says: { ideas: number[] } | { toggles: number };
  /** Votes that each person has. */
  most: number;
  /** The time of its event, an ISO time: the last word counts, whatever comes first. */
  at: string;
  event: string;
};

/** What has become of it. `ideas` are this person's votes as they stand now. */
export type Cast =
  | { is: "counted"; ideas: number[]; votesUntil?: string }
  /** The votes are closed by now, and it is in the result. */
  | { is: "in time"; ideas: number[] }
  /** A later word of theirs came before this one. */
  | { is: "outdated"; ideas: number[] }
  | { is: "all given"; ideas: number[] }
  | { is: "late"; earlierCounts: boolean }
  | { is: "being counted" }
  | { is: "gone" };

/** A person's row: what counts, and which of their last events are in it. */
type Word = { at: string; event: string; ideas: number[]; marks: string[] };
type Written = { is: "written" | "outdated" | "all given"; word: Word };

const MOST_TRIES = 12;
const MOST_MARKS = 8;

/** More than any channel has members. */
const MOST_VOTERS = 100_000;

/**
 * Writes a vote and says whether it counts. The row comes first, then a look at the record: as long as that says “voting”, the
 * count has not begun, and whoever counts will read the row.
 */
export async function castVote(vote: Vote, azure: Azure, abortSignal?: AbortSignal): Promise<Cast> {
  const { is, word } = await writeVote(vote, azure, abortSignal);
  if (is === "written") ringSessionSoon(vote.session, azure);
  const cast = await lookAtResult(vote, word, azure, abortSignal);
  return is !== "written" && "ideas" in cast ? { is, ideas: cast.ideas } : cast;
}

async function writeVote(vote: Vote, azure: Azure, abortSignal?: AbortSignal): Promise<Written> {
  const key = { partition: partitionOf(vote), name: personOf(vote.by) };
  let present: StoredRow | undefined;
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const next = nextWord(vote, present && wordIn(present));
    if (!("isNew" in next)) return next;
    const row: Row = {
      ...key,
      values: { ...next.word, ideas: next.word.ideas.join(","), marks: next.word.marks.join(" ") },
    };
    const { etag } = present ?? {};
    const write = () =>
      etag === undefined ? addRow(row, azure, abortSignal) : replaceRow({ ...row, etag }, azure, abortSignal);
    try {
      await tryAFewTimes(async () => void (await write()), azure, abortSignal);
      return next;
    } catch (error) {
      if (!isConflict(error) && !isMissing(error)) throw error;
    }
    // Somebody else's, or its own first try whose answer was lost.
    present = await tryAFewTimes(() => readRow(key.partition, key.name, azure, abortSignal), azure, abortSignal);
  }
  throw new Error(`a vote in session ${vote.session} was written over ${MOST_TRIES} times`);
}

/** What the row becomes by this vote; with `isNew` it has to be written. */
function nextWord({ says, most, at, event }: Vote, present?: Word): Written & { isNew?: true } {
  const own = { at, event };
  const mark = markOf(event);
  if (present?.marks.includes(mark)) return { is: "written", word: present };
  if ("ideas" in says) {
    if (present && isBefore(own, present)) return { is: "outdated", word: present };
    return { is: "written", word: { ...own, ideas: says.ideas, marks: [mark] }, isNew: true };
  }
  const { ideas = [], marks = [] } = present ?? {};
  const others = ideas.filter((number) => number !== says.toggles);
  const isGiven = others.length < ideas.length;
  if (present && !isGiven && most > 1 && ideas.length >= most) return { is: "all given", word: present };
  // A single vote moves to where it is given next.
  const kept = most > 1 ? ideas : [];
  const toggled = isGiven ? others : [...kept, says.toggles].toSorted((one, other) => one - other);
  const last = present && isBefore(own, present) ? { at: present.at, event: present.event } : own;
  return { is: "written", word: { ...last, ideas: toggled, marks: [...marks, mark].slice(-MOST_MARKS) }, isNew: true };
}

async function lookAtResult(vote: Vote, word: Word, azure: Azure, abortSignal?: AbortSignal): Promise<Cast> {
  const { countingLimitMilliseconds, countingLookMilliseconds } = azure.times.brainstorm;
  const beganAt = performance.now();
  for (;;) {
    const session = await freshSession(vote.session, azure, abortSignal);
    const round = session?.rounds.find(({ number }) => number === vote.round);
    if (!round) return { is: "gone" };
    // A picture that was deleted meanwhile has no votes any more.
    const ideas = word.ideas.filter((one) =>
      round.ideas.some(({ number, state }) => number === one && state === "drawn"),
    );
    if (round.stage === "voting") return { is: "counted", ideas, votesUntil: round.votesUntil };
    if (round.stage !== "counting") {
      const counted = round.result?.counted[personOf(vote.by)];
      const isIn = counted?.split(" ").includes(word.marks.at(-1) ?? "");
      return isIn ? { is: "in time", ideas } : { is: "late", earlierCounts: counted !== undefined };
    }
    if (performance.now() - beganAt > countingLimitMilliseconds) return { is: "being counted" };
    await pause(countingLookMilliseconds, undefined, { signal: abortSignal });
  }
}

/** The votes of a round as they stand: with the record at “counting”, for good. */
export async function countVotes(
  session: string,
  round: Round,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<Result> {
  const partition = partitionOf({ session, round: round.number });
  const rows = await readRows(partition, { count: MOST_VOTERS }, azure, abortSignal);
  const drawn = round.ideas.filter(({ state }) => state === "drawn").map(({ number }) => number);
  const words = rows.map((row) => ({ person: row.name, ...wordIn(row) }));
  const counts = words.map(({ ideas }) => ideas.filter((number) => drawn.includes(number)));
  const votes = Object.fromEntries(
    drawn.map((number) => [number, counts.filter((ideas) => ideas.includes(number)).length]),
  );
  return {
    votes,
    voters: counts.filter((ideas) => ideas.length).length,
    counted: Object.fromEntries(words.map(({ person, marks }) => [person, marks.join(" ")])),
    winners: winnersOf(votes),
  };
}

function winnersOf(votes: Record<string, number>): number[] {
  const most = Math.max(0, ...Object.values(votes));
  const first = Object.keys(votes).filter((number) => most > 0 && votes[number] === most);
  return first.map(Number).toSorted((one, other) => one - other);
}

/** What one person has voted so far, to show to them alone. */
export async function votesOf(
  { session, round, by }: Pick<Vote, "session" | "round" | "by">,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<number[]> {
  const row = await readRow(partitionOf({ session, round }), personOf(by), azure, abortSignal);
  return row ? wordIn(row).ideas : [];
}

/** Once the result is written, who voted for what is nobody's to know any more. Cut off, it is begun anew by the next call. */
export async function forgetVotes(
  session: string,
  round: number,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<void> {
  const partition = partitionOf({ session, round });
  for (const { name } of await readRows(partition, { count: MOST_VOTERS }, azure, abortSignal))
    await removeRow({ partition, name }, azure, abortSignal);
}

function partitionOf({ session, round }: { session: string; round: number }): string {
  return `votes-${session}-${round}`;
}

function wordIn({ values: { at = "", event = "", ideas = "", marks = "" } }: Row): Word {
  const list = (value: unknown, by: string) => String(value).split(by).filter(Boolean);
  return { at: String(at), event: String(event), ideas: list(ideas, ",").map(Number), marks: list(marks, " ") };
}

function markOf(event: string): string {
  return createHash("sha256").update(event).digest("hex").slice(0, 12);
}

/** Two of one instant are told apart by their names, the same way everywhere. */
function isBefore(one: Pick<Word, "at" | "event">, other: Pick<Word, "at" | "event">): boolean {
  return one.at === other.at ? one.event < other.event : one.at < other.at;
}
