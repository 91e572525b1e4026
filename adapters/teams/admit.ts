import type { Activity } from "botbuilder";
import { log } from "../../src/log.ts";
import { TeamsActivity } from "./activity.ts";
import type { Guard } from "./authenticate.ts";
import { deadlineOf } from "./deadline.ts";
import type { Deadline } from "./deadline.ts";
import { isLoopback, isServiceAddress } from "./service-address.ts";
import type { TeamsSettings } from "./settings.ts";

/** Teams' own largest message is 100 KB in UTF-16, and its text comes twice: plain and as HTML. */
const MOST_BODY_BYTES = 256 * 1024;

type Identity = Extract<Awaited<ReturnType<Guard["authenticate"]>>, { identity: unknown }>["identity"];
export type Admitted = { activity: TeamsActivity; signed: Activity; identity: Identity; deadline: Deadline };
export type Refused = { refused: 400 | 401 | 403 | 413 | 415 | 503 };

/** Everything that is asked of a request before anything is done for it, cheapest first. */
export async function admit(request: Request, guard: Guard, teams: TeamsSettings): Promise<Admitted | Refused> {
  const began = performance.now();
  const authorization = request.headers.get("authorization") ?? "";
  if (!/^application\/json\b/i.test(request.headers.get("content-type") ?? "")) return { refused: 415 };
  if (teams.mode === "local" ? !isFromThisMachine(request) : !authorization) return { refused: 401 };
  const body = await readJson(request);
  if ("refused" in body) return body;
  const parsed = TeamsActivity.safeParse(body.json);
  if (!parsed.success) return { refused: 400 };
  const activity = parsed.data;
  // Neither has Teams sent, whoever signed it; and an answer to such an address would carry our token there.
  if (activity.channelId !== "msteams" || !isServiceAddress(activity.serviceUrl ?? "", teams)) return { refused: 401 };
  const deadline = deadlineOf(activity, began);
  const signed = body.json as Activity;
  const known = await guard.authenticate(signed, authorization, deadline);
  if ("refused" in known) return known;
  if (teams.mode === "registered" && !isAllowed(activity, teams.allowedTenants)) return { refused: 403 };
  return { activity, signed, identity: known.identity, deadline };
}

/**
 * Local mode asks for no token, so it has to know its neighbours: a page in a browser sends an `Origin`, and a name that
 * was made to point here is not a loopback name.
 */
function isFromThisMachine(request: Request): boolean {
  return isLoopback(new URL(request.url).hostname) && !request.headers.has("origin");
}

async function readJson(request: Request): Promise<{ json: unknown } | Refused> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > MOST_BODY_BYTES) return { refused: 413 };
      chunks.push(chunk);
    }
    return { json: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks))) as unknown };
  } catch {
    return { refused: 400 };
  }
}

/** An app's registration does not keep other tenants out. Teams names the tenant twice; both must be allowed. */
function isAllowed({ conversation, channelData }: TeamsActivity, allowedTenants: string[]): boolean {
  const tenants = [conversation?.tenantId, channelData?.tenant?.id].flatMap((id) => (id ? [id.toLowerCase()] : []));
  const allowed = tenants.length > 0 && tenants.every((id) => allowedTenants.includes(id));
  if (!allowed) log.warn({ tenants }, "teams: a tenant that is not in TEAMS_ALLOWED_TENANTS was turned away");
  return allowed;
}
