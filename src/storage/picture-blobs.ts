import { buffer } from "node:stream/consumers";
import type { Azure } from "./azure.ts";
import { isConflict, isMissing } from "./storage-refusal.ts";

/**
 * A kept picture's name: the random id of its place in a job, and what its bytes are. Beside it, `-preview` is the small
 * JPEG and `-grid` the one to pick a region on. `-partial` is a picture in the making, `-sheet` one of several, each with an id of its own.
 */
const PICTURE_NAME = /^[0-9a-f]{40}(-(preview|grid|partial|sheet))?\.(png|jpg|webp|gif)$/;

export function isPictureName(name: string): boolean {
  return PICTURE_NAME.test(name);
}

export function pictureBlob(name: string, azure: Azure) {
  return azure.pictures.getBlockBlobClient(`pictures/${name}`);
}

/** A small JPEG that is made of kept pictures and shown with them: a grid, a sheet. */
export async function keepBeside(name: string, bytes: Buffer, azure: Azure): Promise<void> {
  await storeOnce(name, { bytes, mediaType: "image/jpeg" }, azure);
}

type ToStore = { bytes: Buffer; mediaType: string; metadata?: Record<string, string> };

/** What never changes under its name, and may be deleted all the same: whatever serves it besides Easel keeps it no longer. */
export const PICTURE_HEADERS = { blobCacheControl: "private, max-age=3600, must-revalidate" };

/**
 * Stores what was made once and never changes. False: it is there already, by an earlier try whose answer was lost, or by
 * another process that has the same job.
 */
export async function storeOnce(name: string, { bytes, mediaType, metadata }: ToStore, azure: Azure): Promise<boolean> {
  try {
    await pictureBlob(name, azure).uploadData(bytes, {
      conditions: { ifNoneMatch: "*" },
      metadata,
      blobHTTPHeaders: { ...PICTURE_HEADERS, blobContentType: mediaType },
    });
    return true;
  } catch (error) {
    if (!isConflict(error)) throw error;
    return false;
  }
}

/** Pictures that were stored a moment ago are on their way to a chat as well: they are not read back for that. */
type InHand = Map<string, Buffer>;
const MOST_BYTES_IN_HAND = 48_000_000;

const inHand = new WeakMap<Azure, InHand>();

/** Keeps the bytes of a picture that was just stored for whoever sends it. */
export function keepAtHand(name: string, bytes: Buffer, azure: Azure): void {
  const pictures: InHand = inHand.get(azure) ?? new Map();
  inHand.set(azure, pictures);
  pictures.set(name, bytes);
  for (const [oldest] of pictures) {
    const total = [...pictures.values()].reduce((sum, { length }) => sum + length, 0);
    if (total <= MOST_BYTES_IN_HAND) break;
    pictures.delete(oldest);
  }
  setTimeout(() => pictures.delete(name), azure.times.storage.inHandMilliseconds).unref();
}

/** A picture that is deleted is gone from here too. */
export function forgetAtHand(name: string, azure: Azure): void {
  inHand.get(azure)?.delete(name);
}

/** The bytes of a kept picture; nothing if it is not there (any more). */
export async function readPicture(name: string, azure: Azure): Promise<Buffer | undefined> {
  const present = inHand.get(azure)?.get(name);
  if (present) return present;
  try {
    // One call: `downloadToBuffer` asks for the size first.
    const abortSignal = AbortSignal.timeout(azure.times.storage.pictureLimitMilliseconds);
    const { readableStreamBody } = await pictureBlob(name, azure).download(undefined, undefined, { abortSignal });
    return readableStreamBody && (await buffer(readableStreamBody));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
