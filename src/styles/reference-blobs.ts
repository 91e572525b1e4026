import type { Asker } from "../request/request.ts";
import type { Azure } from "../storage/azure.ts";
import { readRow } from "../storage/table.ts";
import { bookOf, rowOfStyle } from "./style-book.ts";

/** A picture that was sent along for a style, under `inputs/`: its name says of which. `mark` differs with each picture. */
export function referenceName(by: Asker, key: string, mark: string): string {
  return `${bookOf(by).replace(/^styles-/, "style-")}-${key}-${mark}-reference.jpg`;
}

export const REFERENCE_BLOB = /^inputs\/style-([0-9a-f]{32})-([0-9a-f]{32})-[0-9a-f]{32}-reference\.jpg$/;

/** For the sweep: what no version of its style has goes, as after a process that died before it saved. */
export async function isOfStyle(blob: string, azure: Azure): Promise<string[] | "needed"> {
  const [, book = "", key = ""] = REFERENCE_BLOB.exec(blob) ?? [];
  const row = await readRow(`styles-${book}`, rowOfStyle(key), azure);
  const name = blob.slice("inputs/".length);
  return Object.values(row?.values ?? {}).some((value) => String(value).includes(name)) ? "needed" : [];
}
