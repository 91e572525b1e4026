import { isFinished } from "../../src/jobs/job.ts";
import type { Job } from "../../src/jobs/job.ts";
import { callsOf, entryOfValues, modelOf } from "../../src/purse/entry.ts";
import { LEDGER } from "../../src/purse/ledger-rows.ts";
import { heldIn, keyOfScope, scopesOf, workspaceOf } from "../../src/purse/payer.ts";
import type { Payer, Scope } from "../../src/purse/payer.ts";
import { paidCallsOf } from "../../src/purse/spent.ts";
import type { Azure } from "../../src/storage/azure.ts";
import { readRows } from "../../src/storage/table.ts";

type Five = [number, number, number, number, number];

/** What is wrong in the ledger: sums that are not those of its entries and holds, and jobs that are not counted as they are, or twice. */
export async function ledgerFaults(azure: Azure, jobs: Job[] = []): Promise<string[]> {
  const rows = await readRows(LEDGER, { count: 100_000 }, azure);
  const should = new Map<string, Five>();
  const add = (scope: Scope, { within, day, more }: { within?: Scope; day: string; more: Five }) => {
    const key = `${day.slice(0, 7)}.${within ? keyOfScope(within) : "all"}.${keyOfScope(scope)} ${day.slice(8)}`;
    should.set(key, (should.get(key) ?? [0, 0, 0, 0, 0]).map((amount, index) => amount + (more[index] ?? 0)) as Five);
  };
  for (const { name, values } of rows) {
    if (name.startsWith("e.")) {
      const entry = entryOfValues(values);
      const { payer, day, micros, pictures } = entry;
      const more: Five = [micros, pictures, callsOf(entry), 0, 0];
      const all: Scope[] = [...scopesOf(payer), { kind: "model", model: modelOf(entry) }];
      const within = workspaceOf(payer);
      for (const scope of all) add(scope, { day, more });
      for (const scope of within ? all.filter(({ kind }) => kind !== "bot" && kind !== "workspace") : [])
        add(scope, { within, day, more });
    }
    if (name.startsWith("o."))
      for (const { scope, within } of heldIn(values as unknown as Payer))
        add(scope, {
          within,
          day: String(values.day),
          more: [0, 0, 0, Number(values.micros), Number(values.pictures)],
        });
  }
  const is = new Map<string, Five>();
  for (const { name, values } of rows.filter((row) => row.name.startsWith("s.")))
    for (const [day, amounts] of Object.entries(JSON.parse(String(values.days)) as Record<string, Five>))
      is.set(`${name.slice(2)} ${day}`, amounts);
  const keys = [...new Set([...should.keys(), ...is.keys()])];
  const wrong = keys.filter((key) => JSON.stringify(should.get(key)) !== JSON.stringify(is.get(key)));
  const names = rows.map(({ name }) => name);
  return [
    ...wrong.map((key) => `the sum ${key} is ${String(is.get(key))}, and should be ${String(should.get(key))}`),
    ...jobs.flatMap((job) => {
      const entries = names.filter((name) => name.startsWith("e.") && name.includes(`.${job.id}.`));
      const paid = isFinished(job) ? paidCallsOf(job).length : entries.length;
      return entries.length === paid ? [] : [`${entries.length} entries for the ${paid} paid pictures of ${job.id}`];
    }),
    ...jobs.filter(({ id }) => names.includes(`o.${id}`)).map(({ id }) => `money is still set aside for ${id}`),
  ];
}
