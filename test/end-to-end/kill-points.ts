/** Kills the bot, or loses an answer, at a storage call that is named, and looks how everything stands in the end. */
import { setTimeout as pause } from "node:timers/promises";
import { isFinished, readJob } from "../../src/jobs/job.ts";
import { ledgerFaults } from "../purse/ledger-faults.ts";
import { forgetWish, readWishes } from "../../src/jobs/wishes.ts";
import type { StorageCall } from "../fakes/storage-calls.ts";
import { startIn } from "./kill-lanes.ts";
import type { Stand } from "./kill-lanes.ts";
import type { Deed, End, Story } from "./kill-stories.ts";
import { untilTrue } from "./world.ts";

/** A storage call of a story, as it was made when nothing was in its way: the `nth` of its name. */
export type Point = {
  call: string;
  nth: number;
  /** Its number among all, for the reader. */
  number: number;
  changesStorage: boolean;
  /** A chat platform or the image service has heard or answered something since storage was changed last. */
  afterOutside: boolean;
};

export type Cut = { point: Point; how: "killed before" | "killed after" | "no answer to" };

/**
 * What goes by the clock and is nobody's story: looks for tickets and wishes, renewals of a hold, durations, the sweep's
 * lists, the gateway's bookkeeping, the start's look at storage, rows of the ledger that a process reads once.
 */
const isNoise = ({ name }: StorageCall) =>
  /^(GET tickets|GET wishes|GET sessions?|GET alerts|GET rules|GET brake|GET privacy|GET ledger|GET styles|hide ticket|\w+ people|\w+ channels|\w+ durations|\w+ table|list (?!picture|sheet mark).*)$| (Discord's|probe\.txt)/.test(
    name,
  );
/** Where an answer was lost, a ticket may be hidden for 30 s. */
const ENDS_SECONDS = 120;

let told = 0;
/** No two stories share words, nor may one's be the beginning of another's. */
const newWords = () => `a lighthouse (${(told += 1)})`;

/** Plays a story with nothing in its way, and says which storage calls it made. */
export async function record(story: Story, stand: Stand): Promise<Point[]> {
  const deed = await story.prepare(stand, newWords());
  const { calls } = stand.place.storageProxy;
  const from = calls.length;
  const since = Date.now();
  await deed.act();
  await untilTrue(() => calls.slice(from).some((call) => call.name === "PUT job"));
  const end = await untilOver(deed, stand);
  const faults = deed.faults({ ...end, wish: true }, 0);
  if (faults.length) throw new Error(`${story.name}, undisturbed: ${faults.join("; ")}`);
  return pointsOf(calls.slice(from), outsideTimes(stand, since));
}

/** When anybody outside answered. */
function outsideTimes({ world, place }: Stand, since: number): number[] {
  const times = [
    ...place.discord.requests.map(({ time }) => time),
    ...world.microsoft.log.map(({ at }) => at),
    ...world.images.calls.flatMap(({ began, ended = began }) => [began, ended]),
  ];
  return times.filter((time) => time >= since);
}

function pointsOf(calls: StorageCall[], outside: number[]): Point[] {
  const counted = calls.filter((call) => !isNoise(call));
  const seen = new Map<string, number>();
  let changedAt = 0;
  return counted.map((call, index) => {
    const nth = (seen.get(call.name) ?? 0) + 1;
    seen.set(call.name, nth);
    const isWrite = call.method !== "GET" && call.method !== "HEAD" && (call.status ?? 500) < 300;
    const changesStorage = isWrite;
    const afterOutside = outside.some((time) => time >= changedAt && time <= call.at);
    if (changesStorage) changedAt = call.at;
    return { call: call.name, nth, number: index + 1, changesStorage, afterOutside };
  });
}

/**
 * What a kill leaves behind is what storage and the outside hold. So two moments are the same if nothing changed in either
 * between them: killed before a call is killed after the one before, unless somebody outside was spoken to meanwhile, and
 * a call that only reads makes no moment of its own. With `all`, each of the same is played as well.
 */
export function cutsOf(points: Point[], all: boolean): Cut[] {
  return points.flatMap((point): Cut[] => [
    ...(all || (point.changesStorage && point.afterOutside) ? [{ point, how: "killed before" } as const] : []),
    ...(all || point.changesStorage ? [{ point, how: "killed after" } as const] : []),
    { point, how: "no answer to" },
  ]);
}

/** One scenario. What was wrong in the end, each line with the call that it was cut at. */
export async function play(story: Story, cut: Cut, stand: Stand, orphans = 0): Promise<string[]> {
  const title = `${story.name}, ${nameOf(cut)} (call ${cut.point.number})`;
  for (let tries = 1; ; tries += 1) {
    try {
      const faults = await playThrough(story, cut, stand, orphans);
      return faults.map((fault) => `${title}: ${fault}`);
    } catch (error) {
      // Whatever is the matter here is nothing to the next scenario.
      await stand.bot.end("SIGKILL");
      const place = await stand.world.openPlace();
      Object.assign(stand, await stand.busy(() => startIn({ ...stand, place })));
      // A busy machine makes the bot give up a step that can be made up for.
      if (error instanceof NeverMade && tries < MOST_TRIES) continue;
      return [`${title}: ${String(error)}`];
    }
  }
}

const MOST_TRIES = 3;

class NeverMade extends Error {
  override name = "NeverMade";
}

/** "killed before PUT job 2" */
export const nameOf = ({ how, point }: Cut) => `${how} ${point.call} ${point.nth}`;

async function playThrough(story: Story, { point, how }: Cut, stand: Stand, orphans: number): Promise<string[]> {
  const { world, place } = stand;
  const { calls } = place.storageProxy;
  const words = newWords();
  const paid = () => world.images.calls.filter((call) => call.prompt.includes(words)).length;
  const beganAt = calls.length;
  const kept = () =>
    calls.slice(beganAt).filter((call) => call.name === "PUT picture" && (call.status ?? 500) < 300).length;
  let mayBePaid = story.pictures;
  let wish = false;
  const deed = await stand.busy(async () => {
    const prepared = await story.prepare(stand, words);
    await actUntilCut(prepared, { point, how }, stand);
    if (how !== "no answer to") await stand.bot.end("SIGKILL");
    wish = await isNoted(story, prepared, stand);
    if (how === "no answer to") return prepared;
    // What was not in storage yet is drawn once more.
    mayBePaid = Math.max(mayBePaid, paid() + story.pictures - kept());
    Object.assign(stand, await startIn(stand));
    // Nobody renews what the dead process hid.
    world.azurite.surface(stand.azure.queue.name);
    return prepared;
  });
  const { left, ...end } = await untilOver(deed, stand);
  // Discord repeats a press that nobody has answered to the next process.
  wish ||= await isNoted(story, deed, stand);
  return [
    ...left,
    ...deed.faults({ ...end, wish }, orphans),
    ...world.images.calls.flatMap((call) =>
      call.prompt.includes(words) && story.inputs !== undefined && call.inputPictures !== story.inputs
        ? [`an edit of ${call.inputPictures} pictures`]
        : [],
    ),
    ...(paid() > mayBePaid ? [`paid calls: ${paid()}, not ${mayBePaid}`] : []),
    ...place.discord.violations.splice(0).map((violation) => `against Discord's rules: ${JSON.stringify(violation)}`),
  ];
}

async function isNoted({ noted }: Story, deed: Deed, { azure }: Stand): Promise<boolean> {
  const job = noted && (await readJob(deed.jobId(), azure))?.job;
  return job ? noted(job) : false;
}

async function actUntilCut(deed: Deed, { point: { call, nth }, how }: Cut, stand: Stand): Promise<void> {
  const kills = how !== "no answer to";
  const plan = stand.place.storageProxy.fail(
    { call, from: nth },
    {
      cut: how === "killed before" ? "before" : "after",
      and: () => void (kills && stand.bot.process.kill("SIGKILL")),
    },
  );
  let isDone = false;
  const acting = deed.act().catch(() => undefined);
  void acting.then(() => (isDone = true));
  const isCut = () => plan.met.some(({ status }) => how === "killed before" || status !== undefined);
  try {
    await untilTrue(async () => isCut() || (isDone && (await isQuiet(deed, stand))), ENDS_SECONDS);
  } finally {
    plan.end();
  }
  // A process that remembers need not read again.
  if (!isCut() && (kills || !/^(GET|HEAD|list) /.test(call))) throw new NeverMade(`${call} ${nth} was never made`);
}

/** Longer than anybody who is at it needs from one storage call to the next. */
const QUIET_MILLISECONDS = 5000;

/** The story has come to its end, and the call that it should have been cut at was not in it. */
async function isQuiet(deed: Deed, { azure, place }: Stand): Promise<boolean> {
  const last = place.storageProxy.calls.findLast((call) => !isNoise(call));
  if (Date.now() - (last?.at ?? 0) < QUIET_MILLISECONDS) return false;
  const { approximateMessagesCount: tickets } = await azure.queue.getProperties();
  const file = await readJob(deed.jobId(), azure);
  return !tickets && file !== undefined && isFinished(file.job);
}

/** Until nobody has anything left to do: no ticket in the queue, no job that is not finished. Then what is left all the same. */
async function untilOver(deed: Deed, { azure, bot }: Stand): Promise<Omit<End, "wish"> & { left: string[] }> {
  const namesIn = async (prefix: string) =>
    (await Array.fromAsync(azure.container.listBlobsFlat({ prefix }))).map(({ name }) => name);
  let calm = 0;
  let because = "";
  for (const end = Date.now() + ENDS_SECONDS * 1000; Date.now() < end; await pause(calm ? 300 : 700)) {
    const { approximateMessagesCount: tickets = 0 } = await azure.queue.getProperties();
    because = `${tickets} tickets`;
    if (tickets) {
      calm = 0;
      continue;
    }
    const file = await readJob(deed.jobId(), azure);
    calm = !file || isFinished(file.job) ? calm + 1 : 0;
    because = JSON.stringify(file?.job);
    // An event that Discord repeats to the next process may still be on its way to storage.
    if (calm < 4) continue;
    const [wishes, pictures] = await Promise.all([readWishes(azure), namesIn("pictures/")]);
    const partials = pictures.filter((name) => name.includes("-partial"));
    // Nothing to the next scenario in this place.
    for (const name of partials) await azure.container.deleteBlob(name);
    for (const jobId of wishes) await forgetWish(jobId, azure);
    const left = [...wishes.map((jobId) => `a wish for ${jobId}`), ...partials];
    const blobs = pictures.filter((name) => file?.job.pictures.some(({ id }) => name.includes(id)));
    const counted = await ledgerFaults(azure, file ? [file.job] : []);
    return { accepted: file !== undefined, blobs, left: [...left.map((name) => `left behind: ${name}`), ...counted] };
  }
  throw new Error(`not over after ${ENDS_SECONDS} s: ${because}\n${bot.output.slice(-5).join("\n")}`);
}
