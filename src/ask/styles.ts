import { createHash } from "node:crypto";
import { findPicture } from "./go-on.ts";
import { keptBy, mayChangeStyle, removeReferences } from "./save-style.ts";
import type { StyleAsker } from "./save-style.ts";
import { log } from "../log.ts";
import { nearestName } from "../near.ts";
import { drawSwatches } from "../pixels/draw-swatches.ts";
import { privateWordReply } from "../replies/compose-reply.ts";
import { pictureUrl } from "../replies/picture-reply.ts";
import type { ChatReply, ReplyPicture } from "../replies/reply.ts";
import { NO_STYLE } from "../request/named-style.ts";
import { textOfRef } from "../request/request.ts";
import type { Asker, Source } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { readInput } from "../storage/input-blobs.ts";
import { keepBeside, readPicture } from "../storage/picture-blobs.ts";
import { nameOfOwn, useNoStyle, useStyle } from "../styles/own-style.ts";
import { bookOf, dropStyle, findStyle, listStyles } from "../styles/style-book.ts";
import type { Style } from "../styles/style-book.ts";
import { keyOfStyle } from "../styles/style-name.ts";
import { sentenceOfFault } from "../words/fault-sentences.ts";
import { failed, labels, styles } from "../words/sentences.ts";
import { shorten } from "../words/shorten.ts";

/** Makes a style the channel's own, or takes that away: all there may know, so that the answer is for them too. */
export async function useAsOwn(name: string, asked: StyleAsker, azure: Azure): Promise<ChatReply> {
  const { by, signal } = asked;
  try {
    if (name.trim().toLowerCase() === NO_STYLE) {
      // Another replica may have heard of one.
      await useNoStyle(by, azure, signal);
      return forAll(styles.noOwn({ by: nameOf(by) }));
    }
    const style = await findStyle(name, by, azure, signal);
    if (!style) return await unknownReply(name, by, azure, signal);
    await useStyle(style, by, azure, signal);
    const [{ version }] = style.versions;
    return forAll(styles.nowOwn({ by: nameOf(by), name: style.name, version, platform: by.platform }));
  } catch (error) {
    log.error({ error }, "a channel's own style could not be written");
    return privateWordReply(failed.notNoted);
  }
}

function forAll(said: ReturnType<typeof styles.nowOwn>): ChatReply {
  return { ...privateWordReply(said), mood: "help", forAskerOnly: false };
}

function nameOf({ name }: Asker) {
  return name || labels.somebody;
}

async function unknownReply(name: string, by: Asker, azure: Azure, signal?: AbortSignal): Promise<ChatReply> {
  const names = (await listStyles(by, azure, signal)).map((style) => style.name);
  const meant = nearestName(name, names);
  return privateWordReply(
    sentenceOfFault({ fault: "style unknown", option: "style", value: name, meant, allowed: [] }),
  );
}

/** Of a look's words as much as a line holds. */
const LONGEST_LOOK = 60;

export async function listReply({ by, signal }: StyleAsker, azure: Azure): Promise<ChatReply> {
  try {
    const [all, own] = await Promise.all([listStyles(by, azure, signal), nameOfOwn(by, azure)]);
    const empty = privateWordReply(styles.listEmpty({ platform: by.platform }));
    if (!all.length) return empty;
    const lines = all.map((style) => {
      const { name, versions } = style;
      const [{ version, words, palette }] = versions;
      const named = styles.named({ name, version });
      const isOwn = own && keyOfStyle(own.name) === style.key;
      const look = shorten(words || palette.map((colour) => colour.name).join(", "), LONGEST_LOOK);
      return styles.listLine({ style: isOwn ? styles.listOwn({ style: named }) : named, words: look });
    });
    return { ...empty, mood: "help", title: styles.listTitle, paragraphs: lines };
  } catch (error) {
    log.error({ error }, "styles could not be listed");
    return privateWordReply(failed.storage);
  }
}

/** Names to choose from while somebody types, those that begin so first; `also` are words that mean something there too. Never throws. */
export async function stylesLike(
  typed: string,
  { by, also, most, signal }: { by: Asker; also: string[]; most: number; signal?: AbortSignal },
  azure: Azure,
): Promise<string[]> {
  try {
    const word = typed.trim().toLowerCase();
    const names = [...(await listStyles(by, azure, signal)).map(({ name }) => name), ...also];
    const begins = names.filter((name) => name.toLowerCase().startsWith(word));
    const others = names.filter((name) => !begins.includes(name) && name.toLowerCase().includes(word));
    return [...begins, ...others].slice(0, most);
  } catch (error) {
    log.warn({ error }, "styles could not be looked up for a list");
    return [];
  }
}

/** What a style keeps, in words and as a picture. */
export async function showStyle(name: string, asked: StyleAsker, settings: Settings, azure: Azure): Promise<ChatReply> {
  const { by, signal } = asked;
  try {
    const style = await findStyle(name, by, azure, signal);
    if (!style) return await unknownReply(name, by, azure, signal);
    const [newest, ...older] = style.versions;
    const { version, at, references } = newest;
    const card = await cardOf(style, asked, settings, azure);
    const versions = older.map((one) => styles.version({ version: one.version, by: nameOf(one.by), at: one.at }));
    const title = styles.named({ name: style.name, version });
    return {
      ...privateWordReply(title),
      mood: "help",
      title,
      paragraphs: [
        ...keptBy(style),
        ...(references.length ? [styles.keepsPictures({ count: references.length })] : []),
        styles.savedBy({ by: nameOf(newest.by), at }),
        ...(versions.length ? [styles.versions({ all: versions })] : []),
      ],
      pictures: card ? [card] : [],
    };
  } catch (error) {
    log.error({ error }, "a style could not be shown");
    return privateWordReply(failed.storage);
  }
}

/** With the pictures that whoever looks may see here, for a style is its whole server's. Nothing where there is nothing to draw. */
async function cardOf(
  { key, name, versions: [newest] }: Style,
  { by, signal }: StyleAsker,
  settings: Settings,
  azure: Azure,
): Promise<ReplyPicture | undefined> {
  try {
    const seen: { id: string; bytes: Buffer }[] = [];
    for (const source of newest.references) seen.push(...(await lookAt(source, by, azure, signal)));
    const hexes = newest.palette.map(({ hex }) => hex);
    if (!hexes.length && !seen.length) return undefined;
    const { bytes, width, height } = await drawSwatches(
      hexes,
      seen.map((one) => one.bytes),
    );
    const blob = `${createHash("sha1")
      .update(JSON.stringify([bookOf(by), key, hexes, seen.map(({ id }) => id)]))
      .digest("hex")}-sheet.jpg`;
    // With each picture on it the card goes too; and each is swept like any sheet.
    const marks = [`style-${key}`, ...seen.map(({ id }) => id)];
    await Promise.all(marks.map((id) => azure.container.getBlockBlobClient(`sheets/${id}/${blob}`).upload("", 0)));
    await keepBeside(blob, bytes, azure);
    const url = pictureUrl(blob, settings);
    const colours = newest.palette.map((colour) => colour.name);
    const altText = styles.card({ name, colours, count: seen.length });
    const shown = { name: blob, preview: blob, mediaType: "image/jpeg", bytes: bytes.length, url, previewUrl: url };
    return { ...shown, width, height, altText };
  } catch (error) {
    log.warn({ error }, "no card of a style could be made");
    return undefined;
  }
}

async function lookAt(
  source: Source,
  by: Asker,
  azure: Azure,
  signal?: AbortSignal,
): Promise<{ id: string; bytes: Buffer }[]> {
  if (source.from === "input") {
    const bytes = await readInput(source.name, azure);
    return bytes ? [{ id: source.name.replace(/\.jpg$/, ""), bytes }] : [];
  }
  if (source.from !== "drawn") return [];
  const found = await findPicture({ ref: textOfRef(source.picture), by, signal }, azure);
  if ("sorry" in found) return [];
  const { kept, id } = found.picture;
  const bytes = await readPicture(kept.preview ?? kept.name, azure);
  return bytes ? [{ id, bytes }] : [];
}

/** Takes a style away, by whoever saved it or a moderator. What was drawn in it stays as it is. */
export async function dropNamedStyle(name: string, asked: StyleAsker, azure: Azure): Promise<ChatReply> {
  const { by, signal } = asked;
  try {
    const style = await findStyle(name, by, azure, signal);
    if (!style) return await unknownReply(name, by, azure, signal);
    const mayChange = (owner: Asker) => mayChangeStyle(owner, asked);
    const dropped = await dropStyle(style, { by, mayChange }, azure, signal);
    if (dropped === "not yours") return privateWordReply(styles.notYours({ owner: nameOf(style.owner) }));
    if (dropped !== "gone")
      void removeReferences(
        dropped.versions.flatMap(({ references }) => references),
        undefined,
        azure,
      );
    return { ...privateWordReply(styles.dropped({ name: style.name })), mood: "help" };
  } catch (error) {
    log.error({ error }, "a style could not be dropped");
    return privateWordReply(failed.notNoted);
  }
}
