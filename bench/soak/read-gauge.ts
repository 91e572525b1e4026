import { setTimeout as pause } from "node:timers/promises";
import { GAUGE } from "./gauge-mark.ts";
import type { Gauge } from "./gauge-mark.ts";
import type { Replica } from "./world.ts";

const PATIENCE_MILLISECONDS = 15_000;

/** What a process holds after its garbage is collected; nothing from one that does not say. */
export async function readGauge({ subject }: Replica): Promise<Gauge | undefined> {
  const said = () => subject.output.filter((line) => line.startsWith(GAUGE));
  const before = said().length;
  process.kill(subject.pid, "SIGUSR2");
  for (const end = Date.now() + PATIENCE_MILLISECONDS; Date.now() < end; await pause(50)) {
    const line = said()[before];
    if (line) return JSON.parse(line.slice(GAUGE.length)) as Gauge;
  }
  return undefined;
}
