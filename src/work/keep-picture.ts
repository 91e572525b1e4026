import type { Azure } from "../storage/azure.ts";
import type { Drawing } from "../images-api/draw-picture.ts";
import type { JobPicture, KeptPicture } from "../jobs/job.ts";
import { textOfUsage, usageOfText } from "../images-api/usage.ts";
import type { Usage } from "../images-api/usage.ts";
import { checkPicture } from "../pixels/check-picture.ts";
import { keepAtHand, pictureBlob, PICTURE_HEADERS, readPicture, storeOnce } from "../storage/picture-blobs.ts";

/**
 * Puts a picture into Blob, byte for byte, under the unguessable name that its job gave it, with a small preview beside
 * it. Keeping the same picture again changes nothing; where somebody else has kept another one there, as after this process
 * has slept, that one is the picture. The words it was drawn from and what it came to go along as metadata, which a crash leaves too.
 */
export async function keepPicture(
  id: string,
  { bytes, file, preview, revisedPrompt, usage }: Omit<Drawing, "outcome">,
  azure: Azure,
): Promise<KeptPicture> {
  const [name, previewName] = [`${id}.${file.extension}`, `${id}-preview.jpg`];
  const [isNew] = await Promise.all([
    storeOnce(name, { bytes, mediaType: file.mediaType, metadata: metadataOf(revisedPrompt, usage) }, azure),
    storeOnce(previewName, { bytes: preview.bytes, mediaType: "image/jpeg" }, azure),
  ]);
  const others = isNew ? undefined : await readPicture(name, azure);
  if (others && !others.equals(bytes)) return takeStored(name, previewName, others, azure);
  keepAtHand(name, bytes, azure);
  const { mediaType, width, height } = file;
  return { name, preview: previewName, mediaType, width, height, bytes: bytes.length, revisedPrompt, usage };
}

/** Its preview may be of the picture that came too late. */
async function takeStored(name: string, preview: string, bytes: Buffer, azure: Azure): Promise<KeptPicture> {
  const checked = await checkPicture(bytes);
  if (!checked) throw new Error(`what is stored as ${name} is no picture`);
  const { metadata } = await pictureBlob(name, azure).getProperties();
  const blobHTTPHeaders = { ...PICTURE_HEADERS, blobContentType: "image/jpeg" };
  await pictureBlob(preview, azure).uploadData(checked.preview.bytes, { blobHTTPHeaders });
  keepAtHand(name, bytes, azure);
  const { mediaType, width, height } = checked.file;
  return {
    name,
    preview,
    mediaType,
    width,
    height,
    bytes: bytes.length,
    revisedPrompt: wordsIn(metadata),
    usage: usageIn(metadata),
  };
}

/** Azure's limit for all metadata of a blob is 8 KB of ASCII. Words that are longer are lost where a crash comes in between. */
const MOST_METADATA = 8000;

function metadataOf(revisedPrompt: string | undefined, usage: Usage | undefined): Record<string, string> {
  const encoded = Buffer.from(revisedPrompt ?? "", "utf8").toString("base64url");
  const words: Record<string, string> = encoded && encoded.length < MOST_METADATA ? { revised: encoded } : {};
  return usage ? { ...words, usage: textOfUsage(usage) } : words;
}

function usageIn(metadata: Record<string, string> | undefined): Usage | undefined {
  return usageOfText(metadata?.usage);
}

function wordsIn(metadata: Record<string, string> | undefined): string | undefined {
  return Buffer.from(metadata?.revised ?? "", "base64url").toString("utf8") || undefined;
}

/** A picture that was stored before a crash could be written into its job's record. */
export async function findKeptPicture(picture: JobPicture, azure: Azure): Promise<KeptPicture | undefined> {
  const prefix = `pictures/${picture.id}.`;
  for await (const { name, metadata } of azure.container.listBlobsFlat({ prefix, includeMetadata: true })) {
    const bytes = await readPicture(name.slice("pictures/".length), azure);
    const checked = bytes && (await checkPicture(bytes));
    if (!checked) continue;
    const revisedPrompt = wordsIn(metadata) ?? picture.revisedPrompt;
    return keepPicture(picture.id, { ...checked, bytes, revisedPrompt, usage: usageIn(metadata) }, azure);
  }
  return undefined;
}
