/**
 * With entries in the ledger of fifty people over thirty days: what it takes to set money aside, to settle a job and to read sums, as
 * JSON in milliseconds. First it writes so many entries; with none it measures at once.
 */
import { log } from "../src/log.ts";
import { reserve, settleJob } from "../src/purse/ledger.ts";
import { payerOf } from "../src/purse/payer.ts";
import { listSums, readDays, readSum } from "../src/purse/sums.ts";
import { readSettings } from "../src/settings.ts";
import { connectAzure, prepareStorage } from "../src/storage/azure.ts";

const { ENTRIES, TIMES, RUN } = process.env;
const PEOPLE = 50;
const DAYS = 30;
log.level = "silent";
const settings = readSettings(process.env, []);
const azure = connectAzure(settings);
await prepareStorage(azure, AbortSignal.timeout(60_000));

const usage = { textIn: 50, pictureIn: 0, cachedTextIn: 0, cachedPictureIn: 0, textOut: 0, pictureOut: 1372 };
const order = { model: "gpt-image-2", size: "1536x1024", quality: "medium", count: 1, prompt: "a boat" } as const;
const asker = (number: number) => {
  const user = String(number % PEOPLE);
  return { platform: "bench", workspace: "1", channel: String(number % 5), user, name: user };
};
const jobOf = (number: number, at: Date) => ({
  id: `bench-${number}`,
  acceptedAt: at.toISOString(),
  order,
  request: { askedBy: asker(number) },
  pictures: [{ state: "kept", lostCalls: 0, kept: { usage } }],
});
const dayOf = (number: number) => new Date(Date.UTC(2026, 10, 1 + (number % DAYS), 12));

for (let from = 0; from < Number(ENTRIES); from += 500)
  await Promise.all(
    Array.from({ length: Math.min(500, Number(ENTRIES) - from) }, (_, index) =>
      settleJob(jobOf(from + index, dayOf(from + index)), settings, azure),
    ),
  );
if (Number(ENTRIES)) {
  console.log("seeded");
  process.exit();
}

const took: Record<string, number[]> = { reserve: [], settle: [], sum: [], days: [], list: [] };
async function time(what: string, work: () => Promise<unknown>): Promise<void> {
  const began = performance.now();
  await work();
  took[what]?.push(performance.now() - began);
}
const at = dayOf(29);
const bot = { kind: "bot" } as const;
const month = { period: "month", at } as const;
for (let turn = 0; turn < Number(TIMES); turn += 1) {
  const number = turn;
  const job = { ...jobOf(number, at), id: `bench-${RUN}-${number}` };
  const payer = payerOf(asker(number));
  const hold = { job: job.id, payer, model: order.model, pictures: 1, dollars: 0.05, at };
  const needs = [{ scope: bot, period: "month" as const }];
  await time("reserve", () =>
    reserve(hold, { needs, judge: (sum) => sum(bot, "month").calls < 0 || undefined }, azure),
  );
  await time("settle", () => settleJob(job, settings, azure));
  await time("sum", () => readSum({ kind: "person", person: payer.person }, month, azure));
  await time("days", () => readDays(bot, { from: "2026-11-01", to: "2026-11-30" }, azure));
  await time("list", () => listSums("person", month, azure));
}
console.log(JSON.stringify({ took }));
process.exit();
