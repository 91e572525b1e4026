import { editorFor, findPicture, optionsForEdit, parentOf } from "./go-on.ts";
import { told } from "./press.ts";
import type { Word } from "./press.ts";
import { readHistory } from "../jobs/history.ts";
import { staysPrivate } from "../jobs/rights.ts";
import { log } from "../log.ts";
import { editorsOf, modelNamed } from "../request/check.ts";
import { textOfRef } from "../request/request.ts";
import type { Address, Asker, ImageRequest } from "../request/request.ts";
import type { AskedPicture } from "../request/read-words.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import type { Said } from "../words/said.ts";
import { edit, failed } from "../words/sentences.ts";

/** How far back in somebody's history a picture of this chat is looked for. */
const PAGES = 3;
const PAGE = 20;

/** `private`: what comes of it is for its asker alone, too. */
export type LastPicture = { ref: string; words: string; private: boolean };

/** Somebody's newest picture in the chat where they are now, for a change; or why there is none. Never throws for storage. */
export async function lastPictureOf(
  by: Asker,
  settings: Settings,
  azure: Azure,
  signal?: AbortSignal,
): Promise<LastPicture | { none: Said }> {
  if (!editorsOf(settings).length) return { none: failed.noEditing };
  try {
    for (let page = 0; page < PAGES; page += 1) {
      const read = await readHistory(by, { page, size: PAGE }, azure, signal);
      const here = read.members.find(({ job: { request } }) => isInChat(request.askedBy, by));
      if (here) return { ref: textOfRef(here.ref), words: here.job.request.prompt, private: here.job.request.private };
      if (!read.hasMore) break;
    }
    return { none: edit.noneHere };
  } catch (error) {
    log.error({ error }, "the last picture could not be looked for");
    return { none: failed.storage };
  }
}

function isInChat(askedBy: Asker, by: Asker): boolean {
  return askedBy.channel === by.channel && askedBy.workspace === by.workspace;
}

export type Change = AskedPicture & {
  ref: string;
  by: Asker;
  id: string;
  address: Address;
  private: boolean;
  signal?: AbortSignal;
};

/** The request that a change of a whole picture means, by whoever may go on from it. Options that were typed come before the picture's own. */
export async function requestToChange(
  change: Change,
  settings: Settings,
  azure: Azure,
): Promise<{ draw: ImageRequest } | Word> {
  const found = await findPicture(change, azure);
  if ("sorry" in found) return told(found);
  const { job, ref } = found;
  const named = modelNamed(change.options.model, settings);
  const model = editorsOf(settings).find(({ name }) => name === named)?.name ?? editorFor(job, settings);
  if (!model) return { word: failed.noEditing };
  const { id, by, address, prompt, options, unknownOptions } = change;
  return {
    draw: {
      id,
      prompt,
      options: { ...optionsForEdit(job, model), ...options },
      unknownOptions,
      private: change.private || staysPrivate(job, by),
      askedBy: by,
      address,
      parent: { ...parentOf(found, by), change: "edit" },
      style: job.request.style,
      sources: [{ from: "drawn", picture: ref }],
    },
  };
}

/** The same of the newest picture in this chat. */
export async function requestToChangeLast(
  change: Omit<Change, "ref">,
  settings: Settings,
  azure: Azure,
): Promise<{ draw: ImageRequest } | Word> {
  const last = await lastPictureOf(change.by, settings, azure, change.signal);
  return "none" in last ? { word: last.none } : requestToChange({ ...change, ref: last.ref }, settings, azure);
}
