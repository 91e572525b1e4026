/** From the start of the process until Easel is ready, over the loading of the SDKs that it is made of. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compare, median } from "./figures.ts";
import type { Part } from "./figures.ts";
import { startSubject } from "./world.ts";
import type { World } from "./world.ts";

const ROUNDS = 5;

type Start = { said: number; ready: number };

export async function measureStart(world: World): Promise<Part> {
  const NODE_COMPILE_CACHE = mkdtempSync(join(tmpdir(), "easel-compiled-"));
  const NODE_DISABLE_COMPILE_CACHE = "1";
  const ways: Record<string, () => Promise<Start>> = {
    sdks: () => startOnce(world, "bench/import-sdks.ts", /imported/),
    first: () => startOnce(world, "main.ts", /"msg":"Easel listens"/, { NODE_DISABLE_COMPILE_CACHE }),
    later: () => startOnce(world, "main.ts", /"msg":"Easel listens"/),
    sdksCached: () => startOnce(world, "bench/import-sdks.ts", /imported/, { NODE_COMPILE_CACHE }),
    allCached: () => startOnce(world, "main.ts", /"msg":"Easel listens"/, { NODE_COMPILE_CACHE }),
  };
  const taken = new Map<string, Start[]>(Object.keys(ways).map((name) => [name, []]));
  // The first round warms the machine's own caches up, and fills those of what is compiled.
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const [name, start] of Object.entries(ways)) {
      const once = await start();
      if (round > 0) taken.get(name)?.push(once);
    }
  const middle = (name: string, of: keyof Start) => median((taken.get(name) ?? []).map((start) => start[of]));
  const pairs = [
    ["the first start", "first", "sdks"],
    ["any later start", "later", "sdks"],
    ["both with NODE_COMPILE_CACHE", "allCached", "sdksCached"],
  ] as const;
  const rows = pairs.flatMap(([how, easel, sdks]) => {
    const bare = middle(sdks, "said");
    return [
      compare(`${how}: until it listens`, middle(easel, "said"), bare, "ms"),
      compare(`${how}: until Discord and storage are there`, middle(easel, "ready"), bare, "ms"),
    ];
  });
  return { title: "Start to ready, over importing the SDKs alone", rows };
}

async function startOnce(
  world: World,
  file: string,
  words: RegExp,
  change: Record<string, string> = {},
): Promise<Start> {
  await world.takeCalls();
  const began = performance.now();
  const subject = startSubject(file, { ...world.environment("easel"), ...change });
  await subject.said(words);
  const said = performance.now() - began;
  if (file === "main.ts") await Promise.all([subject.said(/discord: connected/), untilPrepared(world)]);
  const ready = performance.now() - began;
  // Ends it in peace, so that the cache is written.
  await subject.end("SIGTERM");
  return { said, ready };
}

/** The worker's first look into the queue: from then on a job would be taken up. */
async function untilPrepared(world: World): Promise<void> {
  while (!(await world.takeCalls()).some(({ kind }) => kind === "GET tickets"))
    await new Promise((next) => setTimeout(next, 5));
}
