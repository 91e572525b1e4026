import { createHash } from "node:crypto";
import { raiseAlert } from "../alerts/raise-alert.ts";
import { brakeIn } from "../brake-settings.ts";
import type { PersonBrake } from "../brake-settings.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { readRows } from "../storage/table.ts";
import { DAY_MILLISECONDS } from "../times.ts";
import { BRAKE, changeBlocks, EVERYBODY, rowWith, within } from "./blocks.ts";
import type { Block, Blocks } from "./blocks.ts";

type Braking = Pick<Settings, "configuration" | "requestsPerMinute">;

/** What holds for a person now. Times in milliseconds since 1970. */
export type PersonState = {
  blocks: number;
  /** Of them, those for the words. */
  ofWords: number;
  slowUntil?: number;
  pausedUntil?: number;
};

/** What this process knows: it looks at what all have noted once in a while, and nobody waits for that. */
type Known = { people: Map<string, Block[]>; everybody: Blocks; nextStart: Map<string, number> };

const known = new WeakMap<Azure, Known>();

function knownOf(azure: Azure): Known {
  const present = known.get(azure) ?? { people: new Map(), everybody: { blocks: [] }, nextStart: new Map() };
  known.set(azure, present);
  return present;
}

/** One job that the filter has stopped. `person` is absent where nobody is to be slowed for it. The same job again is the same block. */
export type Stopped = { job: string; person?: string; stage: Block["stage"] };

/** Counts a block, for all and for the person, and says what holds for the person from now on. */
export async function countBlock(
  { job, person, stage }: Stopped,
  settings: Braking,
  azure: Azure,
): Promise<PersonState | undefined> {
  const brake = brakeIn(settings);
  const mark = createHash("sha256").update(job).digest("hex").slice(0, 12);
  const block = { mark, at: Date.now(), stage };
  const [mine] = await Promise.all([
    person && brake.person ? countOfPerson(person, block, brake.person, azure) : undefined,
    brake.bot ? countOfEverybody(block, settings, azure) : undefined,
  ]);
  return mine;
}

async function countOfPerson(person: string, block: Block, brake: PersonBrake, azure: Azure): Promise<PersonState> {
  const { blocks } = await changeBlocks(
    person,
    (present) => {
      const all = withBlock(within(present.blocks, DAY_MILLISECONDS, azure), block);
      return { blocks: all, isInForce: all.length >= brake.slowAfter };
    },
    azure,
  );
  knownOf(azure).people.set(person, blocks);
  const state = stateOf(blocks, brake, azure);
  if (state.pausedUntil) raisePaused(person, state, state.pausedUntil, azure);
  return state;
}

function withBlock(blocks: Block[], block: Block): Block[] {
  return blocks.some(({ mark }) => mark === block.mark) ? blocks : [...blocks, block];
}

/** All follows from when the blocks were, and from what the file says by now: nothing is in force that they do not say. */
function stateOf(all: Block[], { slowAfter, pauseAfter, pauseMinutes }: PersonBrake, azure: Azure): PersonState {
  const blocks = within(all, DAY_MILLISECONDS, azure).toSorted((one, other) => one.at - other.at);
  const count = blocks.length;
  const ofWords = blocks.filter(({ stage }) => stage === "words").length;
  const lastTooMany = blocks.at(-slowAfter);
  const last = blocks.at(-1);
  const pausedUntil = count >= pauseAfter && last ? last.at + pauseMinutes * 60_000 : 0;
  return {
    blocks: count,
    ofWords,
    ...(count >= slowAfter && lastTooMany && { slowUntil: lastTooMany.at + DAY_MILLISECONDS }),
    ...(pausedUntil > Date.now() && { pausedUntil }),
  };
}

function raisePaused(person: string, { blocks, ofWords }: PersonState, until: number, azure: Azure): void {
  const about = { person, blocks, ofWords, until: new Date(until).toISOString() };
  raiseAlert({ kind: "person paused", ...about }, azure);
}

async function countOfEverybody(block: Block, settings: Braking, azure: Azure): Promise<void> {
  const everybody = await changeBlocks(
    EVERYBODY,
    (present) => {
      const { bot } = brakeIn(settings);
      const minutes = (bot ? bot.minutes : 1) * 60_000;
      const blocks = withBlock(within(present.blocks, minutes, azure), block);
      const begins = bot && !present.slowSince && blocks.length >= bot.slowAfter;
      const slowSince = begins ? new Date(block.at).toISOString() : present.slowSince;
      return { blocks, slowSince, isInForce: true };
    },
    azure,
  );
  knownOf(azure).everybody = everybody;
  raisePileUp(everybody, settings, azure);
}

function raisePileUp({ blocks, slowSince }: Blocks, settings: Braking, azure: Azure): void {
  const { bot } = brakeIn(settings);
  if (!bot || !slowSince) return;
  const perMinute = slowPace(settings.requestsPerMinute, bot.pacePercent);
  const about = { blocks: blocks.length, minutes: bot.minutes, perMinute, since: slowSince };
  raiseAlert({ kind: "blocks pile up", ...about }, azure);
}

function slowPace(perMinute: number, percent: number): number {
  return Math.min(perMinute, Math.max(1, Math.floor((perMinute * percent) / 100)));
}

/** How many calls a minute there are for everybody by now. Asks nobody. */
export function paceNow(settings: Braking, azure: Azure): number {
  const { bot } = brakeIn(settings);
  const isSlow = bot && knownOf(azure).everybody.slowSince !== undefined;
  return isSlow ? slowPace(settings.requestsPerMinute, bot.pacePercent) : settings.requestsPerMinute;
}

/** What holds for a person by now; nothing for nearly everybody. Asks nobody. */
export function brakeOn(person: string, settings: Braking, azure: Azure): PersonState | undefined {
  const { person: brake } = brakeIn(settings);
  const blocks = brake && knownOf(azure).people.get(person);
  return blocks ? stateOf(blocks, brake, azure) : undefined;
}

/** Beyond that nobody is made to wait: what comes later is drawn at once. */
const LONGEST_WAIT_MILLISECONDS = 15 * 60_000;

/** When the next job of somebody who draws more slowly may begin, in milliseconds since 1970; nothing for everybody else. */
export function slowStart(person: string, settings: Braking, azure: Azure): number | undefined {
  const { person: brake } = brakeIn(settings);
  const { nextStart, people } = knownOf(azure);
  const now = Date.now();
  for (const [one, at] of nextStart) if (at < now) nextStart.delete(one);
  if (!brake || !brakeOn(person, settings, azure)?.slowUntil) return undefined;
  const rest = brake.slowSeconds * 1000;
  const last = people.get(person)?.at(-1)?.at ?? now;
  const start = Math.min(now + LONGEST_WAIT_MILLISECONDS, nextStart.get(person) ?? last + rest);
  nextStart.set(person, Math.max(start, now) + rest);
  return start > now ? start : undefined;
}

/** Sees what all processes have noted, and ends what is over. */
export async function lookAtBrake(settings: Braking, azure: Azure, signal: AbortSignal): Promise<void> {
  const { person: brake, bot } = brakeIn(settings);
  const present = knownOf(azure);
  if (!brake && !bot) return void known.delete(azure);
  const rows = await readRows(BRAKE, { count: MOST_ROWS, due: new Date() }, azure, signal);
  const read = rows.map((row) => ({ name: row.name, ...rowWith(row) }));
  present.people = new Map(read.filter(({ name }) => name !== EVERYBODY).map(({ name, blocks }) => [name, blocks]));
  present.everybody = read.find(({ name }) => name === EVERYBODY) ?? { blocks: [] };
  // Whoever counted the block may have died before anybody was told.
  for (const [person, blocks] of brake ? present.people : []) {
    const state = brake && stateOf(blocks, brake, azure);
    if (state && state.pausedUntil) raisePaused(person, state, state.pausedUntil, azure);
  }
  await lookAtEverybody(settings, azure);
}

/** As many as storage gives at once. With more people than that slowed at once, some draw as usual. */
const MOST_ROWS = 1000;

/** What has begun is told, and ends when there are half as many. */
async function lookAtEverybody(settings: Braking, azure: Azure): Promise<void> {
  const { everybody } = knownOf(azure);
  const { bot } = brakeIn(settings);
  const { slowSince } = everybody;
  if (!slowSince) return;
  raisePileUp(everybody, settings, azure);
  const minutes = (bot ? bot.minutes : 0) * 60_000;
  const isOver = ({ blocks }: Blocks) => !bot || within(blocks, minutes, azure).length * 2 < bot.slowAfter;
  if (!isOver(everybody)) return;
  raiseAlert({ kind: "blocks are fewer", since: slowSince }, azure);
  knownOf(azure).everybody = await changeBlocks(
    EVERYBODY,
    (present) => ({ ...present, slowSince: isOver(present) ? undefined : present.slowSince, isInForce: true }),
    azure,
  );
}
