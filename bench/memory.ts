/** The most memory that a process has while many pictures are under way in it, from its start on. */
import { setTimeout as pause } from "node:timers/promises";
import { compare, forgetPeak, median, memoryMebibytes } from "./figures.ts";
import { CONCURRENCY } from "./burst.ts";
import type { Part, Row } from "./figures.ts";
import { PATIENCE_SECONDS, startEasel, startSubject } from "./world.ts";
import type { World } from "./world.ts";

const CASES = [
  { atOnce: 8, size: "1536x1024", bytes: "4 MB", rounds: 3 },
  { atOnce: 30, size: "1024x1024", bytes: "2 MB", rounds: 3 },
  { atOnce: 200, size: "1024x1024", bytes: "2 MB", rounds: 1 },
] as const;

type Case = (typeof CASES)[number];
type Memory = { before: number; peak: number };

export async function measureMemory(world: World): Promise<Part> {
  const rows: Row[] = [];
  for (const one of CASES) {
    const taken = { easel: [] as Memory[], bare: [] as Memory[] };
    for (let round = 0; round < one.rounds; round += 1) {
      const easel = await startEasel(world, CONCURRENCY);
      taken.easel.push(await drawTogether(world, "easel", easel.pid, one));
      await easel.end();
      const bare = startSubject("bench/bare-discord.ts", { ...world.environment("bare"), BARE: "draw" });
      await bare.said(/ready/);
      taken.bare.push(await drawTogether(world, "bare", bare.pid, one));
      await bare.end();
    }
    const both = (of: (memory: Memory) => number) => [median(taken.easel.map(of)), median(taken.bare.map(of))] as const;
    const what = `${one.atOnce} of ${one.bytes}`;
    rows.push(compare(`${what}: before, after one picture`, ...both(({ before }) => before), "MiB"));
    rows.push(compare(`${what}: the most`, ...both(({ peak }) => peak), "MiB"));
  }
  return { title: "Memory, so many pictures at once", rows };
}

async function drawTogether(
  world: World,
  side: "easel" | "bare",
  pid: number,
  { atOnce, size }: Case,
): Promise<Memory> {
  const discord = world.discord[side];
  const command = () => discord.command({ name: "imagine", options: { prompt: "a lighthouse" }, unchecked: true });
  // One of them first: what is loaded at the first picture is not the pictures' own.
  await world.orderPictures({ size, seconds: 0 });
  await (await command()).untilOriginal(({ attachments }) => attachments.length > 0, PATIENCE_SECONDS);
  await pause(1000);
  await world.orderPictures({ size, seconds: 2 });
  const before = memoryMebibytes(pid).now;
  forgetPeak(pid);
  const drawn = await Promise.all(Array.from({ length: atOnce }, command));
  await Promise.all(
    drawn.map(({ untilOriginal }) => untilOriginal(({ attachments }) => attachments.length > 0, PATIENCE_SECONDS)),
  );
  return { before, peak: memoryMebibytes(pid).peak };
}
