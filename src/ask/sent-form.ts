import { createHash } from "node:crypto";
import { lookAtDraft, sorryForDraft } from "./begin-edit.ts";
import { requestOfSketch } from "./begin-sketch.ts";
import { findOwnJob, findPicture, requestOfRevision, requestOfWords, sorryForClick, wordsToChange } from "./go-on.ts";
import { told } from "./press.ts";
import type { Press, Word } from "./press.ts";
import { reportPicture } from "./report.ts";
import { requestOfDraft } from "../jobs/drafts.ts";
import type { Job } from "../jobs/job.ts";
import { isAsker } from "../jobs/rights.ts";
import { checkRequest } from "../request/check.ts";
import { withoutNamedStyle } from "../request/named-style.ts";
import { readWords } from "../request/read-words.ts";
import type { ImageRequest } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { edit, failed } from "../words/sentences.ts";

/** Reads what was written into a form. `before` is what it began with. */
type Read = (before: ImageRequest) => Pick<ImageRequest, "prompt" | "options" | "unknownOptions">;

/**
 * A form of ours, sent off by whoever it may be; `of` is what the button held that brought it. One that `stays` can be sent
 * once more, so that a double click has to be told from two.
 */
export type SentForm = Pick<Press, "of" | "by" | "id" | "address" | "signal"> &
  (
    | { does: "words" | "revised"; read: Read; stays?: boolean }
    | { does: "revise"; read: Read }
    | { does: "change"; words: string; cells: string[] }
    | { does: "sketch"; words: string }
    | { does: "report"; why: string }
  );
type Sent<Does extends SentForm["does"]> = Extract<SentForm, { does: Does }>;

/** The request that a form means, if its sender is one who may; `revises` is the job whose words those are. A report means none. */
export async function doForm(
  sent: SentForm,
  settings: Settings,
  azure: Azure,
): Promise<{ draw: ImageRequest; revises?: Job } | Word> {
  switch (sent.does) {
    case "words":
    case "revised":
      return takeWords(sent, settings, azure);
    case "revise":
      return takeRevision(sent, azure);
    case "change":
      return takeChange(sent, azure);
    case "sketch":
      return takeSketch(sent, azure);
    case "report":
      return takeReport(sent, settings, azure);
  }
}

async function takeWords(
  sent: Sent<"words" | "revised">,
  settings: Settings,
  azure: Azure,
): Promise<{ draw: ImageRequest } | Word> {
  const found = await findPicture({ ...sent, ref: sent.of }, azure);
  if ("sorry" in found) return told(found);
  const { count: _count, ...options } = found.job.request.options;
  const written = sent.read({ ...found.job.request, prompt: wordsToChange(found, sent.does), options });
  const request = requestOfWords(found, { ...sent, ...written, words: written.prompt });
  // What is wrong is said again at each press; what is right is drawn once.
  if (sent.stays && "order" in checkRequest(withoutNamedStyle(request), settings)) {
    const digest = createHash("sha256").update(JSON.stringify(written)).digest("hex");
    const again = await sorryForClick(`words/${sent.of}/${digest}`, sent, azure);
    if (again) return told(again);
  }
  return { draw: request };
}

async function takeRevision(sent: Sent<"revise">, azure: Azure): Promise<{ draw: ImageRequest; revises: Job } | Word> {
  const found = await findOwnJob(sent.of, sent, azure);
  if ("sorry" in found) return told(found);
  const { job } = found;
  const written = sent.read(job.request);
  return { draw: requestOfRevision(job, { ...sent, ...written, words: written.prompt }), revises: job };
}

async function takeChange(sent: Sent<"change">, azure: Azure): Promise<{ draw: ImageRequest } | Word> {
  const { of, by, id, address, words, cells, signal } = sent;
  const draft = await lookAtDraft(of, azure, signal);
  if (draft === "gone") return { word: edit.expired };
  if (draft === "unseen") return { word: failed.storage };
  if (!isAsker(draft, by)) return { word: failed.notYours };
  const deleted = await sorryForDraft(draft, by, azure, signal);
  if (deleted) return { word: deleted };
  const region = cells.length ? { cells } : undefined;
  const { prompt, options, unknownOptions } = readWords(words);
  const request = requestOfDraft(draft, { id, words: prompt, region });
  return { draw: { ...request, options: { ...request.options, ...options }, unknownOptions, askedBy: by, address } };
}

async function takeSketch(sent: Sent<"sketch">, azure: Azure): Promise<{ draw: ImageRequest } | Word> {
  const typed = readWords(sent.words);
  const found = await requestOfSketch({ ...sent, words: typed.prompt }, azure);
  if ("word" in found) return found;
  const { draw } = found;
  return { draw: { ...draw, options: { ...draw.options, ...typed.options }, unknownOptions: typed.unknownOptions } };
}

async function takeReport(sent: Sent<"report">, settings: Settings, azure: Azure): Promise<Word> {
  const reported = await reportPicture({ ...sent, ref: sent.of }, settings, azure);
  return "said" in reported ? { word: reported.said } : told(reported);
}
