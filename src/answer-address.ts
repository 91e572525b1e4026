import type { Azure } from "./azure.ts";
import { readBlob } from "./read-blob.ts";
import { Address } from "./request.ts";

/**
 * Where a job's answer goes, as far as it was learned after the job was accepted: the id of a waiting message, or of a new
 * one. It stands beside the record and not in it, so that a chat turn that is late never touches a job under way.
 */
export async function rememberAddress(
  jobId: string,
  address: Address,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<void> {
  const text = JSON.stringify(address);
  await addressBlob(jobId, azure).upload(text, Buffer.byteLength(text), {
    blobHTTPHeaders: { blobContentType: "application/json" },
    abortSignal,
  });
}

/** The newest address of a job; nothing where none was learned and the one in its record holds. */
export async function recallAddress(jobId: string, azure: Azure): Promise<Address | undefined> {
  const present = await readBlob(addressBlob(jobId, azure));
  return present && Address.parse(JSON.parse(present.text));
}

function addressBlob(jobId: string, azure: Azure) {
  return azure.container.getBlockBlobClient(`addresses/${jobId}.json`);
}
