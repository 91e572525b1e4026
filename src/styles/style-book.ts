import { createHash } from "node:crypto";
import { z } from "zod";
import { Asker, record, Source } from "../request/request.ts";
import type { StyleUsed } from "../request/request.ts";
import type { Azure } from "../storage/azure.ts";
import { isConflict, isMissing } from "../storage/storage-refusal.ts";
import { addRow, readRow, readRows, removeRow, replaceRow } from "../storage/table.ts";
import type { StoredRow } from "../storage/table.ts";
import { keyOfStyle } from "./style-name.ts";

/** Our own bounds: a list is read whole, and a style is one row. */
export const MOST_STYLES = 50;
export const MOST_VERSIONS = 20;
export const MOST_REFERENCES = 4;
export const LONGEST_STYLE_WORDS = 1000;

const Colour = record({ hex: z.string(), name: z.string() });

const Version = record({
  version: z.number(),
  words: z.string(),
  palette: z.array(Colour),
  references: z.array(Source),
  by: Asker,
  at: z.iso.datetime(),
  /** What it was saved by: the same once more is the same version. */
  event: z.string(),
});
export type StyleVersion = z.infer<typeof Version>;

/** A style with its versions, the newest first. Whoever saved the first one owns it. */
export type Style = { key: string; name: string; owner: Asker; versions: [StyleVersion, ...StyleVersion[]] };

/** What a new version changes; the rest is as before. New pictures stand first, and the oldest give way. */
export type StyleChange = Pick<StyleVersion, "references" | "by" | "at" | "event"> &
  Partial<Pick<StyleVersion, "words" | "palette">>;

export type Saving =
  /** `leftOut`: pictures that had no room. `gone`: what no version has any more, perhaps. */
  | { saved: Style; isNew: boolean; leftOut: Source[]; gone: Source[] }
  | { refused: "too many styles" }
  /** Somebody else's. */
  | { refused: "not yours"; owner: Asker };

const MOST_TRIES = 10;

/** Saves a style under a name, as its next version where there is one already. Of two at once each is a version. */
export async function saveStyle(
  name: string,
  change: StyleChange,
  mayChange: (owner: Asker) => boolean,
  { azure, abortSignal }: { azure: Azure; abortSignal?: AbortSignal },
): Promise<Saving> {
  const partition = bookOf(change.by);
  const key = keyOfStyle(name);
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const row = await readRow(partition, rowOfStyle(key), azure, abortSignal);
    const before = row && styleIn(row);
    const again = before?.versions.find(({ event }) => event === change.event);
    if (before && again) return { saved: before, isNew: again.version === 1, leftOut: [], gone: [] };
    if (before && !mayChange(before.owner)) return { refused: "not yours", owner: before.owner };
    if (!before && (await listStyles(change.by, azure, abortSignal)).length >= MOST_STYLES)
      return { refused: "too many styles" };
    const { style, leftOut, gone } = withVersion(before ?? { key, name, owner: change.by, versions: [] }, change);
    const written = { partition, name: rowOfStyle(key), values: valuesOf(style) };
    try {
      await (row
        ? replaceRow({ ...written, etag: row.etag }, azure, abortSignal)
        : addRow(written, azure, abortSignal));
      return { saved: style, isNew: !before, leftOut, gone };
    } catch (error) {
      // Somebody else was quicker, or our own first try was, whose answer was lost.
      if (!isConflict(error) && !isMissing(error)) throw error;
    }
  }
  throw new Error("a style is written by others all the time");
}

function withVersion(
  before: Omit<Style, "versions"> & { versions: StyleVersion[] },
  { references: added, words, palette, ...change }: StyleChange,
): { style: Style; leftOut: Source[]; gone: Source[] } {
  const [last] = before.versions;
  const references = [...added, ...(last?.references ?? [])];
  const version: StyleVersion = {
    version: (last?.version ?? 0) + 1,
    ...change,
    words: words ?? last?.words ?? "",
    palette: palette ?? last?.palette ?? [],
    references: references.slice(0, MOST_REFERENCES),
  };
  const older = before.versions.slice(0, MOST_VERSIONS - 1);
  const leftOut = references.slice(MOST_REFERENCES);
  const gone = before.versions.slice(MOST_VERSIONS - 1).flatMap((one) => one.references);
  return { style: { ...before, versions: [version, ...older] }, leftOut, gone: [...leftOut, ...gone] };
}

export async function findStyle(
  name: string,
  by: Asker,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<Style | undefined> {
  const row = await readRow(bookOf(by), rowOfStyle(keyOfStyle(name)), azure, abortSignal);
  return row && styleIn(row);
}

/** The newest version of a style, fit for a request; nothing where there is no style of that name in that place. */
export async function readStyle(
  name: string,
  by: Asker,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<StyleUsed | undefined> {
  const style = await findStyle(name, by, azure, abortSignal);
  return style && usedOf(style);
}

export function usedOf({ name, versions: [{ version, words, palette, references }] }: Style): StyleUsed {
  return { name, version, words, palette: palette.map((colour) => colour.name), references };
}

/** All styles of a place, by their names. */
export async function listStyles(by: Asker, azure: Azure, abortSignal?: AbortSignal): Promise<Style[]> {
  const rows = await readRows(bookOf(by), { count: 2 * MOST_STYLES, after: STYLE }, azure, abortSignal);
  return rows.map(styleIn).toSorted((one, other) => one.name.localeCompare(other.name));
}

/** Takes a style away with all its versions. False: it is somebody else's. What it was used for stays as it is. */
export async function dropStyle(
  style: Style,
  { by, mayChange }: { by: Asker; mayChange: (owner: Asker) => boolean },
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<Style | "gone" | "not yours"> {
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    const row = await readRow(bookOf(by), rowOfStyle(style.key), azure, abortSignal);
    if (!row) return "gone";
    const present = styleIn(row);
    if (!mayChange(present.owner)) return "not yours";
    try {
      await removeRow(row, azure, abortSignal);
      return present;
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
  throw new Error("a style is written by others all the time");
}

/** Styles belong to a server or a tenant; a direct chat has its own. */
export function bookOf({ platform, workspace, channel }: Asker): string {
  const place = workspace ? ["workspace", workspace] : ["channel", channel];
  return `styles-${digestOf([platform, ...place])}`;
}

const STYLE = "style-";

export function rowOfStyle(key: string): string {
  return `${STYLE}${key}`;
}

export function digestOf(parts: string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/** One row, each version a value of its own: none is half written, and a value holds 32,000 characters at most. */
function valuesOf({ name, owner, versions }: Style): StoredRow["values"] {
  const each = versions.map((version) => [`version${version.version}`, JSON.stringify(version)]);
  return { name, owner: JSON.stringify(owner), ...Object.fromEntries(each) };
}

function styleIn({ name: row, values }: StoredRow): Style {
  const [newest, ...older] = Object.entries(values)
    .filter(([name]) => /^version\d+$/.test(name))
    .map(([, value]) => Version.parse(JSON.parse(String(value))))
    .toSorted((one, other) => other.version - one.version);
  if (!newest) throw new Error("a style has no version");
  const owner = Asker.parse(JSON.parse(String(values.owner)));
  return { key: row.slice(STYLE.length), name: String(values.name), owner, versions: [newest, ...older] };
}
