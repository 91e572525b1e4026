/** A round of drafts beside the bare calls of its pictures, and how soon the board shows the last of them. */
import { compare, median, quantile, words } from "./figures.ts";
import type { Part } from "./figures.ts";
import { startSubject } from "./world.ts";
import type { World } from "./world.ts";

const ROUNDS = 5;
const TURNS = 2;

type Taken = { rounds: number[]; waits: number[] };

export async function measureBoard(world: World): Promise<Part> {
  await world.orderPictures({ size: "1536x1024", seconds: 1 });
  const taken = { easel: none(), bare: none() };
  for (let turn = 1; turn <= TURNS; turn += 1)
    for (const mode of ["easel", "bare"] as const) {
      const more = await drawRounds(world, mode);
      taken[mode].rounds.push(...more.rounds);
      taken[mode].waits.push(...more.waits);
    }
  const { easel, bare } = taken;
  return {
    title: "A round of six drafts",
    rows: [compare("image service at 1 s: p50", median(easel.rounds), median(bare.rounds), "ms")],
    notes: [
      `From the last picture in storage to the board with all six and the votes: p50 ${words(median(easel.waits), "ms")}, at most ${words(quantile(easel.waits, 1), "ms")}. A board is edited every 2.5 s at most.`,
    ],
  };
}

function none(): Taken {
  return { rounds: [], waits: [] };
}

async function drawRounds(world: World, mode: "easel" | "bare"): Promise<Taken> {
  const change = { MODE: mode, ROUNDS: String(ROUNDS) };
  const subject = startSubject("bench/draw-round.ts", { ...world.environment(mode), ...change });
  const taken = JSON.parse(await subject.said(/^\{"rounds"/)) as Taken;
  await subject.end();
  return taken;
}
