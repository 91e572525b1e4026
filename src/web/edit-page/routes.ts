import { Readable } from "node:stream";
import { z } from "zod";
import type { Azure } from "../../storage/azure.ts";
import { isOpenedBy, openDraft } from "../../jobs/drafts.ts";
import type { Draft } from "../../jobs/drafts.ts";
import type { Senders } from "../../replies/delivery.ts";
import type { Route } from "../http.ts";
import { log } from "../../log.ts";
import { readMask } from "../../pixels/grid-and-mask.ts";
import type { Settings } from "../../settings.ts";
import { isMissing, isOutage } from "../../storage/storage-refusal.ts";
import {
  cookieOf,
  findEdit,
  isFromOwnPage,
  isPictureThere,
  ofOther,
  SECRET,
  secondsLeft,
  secretOf,
  storageLimit,
} from "./find-edit.ts";
import type { Closed } from "./find-edit.ts";
import { closedPage, editPage } from "./page.ts";
import { sentencesFor, speakAll } from "../../words/said.ts";
import type { Said, Text } from "../../words/said.ts";
import { closedPages, closedTitles, editAnswers } from "../../words/sentences.ts";
import { readBody, readForm } from "./read-form.ts";
import type { Unread } from "./read-form.ts";
import { sendEdit } from "./send-edit.ts";
import type { Room, Sent } from "./send-edit.ts";
import { serveAsset } from "./serve-asset.ts";

/** The page sends a bit for each pixel, and packs it: what is larger comes from elsewhere. */
const mostMaskBytes = ({ width, height }: Draft) => Math.ceil((width * height) / 8) + 100_000;
/** The longest prompt of any model in its longest letters, as often again for what is too long, and the form's own lines. */
const MOST_WORDS_BYTES = 200_000;
const MOST_OPENING_BYTES = 1000;
/** Forms that are read and decoded at once in this process, each of another draft. */
const MOST_FORMS = 2;
const AGAIN_SECONDS = 2;

/** Everything is for one person and for now; nothing comes from elsewhere, and nothing is shown inside of another page. */
const pageHeaders = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex",
  "cross-origin-resource-policy": "same-origin",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
};

/**
 * The page on which a person paints what may change of a picture. Its link shows the page; the page itself then binds the
 * link to its browser, since chats and scanners look at links too, and only after that it gets the picture and may send.
 */
export function editPageRoutes(settings: Settings, azure: Azure, senders: Senders): Route[] {
  if (!settings.publicUrl) return [];
  const room = { settings, azure, senders, forms: { drafts: new Set<string>(), read: 0 } };
  const asked = (answer: Answer) => (request: Request) => answerOnPage(request, room, answer);
  const path = "/pictures/:id/edit";
  return [
    { method: "GET", path, answer: (request) => showPage(request, room) },
    { method: "POST", path: `${path}/open`, answer: asked(open) },
    { method: "GET", path: `${path}/picture`, answer: asked(showPicture) },
    { method: "POST", path: `${path}/send`, answer: asked(send) },
    { method: "GET", path: "/edit-page/:file", answer: serveAsset },
  ];
}

/** A link followed out of a web chat comes without the cookie, which is for this site's own requests alone: then the page asks. */
async function showPage(request: Request, { settings, azure }: Desk): Promise<Response> {
  const page = (status: number, content: unknown) =>
    new Response(String(content), {
      status,
      headers: { ...pageHeaders, "content-type": "text/html; charset=utf-8" },
    });
  try {
    const found = await findEdit(request, azure);
    if ("said" in found) return page(found.status, closedPage(found));
    const { draft } = found;
    const comesFromAfar = request.headers.get("sec-fetch-site") === "cross-site";
    const secret = secretOf(request, draft);
    const isOthers = draft.openedBy !== undefined && !(secret && isOpenedBy(draft, secret));
    if (isOthers && !(comesFromAfar && !secret)) return page(403, closedPage(ofOther(draft)));
    return page(200, editPage(draft, settings));
  } catch (error) {
    if (!isOutage(error)) throw error;
    log.error({ because: String(error).slice(0, 300) }, "the edit page: storage is out of reach");
    return page(503, closedPage({ title: closedTitles.unreachable, said: closedPages.unreachable }));
  }
}

/** What is under way: the drafts whose form is being taken, and how many forms are being read. */
type Desk = Room & { forms: { drafts: Set<string>; read: number } };
type Answer = (request: Request, draft: Draft, desk: Desk) => Promise<Response>;

/** For what the page's own script asks. */
async function answerOnPage(request: Request, room: Desk, answer: Answer): Promise<Response> {
  if (request.method !== "GET" && !isFromOwnPage(request, room.settings)) return say(403, [editAnswers.notFromHere]);
  try {
    const found = await findEdit(request, room.azure);
    if ("said" in found) return sayClosed(found);
    return await answer(request, found.draft, room);
  } catch (error) {
    if (request.signal.aborted) return new Response(null, { status: 499 });
    if (!isOutage(error)) throw error;
    log.error({ because: String(error).slice(0, 300) }, "the edit page: storage is out of reach");
    return say(503, [request.method === "GET" ? closedPages.unreachable : editAnswers.notSent]);
  }
}

/** The page has made the secret itself, so that it can ask again where the answer was lost. */
const Opening = z.object({ secret: z.string().regex(SECRET) });

async function open(request: Request, draft: Draft, { settings, azure }: Room): Promise<Response> {
  const opening = await readOpening(request, settings);
  if (!opening) return say(400, [editAnswers.notReadable], draft);
  const known = secretOf(request, draft);
  const secret = known && isOpenedBy(draft, known) ? known : opening.secret;
  const opened = await openDraft(draft.id, secret, azure, storageLimit(azure));
  if (!opened) return sayClosed(ofOther(draft));
  const body = { secondsLeft: secondsLeft(draft) };
  return Response.json(body, { headers: { ...pageHeaders, "set-cookie": cookieOf(secret, draft, settings) } });
}

async function readOpening(request: Request, { times }: Settings): Promise<z.infer<typeof Opening> | undefined> {
  if (!/^application\/json\b/i.test(request.headers.get("content-type") ?? "")) return undefined;
  const read = await readBody(request, {
    mostBytes: MOST_OPENING_BYTES,
    milliseconds: times.web.bodyLimitMilliseconds,
  });
  try {
    return "bytes" in read ? Opening.safeParse(JSON.parse(read.bytes.toString("utf8"))).data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function showPicture(request: Request, draft: Draft, { azure }: Room): Promise<Response> {
  if (!isByItsOwner(request, draft)) return sayClosed(ofOther(draft));
  try {
    const abortSignal = request.signal;
    const picture = await azure.pictures.getBlobClient(draft.blob).download(undefined, undefined, { abortSignal });
    const headers = new Headers({ ...pageHeaders, "content-type": picture.contentType ?? "application/octet-stream" });
    if (picture.contentLength !== undefined) headers.set("content-length", String(picture.contentLength));
    const body = Readable.toWeb(Readable.from(picture.readableStreamBody ?? []));
    return new Response(body as ReadableStream, { headers });
  } catch (error) {
    if (isMissing(error)) return say(404, [editAnswers.gonePicture], draft);
    throw error;
  }
}

/** One form at a time of each draft: the same one twice is one request, and two at once would only take room. */
async function send(request: Request, draft: Draft, desk: Desk): Promise<Response> {
  if (!isByItsOwner(request, draft)) return sayClosed(ofOther(draft));
  const { forms } = desk;
  if (forms.drafts.has(draft.id) || forms.read >= MOST_FORMS) return say(429, [editAnswers.oneMoment], draft);
  forms.drafts.add(draft.id);
  try {
    const sent = await readSent(request, draft, desk);
    if ("unread" in sent) return say(...unreadable[sent.unread], draft);
    if (!(await isPictureThere(draft, desk.azure))) return say(410, [editAnswers.deletedMeanwhile], draft);
    const { status, said } = await sendEdit(draft, sent, desk);
    return say(status, said, draft);
  } finally {
    forms.drafts.delete(draft.id);
  }
}

const unreadable: Record<Unread["unread"], [number, Said[]]> = {
  "too large": [413, [editAnswers.tooLarge]],
  "too slow": [408, [editAnswers.tooSlow]],
  "not a form": [400, [editAnswers.notReadable]],
};

/** The scarce part: here bytes and pixels are in memory. Nobody else's chat or storage is waited for in it. */
async function readSent(request: Request, draft: Draft, { forms, settings }: Desk): Promise<Sent | Unread> {
  forms.read += 1;
  try {
    const mostBytes = mostMaskBytes(draft) + MOST_WORDS_BYTES;
    const form = await readForm(request, { mostBytes, milliseconds: settings.times.web.bodyLimitMilliseconds });
    if ("unread" in form) return form;
    // A form writes a new line as two characters, which would count against the model's limit.
    const words = form.words.replaceAll("\r\n", "\n").trim();
    return { words, mask: form.mask && (await readMask(form.mask, draft)) };
  } finally {
    forms.read -= 1;
  }
}

function isByItsOwner(request: Request, draft: Draft): boolean {
  const secret = secretOf(request, draft);
  return secret !== undefined && isOpenedBy(draft, secret);
}

function sayClosed({ status, said, locale }: Closed): Response {
  return say(status, [said], { askedBy: { locale } });
}

/** In the language of whoever began the edit, where that is known. */
function say(status: number, said: Text[], draft?: { askedBy: { locale?: string } }): Response {
  const headers = new Headers(pageHeaders);
  if (status === 503) headers.set("retry-after", "30");
  if (status === 429) headers.set("retry-after", String(AGAIN_SECONDS));
  return Response.json({ said: speakAll(said, sentencesFor(draft?.askedBy.locale)) }, { status, headers });
}
