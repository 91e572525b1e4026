import type { Azure } from "../../storage/azure.ts";
import { idOfDraft, isExpired, readDraft } from "../../jobs/drafts.ts";
import type { Draft } from "../../jobs/drafts.ts";
import { readJob } from "../../jobs/job.ts";
import type { Settings } from "../../settings.ts";
import type { Said } from "../../words/said.ts";
import { closedPages, closedTitles } from "../../words/sentences.ts";

/** Why there is nothing to edit behind a link. `locale` is that of whoever began the edit, where there was one. */
export type Closed = { status: 403 | 404 | 410; title: Said; said: Said; locale?: string };

/** Storage answers in time, or the page says that it does not. */
export const storageLimit = ({ times }: Azure) => AbortSignal.timeout(times.web.storageLimitMilliseconds);

/** The edit that an address of the page names: the picture in its path and the key in its query belong together. */
export async function findEdit(request: Request, azure: Azure): Promise<{ draft: Draft } | Closed> {
  const { pathname, searchParams } = new URL(request.url);
  const [, picture] = /\/pictures\/([^/]*)\/edit/.exec(pathname) ?? [];
  const draft = await readDraft(searchParams.get("key") ?? "", azure, storageLimit(azure));
  if (!draft || idOfDraft(draft) !== picture)
    return { status: 404, title: closedTitles.unknown, said: closedPages.unknown };
  if (isExpired(draft))
    return { status: 410, title: closedTitles.expired, said: closedPages.expired, locale: draft.askedBy.locale };
  return { draft };
}

/** Whether the picture of the draft is still there to be changed: somebody may have deleted it, or is deleting it just now. */
export async function isPictureThere({ source, blob }: Draft, azure: Azure): Promise<boolean> {
  const abortSignal = storageLimit(azure);
  if (source.from !== "drawn") return azure.container.getBlobClient(blob).exists({ abortSignal });
  const file = await readJob(source.picture.job, azure, abortSignal);
  return file?.job.pictures[source.picture.place - 1]?.state === "kept";
}

export function ofOther({ askedBy }: Draft): Closed {
  return { status: 403, title: closedTitles.ofOther, said: closedPages.ofOther, locale: askedBy.locale };
}

/** What the browser keeps that opened the page, if it is this one. */
export function secretOf(request: Request, draft: Draft): string | undefined {
  const cookies = (request.headers.get("cookie") ?? "").split(";").map((cookie) => cookie.trim());
  const name = `${cookieName(draft)}=`;
  const secret = cookies.find((cookie) => cookie.startsWith(name))?.slice(name.length);
  return secret && SECRET.test(secret) ? secret : undefined;
}

export const SECRET = /^[0-9a-f]{64}$/;

/** As long as the link lives, and for its pages alone. */
export function cookieOf(secret: string, draft: Draft, { publicUrl = "" }: Settings): string {
  const { protocol, pathname } = new URL(publicUrl);
  const path = `${pathname.replace(/\/$/, "")}/pictures/${idOfDraft(draft)}/edit`;
  const seconds = secondsLeft(draft);
  const secure = protocol === "https:" ? "; Secure" : "";
  return `${cookieName(draft)}=${secret}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`;
}

export function secondsLeft({ expiresAt }: Draft): number {
  return Math.max(0, Math.ceil((Date.parse(expiresAt) - Date.now()) / 1000));
}

/** Two edits of one picture in one browser each have their own. */
function cookieName({ id }: Draft): string {
  return `edit-${id.slice(0, 12)}`;
}

/** Browsers say where a request comes from, and no page can make them say otherwise; the oldest say it by `Origin` alone. */
export function isFromOwnPage(request: Request, { publicUrl = "" }: Settings): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  return request.headers.get("origin") === new URL(publicUrl).origin;
}
