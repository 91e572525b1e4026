import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Thrown with one sentence for the person at the terminal. */
export class DirectoryTaken extends Error {
  override name = "DirectoryTaken";
}

/**
 * Keeps a second Easel out of a directory: two Azurites on the same files overwrite each other's index, and pictures are
 * lost. Returns what opens it again. A lock whose process is gone, as after a kill, does not count.
 */
export function lockDirectory(directory: string): () => void {
  keepForOneself(directory);
  const file = join(directory, "process-id");
  const holder = readHolder(file);
  if (holder !== undefined && holder !== process.pid && isAlive(holder)) {
    throw new DirectoryTaken(
      `Another Easel (process ${holder}) keeps its pictures in ${directory}: stop it, or choose another directory with EASEL_DIRECTORY.`,
    );
  }
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}

/** What Easel itself puts there; in a directory with other things in it, somebody else decides who may read them. */
const OURS = ["process-id", "azurite", "playground.log"];

/** People's pictures and words are in it, and this machine may have other users. */
function keepForOneself(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const entries = readdirSync(directory);
  if (!entries.length || entries.some((entry) => OURS.includes(entry))) chmodSync(directory, 0o700);
  mkdirSync(join(directory, "azurite"), { recursive: true, mode: 0o700 });
  chmodSync(join(directory, "azurite"), 0o700);
}

function readHolder(file: string): number | undefined {
  try {
    return Number(readFileSync(file, "utf8")) || undefined;
  } catch {
    // Not there, or not to be read: nobody holds it.
    return undefined;
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
