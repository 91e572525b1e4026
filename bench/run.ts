/** `npm run bench`, or some of its parts: `npm run bench -- acknowledge memory`. What each part finds is written into `README.md`. */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { measureAcknowledgements } from "./acknowledge.ts";
import { measureBoard } from "./board.ts";
import { measureBursts } from "./burst.ts";
import type { Part } from "./figures.ts";
import { measureManyJobs } from "./many-jobs.ts";
import { measureMemory } from "./memory.ts";
import { profileWholeLine } from "./profile.ts";
import { measureSums } from "./sums.ts";
import { measureStart } from "./start.ts";
import { measureWholeLine } from "./whole-line.ts";
import { measureVotes } from "./votes.ts";
import { startWorld } from "./world.ts";
import type { World } from "./world.ts";

const parts: Record<string, (world: World) => Promise<Part>> = {
  acknowledge: measureAcknowledgements,
  line: measureWholeLine,
  burst: measureBursts,
  memory: measureMemory,
  start: measureStart,
  jobs: measureManyJobs,
  votes: measureVotes,
  board: measureBoard,
  sums: measureSums,
  profile: profileWholeLine,
};

const named = process.argv.slice(2);
const unknown = named.find((name) => !parts[name]);
if (unknown) throw new Error(`there is no part ${unknown}, but ${Object.keys(parts).join(", ")}`);
for (const [name, measure] of Object.entries(parts)) {
  if (named.length && !named.includes(name)) continue;
  const began = performance.now();
  // Each part has the world to itself: what one left in line would be another's work.
  const world = await startWorld();
  const part = await measure(world);
  await world.stop();
  console.log(`\n${part.title} (${((performance.now() - began) / 1000).toFixed(0)} s)`);
  console.table(part.rows);
  for (const note of part.notes ?? []) console.log(note);
  writeResult(name, part);
}
process.exit();

/** Between the two marks of its part in `README.md`; what stands around them is written by hand. */
function writeResult(name: string, { title, rows, notes = [] }: Part): void {
  const file = new URL("README.md", import.meta.url);
  const [begin, end] = [`<!-- ${name} begins -->\n`, `<!-- ${name} ends -->`];
  const [before = "", , after = ""] = readFileSync(file, "utf8").split(new RegExp(`${begin}|${end}`));
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const columns = Object.keys(rows[0] ?? {});
  const table = [line(columns), line(columns.map(() => "---")), ...rows.map((row) => line(Object.values(row)))];
  const [load = 0] = loadavg();
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.versions.node}`;
  const when = `${new Date().toISOString().slice(0, 10)}, ${machine}, ${load.toFixed(0)} processes at work in the last minute.`;
  const result = [`### ${title}`, "", ...table, ...notes.flatMap((note) => ["", note]), "", when].join("\n");
  writeFileSync(file, `${before}${begin}\n${result}\n\n${end}${after}`);
}
