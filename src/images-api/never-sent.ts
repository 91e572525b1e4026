/**
 * Codes of a connection that never stood. A bare ETIMEDOUT is not among them: a connection that did stand can end so too,
 * and Node's `fetch` has a code of its own for one that did not.
 */
const NEVER_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** Whether a call that failed cannot have reached anybody, so that it did nothing and may be made again. */
export function isNeverSent(error: unknown): boolean {
  return causesOf(error).some(({ code }) => NEVER_SENT.has(code));
}

/** An error with all its causes; a refused connection to several addresses hides them in `errors`. */
export function causesOf(error: unknown): { code: string; message: string }[] {
  if (!(error instanceof Error)) return [];
  const code = "code" in error ? String(error.code) : "";
  const many = error instanceof AggregateError ? error.errors.flatMap(causesOf) : [];
  return [{ code, message: error.message }, ...many, ...causesOf(error.cause)];
}
