import type { Fields } from "./wire.ts";

/** What a route answers: a body is JSON, and without one there is no content type either. A `page` is of somebody in between. */
export type Answer = { status: number; body?: unknown; headers?: Record<string, string>; page?: string };

/** One field that Discord would name in `errors` of a 50035. */
export type Problem = { path: readonly (string | number)[]; code: string; message: string };

const known = {
  0: { status: 401, message: "401: Unauthorized" },
  10003: { status: 404, message: "Unknown Channel" },
  10004: { status: 404, message: "Unknown Guild" },
  10008: { status: 404, message: "Unknown Message" },
  10013: { status: 404, message: "Unknown User" },
  10015: { status: 404, message: "Unknown Webhook" },
  10062: { status: 404, message: "Unknown interaction" },
  10063: { status: 404, message: "Unknown application command" },
  20009: { status: 403, message: "Explicit content cannot be sent to the desired recipient(s)" },
  20012: { status: 403, message: "You are not authorized to perform this action on this application" },
  30015: { status: 400, message: "Maximum number of attachments in a message reached (10)" },
  30032: { status: 400, message: "Maximum number of application commands reached (100)." },
  30046: { status: 429, message: "Maximum number of edits to messages older than 1 hour reached. Try again later." },
  40005: { status: 413, message: "Request entity too large" },
  40060: { status: 400, message: "Interaction has already been acknowledged." },
  40094: { status: 400, message: "Maximum number of follow-up messages reached for this interaction." },
  50001: { status: 403, message: "Missing Access" },
  50005: { status: 403, message: "Cannot edit a message authored by another user" },
  50006: { status: 400, message: "Cannot send an empty message" },
  50007: { status: 403, message: "Cannot send messages to this user" },
  50013: { status: 403, message: "Missing Permissions" },
  50024: { status: 400, message: "Cannot execute action on this channel type" },
  50027: { status: 401, message: "Invalid Webhook Token" },
  50035: { status: 400, message: "Invalid Form Body" },
  50045: { status: 400, message: "File uploaded exceeds the maximum size" },
  50083: { status: 400, message: "Thread is archived" },
  50109: { status: 400, message: "The request body contains invalid JSON." },
  50278: { status: 403, message: "Cannot send messages to this user due to having no mutual guilds" },
  160004: { status: 400, message: "A thread has already been created for this message" },
  160005: { status: 400, message: "Thread is locked" },
  200000: { status: 400, message: "Message was blocked by automatic moderation" },
  240000: { status: 400, message: "Message blocked by harmful links filter" },
  400001: { status: 400, message: "File uploads are temporarily limited in this guild" },
} as const satisfies Record<number, { status: number; message: string }>;

export type RefusalCode = keyof typeof known;

/** Discord's own answer for one of its error codes. */
export function refusal(code: RefusalCode): Answer & { body: { code: number; message: string } } {
  return { status: known[code].status, body: { code, message: known[code].message } };
}

/** The same in a code's other status: some come with two. */
export function withStatus(status: number, code: RefusalCode): Answer {
  return { ...refusal(code), status };
}

/** Cloudflare's own page, in front of Discord: of any status, and no word of Discord's. */
export function cloudflarePage(status: number): Answer {
  const headers = {
    "content-type": "text/html; charset=UTF-8",
    server: "cloudflare",
    "cf-ray": "8f2d0c1b2a3e4f50-AMS",
  };
  const page = `<!DOCTYPE html><html lang="en-US"><head><title>${status} | discord.com | Cloudflare</title></head><body>Sorry, you have been blocked</body></html>`;
  return { status, page, headers };
}

/** Cloudflare makes one address, or one route of it, wait. */
export function banned(retryAfter: number | string): Answer {
  const headers = {
    "content-type": "text/plain; charset=UTF-8",
    "retry-after": String(retryAfter),
    server: "cloudflare",
  };
  return { status: 429, page: "error code: 1015", headers };
}

/** A 429 as a route answers it; with scope `shared` it does not count against the bot. */
export function rateLimited(seconds: number, scope: "user" | "global" | "shared" = "user"): Answer {
  return {
    status: 429,
    body: { code: 0, message: "You are being rate limited.", retry_after: seconds, global: scope === "global" },
    headers: {
      "retry-after": String(Math.ceil(seconds)),
      "x-ratelimit-scope": scope,
      ...(scope === "global" ? { "x-ratelimit-global": "true" } : {}),
    },
  };
}

export function invalidForm(problems: readonly Problem[]): Answer {
  const errors: Fields = {};
  for (const problem of problems) place(errors, problem);
  const { status, message } = known[50035];
  return { status, body: { code: 50035, message, errors } };
}

function place(errors: Fields, { path, code, message }: Problem): void {
  let at = errors;
  for (const step of path) {
    at[step] ??= {};
    at = at[step] as Fields;
    if ("_errors" in at) break;
  }
  if (Object.keys(at).length > 0 && !("_errors" in at)) return;
  at["_errors"] = [...((at["_errors"] as unknown[] | undefined) ?? []), { code, message }];
}
