import { textOfUsage, usageOfText } from "../images-api/usage.ts";
import { isModelName } from "../models.ts";
import type { Prices } from "../prices.ts";
import type { Row } from "../storage/table.ts";
import { priceOfIdeas } from "./ideas-prices.ts";
import type { PaidIdeas } from "./ideas-prices.ts";
import type { Payer } from "./payer.ts";
import { scopesOf, workspaceOf } from "./payer.ts";
import { spentOn } from "./spent.ts";
import type { PaidCalls, Spent } from "./spent.ts";
import { addToSum, microsOf } from "./sums.ts";
import type { Amounts } from "./sums.ts";
import type { Rows } from "./ledger-rows.ts";

/** The calls that were paid for one picture, or for one answer of the model for ideas. Tokens are kept, and money is derived from them. */
export type Entry = {
  /** Who pays. Without a person where they wanted to be forgotten. */
  payer: Payer;
  paid: PaidCalls | PaidIdeas;
  /** How many pictures came of it: one or none. */
  pictures: number;
  micros: number;
  isEstimate: boolean;
  at: string;
  /** The day that it is counted on. */
  day: string;
};

/** Rows are named by the day on which the job was accepted, by UTC whatever the time zone is: a job's are the same for ever. */
export function entryRow(acceptedAt: Date, job: string, place: number): string {
  return `e.${acceptedAt.toISOString().slice(0, 10)}.${job}.${place}`;
}

export function entryOf(facts: Pick<Entry, "payer" | "paid" | "pictures" | "at" | "day">, prices: Prices): Entry {
  const { dollars, isEstimate } = moneyFor(facts.paid, prices);
  return { ...facts, micros: microsOf(dollars), isEstimate };
}

function moneyFor(paid: Entry["paid"], prices: Prices): Spent {
  return "deployment" in paid ? priceOfIdeas(paid, prices) : spentOn(paid, prices);
}

/** As reports name it. */
export function modelOf({ paid }: Entry): string {
  return "deployment" in paid ? `ideas:${paid.deployment}` : paid.model;
}

export function callsOf({ paid }: Entry): number {
  return "deployment" in paid ? 1 : paid.untold + (paid.usage ? 1 : 0);
}

/** Adds to all sums that an entry counts in. */
export function addEverywhere(
  { payer, day, model }: { payer: Payer; day: string; model: string },
  more: Partial<Amounts>,
  rows: Rows,
): void {
  const within = workspaceOf(payer);
  const reported = { kind: "model" as const, model };
  for (const scope of [...scopesOf(payer), reported]) {
    addToSum({ scope, day }, more, rows);
    if (within && scope.kind !== "bot" && scope.kind !== "workspace") addToSum({ scope, day, within }, more, rows);
  }
}

export function valuesOfEntry({ payer, paid, ...others }: Entry): Row["values"] {
  const { usage, ...facts } = paid;
  return { ...payer, ...facts, ...others, usage: usage && textOfUsage(usage) };
}

/** Throws for a row that is no entry of this version. */
export function entryOfValues(values: Row["values"]): Entry {
  const text = (name: string) => {
    const value = values[name];
    if (typeof value === "string") return value;
    throw new Error(`an entry of the ledger has no ${name}`);
  };
  const number = (name: string) => {
    const value = values[name];
    if (typeof value === "number") return value;
    throw new Error(`an entry of the ledger has no ${name}`);
  };
  const { workspace } = values;
  return {
    payer: {
      platform: text("platform"),
      workspace: typeof workspace === "string" ? workspace : undefined,
      channel: text("channel"),
      person: text("person"),
    },
    paid: paidIn(values, text, number),
    pictures: number("pictures"),
    micros: number("micros"),
    isEstimate: values.isEstimate === true,
    at: text("at"),
    day: text("day"),
  };
}

function paidIn(
  values: Row["values"],
  text: (name: string) => string,
  number: (name: string) => number,
): Entry["paid"] {
  const usage = usageOfText(typeof values.usage === "string" ? values.usage : undefined);
  if (typeof values.deployment === "string") {
    if (!usage) throw new Error("an entry of the ledger has no usage");
    return { deployment: values.deployment, about: text("about"), usage, isTold: values.isTold === true };
  }
  const model = text("model");
  if (!isModelName(model)) throw new Error(`an entry of the ledger is of ${model}, which Easel does not know`);
  return {
    model,
    size: text("size") as PaidCalls["size"],
    quality: text("quality"),
    characters: number("characters"),
    inputs: number("inputs"),
    partialPictures: number("partialPictures"),
    usage,
    untold: number("untold"),
    isSure: values.isSure === true,
  };
}
