import { RestError } from "@azure/storage-blob";

/** HTTP status of a storage service's refusal; nothing for a fault of the way there. */
export function storageStatus(error: unknown): number | undefined {
  return error instanceof RestError ? error.statusCode : undefined;
}

/** The blob or message is not there. */
export function isMissing(error: unknown): boolean {
  return storageStatus(error) === 404;
}

/** Somebody else wrote first: 409 under `If-None-Match: *` or a lease, 412 under an ETag. */
export function isConflict(error: unknown): boolean {
  const status = storageStatus(error);
  return status === 409 || status === 412;
}
