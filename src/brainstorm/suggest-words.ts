import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { askOnce, readAnswer } from "../ask/ask-once.ts";
import { callForIdeas } from "../ask/ask-rules.ts";
import { rewriteRefused } from "../ideas-model/rewrite-refused.ts";
import { becauseOf, log } from "../log.ts";
import { paidBy } from "../purse/paid-ideas.ts";
import { personOf } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import type { Idea } from "./session.ts";

/**
 * Other words for a refused idea, where a chat model is set up: asked for once. A form cannot wait for long, so whoever is too
 * quick gets one without them, and with them when they open it again.
 */
export async function suggestionsFor(idea: Idea, settings: Settings, azure: Azure): Promise<string[]> {
  const { job, words, by } = idea;
  const [author] = by;
  if (!settings.ideas || job === undefined) return [];
  const ask = async () => {
    const asked = { words, askerHash: author && personOf(author), onPaid: author && paidBy(author, settings, azure) };
    const call = () => rewriteRefused(asked, settings, azure);
    const called = author ? await callForIdeas(author, call, { settings, azure }) : { value: await call() };
    if ("word" in called) return undefined;
    const answer = called.value;
    if (answer.outcome === "silent") return undefined;
    return answer.outcome === "answered" ? answer.value : [];
  };
  const asked = askOnce({ ...placeOf(job), ask }, settings, azure).catch((error: unknown) => {
    log.warn({ because: becauseOf(error), job }, "other words for an idea could not be suggested");
    return undefined;
  });
  const { suggestionsMilliseconds } = settings.times.brainstorm;
  return (await Promise.race([asked, pause(suggestionsMilliseconds)])) ?? [];
}

/** The words of one of them, as the form named it. */
export async function suggestionOf(
  { job }: Idea,
  number: string,
  azure: Azure,
  signal?: AbortSignal,
): Promise<string | undefined> {
  if (job === undefined) return undefined;
  return (await readAnswer({ ...placeOf(job), signal }, azure))?.[Number(number) - 1];
}

function placeOf(job: string) {
  return { partition: "suggestions", name: `idea-${job}`, answer: z.array(z.string()) };
}
