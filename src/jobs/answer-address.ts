import type { Azure } from "../storage/azure.ts";
import { tryAFewTimes } from "../storage/until-storage-answers.ts";
import { readBlob } from "../storage/small-blob.ts";
import { Address } from "../request/request.ts";

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
  keepInMind(jobId, address, azure);
  const text = JSON.stringify(address);
  const options = { blobHTTPHeaders: { blobContentType: "application/json" }, abortSignal };
  const write = () => addressBlob(jobId, azure).upload(text, Buffer.byteLength(text), options);
  await tryAFewTimes(write, abortSignal);
}

/** The newest address of a job; nothing where none was learned and the one in its record holds. */
export async function recallAddress(
  jobId: string,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<Address | undefined> {
  const present = await readBlob(addressBlob(jobId, azure), abortSignal);
  const address = present && Address.parse(JSON.parse(present.text));
  keepInMind(jobId, address, azure);
  return address;
}

/** The newest as far as this process knows it, for a word that goes out while storage is away. Nothing where it has never looked. */
export function addressInMind(jobId: string, azure: Azure): { address?: Address } | undefined {
  const known = inMind.get(azure);
  return known?.has(jobId) ? { address: known.get(jobId) } : undefined;
}

const inMind = new WeakMap<Azure, Map<string, Address | undefined>>();
const MOST_IN_MIND = 1000;

function keepInMind(jobId: string, address: Address | undefined, azure: Azure): void {
  const known = inMind.get(azure) ?? new Map<string, Address | undefined>();
  inMind.set(azure, known);
  known.delete(jobId);
  known.set(jobId, address);
  const [oldest] = known.keys();
  if (known.size > MOST_IN_MIND && oldest !== undefined) known.delete(oldest);
}

function addressBlob(jobId: string, azure: Azure) {
  return azure.container.getBlockBlobClient(`addresses/${jobId}.json`);
}
