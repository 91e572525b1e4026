import { readFileSync } from "node:fs";
import { z } from "zod";
import { MODEL_NAMES } from "./models.ts";
import table from "./prices.json" with { type: "json" };

/** More than any of them is a slip of the hand. */
const Dollars = z.number().min(0).max(10_000);
const Tokens = z.int().min(1).max(1_000_000);
const byQuality = <Value extends z.ZodType>(value: Value) => z.record(z.string(), value);
const bySize = <Value extends z.ZodType>(value: Value) => z.record(z.string().regex(/^\d{1,5}x\d{1,5}$/), value);

const ModelPrices = z.strictObject({
  /** US dollars for a million tokens. What is cached and has no rate costs as much as what is not; text that comes out, as much as a picture. */
  rates: z
    .strictObject({
      textIn: Dollars,
      cachedTextIn: Dollars.optional(),
      pictureIn: Dollars,
      cachedPictureIn: Dollars.optional(),
      pictureOut: Dollars,
      textOut: Dollars.optional(),
    })
    .optional(),
  /** The first of these three that is there says what one picture comes to: its dollars, its tokens, or the grid of the formula. */
  pictures: bySize(byQuality(Dollars)).optional(),
  tokens: bySize(byQuality(Tokens)).optional(),
  grid: byQuality(Tokens.max(10_000)).optional(),
  source: z.string(),
  /** By a primary source, or recomputed from one. */
  isVerified: z.boolean(),
});
export type ModelPrices = z.infer<typeof ModelPrices>;

/** What every model costs, at the provider's list prices. */
export const Prices = z.strictObject({
  asOf: z.iso.date(),
  partialPictureTokens: z.int().min(0).max(100_000),
  /** Of each picture that an edit is made from, at most. */
  inputPictureTokens: z.int().min(0).max(100_000),
  models: z.record(z.enum(MODEL_NAMES), ModelPrices),
  /** Of chat models that help with words, by the name that IDEAS_MODEL has: for a deployment of another name, name it here. */
  ideasModels: z.record(
    z.string(),
    z.strictObject({
      textIn: Dollars,
      cachedTextIn: Dollars.optional(),
      textOut: Dollars,
      source: z.string(),
      isVerified: z.boolean(),
    }),
  ),
});
export type Prices = z.infer<typeof Prices>;

export const PRICES: Prices = Prices.parse(table);

/** Our own table, with what stands in the operator's file laid over it. What is wrong there is added to `faults`, all at once. */
export function readPrices(file: string | undefined, faults: string[]): Prices {
  if (!file) return PRICES;
  try {
    const read = Prices.safeParse(laidOver(table, JSON.parse(readFileSync(file, "utf8").replace(/^\uFEFF/, ""))));
    if (read.success) return read.data;
    for (const { path, message } of read.error.issues)
      faults.push(
        `PRICES_FILE at ${path.join(" → ") || "its beginning"}: ${message}. src/prices.json shows the shape.`,
      );
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    faults.push(
      `PRICES_FILE is "${file}", which cannot be read as JSON (${because}): give the path of a file that holds what differs from src/prices.json, or leave it out.`,
    );
  }
  return PRICES;
}

function laidOver(below: unknown, above: unknown): unknown {
  if (!isGroup(below) || !isGroup(above)) return above;
  const changed = Object.entries(above).map(([name, value]) => [name, laidOver(below[name], value)]);
  return { ...below, ...Object.fromEntries(changed) };
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
