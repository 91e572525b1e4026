/** What the system says about processes and ports, read from Linux's `/proc`: `ps` and `ss` are not everywhere. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** Ids of processes whose command line holds the words. */
export function processesWith(words: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && commandLine(name).includes(words))
    .map(Number);
}

function commandLine(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch (error) {
    // It ended between the two looks.
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ESRCH")) return "";
    throw error;
  }
}

/** The addresses at which a port is listened on; `0.0.0.0` and `::` are all interfaces. */
export function listeningOn(port: number): string[] {
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((table) =>
    readFileSync(table, "utf8")
      .split("\n")
      .slice(1)
      .flatMap((row) => {
        const [, local = "", , state] = row.trim().split(/\s+/);
        const [address = "", hexPort = ""] = local.split(":");
        const LISTEN = "0A";
        return state === LISTEN && Number.parseInt(hexPort, 16) === port ? [readAddress(address)] : [];
      }),
  );
}

/** Four bytes in the machine's order, which is the other way round; the long ones are told apart from "all" alone. */
function readAddress(hex: string): string {
  if (hex.length > 8) return /^0+$/.test(hex) ? "::" : hex;
  return [...Buffer.from(hex, "hex")].toReversed().join(".");
}

export async function until(condition: () => boolean, milliseconds = 10_000): Promise<boolean> {
  const limit = Date.now() + milliseconds;
  while (!condition()) {
    if (Date.now() > limit) return false;
    await pause(50);
  }
  return true;
}
