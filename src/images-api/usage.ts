import { z } from "zod";
import { record } from "../request/request.ts";
import { isRecord } from "./answered-picture.ts";
import { log } from "../log.ts";

/** More than any call comes to: beyond it the number is a slip of a gateway's. */
const MOST_TOKENS = 10_000_000;
const Tokens = z.int().min(0).max(MOST_TOKENS);

/** The tokens of one call, as the service counts and bills them. `cached` are among the ones that went in. */
export const Usage = record({
  textIn: Tokens,
  pictureIn: Tokens,
  cachedTextIn: Tokens,
  cachedPictureIn: Tokens,
  textOut: Tokens,
  pictureOut: Tokens,
});
export type Usage = z.infer<typeof Usage>;

/** What a whole answer says that it has used. Nothing where it does not say so, or says what cannot be. */
export function readUsage(body: unknown, reference: string): Usage | undefined {
  const told = isRecord(body) ? body.usage : undefined;
  if (!isRecord(told) || !Object.keys(told).length) return undefined;
  const { data } = Usage.safeParse(usageIn(told));
  if (data?.pictureOut) return data;
  log.warn(
    { reference, usage: numbersIn(told) },
    "an answer says of its tokens what cannot be: its price is estimated",
  );
  return undefined;
}

/** What is told without its kind counts as the dearer one. */
function usageIn(told: Record<string, unknown>): Usage {
  const [input, output] = [detailsIn(told.input_tokens_details), detailsIn(told.output_tokens_details)];
  const cached = detailsIn(input.cached_tokens_details);
  const [ofText, ofPictures] = [number(cached.text_tokens, 0), number(cached.image_tokens, 0)];
  const textIn = number(input.text_tokens, 0);
  const textOut = number(output.text_tokens, 0);
  const pictureIn = number(input.image_tokens, number(told.input_tokens, 0) - textIn);
  const pictureOut = number(output.image_tokens, number(told.output_tokens, Number.NaN) - textOut);
  const cachedTokens = number(input.cached_tokens, ofText + ofPictures);
  const cachedTextIn = Math.min(textIn, ofPictures || ofText ? ofText : cachedTokens);
  const cachedPictureIn = Math.min(pictureIn, ofPictures || cachedTokens - cachedTextIn);
  return { textIn, pictureIn, cachedTextIn, cachedPictureIn, textOut, pictureOut };
}

function detailsIn(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

/** What is there and is no number fits no schema. */
function number(value: unknown, otherwise: number): number {
  return value === undefined || value === null ? otherwise : typeof value === "number" ? value : Number.NaN;
}

/** For the log: a gateway may have put anything there. */
function numbersIn(told: Record<string, unknown>): Record<string, unknown> {
  const names = ["input_tokens", "output_tokens", "total_tokens"];
  return Object.fromEntries(
    names.map((name) => [name, typeof told[name] === "number" ? told[name] : typeof told[name]]),
  );
}

/** As a text that may stand in a blob's metadata. */
export function textOfUsage({ textIn, pictureIn, cachedTextIn, cachedPictureIn, textOut, pictureOut }: Usage): string {
  return [textIn, pictureIn, cachedTextIn, cachedPictureIn, textOut, pictureOut].join(" ");
}

export function usageOfText(text: string | undefined): Usage | undefined {
  if (!text) return undefined;
  const [textIn, pictureIn, cachedTextIn, cachedPictureIn, textOut, pictureOut] = text.split(" ").map(Number);
  return Usage.safeParse({ textIn, pictureIn, cachedTextIn, cachedPictureIn, textOut, pictureOut }).data;
}
