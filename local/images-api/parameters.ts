import { MODELS, namedSizes } from "../../src/models.ts";
import type { Model, ModelName, Size, SizeRule } from "../../src/models.ts";
import { faultOfSize } from "../../src/request/nearest-size.ts";
import type { SizeFault } from "../../src/request/nearest-size.ts";
import * as refusals from "./refusals.ts";
import { Refused } from "./refused.ts";
import type { Surface } from "./surface.ts";

export type Parameters = Record<string, unknown>;

export type PictureFormat = "png" | "jpeg" | "webp";

/** What is drawn once every parameter has been found right, nothing left to a default. */
export type Order = {
  model: ModelName;
  prompt: string;
  count: number;
  size: Size;
  quality: string;
  style?: string;
  background: "opaque" | "transparent";
  format: PictureFormat;
  compression: number;
  answer: "url" | "b64_json";
  /** Partial pictures on the way; absent where no stream was asked for. */
  partials?: number;
};

/** Holds a call to the limits table of the bot; throws `Refused` for the first thing that the model does not take. */
export function readOrder(parameters: Parameters, name: ModelName, surface: Surface): Order {
  const model = MODELS[name];
  refuseUnknown(parameters, model, surface);
  const prompt = readPrompt(parameters.prompt, model.promptLimit[surface.provider]);
  const format = readFormat(parameters, surface);
  return {
    model: name,
    prompt,
    count: readCount(parameters.n, model),
    size: readSize(parameters.size, prompt, model),
    quality: readQuality(parameters.quality, name, surface),
    style: readChoice("style", parameters.style, model.styles) ?? model.styles[0],
    background: readBackground(parameters.background, format, model),
    format,
    compression: readCompression(parameters.output_compression, format),
    answer:
      readChoice("response_format", parameters.response_format, ["url", "b64_json"]) === "b64_json" ||
      model.answersWith === "base64"
        ? "b64_json"
        : "url",
    partials: readPartials(parameters),
  };
}

function refuseUnknown(parameters: Parameters, model: Model, { provider, operation }: Surface): void {
  const base64 = model.answersWith === "base64";
  const known = new Set(["prompt", "model", "n", "size", "quality", "user"]);
  const add = (condition: boolean, ...names: string[]) => condition && names.forEach((each) => known.add(each));
  add(!base64, "response_format");
  add(base64, "output_format", "output_compression");
  add(base64 && operation === "generations", "moderation");
  // Documented for OpenAI alone. Whether Azure refuses it is not known; a bot that keeps to the documents does not send it.
  add(base64 && provider === "openai", "safety_identifier");
  add(model.styles.length > 0 && operation === "generations", "style");
  add(model.backgrounds.length > 0, "background");
  add(model.streams, "stream", "partial_images");
  add(operation === "edits", "input_fidelity");
  for (const name of Object.keys(parameters)) {
    if (!known.has(name)) throw new Refused(refusals.unknownParameter(name));
  }
  for (const name of ["user", "safety_identifier"]) {
    const value = parameters[name] ?? "";
    if (typeof value !== "string") throw new Refused(refusals.wrongType(name, "a string", value));
  }
  readChoice("moderation", parameters.moderation, ["low", "auto"]);
}

function readPrompt(prompt: unknown, limit: number): string {
  if (prompt === undefined || prompt === null) throw new Refused(refusals.missingParameter("prompt"));
  if (typeof prompt !== "string") throw new Refused(refusals.wrongType("prompt", "a string", prompt));
  if (prompt.trim() === "") throw new Refused(refusals.promptEmpty());
  if (prompt.length > limit) throw new Refused(refusals.promptTooLong(limit, prompt.length));
  return prompt;
}

function readCount(value: unknown, model: Model): number {
  const count = readWhole("n", value, 1);
  if (model.picturesPerCall === 1 && count !== 1) throw new Refused(refusals.onlyOnePicture());
  if (count < 1 || count > model.picturesPerCall) {
    throw new Refused(refusals.outOfRange("n", count, 1, model.picturesPerCall));
  }
  return count;
}

function readSize(value: unknown, prompt: string, model: Model): Size {
  const size = readText("size", value) ?? (model.autoSize ? "auto" : model.sizes.square);
  if (size === "auto" && model.autoSize) return sizeForWords(prompt, model);
  const fault = faultOfSize(size as Size, model);
  if (!fault) return size as Size;
  if (fault === "list" || !model.sizeRule) {
    const supported = [...namedSizes(model), ...(model.autoSize ? ["auto"] : [])];
    throw new Refused(refusals.notSupported("size", size, supported));
  }
  throw new Refused(refusals.refusedByModel("size", `Invalid size '${size}'. ${sentenceOf(fault, model.sizeRule)}`));
}

/** `ratio` and `more` have not been seen; their words are made after the others. */
function sentenceOf(fault: Exclude<SizeFault, "list">, rule: SizeRule): string {
  switch (fault) {
    case "multiple":
      return `Width and height must both be divisible by ${rule.multipleOf}.`;
    case "edge":
      return `The longest edge must be less than or equal to ${rule.longestEdge}.`;
    case "ratio":
      return `The ratio of the long edge to the short edge must not exceed ${rule.greatestRatio}:1.`;
    case "fewer":
      return "Requested resolution is below the current minimum pixel budget.";
    case "more":
      return "Requested resolution exceeds the current pixel budget.";
  }
}

/** `auto` lets the model choose, and it looks at the words. */
function sizeForWords(prompt: string, model: Model): Size {
  if (/\b(portrait|tall|tower|lighthouse|vertical|poster|phone)\b/i.test(prompt)) return model.sizes.tall;
  if (/\b(panorama|wide|landscape|skyline|horizon|banner)\b/i.test(prompt)) return model.sizes.wide;
  return model.sizes.square;
}

function readQuality(value: unknown, name: ModelName, { provider }: Surface): string {
  const { qualities, answersWith, defaultQuality } = MODELS[name];
  // OpenAI's default is `auto`; Azure's is high, and medium for the mini model.
  const azureDefault = name === "gpt-image-1-mini" ? "medium" : "high";
  const fallback = answersWith === "base64" && provider === "azure" ? azureDefault : defaultQuality;
  const quality = readChoice("quality", value, qualities) ?? fallback;
  return quality === "auto" ? "medium" : quality;
}

function readBackground(value: unknown, format: PictureFormat, model: Model): Order["background"] {
  if (value === "transparent" && !model.backgrounds.includes("transparent")) {
    throw new Refused(refusals.refusedByModel("background", "Transparent background is not supported for this model."));
  }
  const background = readChoice("background", value, model.backgrounds);
  if (background !== "transparent") return "opaque";
  if (format !== "jpeg") return "transparent";
  throw new Refused(
    refusals.refusedByModel("background", "Transparent background is not supported for JPEG output format."),
  );
}

function readFormat({ output_format }: Parameters, { provider }: Surface): PictureFormat {
  const formats = provider === "azure" ? ["png", "jpeg"] : ["png", "jpeg", "webp"];
  return (readChoice("output_format", output_format, formats) ?? "png") as PictureFormat;
}

function readCompression(value: unknown, format: PictureFormat): number {
  const compression = readWhole("output_compression", value, 100);
  if (compression < 0 || compression > 100) {
    throw new Refused(refusals.outOfRange("output_compression", compression, 0, 100));
  }
  if (format !== "png" || compression === 100) return compression;
  throw new Refused(
    refusals.refusedByModel("output_compression", "Compression less than 100 is not supported for PNG output format."),
  );
}

function readPartials({ stream, partial_images }: Parameters): number | undefined {
  if (stream !== undefined && stream !== null && typeof stream !== "boolean") {
    throw new Refused(refusals.wrongType("stream", "a boolean", stream));
  }
  const partials = readWhole("partial_images", partial_images, 0);
  if (!stream) {
    if (!partials) return undefined;
    throw new Refused(
      refusals.refusedByModel(
        "partial_images",
        "The 'partial_images' parameter is only supported when 'stream' is true.",
      ),
    );
  }
  // OpenAI documents 0 to 3; a stream with an explicit 0 has been refused, so it is refused here.
  const asked = partial_images !== undefined && partial_images !== null;
  if (asked && (partials < 1 || partials > 3)) throw new Refused(refusals.outOfRange("partial_images", partials, 1, 3));
  return partials;
}

function readText(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw new Refused(refusals.wrongType(name, "a string", value));
  return value;
}

function readWhole(name: string, value: unknown, fallback: number): number {
  if (value === undefined || value === null) return fallback;
  if (typeof value !== "number" || !Number.isInteger(value))
    throw new Refused(refusals.wrongType(name, "an integer", value));
  return value;
}

export function readChoice(name: string, value: unknown, supported: readonly string[]): string | undefined {
  const choice = readText(name, value);
  if (choice !== undefined && !supported.includes(choice))
    throw new Refused(refusals.notSupported(name, choice, supported));
  return choice;
}
