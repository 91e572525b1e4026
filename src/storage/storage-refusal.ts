import { RestError } from "@azure/storage-blob";

/**
 * What an answer of Blob, Queue or Table decides, by the service's own code. Whatever is not in here decides nothing and is an
 * outage: a refusal of our key or role, a policy of the container, a container that is gone, a page of a proxy's.
 */
const DECIDED: Record<string, "conflict" | "missing" | "final"> = {
  // Somebody else wrote first, under `If-None-Match: *`, an ETag or a lease.
  BlobAlreadyExists: "conflict",
  ConditionNotMet: "conflict",
  TargetConditionNotMet: "conflict",
  EntityAlreadyExists: "conflict",
  UpdateConditionNotSatisfied: "conflict",
  LeaseAlreadyPresent: "conflict",
  LeaseAlreadyBroken: "conflict",
  LeaseIdMismatchWithBlobOperation: "conflict",
  LeaseIdMismatchWithLeaseOperation: "conflict",
  LeaseIdMissing: "conflict",
  LeaseIsBreakingAndCannotBeAcquired: "conflict",
  LeaseIsBreakingAndCannotBeChanged: "conflict",
  LeaseIsBrokenAndCannotBeRenewed: "conflict",
  LeaseLost: "conflict",
  LeaseNotPresentWithBlobOperation: "conflict",
  LeaseNotPresentWithLeaseOperation: "conflict",
  BlobNotFound: "missing",
  ResourceNotFound: "missing",
  MessageNotFound: "missing",
  // The same again would be answered the same.
  PopReceiptMismatch: "final",
  BlockCountExceedsLimit: "final",
  InvalidRange: "final",
  RequestBodyTooLarge: "final",
  OutOfRangeInput: "final",
  InvalidInput: "final",
  InvalidResourceName: "final",
  InvalidUri: "final",
  InvalidMetadata: "final",
};

/** HTTP status of a storage service's refusal; nothing for a fault of the way there. */
export function storageStatus(error: unknown): number | undefined {
  return error instanceof RestError ? error.statusCode : undefined;
}

/**
 * The service's own word for what is wrong, such as `BlobNotFound`; nothing for a fault of the way there and for an answer
 * that is not the service's. The answer to a HEAD has it in its header alone, that of a table in its body alone.
 */
export function storageCode(error: unknown): string | undefined {
  if (!(error instanceof RestError) || error.statusCode === undefined) return undefined;
  const { odataError } = (error.details ?? {}) as { odataError?: { code?: string } };
  return error.response?.headers.get("x-ms-error-code") ?? odataError?.code ?? error.code;
}

function decidedBy(error: unknown) {
  const code = storageCode(error);
  return code !== undefined && Object.hasOwn(DECIDED, code) ? DECIDED[code] : undefined;
}

/** The blob, message or row is not there. A container, queue or table that is not there is an outage. */
export function isMissing(error: unknown): boolean {
  return decidedBy(error) === "missing";
}

/** A lost race: somebody else wrote first, and nothing besides. */
export function isConflict(error: unknown): boolean {
  return decidedBy(error) === "conflict";
}

/** What a credential throws, and what a limit of time of ours makes of an answer that does not come. */
const OUTAGE_NAMES = [
  "AbortError",
  "TimeoutError",
  "NoAnswer",
  "AuthenticationError",
  "AuthenticationRequiredError",
  "CredentialUnavailableError",
  "AggregateAuthenticationError",
];

/** Node's codes for a way that is broken, in the middle of an answer too. */
const BROKEN_WAY = /^(E[A-Z]+|EAI_[A-Z]+|UND_ERR_.*|ERR_STREAM_.*|ERR_TLS_.*|CERT_.*|UNABLE_TO_.*)$/;

/** Storage itself, or the way or the token to it, has trouble: nothing was decided. */
export function isOutage(error: unknown): boolean {
  if (error instanceof RestError) return decidedBy(error) === undefined && error.statusCode !== 304;
  if (!(error instanceof Error)) return false;
  if (OUTAGE_NAMES.includes(error.name)) return true;
  return "code" in error && typeof error.code === "string" && BROKEN_WAY.test(error.code);
}

const ROLES =
  "Give the identity the roles Storage Blob Data Contributor, Storage Queue Data Contributor and Storage Table Data Contributor on the account; a new role takes some minutes.";
const IMMUTABLE =
  "The container has an immutability policy or a legal hold, and a bot has to change and delete what is its own: take it off, or name another container in AZURE_STORAGE_CONTAINER.";

/** What the operator can do, by the service's code. */
const MENDING: Record<string, string> = {
  AuthorizationPermissionMismatch: ROLES,
  AuthorizationFailure: `The account's firewall lets this process not in, or the identity has no role. ${ROLES}`,
  AuthenticationFailed: "The key in AZURE_STORAGE_CONNECTION_STRING is not the account's, or the clock here is wrong.",
  InvalidAuthenticationInfo: "The token is not of the account's tenant, or the clock here is wrong.",
  KeyBasedAuthenticationNotPermitted:
    "The account allows no keys: set AZURE_STORAGE_ACCOUNT in place of AZURE_STORAGE_CONNECTION_STRING, and give the identity its roles.",
  AccountIsDisabled: "The account, or its subscription, is disabled.",
  BlobImmutableDueToPolicy: IMMUTABLE,
  ContainerImmutableDueToPolicy: IMMUTABLE,
  ContainerBeingDeleted:
    "The container was deleted. It is made anew as soon as its name is free, which takes a minute or so.",
  QueueBeingDeleted: "The queue was deleted. It is made anew as soon as its name is free, which takes a minute or so.",
  TableBeingDeleted: "The table was deleted. It is made anew as soon as its name is free, which takes a minute or so.",
  FeatureNotSupportedForAccount:
    "The account is of a kind without block blobs, queues or tables: a general-purpose v2 account has all three.",
};

/** What mends a fault, where that is known. */
export function mendingOf(error: unknown): string | undefined {
  const code = storageCode(error);
  return code !== undefined && Object.hasOwn(MENDING, code) ? MENDING[code] : undefined;
}
