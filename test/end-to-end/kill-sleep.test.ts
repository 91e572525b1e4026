/** A process that sleeps for longer than its hold on a job, beside another on the same storage, and wakes up in the middle. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { openGate } from "../../src/gate.ts";
import { isFinished, readJob } from "../../src/jobs/job.ts";
import type { Job } from "../../src/jobs/job.ts";
import { readPicture } from "../../src/storage/picture-blobs.ts";
import { buttonsOf, picturesOf, textOf } from "../../local/discord/reading.ts";
import { stories } from "./kill-stories.ts";
import { startWorld, untilTrue } from "./world.ts";
import type { Bot, Place, World } from "./world.ts";

let world: World;
beforeAll(async () => {
  // How soon an event is acknowledged is not asked here: a busy machine would lose it.
  world = await startWorld({ discord: { rateLimits: false, interactionSeconds: 60 }, latency: 0.05 });
});
afterAll(() => world.stop());

/** Who starts has the machine alone, so that nobody misses what a platform waits for. */
const busy = openGate(1);

const paidFor = (words: string) => world.images.calls.filter(({ prompt }) => prompt.includes(words)).length;
const logged = ({ output }: Bot, jobId: string, words: string) =>
  output.some((line) => line.includes(jobId) && line.includes(words));

async function recordOf(jobId: string, place: Place): Promise<Job | undefined> {
  return (await readJob(jobId, place.storage()))?.job;
}

/** Stops a process until `awake`, which the other one comes to when the hold has ended. */
async function sleep(bot: Bot, awake: () => Promise<boolean>): Promise<void> {
  bot.process.kill("SIGSTOP");
  try {
    await untilTrue(awake, 120);
  } finally {
    bot.process.kill("SIGCONT");
  }
}

/** Both processes have nothing left to do. */
async function untilOver(jobIds: string[], place: Place): Promise<void> {
  await untilTrue(async () => {
    const { approximateMessagesCount } = await place.storage().queue.getProperties();
    const records = await Promise.all(jobIds.map((id) => recordOf(id, place)));
    return !approximateMessagesCount && records.every((job) => job && isFinished(job));
  }, 120);
}

it.concurrent.each([
  { when: "as soon as the other has its job", isOver: (job: Job | undefined) => (job?.attempt ?? 0) > 1 },
  { when: "when the other has answered", isOver: (job: Job | undefined) => job?.toldAt !== undefined },
])(
  "asleep while it draws, awake $when: one answer, one repeated call, and the picture that is kept is the one shown",
  async ({ when, isOver }) => {
    const place = await world.openPlace();
    const prompt = `[[slow:6000]] a sleeper, awake ${when}`;
    const { bots, asked } = await busy(async () => {
      const started = await Promise.all([place.startBot(), place.startBot()]);
      await place.discord.untilConnected(2, 60);
      return { bots: started, asked: await place.discord.command({ name: "imagine", options: { prompt } }) };
    });
    const jobId = `discord-${asked.id}`;
    await untilTrue(() => paidFor(prompt) > 0, 60);
    const sleeper = bots.find((bot) => logged(bot, jobId, '"accepted"'));
    if (!sleeper) throw new Error("nobody has accepted it");
    await sleep(sleeper, async () => isOver(await recordOf(jobId, place)));
    await untilTrue(() => logged(sleeper, jobId, "went over to another process"), 60);
    await untilOver([jobId], place);
    expect(paidFor(prompt)).toBe(2);
    const messages = place.discord.messages(asked.channelId).filter((message) => textOf(message).includes("a sleeper"));
    expect(messages).toHaveLength(1);
    const [shown] = messages.flatMap(picturesOf);
    expect(messages.flatMap(buttonsOf).map(({ label }) => label)).toContain("Again");
    const kept = (await recordOf(jobId, place))?.pictures[0]?.kept?.name ?? "";
    expect((await readPicture(kept, place.storage()))?.equals(shown?.bytes ?? Buffer.of())).toBe(true);
  },
  240_000,
);

it.concurrent("asleep with one job under way and one in line: one answer each, and no call for the second repeated", async () => {
  const place = await world.openPlace();
  const alone = { IMAGE_CONCURRENCY: "1", DISCORD_TOKEN: undefined, DISCORD_APPLICATION_ID: undefined };
  const [sleeper] = await busy(() => Promise.all([place.startBot(alone), place.startBot(alone)]));
  const stand = {
    world,
    place,
    platform: "Teams",
    bot: sleeper,
    azure: place.storage(),
    busy,
  } as const;
  // Long enough for the second to stand in line and for the process to be put to sleep; the repeated call is not slow.
  const [first, second] = ["[[once slow:20000]] the first to sleep", "the second to sleep"];
  const deeds = [await stories.oneOnTeams.prepare(stand, first), await stories.oneOnTeams.prepare(stand, second)];
  await deeds[0]?.act();
  await untilTrue(() => paidFor(first) > 0, 60);
  await deeds[1]?.act();
  const jobIds = deeds.map((deed) => deed.jobId());
  // Its message stands, and the record says where: a POST whose answer is lost to sleep leaves one that nobody can find.
  await untilTrue(async () => typeof (await recordOf(jobIds[1] ?? "", place))?.address.activityId === "string", 60);
  await sleep(sleeper, async () => ((await recordOf(jobIds[0] ?? "", place))?.attempt ?? 0) > 1);
  await untilTrue(() => logged(sleeper, jobIds[0] ?? "", "went over to another process"), 60);
  await untilOver(jobIds, place);
  const faults = () => deeds.flatMap((deed) => deed.faults({ accepted: true, wish: false, blobs: [] }, 0));
  // The sleeper shows its waiting message when it wakes, and takes it away as soon as it sees where the answer stands.
  await untilTrue(() => faults().length === 0, 60).catch(() => undefined);
  expect(faults()).toEqual([]);
  expect(paidFor(first)).toBe(2);
  expect(paidFor(second)).toBe(1);
}, 240_000);
