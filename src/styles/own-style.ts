import { z } from "zod";
import { record } from "../request/request.ts";
import type { Asker, StyleUsed } from "../request/request.ts";
import type { Azure } from "../storage/azure.ts";
import { putRow, readRow, removeRow } from "../storage/table.ts";
import { bookOf, digestOf, readStyle } from "./style-book.ts";
import type { Style } from "./style-book.ts";

/** The style that goes into every request of a channel: which one, and who said so. */
const OwnStyle = record({ name: z.string(), by: z.string(), at: z.string() });
export type OwnStyle = z.infer<typeof OwnStyle>;

type Known = { at: number; reading: Promise<OwnStyle | undefined> };

/** What this process has read of late, by channel: a place without a style of its own costs its requests no call. */
const known = new WeakMap<Azure, Map<string, Known>>();
const MOST_KNOWN = 10_000;

/** Makes a style the channel's own. Whoever says so last is right. */
export async function useStyle({ name }: Style, by: Asker, azure: Azure, abortSignal?: AbortSignal): Promise<void> {
  const own = { name, by: by.name, at: new Date().toISOString() };
  await putRow({ ...rowOf(by), values: own }, azure, abortSignal);
  remember(by, Promise.resolve(own), azure);
}

/** The channel draws without one from then on. */
export async function useNoStyle(by: Asker, azure: Azure, abortSignal?: AbortSignal): Promise<void> {
  await removeRow(rowOf(by), azure, abortSignal);
  remember(by, Promise.resolve(undefined), azure);
}

/** The channel's own style as it is now. Another replica may have heard of another one some seconds ago. */
export async function ownStyleOf(by: Asker, azure: Azure, abortSignal?: AbortSignal): Promise<StyleUsed | undefined> {
  const own = await nameOfOwn(by, azure);
  // One that was dropped is nobody's any more.
  return own && readStyle(own.name, by, azure, abortSignal);
}

/** Several may wait for one reading, so that nobody's own patience ends it. */
export async function nameOfOwn(by: Asker, azure: Azure): Promise<OwnStyle | undefined> {
  const present = known.get(azure)?.get(keyOf(by));
  if (present && performance.now() - present.at < azure.times.styles.knownMilliseconds) return present.reading;
  const reading = readOwn(by, azure);
  remember(by, reading, azure);
  reading.catch(() => known.get(azure)?.delete(keyOf(by)));
  return reading;
}

async function readOwn(by: Asker, azure: Azure): Promise<OwnStyle | undefined> {
  const { partition, name } = rowOf(by);
  const abortSignal = AbortSignal.timeout(azure.times.styles.ownLimitMilliseconds);
  const row = await readRow(partition, name, azure, abortSignal);
  return row && OwnStyle.parse(row.values);
}

function remember(by: Asker, reading: Promise<OwnStyle | undefined>, azure: Azure): void {
  const channels = known.get(azure) ?? new Map<string, Known>();
  known.set(azure, channels);
  channels.delete(keyOf(by));
  channels.set(keyOf(by), { at: performance.now(), reading });
  const [oldest] = channels.keys();
  if (channels.size > MOST_KNOWN && oldest !== undefined) channels.delete(oldest);
}

function rowOf(by: Asker): { partition: string; name: string } {
  return { partition: bookOf(by), name: `channel-${digestOf([by.channel])}` };
}

function keyOf(by: Asker): string {
  const { partition, name } = rowOf(by);
  return `${partition}/${name}`;
}
