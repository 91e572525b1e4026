import { randomBytes } from "node:crypto";
import type { ModelName } from "../models.ts";
import type { Asker } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { putRow, readRows, removeRow } from "../storage/table.ts";
import type { Row } from "../storage/table.ts";
import { addEverywhere, callsOf, entryOf, entryRow, modelOf, valuesOfEntry } from "./entry.ts";
import type { Entry } from "./entry.ts";
import type { PaidIdeas } from "./ideas-prices.ts";
import { changeRows, LEDGER } from "./ledger-rows.ts";
import type { Rows } from "./ledger-rows.ts";
import { heldIn, payerOfRequest } from "./payer.ts";
import type { Payer, Scope, Workspace } from "./payer.ts";
import { dayIn, daysOf, monthsOf } from "./periods.ts";
import type { Period } from "./periods.ts";
import { paidCallsOf } from "./spent.ts";
import type { SpentJob } from "./spent.ts";
import { addToSum, MICROS, microsOf, sumIn } from "./sums.ts";
import type { Sum } from "./sums.ts";

/** Money that is set aside for a job under way: the most that it may come to. `at`: when it was accepted. */
export type Hold = { job: string; payer: Payer; model: ModelName; pictures: number; dollars: number; at: Date };

/** `within`: only what was spent in that workspace, for a person alone. */
export type Need = { scope: Scope; period: Period; within?: Workspace };

export type Judge<Denial> = (sumOf: (scope: Scope, period: Period, within?: Workspace) => Sum) => Denial | undefined;

/**
 * Reads the sums that `judge` needs, asks it, and sets the money aside in the same transaction: again where somebody else has
 * written meanwhile, so `judge` has to decide by what it is given alone. "known": something is set aside for this job already.
 */
export function reserve<Denial>(
  hold: Hold,
  { needs, judge }: { needs: Need[]; judge: Judge<Denial> },
  azure: Azure,
  signal?: AbortSignal,
): Promise<{ outcome: "held" | "known" } | { outcome: "denied"; denial: Denial }> {
  const mark = randomBytes(8).toString("hex");
  const day = dayIn(azure.timeZone, hold.at);
  const name = holdRow(hold.job);
  type Outcome = Awaited<ReturnType<typeof reserve<Denial>>>;
  const apply = (rows: Rows): Outcome => {
    const present = rows.read(name);
    // The transaction may have landed, and its answer been lost.
    if (present) return { outcome: present.mark === mark ? "held" : "known" };
    const denial = judge((scope, period, within) => sumIn({ scope, period, within }, day, rows));
    if (denial !== undefined) return { outcome: "denied", denial };
    // What was judged by is written too: so nobody else has written it.
    for (const { scope, period, within } of needs)
      for (const month of monthsOf(daysOf(period, day))) addToSum({ scope, day: `${month}-01`, within }, {}, rows);
    const held = { heldMicros: microsOf(hold.dollars), heldPictures: hold.pictures };
    for (const sum of heldIn(hold.payer)) addToSum({ ...sum, day }, held, rows);
    rows.write(name, valuesOfHold({ ...hold, day, micros: held.heldMicros }, mark));
    return { outcome: "held" };
  };
  return changeRows({ apply, likelyNew: [name], signal }, azure);
}

/** What of a job's record its entries are made from. */
export type SettledJob = SpentJob & {
  id: string;
  acceptedAt: string;
  request: { askedBy: Asker; brainstorm?: { paidBy?: Asker } };
};

/**
 * Turns what is set aside for a job whose pictures are settled into entries, and gives back what was not spent: says what it came to.
 * Twice is once, and a job for which nothing was set aside is counted too. What cost nothing leaves no entry.
 */
export async function settleJob(
  job: SettledJob,
  { prices }: Pick<Settings, "prices">,
  azure: Azure,
  signal?: AbortSignal,
): Promise<Settled> {
  const acceptedAt = new Date(job.acceptedAt);
  const day = dayIn(azure.timeZone, acceptedAt);
  const facts = { payer: payerOfRequest(job.request), at: job.acceptedAt };
  const entries = paidCallsOf(job).map(({ place, paid, came }) => ({
    name: entryRow(acceptedAt, job.id, place),
    entry: entryOf({ ...facts, day, paid, pictures: came ? 1 : 0 }, prices),
  }));
  const apply = (rows: Rows) => {
    // Another time zone may have been set meanwhile: a job is counted on the day on which it was set aside for.
    const held = releaseHold(job.id, rows);
    for (const { name, entry } of entries)
      if (!rows.read(name)) writeEntry(name, { ...entry, day: held?.day ?? day }, rows);
  };
  await changeRows({ apply, likelyNew: entries.map(({ name }) => name), signal }, azure);
  return {
    dollars: entries.reduce((sum, { entry }) => sum + entry.micros, 0) / MICROS,
    isEstimate: entries.some(({ entry }) => entry.isEstimate),
    calls: entries.reduce((sum, { entry }) => sum + callsOf(entry), 0),
  };
}

export type Settled = { dollars: number; isEstimate: boolean; calls: number };

/** For a job that never came to be: nothing is set aside for it any more. */
export async function giveBack(job: string, azure: Azure, signal?: AbortSignal): Promise<void> {
  await changeRows({ apply: (rows) => void releaseHold(job, rows), signal }, azure);
}

/** A call of the model for ideas that may be billed. Its `id` is a new one for each. */
export async function noteSideCall(
  { id, payer, ...paid }: PaidIdeas & { id: string; payer: Payer },
  { prices }: Pick<Settings, "prices">,
  azure: Azure,
  signal?: AbortSignal,
): Promise<void> {
  const at = new Date();
  const day = dayIn(azure.timeZone, at);
  const entry = entryOf({ payer, at: at.toISOString(), day, paid, pictures: 0 }, prices);
  const name = entryRow(at, `ideas-${id}`, 1);
  const apply = (rows: Rows) => {
    if (!rows.read(name)) writeEntry(name, entry, rows);
  };
  await changeRows({ apply, likelyNew: [name], signal }, azure);
}

/** All that is set aside, for jobs under way or left by a kill, the oldest name first. */
export async function readHolds(
  { count, after }: { count: number; after?: string },
  azure: Azure,
  signal?: AbortSignal,
): Promise<{ job: string; at: Date }[]> {
  const range = { count, after: holdRow(after ?? ""), before: "o/" };
  const rows = await readRows(LEDGER, range, azure, signal);
  return rows.map(({ name, values }) => ({ job: name.slice("o.".length), at: new Date(String(values.at)) }));
}

/** A job that could not be counted. */
export async function leaveUncounted(job: string, azure: Azure, signal?: AbortSignal): Promise<void> {
  await putRow(uncountedRow(job), azure, signal);
}

export async function readUncounted(count: number, azure: Azure, signal?: AbortSignal): Promise<string[]> {
  const rows = await readRows(LEDGER, { count, after: "u.", before: "u/" }, azure, signal);
  return rows.map(({ name }) => name.slice("u.".length));
}

export async function forgetUncounted(job: string, azure: Azure, signal?: AbortSignal): Promise<void> {
  await removeRow(uncountedRow(job), azure, signal);
}

function uncountedRow(job: string): Row {
  return { partition: LEDGER, name: `u.${job}`, values: {} };
}

function holdRow(job: string): string {
  return `o.${job}`;
}

function valuesOfHold(hold: Hold & { day: string; micros: number }, mark: string): Row["values"] {
  const { payer, model, pictures, micros, at, day } = hold;
  return { ...payer, model, pictures, micros, at: at.toISOString(), day, mark };
}

/** Takes away what is set aside for a job, and says for which day it was. */
function releaseHold(job: string, rows: Rows): { day: string } | undefined {
  const values = rows.read(holdRow(job));
  if (!values) return undefined;
  const { day, micros, pictures, platform, workspace, channel, person } = values;
  const payer: Payer = {
    platform: String(platform),
    workspace: typeof workspace === "string" ? workspace : undefined,
    channel: String(channel),
    person: String(person),
  };
  const back = { heldMicros: -Number(micros), heldPictures: -Number(pictures) };
  for (const sum of heldIn(payer)) addToSum({ ...sum, day: String(day) }, back, rows);
  rows.remove(holdRow(job));
  return { day: String(day) };
}

function writeEntry(name: string, entry: Entry, rows: Rows): void {
  rows.write(name, valuesOfEntry(entry));
  const { payer, day, micros, pictures } = entry;
  addEverywhere({ payer, day, model: modelOf(entry) }, { micros, pictures, calls: callsOf(entry) }, rows);
}
