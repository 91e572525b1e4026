import type { Asker } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { bindingsOn } from "./bindings.ts";
import type { Binding } from "./bindings.ts";
import type { Amount } from "./denial.ts";
import { leftOf, usesOf } from "./judge.ts";
import { refillsAt } from "./periods.ts";
import { refreshedRules } from "./rule-book.ts";
import { readSum } from "./sums.ts";
import type { Sum } from "./sums.ts";

/** A budget that binds somebody, what is spent of it and set aside, and what is left. */
export type BudgetOn = { binding: Binding; sum: Sum; left: Amount; /** An ISO time. */ refillsAt: string };

/** Every budget that binds somebody where they are, by which `admit` judges; their own limits among them. */
export async function budgetsOn(
  asker: Asker,
  at: Date,
  { settings, azure, signal }: { settings: Settings; azure: Azure; signal?: AbortSignal },
): Promise<BudgetOn[]> {
  const bindings = bindingsOn(asker, await refreshedRules(settings, azure, signal), at);
  return Promise.all(
    bindings.map(async (binding) => {
      const { scope, period, within } = binding;
      const sum = await readSum(scope, { period, at, within }, azure, signal);
      const refills = refillsAt(period, at, azure.timeZone).toISOString();
      return { binding, sum, left: leftOf(binding, usesOf(binding, sum)), refillsAt: refills };
    }),
  );
}
