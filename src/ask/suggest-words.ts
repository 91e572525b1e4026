import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { rewriteRefused } from "../ideas-model/rewrite-refused.ts";
import type { Job } from "../jobs/job.ts";
import { log } from "../log.ts";
import { privateWordReply, sorryReply } from "../replies/compose-reply.ts";
import type { ChatReply } from "../replies/reply.ts";
import { suggestionsReply } from "../replies/suggestions-reply.ts";
import { personOf } from "../request/request.ts";
import type { Asker } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { isConflict, isMissing } from "../storage/storage-refusal.ts";
import { addRow, putRow, readRow, removeRow, replaceRow } from "../storage/table.ts";
import { failed, suggestions } from "../words/sentences.ts";
import { findOwnJob } from "./go-on.ts";

/** Whoever's words were refused asks for others: a model's, and told as such. They are asked for once for each job. */
export async function suggestWords(
  { of, by, signal }: { of: string; by: Asker; signal?: AbortSignal },
  settings: Settings,
  azure: Azure,
): Promise<ChatReply> {
  const found = await findRefused(of, { by, signal }, azure);
  if ("word" in found) return privateWordReply(found.word);
  try {
    const words = await suggestOnce(found.job, settings, azure, signal);
    if (!words) return privateWordReply(suggestions.silent);
    return words.length ? suggestionsReply(found.job.id, words) : privateWordReply(suggestions.none);
  } catch (error) {
    log.error({ error, job: of }, "other words could not be suggested");
    return sorryReply(failed.storage);
  }
}

/** The words of one suggestion, and the job whose words they stand in for. */
export async function findSuggestion(
  of: string,
  { by, signal }: { by: Asker; signal?: AbortSignal },
  azure: Azure,
): Promise<{ job: Job; words: string } | { word: typeof failed.storage }> {
  const [, id = "", number = ""] = /^([a-z0-9-]{1,100})\/([1-9])$/.exec(of) ?? [];
  const found = await findRefused(id, { by, signal }, azure);
  if ("word" in found) return found;
  try {
    const words = wordsIn(await readRow(PARTITION, id, azure, signal))?.[Number(number) - 1];
    return words ? { job: found.job, words } : { word: suggestions.gone };
  } catch (error) {
    log.error({ error, job: id }, "a suggestion could not be read");
    return { word: failed.storage };
  }
}

async function findRefused(
  id: string,
  press: { by: Asker; signal?: AbortSignal },
  azure: Azure,
): Promise<{ job: Job } | { word: typeof failed.storage }> {
  const found = await findOwnJob(id, press, azure);
  if ("sorry" in found) return { word: found.sorry };
  const isRefused = found.job.pictures.some(({ state }) => state === "refused");
  return isRefused ? found : { word: failed.goneJob };
}

const PARTITION = "suggestions";
type SuggestionRow = Awaited<ReturnType<typeof readRow>>;

/**
 * A row holds the place while one process asks, whichever it is; others wait for what it brings. Nothing where the model is silent:
 * then whoever asks next asks anew.
 */
async function suggestOnce(
  job: Job,
  settings: Settings,
  azure: Azure,
  signal?: AbortSignal,
): Promise<string[] | undefined> {
  const { callLimitMilliseconds, lookMilliseconds } = settings.times.ideas;
  const by = randomUUID();
  const patience = AbortSignal.any([AbortSignal.timeout(2 * callLimitMilliseconds), ...(signal ? [signal] : [])]);
  for (;;) {
    if (patience.aborted) return undefined;
    const row = await readRow(PARTITION, job.id, azure, signal);
    const words = wordsIn(row);
    if (words) return words;
    if (row?.values.by === by) return askAndKeep(job, settings, azure, signal);
    // Taken over from a process that died while it asked.
    const isFree = !row || row.seconds >= settings.times.ideas.askingSeconds;
    if (isFree) await take(job.id, by, row, azure);
    else await pause(lookMilliseconds, undefined, { signal: patience }).catch(() => undefined);
  }
}

async function take(name: string, by: string, row: SuggestionRow, azure: Azure): Promise<void> {
  const taken = { partition: PARTITION, name, values: { by } };
  const writing = row ? replaceRow({ ...taken, etag: row.etag }, azure) : addRow(taken, azure);
  await writing.catch((error: unknown) => {
    // Somebody was quicker, or it is our own write whose answer was lost: the next look tells.
    if (!isConflict(error) && !isMissing(error)) throw error;
  });
}

async function askAndKeep(
  job: Job,
  settings: Settings,
  azure: Azure,
  signal?: AbortSignal,
): Promise<string[] | undefined> {
  const { prompt, askedBy } = job.request;
  const answer = await rewriteRefused({ words: prompt, askerHash: personOf(askedBy), signal }, settings, azure);
  if (answer.outcome === "silent") {
    await removeRow({ partition: PARTITION, name: job.id }, azure);
    return undefined;
  }
  const words = answer.outcome === "answered" ? answer.value : [];
  await putRow({ partition: PARTITION, name: job.id, values: { words: JSON.stringify(words) } }, azure);
  return words;
}

function wordsIn(row: SuggestionRow): string[] | undefined {
  const { words } = row?.values ?? {};
  return typeof words === "string" ? z.array(z.string()).parse(JSON.parse(words)) : undefined;
}
