import { mergeClauses } from "../ideas-model/merge-clauses.ts";
import type { ModelName } from "../models.ts";
import { personOf } from "../request/request.ts";
import type { Asker } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { shorten } from "../words/shorten.ts";
import { promptLimit } from "./directions.ts";

export type YesAnd = {
  idea: string;
  /** What others have added, the oldest first. */
  clauses: readonly string[];
  /** The one that will draw; the installation's first unless said. */
  model?: ModelName;
  by?: Asker;
  signal?: AbortSignal;
};

/**
 * What is drawn of an idea and the clauses that were added to it. People's own words stay as they are on the board: this is only
 * what the picture is made from. Never throws.
 */
export async function mergeYesAnd(
  { idea, clauses, model, by, signal }: YesAnd,
  settings: Settings,
  azure: Pick<Azure, "credential">,
): Promise<{ prompt: string; isByModel: boolean }> {
  const most = promptLimit(settings, model);
  if (settings.ideas && clauses.length) {
    const merged = await mergeClauses({ idea, clauses, askerHash: by && personOf(by), signal }, most, settings, azure);
    if (merged) return { prompt: merged, isByModel: true };
  }
  const all = [idea, ...clauses].map((text) => text.trim().replace(/[\s.,;:]{1,20}$/, "")).filter(Boolean);
  return { prompt: shorten(all.length > 1 ? all.join(", and ") : idea.trim(), most), isByModel: false };
}
