import { randomBytes } from "node:crypto";
import type { Azure } from "./azure.ts";
import { readSourcePicture } from "../pixels/read-source-picture.ts";
import type { SourceFault } from "../pixels/read-source-picture.ts";
import { isConflict, isMissing } from "./storage-refusal.ts";

/** What a person brought, or painted: blobs that only the image service is shown, and the edit page to whoever has its link. */
export type BroughtPicture = { name: string; width: number; height: number };

/** Judges a picture by its bytes and keeps it as the image service takes it. `name` is its blob's, under `inputs/`. */
export async function bringPicture(bytes: Buffer, azure: Azure): Promise<BroughtPicture | { fault: SourceFault }> {
  const read = await readSourcePicture(bytes);
  if ("fault" in read) return read;
  const { picture, mediaType, width, height } = read;
  const name = `${randomBytes(20).toString("hex")}.${mediaType === "image/png" ? "png" : "jpg"}`;
  await putInput(name, picture, azure);
  return { name, width, height };
}

/** Keeps an input under a name of its own. The same again changes nothing. */
export async function putInput(name: string, bytes: Buffer, azure: Azure, abortSignal?: AbortSignal): Promise<void> {
  try {
    await inputBlob(name, azure).uploadData(bytes, {
      conditions: { ifNoneMatch: "*" },
      abortSignal,
      blobHTTPHeaders: { blobContentType: name.endsWith(".png") ? "image/png" : "image/jpeg" },
    });
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

export async function readInput(name: string, azure: Azure): Promise<Buffer | undefined> {
  try {
    const abortSignal = AbortSignal.timeout(azure.times.storage.pictureLimitMilliseconds);
    return await inputBlob(name, azure).downloadToBuffer(undefined, undefined, { abortSignal });
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function inputBlob(name: string, azure: Azure) {
  return azure.pictures.getBlockBlobClient(`inputs/${name}`);
}
