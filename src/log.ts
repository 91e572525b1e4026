import { RestError } from "@azure/storage-blob";
import pino from "pino";
import type { Logger } from "pino";

export type Log = Logger;

/**
 * Prompts, tokens and pictures never go into the log; a reference, ids and codes do, and what somebody writes for the operator
 * under Report. So an error is written as these few
 * fields alone: the SDKs' own errors carry whole requests, with their bodies, their addresses and what opens them.
 */
export const log: Log = pino({
  name: "easel",
  level: "info",
  base: undefined,
  timestamp: pino.stdTimeFunctions.isoTime,
  serializers: { error: describeError, cause: describeError },
});

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error === "string" ? error.slice(0, 500) : typeof error;
  const { name, message, stack } = error;
  return {
    name,
    message: message.slice(0, 500),
    code: "code" in error ? error.code : undefined,
    status: "statusCode" in error ? error.statusCode : "status" in error ? error.status : undefined,
    at: stack?.split("\n    at ").slice(1, 6),
    cause: error.cause === undefined ? undefined : describeError(error.cause),
  };
}

/** An error in one line; `fetch` says only "fetch failed" and hides the reason in `cause`, and the answer to a HEAD has no words at all. */
export function becauseOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, 300);
  const [words] = error.message.split("\n");
  const said = [...answeredBy(error), words].filter(Boolean).join(" ");
  const cause = error.cause === undefined ? "" : ` < ${becauseOf(error.cause)}`;
  return `${said || error.name}${cause}`.slice(0, 300);
}

/** Status and code of an Azure service's answer; nothing for a fault of the way there. */
function answeredBy(error: Error): unknown[] {
  if (!(error instanceof RestError) || error.statusCode === undefined) return [];
  return [error.statusCode, error.response?.headers.get("x-ms-error-code") ?? error.code];
}
