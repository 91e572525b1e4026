import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { env, execPath } from "node:process";

const LOADED = ["adapters/discord/start.ts", "adapters/teams/start.ts", "src/work/worker.ts", "src/web/http.ts"];

/** Compiles what the processes of tests load, if nothing is compiled yet: a process that is killed leaves nothing to the next. */
export function setup(): void {
  if (existsSync(env.NODE_COMPILE_CACHE ?? "")) return;
  const imports = LOADED.map((file) => `await import(${JSON.stringify(new URL(`../${file}`, import.meta.url).href)});`);
  execFileSync(execPath, ["--input-type=module", "-e", [...imports, "process.exit();"].join("\n")]);
}
