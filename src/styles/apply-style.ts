import { MODELS } from "../models.ts";
import type { Provider } from "../models.ts";
import type { ImageOrder } from "../request/check.ts";
import type { ImageRequest, Source, StyleUsed } from "../request/request.ts";

/** What a style makes of an order. `isCut`: what it has to say had no room beside the person's own words. */
export type Styled = { order: ImageOrder; isCut: boolean };

/** Beginnings that are shorter say nothing. */
const SHORTEST_PART = 40;

/**
 * An order with a style in it. The person's own words come first and stay whole; then, as far as the model reads on, what the
 * references are for, the look and the colours. A model that draws from words alone gets no references.
 */
export function applyStyle(
  order: ImageOrder,
  style: StyleUsed,
  { sources = [] }: Pick<ImageRequest, "sources">,
  provider: Provider,
): Styled {
  const { promptLimit, editPictures = 0 } = MODELS[order.model];
  const fitting = style.references.slice(0, Math.max(0, editPictures - sources.length));
  const parts = [fitting.length ? wordsForReferences(sources) : "", lookOf(style), paletteOf(style)].filter(Boolean);
  let { prompt } = order;
  let isCut = fitting.length < style.references.length && editPictures > 0;
  let references: Source[] | undefined;
  for (const part of parts) {
    const room = promptLimit[provider] - prompt.length - GAP.length;
    const isReferences = fitting.length > 0 && part === parts[0];
    if (part.length > room) isCut = true;
    if (part.length > room && (isReferences || room < SHORTEST_PART)) continue;
    prompt += GAP + (part.length > room ? cutAt(part, room) : part);
    if (isReferences) references = fitting;
  }
  return { order: { ...order, prompt, ...(references && { references }) }, isCut };
}

const GAP = "\n\n";

/** They show how, and not what: else each picture would show what they show. */
function wordsForReferences({ length }: Source[]): string {
  const which =
    length === 0
      ? "The attached pictures are"
      : `All attached pictures but the first${length > 1 ? ` ${length}` : ""} are`;
  return `${which} references for style alone: take their palette, light, line and texture, and nothing of what they show.`;
}

function lookOf({ words }: StyleUsed): string {
  return words ? `Style: ${words}` : "";
}

function paletteOf({ palette }: StyleUsed): string {
  return palette.length ? `Palette: ${palette.join(", ")}.` : "";
}

/** At the end of a word. */
function cutAt(text: string, room: number): string {
  const whole = text.slice(0, room).toWellFormed();
  const end = whole.lastIndexOf(" ");
  return end > room / 2 ? whole.slice(0, end) : whole;
}
