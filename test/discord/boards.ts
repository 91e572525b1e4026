import { randomBytes } from "node:crypto";
import sharp from "sharp";
import type { Board } from "../../src/brainstorm/board.ts";
import type { ReplyPicture } from "../../src/replies/reply.ts";
import { pictureBlob } from "../../src/storage/picture-blobs.ts";
import type { Azure } from "../../src/storage/azure.ts";
import { labels } from "../../src/words/sentences.ts";

/** Of any words: a test of how a board looks needs none of ours. */
const say = (words: string) => labels.askedBy({ name: words });

export function boardWith(change: Partial<Board> = {}): Board {
  return {
    session: randomBytes(16).toString("hex"),
    round: 1,
    mood: "waiting",
    title: say("a logo for our bakery"),
    facts: [say("begun"), say("hidden")],
    stage: say("we gather ideas"),
    until: { label: say("until"), at: new Date(Date.now() + 600_000).toISOString() },
    howTo: say("press to join"),
    ideas: [ideaWith(1), ideaWith(2)],
    notes: [],
    actions: [{ does: "add", label: say("add"), tone: "main" }],
    ...change,
  };
}

export function ideaWith(number: number, change: Partial<Board["ideas"][number]> = {}): Board["ideas"][number] {
  return { number, words: `a loaf number ${number}`, by: "Ada", isWinner: false, ...change };
}

/** A drawn picture with its small copy, both in storage. */
export async function drawnPicture(azure: Azure, altText: string): Promise<ReplyPicture> {
  const name = randomBytes(16).toString("hex");
  const colour = `#${randomBytes(3).toString("hex")}`;
  const preview = await sharp({ create: { width: 96, height: 64, channels: 3, background: colour } })
    .jpeg()
    .toBuffer();
  await pictureBlob(`${name}-preview.jpg`, azure).upload(preview, preview.length);
  const original = await sharp(preview).png().toBuffer();
  await pictureBlob(`${name}.png`, azure).upload(original, original.length);
  const small = `${name}-preview.jpg`;
  const base = "https://easel.example.org/pictures";
  const addresses = { url: `${base}/${name}.png`, previewUrl: `${base}/${small}` };
  return {
    name: `${name}.png`,
    mediaType: "image/png",
    width: 96,
    height: 64,
    bytes: 9000,
    preview: small,
    altText,
    ...addresses,
  };
}
