import { createHmac } from "node:crypto";
import sharp from "sharp";
import type { Answer } from "./refusals.ts";
import { makeSnowflake } from "./snowflake.ts";
import type { World } from "./world.ts";

/** A file as a request brought it: `index` is the n of `files[n]`. */
export type SentFile = { index: number; name: string; contentType: string; bytes: Uint8Array };

/** A file that Discord keeps. */
export type Upload = {
  id: string;
  channelId: string;
  name: string;
  contentType: string;
  bytes: Uint8Array;
  ephemeral: boolean;
  width?: number;
  height?: number;
};

const secret = "the fake's own";

/** Keeps a file and measures it, if it is a picture. */
export async function keepUpload(
  world: World,
  file: Omit<SentFile, "index">,
  place: { channelId: string; ephemeral: boolean },
): Promise<Upload> {
  const seen = await lookAtPicture(file.bytes);
  const upload: Upload = {
    id: makeSnowflake(),
    name: cleanName(file.name),
    bytes: file.bytes,
    contentType: seen?.contentType ?? file.contentType,
    ...place,
    ...(seen === undefined ? {} : { width: seen.width, height: seen.height }),
  };
  world.uploads.set(upload.id, upload);
  return upload;
}

/** Discord replaces what it does not like in a name: `attachment://` must then say the new one. */
export function cleanName(name: string): string {
  return name.replaceAll(/[^\w.-]/g, "_");
}

async function lookAtPicture(
  bytes: Uint8Array,
): Promise<{ contentType: string; width: number; height: number } | undefined> {
  try {
    const { format, width, height } = await sharp(bytes).metadata();
    return { contentType: `image/${format}`, width, height };
  } catch {
    // Not a picture: sharp has no error of its own for that.
    return undefined;
  }
}

/** The address of a kept file; each time a message is fetched, it is a fresh one. */
export function signedAddress(world: World, upload: Upload): { url: string; proxyUrl: string } {
  const path = pathOf(upload);
  const issued = Math.floor(Date.now() / 1000);
  const expires = issued + Math.round(world.limits.attachmentSeconds);
  const [ex, is] = [expires.toString(16), issued.toString(16)];
  const query = `?ex=${ex}&is=${is}&hm=${sign(path, ex, is)}&`;
  return { url: world.addresses.cdn + path + query, proxyUrl: world.addresses.media + path + query };
}

/** What cdn.discordapp.com answers. */
export function serveUpload(world: World, path: string, query: URLSearchParams): Answer & { file?: Upload } {
  const upload = world.uploads.get(path.split("/")[3] ?? "");
  const [ex, is, hm] = ["ex", "is", "hm"].map((name) => query.get(name) ?? "");
  const genuine = upload !== undefined && pathOf(upload) === path && hm === sign(path, ex ?? "", is ?? "");
  if (!genuine || Number.parseInt(ex ?? "", 16) * 1000 < Date.now()) {
    return { status: 404, body: "This content is no longer available." };
  }
  return { status: 200, file: upload };
}

function pathOf({ id, channelId, name, ephemeral }: Upload): string {
  return `/${ephemeral ? "ephemeral-attachments" : "attachments"}/${channelId}/${id}/${encodeURIComponent(name)}`;
}

function sign(path: string, expires: string, issued: string): string {
  return createHmac("sha256", secret).update(`${path} ${expires} ${issued}`).digest("hex");
}
