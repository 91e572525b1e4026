import { MODELS, pixels } from "../models.ts";
import type { ModelName, Size } from "../models.ts";
import type { ModelPrices, Prices } from "../prices.ts";
import type { ImageOrder } from "../request/check.ts";
import type { Settings } from "../settings.ts";

/** `isWorstCase`: what it comes to is not known before, or not at all, and this is the most that it can be. */
export type Price = { dollars: number; isWorstCase: boolean };

export type PricedOrder = Pick<ImageOrder, "model" | "size" | "quality" | "count" | "prompt">;

/** For each picture of the order: those that it is drawn from, and those in the making that come before it. */
export type Beside = { inputs: number; partialPictures: number };

type Priced = Pick<Settings, "prices">;

/** The dearest that the rule of free sizes allows. */
const DEAREST_SIZE = "2880x2880";

/** What a whole order costs. It is exact but for the few tokens of the words and of what it is drawn from. */
export function priceOf({ count, prompt, ...picture }: PricedOrder, beside: Beside, { prices }: Priced): Price {
  const { dollars, isWorstCase } = priceOfCall({ ...picture, ...beside, characters: charactersOf(prompt) }, prices);
  return { dollars: count * dollars, isWorstCase };
}

/** One picture, and how many characters of words there are to it. */
export type PricedCall = Pick<ImageOrder, "model" | "size" | "quality"> & Beside & { characters: number };

export function priceOfCall({ characters, inputs, partialPictures, ...picture }: PricedCall, prices: Prices): Price {
  const { rates } = prices.models[picture.model];
  const output = priceOfPicture(picture, prices);
  const words = inMillions(wordTokens(characters)) * (rates?.textIn ?? 0);
  const pictures = inMillions(inputs * prices.inputPictureTokens) * (rates?.pictureIn ?? 0);
  const partials = inMillions(partialPictures * prices.partialPictureTokens) * (rates?.pictureOut ?? 0);
  return { dollars: output.dollars + words + pictures + partials, isWorstCase: output.isWorstCase };
}

/** Drafts are drawn in it. A quality without a price is not taken for a cheap one. */
export function cheapestQuality(model: ModelName, size: Size | "auto", settings: Priced): string {
  const { qualities } = MODELS[model];
  const known = qualities
    .map((quality) => ({ quality, dollars: dearest({ model, size, quality }, settings.prices) }))
    .filter(({ dollars }) => dollars !== undefined);
  const [cheapest] = known.toSorted((one, other) => (one.dollars ?? 0) - (other.dollars ?? 0));
  return cheapest?.quality ?? qualities[0] ?? MODELS[model].defaultQuality;
}

type Picture = Pick<ImageOrder, "model" | "size" | "quality">;

function priceOfPicture(picture: Picture, prices: Prices): Price {
  const { model, size, quality } = picture;
  const isChosen = size === "auto" || quality === "auto";
  const known = dearest(picture, prices);
  if (known !== undefined) return { dollars: known, isWorstCase: isChosen };
  const ofModel = dearest({ model, size: "auto", quality: "auto" }, prices);
  return { dollars: ofModel ?? dearestOfAll(prices), isWorstCase: true };
}

/** Where it has none, it is reckoned as the dearest. */
export function hasPrice(picture: Picture, { prices }: Priced): boolean {
  return dearest(picture, prices) !== undefined;
}

function dearestOfAll(prices: Prices): number {
  const models = Object.keys(prices.models) as ModelName[];
  return Math.max(0, ...models.map((model) => dearest({ model, size: "auto", quality: "auto" }, prices) ?? 0));
}

/** The most that the picture alone may come to, with whatever its model chooses itself; nothing where that has no price. */
function dearest({ model, size, quality }: Picture, prices: Prices): number | undefined {
  const ofModel = prices.models[model];
  const sizes = size === "auto" ? sizesOf(ofModel) : [size];
  const qualities = quality === "auto" ? MODELS[model].qualities.filter((name) => name !== "auto") : [quality];
  const all = sizes.flatMap((each) => qualities.map((word) => dollarsOf(each, word, ofModel)));
  const known = all.filter((dollars) => dollars !== undefined);
  return known.length ? Math.max(...known) : undefined;
}

function sizesOf({ pictures, tokens, grid }: ModelPrices): string[] {
  return Object.keys(pictures ?? tokens ?? (grid && { [DEAREST_SIZE]: grid }) ?? {});
}

function dollarsOf(size: string, quality: string, { pictures, tokens, grid, rates }: ModelPrices): number | undefined {
  const dollars = pictures?.[size]?.[quality];
  if (dollars !== undefined) return dollars;
  const out = tokens?.[size]?.[quality] ?? tokensByGrid(size, grid?.[quality]);
  return out === undefined || !rates ? undefined : inMillions(out) * rates.pictureOut;
}

/** OpenAI's own calculator. */
export function tokensByGrid(size: string, grid: number | undefined): number | undefined {
  const edges = pixels(size);
  if (!edges || !grid) return undefined;
  const { width, height } = edges;
  const short = roundHalfToEven((grid * Math.min(width, height)) / Math.max(width, height));
  return Math.ceil((grid * short * (2_000_000 + width * height)) / 4_000_000);
}

function roundHalfToEven(number: number): number {
  const below = Math.floor(number);
  const rest = number - below;
  if (rest === 0.5) return below % 2 ? below + 1 : below;
  return rest < 0.5 ? below : below + 1;
}

/** As they are paid for, about: each letter of another script counts as four of the Latin one. */
export function charactersOf(words: string): number {
  const others = words.match(/[\u0250-\u{10ffff}]/gu)?.length ?? 0;
  return words.length + 3 * others;
}

/** Of words, about. Nobody shows their number before a call. */
function wordTokens(characters: number): number {
  return Math.ceil(characters / 4);
}

function inMillions(tokens: number): number {
  return tokens / 1_000_000;
}
