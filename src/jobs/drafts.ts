import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import type { Azure } from "../storage/azure.ts";
import { log } from "../log.ts";
import { readBlob } from "../storage/small-blob.ts";
import { putRow, readRow, replaceRow } from "../storage/table.ts";
import type { Row } from "../storage/table.ts";
import { Address, Asker, AT_EVENT, atEvent, Parent, record, Source, StyleUsed } from "../request/request.ts";
import type { ImageRequest, Region } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import { isConflict, isOutage } from "../storage/storage-refusal.ts";

/** An edit that somebody has begun: of which picture, and where what comes of it goes. */
export const Draft = record({
  /** Unguessable: whoever has it may edit this one picture in the name of `askedBy`. */
  id: z.string().regex(/^[0-9a-f]{40}$/),
  source: Source,
  /** Where the picture's bytes are: a whole blob name, under `pictures/` or `inputs/`. */
  blob: z.string().regex(/^(pictures|inputs)\/[0-9a-f]{40}/),
  width: z.number(),
  height: z.number(),
  parent: Parent.optional(),
  /** Fit for the model that will edit. */
  options: z.record(z.string(), z.string()),
  /** The picture's own. */
  style: StyleUsed.nullish(),
  private: z.boolean(),
  askedBy: Asker,
  /** Where they may not be looked at again, rules go by what they were then. */
  atEvent: record({
    roles: z.array(z.string()).optional(),
    isDirect: z.boolean().optional(),
    isUserInstall: z.boolean().optional(),
  }).optional(),
  /** For a message of its own. */
  address: Address,
  expiresAt: z.iso.datetime(),
  /** Cells of the grid that were picked last. */
  cells: z.array(z.string()).optional(),
  /** SHA-256 of the secret that the first browser got: the link works in no other. */
  openedBy: z.string().optional(),
});
export type Draft = z.infer<typeof Draft>;

/** The id in the picture's blob name. */
export function idOfDraft({ blob }: Draft): string {
  return /\/([0-9a-f]{40})/.exec(blob)?.[1] ?? "";
}

/** The edit page's address, good for this draft alone; nothing on a bot without `PUBLIC_URL`. */
export function editLink(draft: Draft, { publicUrl }: Settings): string | undefined {
  return publicUrl && `${publicUrl}/pictures/${idOfDraft(draft)}/edit?key=${draft.id}`;
}

export async function saveDraft(
  begun: Omit<Draft, "id" | "expiresAt" | "openedBy">,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<Draft> {
  const id = randomBytes(20).toString("hex");
  const expiresAt = new Date(Date.now() + azure.times.jobs.draftMilliseconds).toISOString();
  const draft = { ...begun, atEvent: begun.atEvent ?? atEvent(begun.askedBy), id, expiresAt };
  await putRow(rowOf(draft), azure, abortSignal);
  return draft;
}

/** Nothing for what never was, or is swept away; an expired one may still be there, see `isExpired`. */
export async function readDraft(id: string, azure: Azure, abortSignal?: AbortSignal): Promise<Draft | undefined> {
  return (await readStored(id, azure, abortSignal))?.draft;
}

export function isExpired({ expiresAt }: Draft, now = Date.now()): boolean {
  return now > Date.parse(expiresAt);
}

/**
 * Binds a draft to the first browser that opens it. `secret` is what that browser keeps; false means that another one
 * has opened it.
 */
export async function openDraft(id: string, secret: string, azure: Azure, abortSignal?: AbortSignal): Promise<boolean> {
  const stored = await readStored(id, azure, abortSignal);
  if (!stored) return false;
  if (stored.draft.openedBy) return isOpenedBy(stored.draft, secret);
  try {
    await stored.replace({ ...stored.draft, openedBy: digestOf(secret) });
    return true;
  } catch (error) {
    if (!isConflict(error)) throw error;
    const present = await readDraft(id, azure, abortSignal);
    return present !== undefined && isOpenedBy(present, secret);
  }
}

/** Whether it is this browser that has opened it; false too where none has so far. */
export function isOpenedBy({ openedBy }: Draft, secret: string): boolean {
  return openedBy === digestOf(secret);
}

function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Keeps which cells were picked: a client that shows them still tells nobody again. */
export async function keepCells(draft: Draft, cells: string[], azure: Azure, abortSignal?: AbortSignal): Promise<void> {
  const stored = await readStored(draft.id, azure, abortSignal);
  await stored?.replace({ ...stored.draft, cells });
}

/** The edit as a request. `id` names it as for any request; without `region` the whole picture may change. */
export function requestOfDraft(draft: Draft, asked: { id: string; words: string; region?: Region }): ImageRequest {
  return {
    id: asked.id,
    prompt: asked.words,
    options: draft.options,
    style: draft.style,
    unknownOptions: [],
    private: draft.private,
    askedBy: Object.assign({ ...draft.askedBy }, { [AT_EVENT]: draft.atEvent }),
    address: draft.address,
    parent: draft.parent && { ...draft.parent, change: "edit" },
    sources: [draft.source],
    region: asked.region,
  };
}

/** What goes with a draft: what it was begun from, the grid over it and its masks. Whatever was sent has a copy of its own by then. */
export async function blobsOfDraft(id: string, azure: Azure): Promise<string[]> {
  const draft = await readDraft(id, azure).catch((error: unknown) => {
    if (isOutage(error)) throw error;
    log.warn({ error }, "a draft is unreadable");
    return undefined;
  });
  if (!draft) return [];
  const masks: string[] = [];
  for await (const mask of azure.container.listBlobsFlat({ prefix: `inputs/${draft.id}-mask` })) masks.push(mask.name);
  return draft.blob.startsWith("inputs/") ? [draft.blob, `pictures/${idOfDraft(draft)}-grid.jpg`, ...masks] : masks;
}

/** A draft as it was read. `replace` is a conflict where somebody has written it since. */
type Stored = { draft: Draft; replace(draft: Draft): Promise<unknown> };

const PARTITION = "drafts";

async function readStored(id: string, azure: Azure, abortSignal?: AbortSignal): Promise<Stored | undefined> {
  if (!Draft.shape.id.safeParse(id).success) return undefined;
  const row = await readRow(PARTITION, id, azure, abortSignal);
  if (!row) return readOld(id, azure, abortSignal);
  return {
    draft: Draft.parse(JSON.parse(String(row.values.draft))),
    replace: (draft) => replaceRow({ ...rowOf(draft), etag: row.etag }, azure, abortSignal),
  };
}

function rowOf(draft: Draft): Row {
  return { partition: PARTITION, name: draft.id, values: { draft: JSON.stringify(draft) } };
}

/** Until December 2026 drafts were blobs. A replica of then that runs beside this one sees what is changed in its own. */
async function readOld(id: string, azure: Azure, abortSignal?: AbortSignal): Promise<Stored | undefined> {
  const blob = azure.container.getBlockBlobClient(`drafts/${id}.json`);
  const present = await readBlob(blob, azure, abortSignal);
  if (!present) return undefined;
  return {
    draft: Draft.parse(JSON.parse(present.text)),
    async replace(draft) {
      const text = JSON.stringify(draft);
      await blob.upload(text, Buffer.byteLength(text), { conditions: { ifMatch: present.etag }, abortSignal });
    },
  };
}
