import sharp from "sharp";
import { MODELS } from "../../src/models.ts";
import type { ModelName } from "../../src/models.ts";
import { readChoice } from "./parameters.ts";
import type { Parameters } from "./parameters.ts";
import * as refusals from "./refusals.ts";
import { Refused } from "./refused.ts";
import type { Surface } from "./surface.ts";

/** `isLike`: the words are those that such a picture was drawn from, so that another of its kind is asked for. */
export type EditPictures = { pictures: Buffer[]; mask?: Buffer; isLike?: boolean };

export type EditForm = { parameters: Parameters; pictures: File[]; mask?: File };

const MOST_BYTES = 50_000_000;

const NUMBERS = new Set(["n", "partial_images", "output_compression"]);

/** A form knows texts alone: numbers and truth values are read out of them. */
export function readForm(form: FormData): EditForm {
  const parameters: Parameters = {};
  const pictures: File[] = [];
  let mask: File | undefined;
  for (const [name, value] of form) {
    if (name === "image" || name === "image[]") {
      if (typeof value === "string") throw new Refused(refusals.wrongType("image", "a file", value));
      pictures.push(value);
    } else if (name === "mask" && typeof value !== "string") mask = value;
    else if (NUMBERS.has(name) && typeof value === "string")
      parameters[name] = /^-?\d+$/.test(value) ? Number(value) : value;
    else if (name === "stream") parameters[name] = value === "true" ? true : value === "false" ? false : value;
    else parameters[name] = value;
  }
  return { parameters, pictures, mask };
}

/** Checks what was sent in for an edit, by its declared type and by its bytes. */
export async function readEditPictures(form: EditForm, model: ModelName, surface: Surface): Promise<EditPictures> {
  const most = MODELS[model].editPictures;
  if (!most) throw new Refused(refusals.refusedByModel("model", `The model '${model}' does not support image edits.`));
  refuseInputFidelity(form.parameters.input_fidelity, model);
  if (!form.pictures.length) throw new Refused(refusals.missingParameter("image"));
  if (form.pictures.length > most) throw new Refused(refusals.outOfRange("image", form.pictures.length, 1, most));
  const pictures: Buffer[] = [];
  for (const [index, file] of form.pictures.entries()) pictures.push(await readPicture(file, index + 1, surface));
  const [first] = pictures;
  return { pictures, mask: form.mask && first ? await readMask(form.mask, first) : undefined };
}

/** gpt-image-1 and 1.5 take it, the mini model not `high`, later ones refuse it whatever it says. */
function refuseInputFidelity(value: unknown, model: ModelName): void {
  if (value === undefined) return;
  if (MODELS[model].sizeRule) {
    const message = `The model '${model}' does not support the 'input_fidelity' parameter.`;
    throw new Refused(refusals.refusedByModel("input_fidelity", message, "invalid_input_fidelity_model"));
  }
  readChoice("input_fidelity", value, model === "gpt-image-1-mini" ? ["low"] : ["high", "low"]);
}

async function readPicture(file: File, number: number, { provider }: Surface): Promise<Buffer> {
  const types = provider === "azure" ? ["image/jpeg", "image/png"] : ["image/jpeg", "image/png", "image/webp"];
  if (!types.includes(file.type)) throw new Refused(refusals.unsupportedFileType("image", file.type, types));
  if (file.size >= MOST_BYTES) throw new Refused(refusals.tooManyBytes());
  const bytes = Buffer.from(await file.arrayBuffer());
  const type = await readType(bytes);
  if (type && types.includes(type)) return bytes;
  throw new Refused(refusals.invalidPicture(number, provider, crypto.randomUUID()));
}

/** The media type that the bytes show; nothing for what the service cannot read: CMYK, palettes, cut-off files, several frames. */
async function readType(bytes: Buffer): Promise<string | undefined> {
  if (holdsSeveralFrames(bytes)) return undefined;
  try {
    const picture = sharp(bytes, { failOn: "truncated" });
    const { format, space, isPalette } = await picture.metadata();
    if (space === "cmyk" || isPalette) return undefined;
    await picture.stats();
    return `image/${format}`;
  } catch {
    // sharp names no error class: whatever it says of these bytes, they cannot be decoded.
    return undefined;
  }
}

/** Phones append more frames, or a gain map, to a JPEG that otherwise looks like any other. */
function holdsSeveralFrames(bytes: Buffer): boolean {
  if (bytes.subarray(0, 2).toString("hex") !== "ffd8") return false;
  return bytes.includes("MPF\0", 0, "latin1") || bytes.includes("hdrgm:", 0, "latin1");
}

async function readMask(file: File, first: Buffer): Promise<Buffer> {
  if (file.type !== "image/png") throw new Refused(refusals.unsupportedFileType("mask", file.type, ["image/png"]));
  const bytes = Buffer.from(await file.arrayBuffer());
  if ((await readType(bytes)) !== "image/png") {
    throw new Refused(refusals.refusedByModel("mask", "Invalid mask image format - mask is not a PNG file."));
  }
  const [mask, picture] = await Promise.all([sharp(bytes).metadata(), sharp(first).metadata()]);
  if (!mask.hasAlpha) {
    throw new Refused(refusals.refusedByModel("mask", "Invalid mask image format - mask image missing alpha channel."));
  }
  if (mask.width !== picture.width || mask.height !== picture.height) {
    throw new Refused(
      refusals.refusedByModel("mask", "Invalid mask image format - mask size does not match image size."),
    );
  }
  return bytes;
}
