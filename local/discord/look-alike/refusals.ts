import type { Refusal } from "../page-protocol.ts";
import type { LoggedRequest } from "../records.ts";
import type { Fields } from "../wire.ts";

/** What Discord, or somebody in front of it, did not take; nothing while a call is under way or where it was taken. */
export function refusalIn({ time, method, path, status, answer }: LoggedRequest): Refusal | undefined {
  if (status === undefined || status < 400) return undefined;
  const { code, message, errors } = (answer ?? {}) as { code?: number; message?: string; errors?: Fields };
  const problems = errors ? problemsIn(errors, []) : [];
  return {
    at: time,
    call: `${method} ${withoutTokens(path)}`,
    status,
    ...(code === undefined ? {} : { code }),
    message: message ?? "A page that is none of Discord's",
    ...(problems.length > 0 ? { problems } : {}),
  };
}

function withoutTokens(path: string): string {
  return path.replace(/^(\/(?:webhooks|interactions)\/\d+\/)[^/]+/, "$1…");
}

function problemsIn(errors: Fields, path: string[]): string[] {
  return Object.entries(errors).flatMap(([name, value]) =>
    name === "_errors"
      ? (value as { message: string }[]).map(({ message }) => `${path.join(".")}: ${message}`)
      : problemsIn(value as Fields, [...path, name]),
  );
}
