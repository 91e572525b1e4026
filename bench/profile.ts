/** Where Easel's own time goes: a CPU profile of some pictures, by package and by file of ours. */
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { cpuMilliseconds, words } from "./figures.ts";
import type { Part } from "./figures.ts";
import { startEasel } from "./world.ts";
import type { World } from "./world.ts";

const PICTURES = 30;
const WARM_UP = 10;
const MOST_ROWS = 12;

/** As V8 writes it; times in microseconds of the machine's own clock. */
type Profile = {
  startTime: number;
  nodes: { id: number; callFrame: { functionName: string; url: string } }[];
  samples: number[];
  timeDeltas: number[];
};

export async function profileWholeLine(world: World): Promise<Part> {
  const directory = mkdtempSync(join(tmpdir(), "easel-profile-"));
  await world.orderPictures({ size: "1024x1024", seconds: 0 });
  const easel = await startEasel(world, {}, ["--cpu-prof", `--cpu-prof-dir=${directory}`]);
  await drawSome(world, WARM_UP);
  const [began, cpuBefore] = [microseconds(), cpuMilliseconds(easel.pid)];
  await drawSome(world, PICTURES);
  const [ended, cpu] = [microseconds(), (cpuMilliseconds(easel.pid) - cpuBefore) / PICTURES];
  await easel.end("SIGTERM");
  const [file = ""] = readdirSync(directory);
  const profile = JSON.parse(readFileSync(join(directory, file), "utf8")) as Profile;
  const rooms = timeByRoom(profile, began, ended);
  rooms.delete("(idle)");
  const onMainThread = [...rooms.values()].reduce((sum, each) => sum + each, 0);
  const rows = [...rooms]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_ROWS)
    .map(([what, milliseconds]) => ({ what, "CPU of a picture": words(milliseconds, "ms") }));
  const note = `In all ${words(cpu, "ms")} for a picture, with the profiler's own: ${words(onMainThread, "ms")} on the main thread, as above, and the rest on others: sharp's pixels and V8's garbage collection.`;
  return { title: "Where Easel's time goes, image service at 0 s", rows, notes: [note] };
}

async function drawSome({ discord }: World, pictures: number): Promise<void> {
  for (let number = 0; number < pictures; number += 1) {
    const options = { prompt: "a lighthouse" };
    const sent = await discord.easel.command({ name: "imagine", options, unchecked: true });
    await sent.untilOriginal(({ attachments }) => attachments.length > 0, 30);
  }
  await pause(500);
}

/** Milliseconds of a picture. */
function timeByRoom({ startTime, nodes, samples, timeDeltas }: Profile, began: number, ended: number) {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const rooms = new Map<string, number>();
  let now = startTime;
  for (const [index, sample] of samples.entries()) {
    const delta = timeDeltas[index] ?? 0;
    now += delta;
    const frame = frames.get(sample);
    if (!frame || now < began || now > ended) continue;
    const room = roomOf(frame.url) || frame.functionName;
    rooms.set(room, (rooms.get(room) ?? 0) + delta / 1000 / PICTURES);
  }
  return rooms;
}

/** A package, all of Node's own, or a file of ours; nothing for what V8 does by itself. */
function roomOf(url: string): string {
  const packageName = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (packageName) return packageName;
  return url.startsWith("node:") ? "Node's own JavaScript" : url.split("/").slice(-2).join("/");
}

function microseconds(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
