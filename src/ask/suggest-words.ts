import { z } from "zod";
import { rewriteRefused } from "../ideas-model/rewrite-refused.ts";
import type { Job } from "../jobs/job.ts";
import { log } from "../log.ts";
import { paidBy } from "../purse/paid-ideas.ts";
import { privateWordReply, sorryReply } from "../replies/compose-reply.ts";
import type { ChatReply } from "../replies/reply.ts";
import { suggestionsReply } from "../replies/suggestions-reply.ts";
import { personOf } from "../request/request.ts";
import type { Asker } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { failed, suggestions } from "../words/sentences.ts";
import { askOnce, readAnswer } from "./ask-once.ts";
import { callForIdeas } from "./ask-rules.ts";
import { findOwnJob } from "./go-on.ts";

type Suggesting = { by: Asker; signal?: AbortSignal };
type Word = { word: typeof failed.storage };

/** Whoever's words were refused asks for others: a model's, and told as such. They are asked for once for each job. */
export async function suggestWords(
  { of, ...press }: Suggesting & { of: string },
  settings: Settings,
  azure: Azure,
): Promise<ChatReply> {
  const found = await findRefused(of, press, azure);
  if ("word" in found) return privateWordReply(found.word);
  try {
    let denied: ChatReply | undefined;
    const call = () => askModel(found.job, press.signal, settings, azure);
    const ask = async () => {
      const called = await callForIdeas(press.by, call, { settings, azure });
      if ("value" in called) return called.value;
      denied = called.word;
      return undefined;
    };
    const words = await askOnce({ ...placeOf(of), ask, signal: press.signal }, settings, azure);
    if (!words) return denied ?? privateWordReply(suggestions.silent);
    return words.length ? suggestionsReply(found.job.id, words) : privateWordReply(suggestions.none);
  } catch (error) {
    log.error({ error, job: of }, "other words could not be suggested");
    return sorryReply(failed.storage);
  }
}

/** The words of one suggestion, and the job whose words they stand in for. */
export async function findSuggestion(
  of: string,
  press: Suggesting,
  azure: Azure,
): Promise<{ job: Job; words: string } | Word> {
  const [, id = "", number = ""] = /^([a-z0-9-]{1,100})\/([1-9])$/.exec(of) ?? [];
  const found = await findRefused(id, press, azure);
  if ("word" in found) return found;
  try {
    const all = await readAnswer({ ...placeOf(id), signal: press.signal }, azure);
    const words = all?.[Number(number) - 1];
    return words ? { job: found.job, words } : { word: suggestions.gone };
  } catch (error) {
    log.error({ error, job: id }, "a suggestion could not be read");
    return { word: failed.storage };
  }
}

async function findRefused(id: string, press: Suggesting, azure: Azure): Promise<{ job: Job } | Word> {
  const found = await findOwnJob(id, press, azure);
  if ("sorry" in found) return { word: found.sorry };
  const isRefused = found.job.pictures.some(({ state }) => state === "refused");
  return isRefused ? found : { word: failed.goneJob };
}

function placeOf(job: string) {
  return { partition: "suggestions", name: job, answer: z.array(z.string()) };
}

/** An empty list where there are none that would pass. */
async function askModel(
  { request: { prompt, askedBy } }: Job,
  signal: AbortSignal | undefined,
  settings: Settings,
  azure: Azure,
): Promise<string[] | undefined> {
  const onPaid = paidBy(askedBy, settings, azure);
  const answer = await rewriteRefused({ words: prompt, askerHash: personOf(askedBy), signal, onPaid }, settings, azure);
  if (answer.outcome === "silent") return undefined;
  return answer.outcome === "answered" ? answer.value : [];
}
