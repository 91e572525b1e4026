/** Loaded before the bot: at SIGUSR2 it collects garbage and writes what is left: memory, and what keeps the process alive. */
import { readdirSync } from "node:fs";
import { GAUGE } from "./gauge-mark.ts";
import type { Gauge } from "./gauge-mark.ts";

process.on("SIGUSR2", () => {
  // Twice, as what is freed by the first may free more.
  for (let times = 0; times < 2; times += 1) globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  const resources: Record<string, number> = { "open files": readdirSync("/proc/self/fd").length };
  for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
  const gauge: Gauge = { heap: heapUsed, external, resident: rss, resources };
  process.stderr.write(`${GAUGE}${JSON.stringify(gauge)}\n`);
});
