import { createHmac } from "node:crypto";
import sharp from "sharp";
import { makeSnowflake } from "./snowflake.ts";
import type { World } from "./world.ts";
import type { SentFile, Upload } from "./records.ts";

const secret = "the fake's own";

/** Discord tells the type from the name alone: a text that is called .png is an image/png. */
const typesByExtension: Record<string, string> = {
  png: "image/png",
  gif: "image/gif",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  jfif: "image/jpeg",
  webp: "image/webp",
  avif: "image/avif",
  heic: "image/heic",
  svg: "image/svg+xml",
  mp4: "video/mp4",
  mov: "video/quicktime",
  mp3: "audio/mpeg",
  pdf: "application/pdf",
  zip: "application/zip",
  txt: "text/plain; charset=utf-8",
};
/** Of sharp's formats, those that Discord measures. */
const measured = ["png", "jpeg", "gif", "webp", "heif"];

/** Keeps a file and measures it, if it is a picture. */
export async function keepUpload(
  world: World,
  file: Omit<SentFile, "index">,
  place: { channelId: string; ephemeral: boolean },
): Promise<Upload> {
  const seen = await measurePicture(file.bytes);
  const byName = typesByExtension[/\.(\w+)$/.exec(file.name)?.[1]?.toLowerCase() ?? ""];
  const upload: Upload = {
    id: makeSnowflake(),
    name: cleanName(file.name),
    bytes: file.bytes,
    contentType: byName ?? file.contentType,
    ...place,
    ...seen,
  };
  world.uploads.set(upload.id, upload);
  return upload;
}

/** Discord replaces what it does not like in a name: `attachment://` must then say the new one. */
export function cleanName(name: string): string {
  return name.replaceAll(/[^\w.-]/g, "_");
}

async function measurePicture(bytes: Uint8Array): Promise<{ width: number; height: number } | undefined> {
  try {
    const { format, width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
    return measured.includes(format) ? { width, height } : undefined;
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
  const query = `?ex=${ex}&is=${is}&hm=${sign(world, path, [ex, is])}&`;
  return { url: world.addresses.cdn + path + query, proxyUrl: world.addresses.media + path + query };
}

/** The file that an address is good for: kept still, rightly signed, and not expired. */
export function findUpload(world: World, { pathname, searchParams }: URL): Upload | undefined {
  const upload = world.uploads.get(pathname.split("/")[3] ?? "");
  const [ex = "", is = "", hm = ""] = ["ex", "is", "hm"].map((name) => searchParams.get(name) ?? "");
  // The signature covers the whole path, the name in it too.
  const genuine = hm === sign(world, pathname, [ex, is]);
  return genuine && Number.parseInt(ex, 16) * 1000 >= Date.now() ? upload : undefined;
}

function pathOf({ id, channelId, name, ephemeral }: Upload): string {
  return `/${ephemeral ? "ephemeral-attachments" : "attachments"}/${channelId}/${id}/${encodeURIComponent(name)}`;
}

function sign({ addressEpoch }: World, path: string, [expires, issued]: [string, string]): string {
  return createHmac("sha256", secret).update(`${addressEpoch} ${path} ${expires} ${issued}`).digest("hex");
}
