import type { OnPaid } from "../ideas-model/call-ideas-model.ts";
import { mergeClauses } from "../ideas-model/merge-clauses.ts";
import type { ModelName } from "../models.ts";
import { personOf } from "../request/request.ts";
import type { Asker } from "../request/request.ts";
import { paidBy } from "../purse/paid-ideas.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { shorten } from "../words/shorten.ts";
import { promptLimit } from "./directions.ts";
import { LONGEST_PROMPT } from "./session.ts";
import type { Session } from "./session.ts";

export type YesAnd = {
  idea: string;
  /** What others have added, the oldest first. */
  clauses: readonly string[];
  /** The one that will draw; the installation's first unless said. */
  model?: ModelName;
  by?: Asker;
  signal?: AbortSignal;
  onPaid?: OnPaid;
};

/**
 * What is drawn of an idea and the clauses that were added to it. People's own words stay as they are on the board: this is only
 * what the picture is made from. Never throws.
 */
export async function mergeYesAnd(
  { idea, clauses, model, by, ...ask }: YesAnd,
  settings: Settings,
  azure: Pick<Azure, "credential">,
): Promise<{ prompt: string; isByModel: boolean }> {
  // What was told of the price holds for whatever a model makes of it.
  const most = Math.min(promptLimit(settings, model), LONGEST_PROMPT);
  if (settings.ideas && clauses.length) {
    const asked = { idea, clauses, askerHash: by && personOf(by), ...ask };
    const merged = await mergeClauses(asked, most, settings, azure);
    if (merged) return { prompt: merged, isByModel: true };
  }
  const all = [idea, ...clauses].map((text) => text.trim().replace(/[\s.,;:]{1,20}$/, "")).filter(Boolean);
  return { prompt: shorten(all.length > 1 ? all.join(", and ") : idea.trim(), most), isByModel: false };
}

/**
 * What the ideas of its last round that were added to are drawn from, where a chat model can merge them; `before` is what would be
 * drawn without it.
 */
export async function mergedPrompts(
  { topic, options, rounds, begunBy }: Session,
  settings: Settings,
  azure: Azure,
): Promise<{ before: string; prompt: string }[]> {
  const added = (rounds.at(-1)?.ideas ?? []).filter(({ clauses }) => clauses?.length);
  if (!settings.ideas) return [];
  const signal = AbortSignal.timeout(settings.times.brainstorm.directionsLimitMilliseconds);
  return Promise.all(
    added.map(async ({ words, clauses = [], by, prompt: before }) => {
      const asked = { idea: `${topic}: ${words}`, clauses: clauses.map((clause) => clause.words), by: by[0] };
      const onPaid = paidBy(by[0] ?? begunBy, settings, azure);
      const merged = await mergeYesAnd({ ...asked, model: options.model, signal, onPaid }, settings, azure);
      return { before, prompt: merged.isByModel ? merged.prompt : before };
    }),
  );
}
