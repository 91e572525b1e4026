import { randomBytes } from "node:crypto";
import { z } from "zod";
import { Asker } from "../request/request.ts";
import type { Azure } from "../storage/azure.ts";
import { isConflict, isMissing } from "../storage/storage-refusal.ts";
import { addRow, putRow, readRow, readRows, removeRow, replaceRow } from "../storage/table.ts";
import type { StoredRow } from "../storage/table.ts";
import { personBehind } from "./person.ts";

/** What somebody has asked for about what is kept of them: a row each, until it is done. */
const PARTITION = "privacy";
const MOST_AT_ONCE = 200;

const Values = z.looseObject({
  by: z.string().transform((text) => Asker.parse(JSON.parse(text))),
  at: z.iso.datetime(),
  /** Until then one process is at it. */
  holdUntil: z.string().default(""),
  /** Of a copy that is made: the id of its file, its bytes, and until when it is there. */
  copy: z.string().optional(),
  bytes: z.number().optional(),
  until: z.string().optional(),
  /** How often in a row it broke off. */
  breaks: z.number().default(0),
});
type Values = z.infer<typeof Values>;

export type Kind = "show" | "forget";
export type Asked = Values & { kind: Kind; row: StoredRow };

const nameOf = (kind: Kind, by: Asker) => `${personBehind(by).person}-${kind}`;

function askedIn(row: StoredRow): Asked {
  const kind = row.name.endsWith("-show") ? "show" : "forget";
  return { ...Values.parse(row.values), kind, row };
}

/** Notes what somebody asks for of their own, and rings whoever does it. Once more changes nothing while it is not done. */
export async function ask(kind: Kind, by: Asker, azure: Azure, abortSignal?: AbortSignal): Promise<void> {
  const key = { partition: PARTITION, name: nameOf(kind, by) };
  const row = { ...key, values: { by: JSON.stringify(by), at: new Date().toISOString() } };
  try {
    await addRow(row, azure, abortSignal);
  } catch (error) {
    if (!isConflict(error)) throw error;
    // A copy of some days ago is made anew.
    const present = await readRow(key.partition, key.name, azure, abortSignal);
    if (present?.values.copy !== undefined) await putRow(row, azure, abortSignal);
  }
  azure.bell.dispatchEvent(new Event("privacy"));
}

/** How far it is; nothing where nothing is asked for, or a copy is there no more. */
export async function askedBy(
  by: Asker,
  kind: Kind,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<Asked | undefined> {
  const asked = await readAsked(by, kind, azure, abortSignal);
  return asked?.until !== undefined && asked.until < new Date().toISOString() ? undefined : asked;
}

async function readAsked(by: Asker, kind: Kind, azure: Azure, abortSignal?: AbortSignal): Promise<Asked | undefined> {
  const row = await readRow(PARTITION, nameOf(kind, by), azure, abortSignal);
  return row && askedIn(row);
}

/** What they asked for goes as well, with the copy that came of it. */
export async function forgetAsked(by: Asker, azure: Azure, abortSignal: AbortSignal): Promise<void> {
  const shown = await readAsked(by, "show", azure, abortSignal);
  if (shown?.copy) await copyBlob(shown.copy, azure).deleteIfExists({ abortSignal });
  if (shown) await done(shown, azure, abortSignal);
}

/** All that is kept of somebody, for whoever has its address. */
export function copyBlob(id: string, azure: Azure) {
  return azure.pictures.getBlockBlobClient(`copies/${id}.zip`);
}

/** What is not done, and what no other process is at. */
export async function toDo(azure: Azure, abortSignal: AbortSignal): Promise<Asked[]> {
  const rows = await readRows(PARTITION, { count: MOST_AT_ONCE }, azure, abortSignal);
  const now = new Date().toISOString();
  return rows.map(askedIn).filter(({ copy, holdUntil }) => copy === undefined && holdUntil < now);
}

/** Written over, unless another process has it by now: then nothing. */
export async function change(
  asked: Asked,
  values: Partial<Pick<Values, "holdUntil" | "copy" | "bytes" | "until" | "breaks">>,
  azure: Azure,
  abortSignal: AbortSignal,
): Promise<Asked | undefined> {
  const row = { ...asked.row, values: { ...asked.row.values, ...values } };
  try {
    const etag = await replaceRow(row, azure, abortSignal);
    return askedIn({ ...row, etag });
  } catch (error) {
    if (isConflict(error) || isMissing(error)) return undefined;
    throw error;
  }
}

export async function done({ row }: Asked, azure: Azure, abortSignal: AbortSignal): Promise<void> {
  await removeRow({ partition: row.partition, name: row.name }, azure, abortSignal);
}

/** Nobody guesses it: whoever has it may read what it names. */
export function newCopyId(): string {
  return randomBytes(20).toString("hex");
}
