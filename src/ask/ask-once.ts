import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { z } from "zod";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { isConflict, isMissing } from "../storage/storage-refusal.ts";
import { addRow, putRow, readRow, removeRow, replaceRow } from "../storage/table.ts";

export type Question<Value> = {
  /** Where its answer is kept. */
  partition: string;
  name: string;
  answer: z.ZodType<Value>;
  /** Nothing where there is no answer this time: then whoever asks next asks anew. */
  ask: () => Promise<Value | undefined>;
  signal?: AbortSignal;
};

/**
 * Asks what costs something once for all who want to know, whichever process they come to. A row holds the place while one of
 * them asks; the others wait for what it brings.
 */
export async function askOnce<Value>(
  question: Question<Value>,
  settings: Pick<Settings, "times">,
  azure: Azure,
): Promise<Value | undefined> {
  const { partition, name, signal } = question;
  const { patienceLimitMilliseconds, askingSeconds, lookMilliseconds } = settings.times.ideas;
  const by = randomUUID();
  const patience = AbortSignal.any([AbortSignal.timeout(patienceLimitMilliseconds), ...(signal ? [signal] : [])]);
  for (;;) {
    if (patience.aborted) return undefined;
    const row = await readRow(partition, name, azure, signal);
    const known = answerIn(row, question);
    if (known !== undefined) return known;
    if (row?.values.by === by) return askAndKeep(question, azure);
    // Taken over from a process that died while it asked.
    const isFree = !row || row.seconds >= askingSeconds;
    if (isFree) await take({ partition, name, values: { by } }, row?.etag, azure);
    else await pause(lookMilliseconds, undefined, { signal: patience }).catch(() => undefined);
  }
}

/** What came of a question that was asked before. */
export async function readAnswer<Value>(
  { partition, name, answer, signal }: Omit<Question<Value>, "ask">,
  azure: Azure,
): Promise<Value | undefined> {
  return answerIn(await readRow(partition, name, azure, signal), { answer });
}

async function take(row: Parameters<typeof addRow>[0], etag: string | undefined, azure: Azure): Promise<void> {
  const writing = etag === undefined ? addRow(row, azure) : replaceRow({ ...row, etag }, azure);
  await writing.catch((error: unknown) => {
    // Somebody was quicker, or it is our own write whose answer was lost: the next look tells.
    if (!isConflict(error) && !isMissing(error)) throw error;
  });
}

async function askAndKeep<Value>({ partition, name, ask }: Question<Value>, azure: Azure): Promise<Value | undefined> {
  const value = await ask();
  if (value === undefined) await removeRow({ partition, name }, azure);
  else await putRow({ partition, name, values: { answer: JSON.stringify(value) } }, azure);
  return value;
}

function answerIn<Value>(
  row: Awaited<ReturnType<typeof readRow>>,
  { answer }: Pick<Question<Value>, "answer">,
): Value | undefined {
  const kept = row?.values.answer;
  return typeof kept === "string" ? answer.parse(JSON.parse(kept)) : undefined;
}
