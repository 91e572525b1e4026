/** Where Easel's own time goes: a CPU profile of some pictures, by package and by file of ours. */
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { CONCURRENCY } from "./burst.ts";
import { cpuMilliseconds, mainThreadMilliseconds, words } from "./figures.ts";
import type { Part, Row } from "./figures.ts";
import { PATIENCE_SECONDS, startEasel } from "./world.ts";
import type { World } from "./world.ts";

const PICTURES = 30;
const AT_ONCE = [1, 30];
const MOST_ROWS = 16;

/** As V8 writes it; times in microseconds of the machine's own clock. */
type Profile = {
  startTime: number;
  nodes: { id: number; callFrame: { functionName: string; url: string } }[];
  samples: number[];
  timeDeltas: number[];
};

/** Times as in the profile, and milliseconds of a picture. */
type Span = { what: string; began: number; ended: number; cpu: number; mainThread: number };

export async function profileWholeLine(world: World): Promise<Part> {
  const directory = mkdtempSync(join(tmpdir(), "easel-profile-"));
  await world.orderPictures({ size: "1024x1024", seconds: 0 });
  const easel = await startEasel(world, CONCURRENCY, ["--cpu-prof", `--cpu-prof-dir=${directory}`]);
  for (const atOnce of [1, 10]) await drawSome(world, atOnce);
  const spans: Span[] = [];
  for (const atOnce of AT_ONCE) {
    const before = { cpu: cpuMilliseconds(easel.pid), mainThread: mainThreadMilliseconds(easel.pid) };
    const began = microseconds();
    await drawSome(world, atOnce);
    const cpu = (cpuMilliseconds(easel.pid) - before.cpu) / PICTURES;
    const mainThread = (mainThreadMilliseconds(easel.pid) - before.mainThread) / PICTURES;
    spans.push({ what: `${atOnce} at once`, began, ended: microseconds(), cpu, mainThread });
  }
  await easel.end("SIGTERM");
  const [file = ""] = readdirSync(directory);
  const profile = JSON.parse(readFileSync(join(directory, file), "utf8")) as Profile;
  const columns = spans.map((span) => ({ ...span, rooms: timeByRoom(profile, span) }));
  const names = [...(columns.at(-1)?.rooms ?? [])].toSorted(([, a], [, b]) => b - a).map(([name]) => name);
  const rows = names.slice(0, MOST_ROWS).map((name): Row => {
    const cells = columns.map(({ what, rooms }) => [what, words(rooms.get(name) ?? 0, "ms")]);
    return Object.fromEntries([["what, on the main thread, of a picture", name], ...cells]) as Row;
  });
  const notes = columns.map(
    ({ what, cpu, mainThread }) =>
      `${what}: in all ${words(cpu, "ms")} of CPU for a picture, with the profiler's own; ${words(mainThread, "ms")} of it on the main thread, and the rest on others: sharp's pixels and V8's garbage collection.`,
  );
  return { title: "Where Easel's time goes, image service at 0 s", rows, notes };
}

async function drawSome({ discord }: World, atOnce: number): Promise<void> {
  const options = { prompt: "a lighthouse" };
  const drawOne = async () => {
    const sent = await discord.easel.command({ name: "imagine", options, unchecked: true });
    await sent.untilOriginal(({ attachments }) => attachments.length > 0, PATIENCE_SECONDS);
  };
  for (let number = 0; number < PICTURES; number += atOnce) await Promise.all(Array.from({ length: atOnce }, drawOne));
  await pause(500);
}

/**
 * Of a picture. The profiler's clock goes on while the machine is at something else, so all of it together is brought down to the
 * CPU time that the kernel counted.
 */
function timeByRoom(
  { startTime, nodes, samples, timeDeltas }: Profile,
  { began, ended, mainThread }: Span,
): Map<string, number> {
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
  rooms.delete("(idle)");
  const all = [...rooms.values()].reduce((sum, each) => sum + each, 0);
  return new Map([...rooms].map(([room, milliseconds]) => [room, (milliseconds * mainThread) / all]));
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
