import type { Azure } from "../storage/azure.ts";
import type { Drawing } from "../images-api/draw-picture.ts";
import type { JobPicture, KeptPicture } from "../jobs/job.ts";
import { log } from "../log.ts";
import { makePreview, readPictureFile } from "../pixels/check-picture.ts";
import { pictureBlob, readPicture } from "../storage/picture-blobs.ts";
import { isConflict } from "../storage/storage-refusal.ts";

/**
 * Puts a picture into Blob, byte for byte, under the unguessable name that its job gave it, with a small preview beside
 * it. Keeping the same picture again changes nothing.
 */
export async function keepPicture(
  id: string,
  drawing: Pick<Drawing, "bytes" | "file">,
  azure: Azure,
): Promise<KeptPicture> {
  const { bytes, file } = drawing;
  const name = `${id}.${file.extension}`;
  await storeOnce(name, bytes, file.mediaType, azure);
  const preview = await keepPreview(id, bytes, azure);
  return { name, preview, mediaType: file.mediaType, width: file.width, height: file.height, bytes: bytes.length };
}

/** A picture that was stored before a crash could be written into its job's record. */
export async function findKeptPicture(picture: JobPicture, azure: Azure): Promise<KeptPicture | undefined> {
  const prefix = `pictures/${picture.id}.`;
  for await (const { name } of azure.container.listBlobsFlat({ prefix })) {
    const bytes = await readPicture(name.slice("pictures/".length), azure);
    const file = bytes && (await readPictureFile(bytes));
    if (file)
      return { ...(await keepPicture(picture.id, { bytes, file }, azure)), revisedPrompt: picture.revisedPrompt };
  }
  return undefined;
}

async function keepPreview(id: string, bytes: Buffer, azure: Azure): Promise<string | undefined> {
  const name = `${id}-preview.jpg`;
  let preview: Buffer;
  try {
    preview = await makePreview(bytes);
  } catch (error) {
    log.warn({ error, picture: id.slice(0, 8) }, "no preview could be made: the original is kept without one");
    return undefined;
  }
  await storeOnce(name, preview, "image/jpeg", azure);
  return name;
}

/** A small JPEG that is made of kept pictures and shown with them: a grid, a sheet. */
export function keepBeside(name: string, bytes: Buffer, azure: Azure): Promise<void> {
  return storeOnce(name, bytes, "image/jpeg", azure);
}

async function storeOnce(name: string, bytes: Buffer, mediaType: string, azure: Azure): Promise<void> {
  try {
    await pictureBlob(name, azure).uploadData(bytes, {
      conditions: { ifNoneMatch: "*" },
      blobHTTPHeaders: { blobContentType: mediaType, blobCacheControl: "public, max-age=31536000, immutable" },
    });
  } catch (error) {
    // The name was made for this picture alone, so whoever stored it was us: an earlier try whose answer was lost.
    if (!isConflict(error)) throw error;
  }
}
