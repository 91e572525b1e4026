import type { Fault } from "../request/check.ts";
import type { PlacedFault } from "../jobs/job.ts";
import { MODELS, MOST_PICTURES, SHAPES } from "../models.ts";
import type { ModelName } from "../models.ts";
import { conjunction, failed, label, labels, sizesOf, times, wordsOfList } from "./sentences.ts";
import { shorten as cut } from "./shorten.ts";
import type { SizeFault } from "../request/nearest-size.ts";
import type { SourceFault } from "../pixels/read-source-picture.ts";

/** What Easel says to a request that it cannot take as it is: as everywhere, what was wrong, what is allowed, what comes closest. */

const sizeRules: Record<SizeFault, (model: ModelName) => string> = {
  list: (model) => `${label(model)} draws ${sizesOf(model)}.`,
  multiple: (model) => `${label(model)} draws only edges that are multiples of ${MODELS[model].sizeRule?.multipleOf}.`,
  edge: (model) => `${label(model)} draws edges of at most ${MODELS[model].sizeRule?.longestEdge}.`,
  ratio: (model) =>
    `${label(model)} draws at most ${MODELS[model].sizeRule?.greatestRatio} times as long as high, or as high as long.`,
  fewer: (model) =>
    `${label(model)} draws at least ${MODELS[model].sizeRule?.fewestPixels.toLocaleString("en")} pixels in all.`,
  more: (model) =>
    `${label(model)} draws at most ${MODELS[model].sizeRule?.mostPixels.toLocaleString("en")} pixels in all.`,
};

const dallE2Sizes = ["256x256", "512x512"];

/** Says what was wrong, what is allowed and what comes closest. */
export function sentenceOfFault(fault: Fault): string {
  switch (fault.fault) {
    case "prompt empty":
      return "There are no words to draw from. Say what the picture should show, for example: a lighthouse made of books.";
    case "prompt too long":
      return (
        `The words are ${fault.length.toLocaleString("en")} characters long; ${label(fault.model)} reads at most ` +
        `${fault.limit.toLocaleString("en")}. Leave out ${(fault.length - fault.limit).toLocaleString("en")} or more.`
      );
    case "value missing":
      return `The option “${fault.option}” has no value. Say what it should be, or leave it out.`;
    case "option unknown":
      return `I do not know the option “${shorten(fault.name)}”.${meant(fault.meant && likeTyped(fault.name, fault.meant))} There are: size, quality, style, background, count and model.`;
    case "model unknown":
      return `The model “${shorten(fault.value)}” is not set up here.${meant(fault.meant)} There is ${wordsOfList(fault.allowed)}.`;
    case "size unreadable":
      return `I cannot read the size “${shorten(fault.value)}”.${meant(fault.meant)} Say ${wordsOfList([...SHAPES, ...(MODELS[fault.model].autoSize ? ["auto"] : [])])}, or width and height: ${sizesOf(fault.model)}.`;
    case "size refused": {
      const old = dallE2Sizes.includes(fault.value)
        ? `${times(fault.value)} was DALL·E 2. `
        : `${times(fault.value)} does not fit. `;
      return `${old}${sizeRules[fault.breaks](fault.model)} The nearest is ${times(fault.nearest)}.`;
    }
    case "value refused":
      return sentenceOfRefusedValue(fault);
    case "count refused":
      return `“${shorten(fault.value)}” pictures cannot be drawn at once: ask for 1 to ${MOST_PICTURES}.`;
    case "no editing":
      return `${label(fault.model)} draws from words alone, and no model here changes pictures. Whoever runs Easel can set up a GPT Image model beside it.`;
    case "source missing":
      return "There is no picture to change. Send one along, or press Edit under a picture of mine.";
    case "source too large":
    case "source not a picture":
    case "source damaged":
    case "source kind refused":
    case "source animated":
    case "source too small":
    case "source too wide":
    case "source unreachable":
    case "source deleted":
    case "source host refused":
    case "too many sources":
    case "sources too large":
    case "mask size":
    case "mask not png":
    case "mask without alpha":
    case "mask empty":
      return sentenceOfSourceFault(fault);
  }
}

const pixelsOf = ({ width, height }: { width: number; height: number }) => `${width}×${height}`;
const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`;
/** As exactly as it takes to see that it is above the limit; what was not read to its end has that much or more. */
function sizeAbove(bytes: number, limit: number): string {
  if (bytes <= limit) return `${megabytes(bytes)} or more`;
  const digits = [1, 2, 3, 4, 5].find((each) => Number((bytes / 1_000_000).toFixed(each)) > limit / 1_000_000) ?? 6;
  return `${(bytes / 1_000_000).toFixed(digits)} MB`;
}
const kinds = "Send it as PNG, JPEG, WebP or GIF.";

/** The same, and of which of several pictures. */
export function sentenceOfPlacedFault(fault: PlacedFault): string {
  const sentence = sentenceOfSourceFault(fault);
  return fault.picture === undefined ? sentence : `${labels.pictureNumber(fault.picture)}: ${sentence}`;
}

function sentenceOfSourceFault(fault: SourceFault): string {
  switch (fault.fault) {
    case "source too large":
      return `The picture has ${sizeAbove(fault.bytes, fault.limit)}; up to ${megabytes(fault.limit)} can be read. Send a smaller copy.`;
    case "source not a picture":
      return `That file is no picture that can be read, whatever it is called. ${kinds}`;
    case "source damaged":
      return "The picture is damaged: a part of it is missing or cannot be read. Save or export it once more, or send another copy.";
    case "source kind refused":
      return `That is ${fault.kind}, which cannot be read. ${kinds}`;
    case "source animated":
      return "That picture moves. Send one still picture of it.";
    case "source too small":
      return `The picture is ${pixelsOf(fault)}; it takes at least ${fault.least} pixels on each side.`;
    case "source too wide":
      return `The picture is ${pixelsOf(fault)}; up to ${fault.most.toLocaleString("en")} pixels on a side can be read. Send a smaller copy.`;
    case "source unreachable":
      return "I could not fetch the picture any more. Send it once more.";
    case "source deleted":
      return failed.deletedPicture;
    case "source host refused":
      return "I take pictures only as they are attached here, not from other addresses. Attach the picture itself.";
    case "too many sources":
      return `That are ${fault.count} pictures; up to ${fault.limit} can be used at once.`;
    case "sources too large":
      return `Together the pictures are too large: up to ${megabytes(fault.limit)} can be used at once. Send fewer, or smaller copies.`;
    case "mask size":
      return `The mask is ${pixelsOf(fault)} and the picture ${pixelsOf(fault.expected)}: they have to be of the same size.`;
    case "mask not png":
      return "The mask has to be a PNG.";
    case "mask without alpha":
      return "The mask has no transparency: what may change has to be transparent in it.";
    case "mask empty":
      return "Nothing is marked in the mask, so nothing could change. Mark the part that may change.";
  }
}

function sentenceOfRefusedValue(fault: Extract<Fault, { fault: "value refused" }>): string {
  const value = `${fault.option} “${shorten(fault.value)}”`;
  const others = fault.knownBy.length ? ` ${conjunction(fault.knownBy.map(label))} would take it.` : "";
  if (!fault.allowed.length) {
    return `${label(fault.model)} has no ${fault.option}, so ${value} cannot be kept: leave it out.${others}`;
  }
  const nearest = fault.nearest ? ` The nearest is ${fault.nearest}.` : meant(fault.meant);
  return `${label(fault.model)} does not take ${value}. Its ${fault.option} is ${wordsOfList(fault.allowed)}.${nearest}${others}`;
}

const meant = (name: string | undefined) => (name ? ` Did you mean “${name}”?` : "");

/** With the dashes that stood before the other. */
const likeTyped = (typed: string, name: string) => `${/^[-—–]{0,3}/.exec(typed)?.[0] ?? ""}${name}`;

/** A person's own value inside a sentence of ours. */
function shorten(value: string): string {
  return cut(value, 41);
}
