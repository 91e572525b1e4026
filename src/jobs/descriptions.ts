import type { Azure } from "../storage/azure.ts";
import { readRows, removeRow } from "../storage/table.ts";

/** What a model saw in pictures, by the picture's id and the language: `<id>-en`. */
export const DESCRIPTIONS = "descriptions";

/** A picture is told in few languages. */
const MOST_LANGUAGES = 20;

/** What is said of a picture goes with it. */
export async function forgetDescriptions(picture: string, azure: Azure, abortSignal?: AbortSignal): Promise<void> {
  const rows = await readRows(DESCRIPTIONS, { count: MOST_LANGUAGES, after: `${picture}-` }, azure, abortSignal);
  for (const row of rows) if (row.name.startsWith(`${picture}-`)) await removeRow(row, azure, abortSignal);
}
