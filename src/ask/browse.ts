import { createHash } from "node:crypto";
import type { Azure } from "../storage/azure.ts";
import { privateWordReply, sorryReply } from "../replies/compose-reply.ts";
import { drawContactSheet } from "../pixels/draw-contact-sheet.ts";
import type { Tile } from "../pixels/draw-contact-sheet.ts";
import { drawFamilyTree } from "../pixels/draw-family-tree.ts";
import type { SmallJpeg } from "../pixels/small-jpeg.ts";
import { findPicture } from "./go-on.ts";
import type { PicturePress, Sorry } from "./go-on.ts";
import { isKeptBy } from "../jobs/wall.ts";
import { findInHistory, readFamily, readHistory } from "../jobs/history.ts";
import type { Numbered } from "../jobs/history.ts";
import { log } from "../log.ts";
import { detailsReply, onePictureReply, pictureUrl } from "../replies/picture-reply.ts";
import { keepBeside, readPicture } from "../storage/picture-blobs.ts";
import type { ChatReply, ReplyAction, ReplyPicture } from "../replies/reply.ts";
import { textOfRef } from "../request/request.ts";
import type { Asker } from "../request/request.ts";
import type { Said } from "../words/said.ts";
import { changeNames, failed, family, history, labels } from "../words/sentences.ts";
import type { Settings } from "../settings.ts";
import { oneLine } from "../words/one-line.ts";
import { shortenApart } from "../words/shorten-apart.ts";

/** Pictures on a page of the history. */
const HISTORY_PAGE = 9;
/** With what else stands in the line, it is one on most screens. */
const LONGEST_WORDS = 60;

/** A person's own pictures, the newest first, with a way on from any of them. `asked.page` counts from 0. */
export async function historyReply(
  by: Asker,
  asked: { page: number; signal?: AbortSignal },
  settings: Settings,
  azure: Azure,
): Promise<ChatReply> {
  try {
    const wanted = { page: asked.page, size: HISTORY_PAGE };
    const { members, page, hasMore } = await readHistory(by, wanted, azure, asked.signal);
    if (!members.length && !hasMore) return privateWordReply(page ? history.noMore : history.empty);
    const turns: ReplyAction[] = [
      ...(page > 0 ? [{ do: "page", label: labels.newer, page: page - 1 } as const] : []),
      ...(hasMore ? [{ do: "page", label: labels.older, page: page + 1 } as const] : []),
    ];
    const words = shortWords(members);
    const lines = members.map(({ number, job }, index) =>
      history.line({ number, words: words[index] ?? "", at: job.acceptedAt }),
    );
    const sheet = await sheetOf(members, { altText: history.title }, settings, azure);
    return album(history.title, lines, sheet, [...picks(members), ...turns]);
  } catch (error) {
    log.error({ error }, "a history could not be read");
    return sorryReply(failed.storage);
  }
}

/** What a button would hold for the picture that a person names by its number in their history, or by none: their newest. */
export async function refInHistory(
  by: Asker,
  number: number | undefined,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<{ ref: string } | Sorry> {
  const found = await findInHistory(by, number, azure, abortSignal);
  if (found === "deleted") return { sorry: failed.deletedPicture };
  if (found) return { ref: textOfRef(found) };
  return { sorry: number === undefined ? history.empty : history.noNumber({ number }) };
}

/** What a picture came from and what came of it, as a tree with numbers, with a way on from any of them. */
export async function familyReply(press: PicturePress, settings: Settings, azure: Azure): Promise<ChatReply> {
  const found = await findPicture(press, azure);
  if ("sorry" in found) return privateWordReply(found.sorry);
  try {
    const { line, children, hasMore } = await readFamily(found, press.by, azure, press.signal);
    const members = [...line, ...children].map((member, index) => ({ ...member, number: index + 1 }));
    const all = shortWords(members);
    const lines = members.map(({ number, job }, index) => {
      const { parent, sources } = job.request;
      const change = parent ? changeNames[parent.change] : sources?.length ? family.brought : undefined;
      const words = all[index] ?? "";
      return change ? family.changed({ number, change, words }) : family.line({ number, words });
    });
    const altText = family.tree({ before: line.length - 1, after: children.length });
    const isOne = members.length === 1;
    const sheet = await sheetOf(
      members,
      isOne ? { altText: family.title } : { altText, current: line.length },
      settings,
      azure,
    );
    const notes = [members.length > 1 ? family.intro : family.alone, ...(hasMore ? [family.more] : [])];
    return album(family.title, [...notes, ...lines], sheet, picks(members));
  } catch (error) {
    log.error({ error, ref: press.ref }, "a family could not be read");
    return sorryReply(failed.storage);
  }
}

/** The same for a picture by its number in the asker's history, or by none: their newest. */
export async function familyByNumber(
  number: number | undefined,
  { by, signal }: Omit<PicturePress, "ref">,
  settings: Settings,
  azure: Azure,
): Promise<ChatReply> {
  try {
    const found = await refInHistory(by, number, azure, signal);
    if ("sorry" in found) return privateWordReply(found.sorry);
    return await familyReply({ ref: found.ref, by, signal }, settings, azure);
  } catch (error) {
    log.error({ error }, "a history could not be read");
    return privateWordReply(failed.storage);
  }
}

/** One picture with all that can be done with it, for the presser alone. */
export async function pickedReply(press: PicturePress, settings: Settings, azure: Azure): Promise<ChatReply> {
  const found = await findPicture(press, azure);
  return "sorry" in found ? privateWordReply(found.sorry) : onePictureReply(found.job, found.ref.place, settings);
}

/** What does not stand under a picture itself. */
export async function detailsOf(press: PicturePress, settings: Settings, azure: Azure): Promise<ChatReply> {
  const found = await findPicture(press, azure);
  if ("sorry" in found) return privateWordReply(found.sorry);
  const isKept = await isKeptBy(press.by, found, azure, press.signal).catch((error: unknown) => {
    log.warn({ error, ref: press.ref }, "a wall could not be read, so that a picture seems not to be kept");
    return false;
  });
  return detailsReply(found.job, found.ref.place, settings, isKept);
}

export function album(
  title: Said,
  paragraphs: Said[],
  sheet: ReplyPicture | undefined,
  actions: ReplyAction[],
): ChatReply {
  const pictures = sheet ? [sheet] : [];
  return {
    role: "word",
    mood: "help",
    title,
    paragraphs,
    quotes: [],
    pictures,
    facts: [],
    actions,
    forAskerOnly: true,
  };
}

export function picks(members: Numbered[]): ReplyAction[] {
  const words = shortWords(members);
  const choices = members.map(({ number, ref }, index) => ({
    ref: textOfRef(ref),
    name: history.choice({ number, words: words[index] ?? "" }),
  }));
  return choices.length ? [{ do: "pick", label: labels.goOnFrom, choices }] : [];
}

/** What was asked for, of each a line that can be told from the others. */
export function shortWords(members: Pick<Numbered, "job">[]): string[] {
  const prompts = members.map(({ job }) => oneLine(job.request.prompt));
  return shortenApart(prompts, LONGEST_WORDS);
}

/** With a `current` among them a tree of what is before and after that; else row by row. */
function drawOne(tiles: Tile[], current: number | undefined): Promise<SmallJpeg> {
  const place = tiles.findIndex(({ number }) => number === current);
  const own = tiles[place];
  if (!own) return drawContactSheet(tiles);
  return drawFamilyTree({ before: tiles.slice(0, place), current: own, after: tiles.slice(place + 1) });
}

/** The sheet goes with each of its pictures: a mark under `sheets/` says where it shows. Nothing where it cannot be made. */
export async function sheetOf(
  members: Numbered[],
  { altText, current }: { altText: Said; current?: number },
  settings: Settings,
  azure: Azure,
): Promise<ReplyPicture | undefined> {
  if (!members.length) return undefined;
  try {
    const pictures = members.map(({ number, ref, job }) => ({ number, ...job.pictures[ref.place - 1] }));
    const tiles = await Promise.all(
      pictures.map(async ({ number, kept }) => ({
        picture: (kept && (await readPicture(kept.preview ?? kept.name, azure))) ?? Buffer.alloc(0),
        number,
      })),
    );
    const { bytes, width, height } = await drawOne(tiles, current);
    const ids = pictures.flatMap(({ id }) => id ?? []);
    const name = `${createHash("sha1")
      .update(JSON.stringify([ids, members.map(({ number }) => number), current && { tree: current }]))
      .digest("hex")}-sheet.jpg`;
    await Promise.all(ids.map((id) => azure.container.getBlockBlobClient(`sheets/${id}/${name}`).upload("", 0)));
    await keepBeside(name, bytes, azure);
    const url = pictureUrl(name, settings);
    const shown = { name, preview: name, mediaType: "image/jpeg", bytes: bytes.length, url, previewUrl: url };
    return { ...shown, width, height, altText };
  } catch (error) {
    log.warn({ error }, "no contact sheet could be made");
    return undefined;
  }
}
