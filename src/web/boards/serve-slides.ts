import { Worker } from "node:worker_threads";
import sharp from "sharp";
import type { Azure } from "../../storage/azure.ts";
import { readPicture } from "../../storage/picture-blobs.ts";
import { shorten } from "../../words/shorten.ts";
import { composeDeck } from "./compose-deck.ts";
import type { Deck } from "./compose-deck.ts";
import type { SeenBoard } from "./see-board.ts";
import type { DeckPictures } from "./write-slides.ts";

/** Beyond so many pictures the small ones do. */
const MOST_LARGE = 40;
const LONGEST_EDGE = 2000;
/** More than any model draws. */
const MOST_PIXELS = 40_000_000;
const MOST_MEGABYTES = 768;

type Made = { version: string; bytes: Promise<Uint8Array> };
export type SlideMaker = {
  /** The file; nothing while others are made. */
  slidesOf(seen: SeenBoard): Promise<Uint8Array> | undefined;
};

/** One file at a time in this process, and the last one is kept for a while: they are asked for again, by everybody in the room. */
export function openSlideMaker(azure: Azure): SlideMaker {
  let last: Made | undefined;
  let isBusy = false;
  return {
    slidesOf(seen) {
      const version = `${seen.told.session.id} ${seen.version}`;
      if (last?.version === version) return last.bytes;
      if (isBusy) return undefined;
      isBusy = true;
      const bytes = makeSlides(composeDeck(seen.told), azure).finally(() => {
        isBusy = false;
      });
      const made = { version, bytes };
      const forget = () => {
        if (last === made) last = undefined;
      };
      bytes.catch(forget);
      setTimeout(forget, azure.times.web.slidesKeptMilliseconds).unref();
      last = made;
      return bytes;
    },
  };
}

async function makeSlides(deck: Deck, azure: Azure): Promise<Uint8Array> {
  const pictures = await readPictures(deck, azure);
  const transferList = [...pictures.values()].map(({ bytes }) => bytes.buffer as ArrayBuffer);
  const worker = new Worker(new URL("write-slides.ts", import.meta.url), {
    workerData: { deck, pictures },
    transferList,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
  });
  const written = Promise.withResolvers<Uint8Array>();
  worker.once("message", (bytes: Uint8Array) => written.resolve(bytes));
  worker.once("error", (error) => written.reject(error));
  worker.once("exit", (code) => written.reject(new Error(`slides were not written: the thread ended with ${code}`)));
  const limit = setTimeout(
    () => written.reject(new Error("slides were not written in time")),
    azure.times.web.slidesLimitMilliseconds,
  );
  return written.promise.finally(() => {
    clearTimeout(limit);
    void worker.terminate();
  });
}

/** One after the other, so that the originals of a long session are never in memory together. */
async function readPictures({ slides, decision }: Deck, azure: Azure): Promise<DeckPictures> {
  const wanted = [...slides.flatMap(({ picture }) => picture ?? []), ...decision.pictures];
  const byName = new Map(wanted.map((picture) => [picture.name, picture]));
  const pictures: DeckPictures = new Map();
  for (const [name, picture] of byName) {
    const bytes = await readPicture(byName.size > MOST_LARGE ? (picture.preview ?? name) : name, azure);
    // One that cannot be read is left out, as one that is not there.
    const small = bytes && (await asJpeg(bytes).catch(() => undefined));
    if (small) pictures.set(name, small);
  }
  return pictures;
}

async function asJpeg(bytes: Buffer) {
  const { data, info } = await sharp(bytes, { limitInputPixels: MOST_PIXELS })
    .resize({ width: LONGEST_EDGE, height: LONGEST_EDGE, fit: "inside", withoutEnlargement: true })
    .flatten({ background: "#fff" })
    .jpeg({ quality: 82 })
    .toBuffer({ resolveWithObject: true });
  // A copy of its own, which can be handed to a thread.
  return { bytes: Uint8Array.from(data), width: info.width, height: info.height };
}

const MOST_NAME = 60;
const FORBIDDEN = /[\\/:*?"<>|\p{C}]+/gu;

/** The file is called like the topic, as far as all systems take that. */
export function fileHeaders(topic: string): Record<string, string> {
  const name = shorten(topic.toWellFormed().replaceAll(FORBIDDEN, " ").replaceAll(/\s+/g, " "), MOST_NAME);
  const named = encodeURIComponent(`${name.replaceAll(/^[. ]+|[. ]+$/g, "") || "brainstorm"}.pptx`);
  const encoded = named.replaceAll(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return {
    "content-type": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "content-disposition": `attachment; filename="brainstorm.pptx"; filename*=UTF-8''${encoded}`,
  };
}
