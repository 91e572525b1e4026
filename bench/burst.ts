/** The whole line for many at once, over a script that calls the same SDKs directly. */
import { setTimeout as pause } from "node:timers/promises";
import type { FakeDiscord } from "../local/discord/start.ts";
import { compare, cpuMilliseconds, mainThreadMilliseconds, quantile, tally } from "./figures.ts";
import type { Call, Part } from "./figures.ts";
import { PATIENCE_SECONDS, startEasel, startSubject } from "./world.ts";
import type { Subject, World } from "./world.ts";

/** 30 at once is the busiest minute of a team; with 200 more wait than may be drawn at once. */
const BURSTS = [
  { atOnce: 30, seconds: 0, rounds: 4 },
  { atOnce: 30, seconds: 1, rounds: 2 },
  { atOnce: 200, seconds: 5, rounds: 1 },
];
export const CONCURRENCY = { IMAGE_CONCURRENCY: "64" };

type Line = { subject: Subject; discord: FakeDiscord };
type Burst = { milliseconds: number[]; cpu: number; mainThread: number; calls: Call[] };

export async function measureBursts(world: World): Promise<Part> {
  const easel: Line = { subject: await startEasel(world, CONCURRENCY), discord: world.discord.easel };
  const bare: Line = {
    subject: startSubject("bench/bare-discord.ts", { ...world.environment("bare"), BARE: "draw" }),
    discord: world.discord.bare,
  };
  await bare.subject.said(/ready/);
  await world.orderPictures({ size: "1024x1024", seconds: 0 });
  for (const line of [easel, bare]) for (const atOnce of [1, 10, 30]) await drawTogether(line, atOnce, world);
  const part: Required<Part> = { title: "The whole line, many at once", rows: [], notes: [] };
  for (const { atOnce, seconds, rounds } of BURSTS) {
    await world.orderPictures({ size: "1024x1024", seconds });
    const taken: [Burst[], Burst[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      taken[0].push(await drawTogether(easel, atOnce, world));
      taken[1].push(await drawTogether(bare, atOnce, world));
    }
    const what = `${atOnce} at once, image service at ${seconds} s`;
    const both = (figure: (bursts: Burst[]) => number) => [figure(taken[0]), figure(taken[1])] as const;
    for (const part50 of [0.5, 0.99]) {
      const figure = (bursts: Burst[]) =>
        quantile(
          bursts.flatMap(({ milliseconds }) => milliseconds),
          part50,
        );
      part.rows.push(compare(`${what}: event to picture, p${part50 * 100}`, ...both(figure), "ms"));
    }
    const mean = (of: "cpu" | "mainThread") => (bursts: Burst[]) =>
      bursts.reduce((sum, burst) => sum + burst[of], 0) / atOnce / rounds;
    part.rows.push(compare(`${what}: CPU of a picture`, ...both(mean("cpu")), "ms"));
    part.rows.push(compare(`${what}: of it on the main thread`, ...both(mean("mainThread")), "ms"));
    const calls = taken[0].flatMap((burst) => burst.calls);
    for (const [index, whose] of ["Easel", "The script"].entries()) {
      const late = taken[index]
        ?.flatMap(({ milliseconds }) => milliseconds)
        .filter((each) => !Number.isFinite(each)).length;
      if (late) part.notes.push(`${whose}, ${what}: ${late} had no picture within ${PATIENCE_SECONDS} s.`);
    }
    part.notes.push(`Easel's calls to storage for a picture, ${what}: ${tally(calls, atOnce * rounds)}.`);
  }
  await Promise.all([easel.subject.end(), bare.subject.end()]);
  return part;
}

async function drawTogether({ subject, discord }: Line, atOnce: number, world: World): Promise<Burst> {
  await world.takeCalls();
  const before = { cpu: cpuMilliseconds(subject.pid), mainThread: mainThreadMilliseconds(subject.pid) };
  const drawOne = async () => {
    const began = performance.now();
    const options = { prompt: "a lighthouse" };
    const interaction = await discord.command({ name: "imagine", options, unchecked: true });
    const shown = interaction.untilOriginal(({ attachments }) => attachments.length > 0, PATIENCE_SECONDS);
    return shown.then(
      () => performance.now() - began,
      () => Number.POSITIVE_INFINITY,
    );
  };
  const milliseconds = await Promise.all(Array.from({ length: atOnce }, drawOne));
  await pause(1000);
  return {
    milliseconds,
    cpu: cpuMilliseconds(subject.pid) - before.cpu,
    mainThread: mainThreadMilliseconds(subject.pid) - before.mainThread,
    calls: await world.takeCalls(),
  };
}
