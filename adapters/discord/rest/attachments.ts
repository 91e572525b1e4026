import type { RawFile } from "discord.js";
import type { Azure } from "../../../src/storage/azure.ts";
import { readPicture } from "../../../src/storage/picture-blobs.ts";
import type { ReplyPicture } from "../../../src/replies/reply.ts";
import type { ShownPicture } from "../show.ts";

/** How much of the pictures travels with a message: each where it fits, small copies, or nothing. */
export type Cargo = "originals" | "previews" | "nothing";

/** A whole request may have 25 MiB; the rest is for its text and the form around it. */
const MOST_BYTES_IN_ALL = 24 * 1024 * 1024;
/** No preview is larger, see `ReplyPicture`. */
const PREVIEW_BYTES = 1024 * 1024;

type Chosen = { picture: ReplyPicture; blob: string; mediaType: string; bytes: number };

/** The bytes themselves: an address of Discord's own expires, and a foreign one that is slow once stays blank. */
export async function loadCargo(
  pictures: ReplyPicture[],
  cargo: Cargo,
  sizeLimit: number,
  azure: Azure,
): Promise<{ files: RawFile[]; shown: ShownPicture[] }> {
  const files: RawFile[] = [];
  const shown: ShownPicture[] = [];
  for (const { picture, blob, mediaType } of chooseBlobs(pictures, cargo, sizeLimit)) {
    const data = await readPicture(blob, azure);
    if (!data) continue;
    const fileName = `easel-${pictures.indexOf(picture) + 1}.${blob.split(".").at(-1)}`;
    files.push({ name: fileName, data, contentType: mediaType });
    shown.push({ picture, fileName });
  }
  return { files, shown };
}

function chooseBlobs(pictures: ReplyPicture[], cargo: Cargo, sizeLimit: number): Chosen[] {
  if (cargo === "nothing") return [];
  const chosen = pictures.flatMap((picture): Chosen[] => {
    if (cargo === "originals" && picture.bytes <= sizeLimit) return [original(picture)];
    return preview(picture);
  });
  const total = () => chosen.reduce((sum, { bytes }) => sum + bytes, 0);
  while (total() > MOST_BYTES_IN_ALL) {
    const largest = chosen.reduce((a, b) => (b.bytes > a.bytes ? b : a));
    chosen.splice(
      chosen.indexOf(largest),
      1,
      ...(largest.blob === largest.picture.preview ? [] : preview(largest.picture)),
    );
  }
  return chosen;
}

function original(picture: ReplyPicture): Chosen {
  return { picture, blob: picture.name, mediaType: picture.mediaType, bytes: picture.bytes };
}

function preview(picture: ReplyPicture): Chosen[] {
  return picture.preview ? [{ picture, blob: picture.preview, mediaType: "image/jpeg", bytes: PREVIEW_BYTES }] : [];
}
