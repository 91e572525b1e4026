import { randomInt } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Azure } from "../storage/azure.ts";
import { isConflict, isMissing } from "../storage/storage-refusal.ts";
import { addRow, readRow, replaceRow } from "../storage/table.ts";
import type { Row } from "../storage/table.ts";

/** Who was stopped by the filter, and when: a row for a person, by their hash, and one for everybody. It goes after two days. */
export const BRAKE = "brake";
/** It stands before all hashes. */
export const EVERYBODY = "-everybody";
/** `mark` stands for the job; `at` in milliseconds since 1970. The filter stops words, or the picture that came of them. */
export type Block = { mark: string; at: number; stage: "words" | "picture" };

export type Blocks = {
  blocks: Block[];
  /** Since then calls go more slowly for everybody; an ISO time. */
  slowSince?: string;
};

/** Those of the last so many milliseconds. What lies further ahead than clocks differ was written by one that was wrong, and counts for nothing. */
export function within(blocks: Block[], milliseconds: number, { times }: Azure): Block[] {
  const now = Date.now();
  return blocks.filter(({ at }) => at > now - milliseconds && at < now + times.images.clockSeconds * 1000);
}

/** The newest are enough for any rule. */
const MOST_BLOCKS = 1000;
const MOST_TRIES = 40;

type Change = (present: Blocks) => Blocks & { isInForce: boolean };

/** Changes a row as it is by now, again on a newer one where somebody else was first. One that stays the same is not written. */
export function changeBlocks(name: string, change: Change, azure: Azure): Promise<Blocks> {
  const rows = waiting.get(azure) ?? new Map<string, Promise<unknown>>();
  waiting.set(azure, rows);
  const mine = (rows.get(name) ?? Promise.resolve()).then(() => tryToChange(name, change, azure));
  const ended = mine.then(
    () => undefined,
    () => undefined,
  );
  rows.set(name, ended);
  void ended.then(() => rows.get(name) === ended && rows.delete(name));
  return mine;
}

/** In one process they come one after the other: nobody loses a race against their own. */
const waiting = new WeakMap<Azure, Map<string, Promise<unknown>>>();

async function tryToChange(name: string, change: Change, azure: Azure): Promise<Blocks> {
  for (let tries = 1; ; tries += 1) {
    const signal = AbortSignal.timeout(azure.times.purse.brakeLimitMilliseconds);
    const row = await readRow(BRAKE, name, azure, signal);
    const present = row ? rowWith(row) : { blocks: [] };
    const { isInForce, ...changed } = change(present);
    if (textOf(changed.blocks) === textOf(present.blocks) && changed.slowSince === present.slowSince) return present;
    const values = { blocks: textOf(changed.blocks), slowSince: changed.slowSince, due: isInForce ? "0" : "none" };
    try {
      const written = { partition: BRAKE, name, values };
      await (row ? replaceRow({ ...written, etag: row.etag }, azure, signal) : addRow(written, azure, signal));
      return changed;
    } catch (error) {
      if (tries === MOST_TRIES || !(isConflict(error) || isMissing(error))) throw error;
      await pause(randomInt(5, 60 + 10 * tries));
    }
  }
}

function textOf(blocks: Block[]): string {
  return blocks
    .slice(-MOST_BLOCKS)
    .map(({ mark, at, stage }) => `${mark}.${at.toString(36)}.${stage}`)
    .join(" ");
}

export function rowWith({ values }: Row): Blocks {
  const blocks = String(values.blocks ?? "")
    .split(" ")
    .flatMap((text): Block[] => {
      const [mark = "", at = "", stage] = text.split(".");
      return mark && at ? [{ mark, at: Number.parseInt(at, 36), stage: stage === "picture" ? stage : "words" }] : [];
    });
  return { blocks, slowSince: values.slowSince ? String(values.slowSince) : undefined };
}
