/** The most memory that a process has while 8 pictures of 4 MB are under way in it. */
import { setTimeout as pause } from "node:timers/promises";
import { compare, forgetPeak, median, memoryMebibytes } from "./figures.ts";
import type { Part } from "./figures.ts";
import { startEasel, startSubject } from "./world.ts";
import type { World } from "./world.ts";

const AT_ONCE = 8;
const ROUNDS = 5;

type Memory = { before: number; peak: number };

export async function measureMemory(world: World): Promise<Part> {
  const taken = { easel: [] as Memory[], bare: [] as Memory[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const easel = await startEasel(world, { IMAGE_CONCURRENCY: String(AT_ONCE) });
    taken.easel.push(await drawTogether(world, "easel", easel.pid));
    await easel.end();
    const bare = startSubject("bench/bare-discord.ts", { ...world.environment("bare"), BARE: "draw" });
    await bare.said(/ready/);
    taken.bare.push(await drawTogether(world, "bare", bare.pid));
    await bare.end();
  }
  const middle = (of: (memory: Memory) => number) => [median(taken.easel.map(of)), median(taken.bare.map(of))] as const;
  const rows = [
    compare("after one picture, before the eight", ...middle(({ before }) => before), "MiB"),
    compare(`peak with ${AT_ONCE} under way`, ...middle(({ peak }) => peak), "MiB"),
    compare("what the eight add", ...middle(({ peak, before }) => peak - before), "MiB"),
  ];
  return { title: `Memory, ${AT_ONCE} pictures of 4 MB under way`, rows };
}

async function drawTogether(world: World, side: "easel" | "bare", pid: number): Promise<Memory> {
  const discord = world.discord[side];
  const command = () => discord.command({ name: "imagine", options: { prompt: "a lighthouse" }, unchecked: true });
  // One of them first: what is loaded at the first picture is not the pictures' own.
  await world.orderPictures({ size: "1536x1024", seconds: 0 });
  await (await command()).untilOriginal(({ attachments }) => attachments.length > 0, 30);
  await pause(1000);
  await world.orderPictures("hold");
  await world.takeCalls();
  const before = memoryMebibytes(pid).now;
  forgetPeak(pid);
  const drawn = await Promise.all(Array.from({ length: AT_ONCE }, command));
  // All eight are asked for, and then all of them come at once.
  for (let called = 0; called < AT_ONCE; await pause(50))
    called += (await world.takeCalls()).filter(({ kind }) => kind.startsWith("images")).length;
  await world.orderPictures({ size: "1536x1024", seconds: 0 });
  await Promise.all(drawn.map(({ untilOriginal }) => untilOriginal(({ attachments }) => attachments.length > 0, 60)));
  return { before, peak: memoryMebibytes(pid).peak };
}
