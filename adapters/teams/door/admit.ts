import type { Activity } from "botbuilder";
import { log } from "../../../src/log.ts";
import { TeamsActivity } from "./activity.ts";
import type { Guard } from "./authenticate.ts";
import { deadlineOf } from "./deadline.ts";
import type { Deadline } from "./deadline.ts";
import { readBounded } from "./read-bounded.ts";
import { isLoopback, isServiceAddress } from "./service-address.ts";
import type { TeamsSettings } from "../settings.ts";

/** Teams' own largest message is 100 KB in UTF-16, and its text comes twice: plain and as HTML. */
const MOST_BODY_BYTES = 256 * 1024;

export type Admitted = { activity: TeamsActivity; signed: Activity; deadline: Deadline };
export type Refused = { refused: 400 | 401 | 403 | 413 | 415 | 503 };

/**
 * Everything that is asked of a request before anything is done for it, cheapest first. Nothing of its body is read before
 * its token has been found right.
 */
export async function admit(
  request: Request,
  letIn: Guard["letIn"] | undefined,
  teams: TeamsSettings,
): Promise<Admitted | Refused> {
  const began = performance.now();
  const authorization = request.headers.get("authorization") ?? "";
  if (!/^application\/json\b/i.test(request.headers.get("content-type") ?? "")) return { refused: 415 };
  if (!letIn && !isFromThisMachine(request)) return { refused: 401 };
  const known = letIn && (await letIn(authorization));
  if (known && "refused" in known) return known;
  const body = await readJson(request);
  if ("refused" in body) return body;
  const parsed = TeamsActivity.safeParse(body.json);
  if (!parsed.success) return { refused: 400 };
  const activity = parsed.data;
  const { channelId, serviceUrl } = activity;
  // Neither has Teams sent, whoever signed it; and an answer to such an address would carry our token there.
  if (channelId !== "msteams" || !isServiceAddress(serviceUrl ?? "", teams)) return { refused: 401 };
  if (known && known.claims.serviceurl !== serviceUrl) return { refused: 401 };
  if (teams.mode === "registered" && !isAllowed(activity, teams.allowedTenants)) return { refused: 403 };
  return { activity, signed: body.json as Activity, deadline: deadlineOf(activity, teams.times, began) };
}

/**
 * Local mode asks for no token, so it has to know its neighbours: a page in a browser sends an `Origin`, and a name that
 * was made to point here is not a loopback name.
 */
function isFromThisMachine(request: Request): boolean {
  return isLoopback(new URL(request.url).hostname) && !request.headers.has("origin");
}

async function readJson(request: Request): Promise<{ json: unknown } | Refused> {
  try {
    const text = await readBounded(request.body, MOST_BODY_BYTES);
    return text === undefined ? { refused: 413 } : { json: JSON.parse(text) as unknown };
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
