import { buffer } from "node:stream/consumers";
import type { Azure } from "./azure.ts";
import { isMissing } from "./storage-refusal.ts";

/**
 * A kept picture's name: the random id of its place in a job, and what its bytes are. Beside it, `-preview` is the small
 * JPEG and `-grid` the one to pick a region on. `-partial` is a picture in the making, `-sheet` one of several, each with an id of its own.
 */
const PICTURE_NAME = /^[0-9a-f]{40}(-(preview|grid|partial|sheet))?\.(png|jpg|webp|gif)$/;

export function isPictureName(name: string): boolean {
  return PICTURE_NAME.test(name);
}

export function pictureBlob(name: string, azure: Azure) {
  return azure.container.getBlockBlobClient(`pictures/${name}`);
}

const MILLISECONDS = 120_000;

/** The bytes of a kept picture; nothing if it is not there (any more). */
export async function readPicture(name: string, azure: Azure): Promise<Buffer | undefined> {
  try {
    // One call: `downloadToBuffer` asks for the size first.
    const abortSignal = AbortSignal.timeout(MILLISECONDS);
    const { readableStreamBody } = await pictureBlob(name, azure).download(undefined, undefined, { abortSignal });
    return readableStreamBody && (await buffer(readableStreamBody));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
