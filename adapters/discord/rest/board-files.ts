import { createHash } from "node:crypto";
import { RequestMethod, Routes } from "discord.js";
import type { APIMessage, RawFile } from "discord.js";
import type { Board } from "../../../src/brainstorm/board.ts";
import { log } from "../../../src/log.ts";
import { numberPicture } from "../../../src/pixels/number-picture.ts";
import type { ReplyPicture } from "../../../src/replies/reply.ts";
import { readPicture } from "../../../src/storage/picture-blobs.ts";
import type { DiscordAddress } from "../address.ts";
import type { BoardFile, BoardPicture } from "../show-board.ts";
import { call } from "./call.ts";
import type { Desk } from "./call.ts";
import type { Refusal } from "./faults.ts";
import { routeOf } from "./places.ts";
import type { Place } from "./places.ts";

/** A file that stands in a message already, by Discord's own id. */
export type Standing = { id: string; filename: string };

const MOST_REMEMBERED = 2000;

/** By message. What is not known here is looked up in the message itself. */
const filesIn = new Map<string, Standing[]>();

export function rememberFiles({ id, attachments }: APIMessage): void {
  filesIn.delete(id);
  filesIn.set(
    id,
    (attachments ?? []).map((file) => ({ id: file.id, filename: file.filename })),
  );
  const [oldest] = filesIn.keys();
  if (filesIn.size > MOST_REMEMBERED && oldest) filesIn.delete(oldest);
}

export function forgetFiles(messageId: string | null): void {
  if (messageId) filesIn.delete(messageId);
}

/** The files that an edit can keep. Where they cannot be looked up, there are none, and the pictures go along once more. */
export async function standingFiles(
  { authority, method }: Place,
  address: DiscordAddress,
  desk: Desk,
): Promise<Standing[] | Refusal> {
  const { channelId, messageId } = address;
  if (method === RequestMethod.Post) return [];
  const known = messageId && filesIn.get(messageId);
  if (known) return known;
  const byKey = authority === "interaction";
  const path = byKey ? routeOf(address) : Routes.channelMessage(channelId, messageId ?? "");
  const found = await call({ way: "look at the board", authority }, desk, async (signal) => {
    return (await desk.rest.get(path, { auth: !byKey, signal })) as Partial<APIMessage>;
  });
  if ("fault" in found) return found.fault === "message gone" ? found : [];
  return (found.attachments ?? []).map(({ id, filename }) => ({ id, filename }));
}

export type BoardFiles = { pictures: BoardPicture[]; files: BoardFile[]; fresh: RawFile[] };

/** The pictures, several as small copies: those that stand there stay, the others go along, or are left at their address. */
export async function boardFiles(
  { ideas }: Board,
  standing: Standing[],
  { mayAttach, sizeLimit }: { mayAttach: boolean; sizeLimit: number },
  desk: Desk,
): Promise<BoardFiles> {
  const shown: BoardFiles = { pictures: [], files: [], fresh: [] };
  const isAlone = ideas.length === 1;
  for (const { number, picture } of ideas) {
    if (!picture) continue;
    const filename = isAlone ? wholeNameOf(picture, sizeLimit) : numberedNameOf(number, picture);
    const kept = standing.find((file) => file.filename === filename);
    const load = () => (isAlone ? whole(picture, sizeLimit, desk) : numbered(number, picture, desk));
    const data = mayAttach && !kept ? await load() : undefined;
    if (kept) shown.files.push({ id: kept.id, filename, number });
    if (data) {
      shown.files.push({ id: String(shown.fresh.length), filename, number });
      shown.fresh.push({ name: filename, data });
    }
    const address = picture.previewUrl ?? picture.url;
    const url = kept || data ? `attachment://${filename}` : mayAttach ? undefined : address;
    if (url) shown.pictures.push({ number, url });
  }
  return shown;
}

/** Discord shows no words at a picture, so its number is in it. At most 1 MB: ten of them fit into one request. */
async function numbered(number: number, { name, preview }: ReplyPicture, desk: Desk): Promise<Buffer | undefined> {
  const picture = await readPicture(preview ?? name, desk.azure);
  if (!picture) return undefined;
  try {
    return (await numberPicture(picture, number)).bytes;
  } catch (error) {
    log.warn({ error }, "discord: a picture could not be given its number");
    return preview ? picture : undefined;
  }
}

/** One that stands alone needs no number, and shows in full. */
function whole(picture: ReplyPicture, sizeLimit: number, desk: Desk): Promise<Buffer | undefined> {
  return readPicture(wholeBlobOf(picture, sizeLimit), desk.azure);
}

function wholeBlobOf({ name, preview, bytes }: ReplyPicture, sizeLimit: number): string {
  return bytes <= sizeLimit ? name : (preview ?? name);
}

function wholeNameOf(picture: ReplyPicture, sizeLimit: number): string {
  const blob = wholeBlobOf(picture, sizeLimit);
  return `easel-${markOf(blob)}.${blob.split(".").at(-1)}`;
}

function numberedNameOf(number: number, { name }: ReplyPicture): string {
  return `idea-${number}-${markOf(name)}.jpg`;
}

/** Whatever else stood in its place before, it is known; a blob's own name would lead to the original. */
function markOf(blob: string): string {
  return createHash("sha256").update(blob).digest("hex").slice(0, 12);
}
