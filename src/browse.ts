import { createHash } from "node:crypto";
import type { Azure } from "./azure.ts";
import { privateWordReply, sorryReply } from "./compose-reply.ts";
import { drawContactSheet } from "./contact-sheet.ts";
import { findPicture } from "./continue.ts";
import type { Press } from "./continue.ts";
import { readFamily, readHistory } from "./family.ts";
import type { Member } from "./family.ts";
import { keepBeside } from "./keep.ts";
import { log } from "./log.ts";
import { onePictureReply, pictureUrl } from "./picture-reply.ts";
import { readPicture } from "./pictures.ts";
import type { ChatReply, ReplyAction, ReplyPicture } from "./reply.ts";
import { textOfRef } from "./request.ts";
import type { Asker } from "./request.ts";
import { changeNames, failed, family, history, labels } from "./sentences.ts";
import type { Settings } from "./settings.ts";

/** Pictures on a page of the history. */
export const HISTORY_PAGE = 9;
const LONGEST_WORDS = 100;

/** A person's own pictures, the newest first, with a way on from any of them. `asked` counts pages from 0. */
export async function historyReply(by: Asker, asked: number, settings: Settings, azure: Azure): Promise<ChatReply> {
  try {
    const { members, page, hasMore } = await readHistory(by, { page: asked, size: HISTORY_PAGE }, azure);
    if (!members.length && !hasMore) return privateWordReply(page ? history.noMore : history.empty);
    const turns: ReplyAction[] = [
      ...(page > 0 ? [{ do: "page", label: labels.newer, page: page - 1 } as const] : []),
      ...(hasMore ? [{ do: "page", label: labels.older, page: page + 1 } as const] : []),
    ];
    const first = page * HISTORY_PAGE + 1;
    const lines = members.map(({ job }, index) => history.line(first + index, shortWords(job.request.prompt)));
    const sheet = await sheetOf(members, { first, title: history.title }, settings, azure);
    return album(history.title, lines, sheet, [...picks(members, first), ...turns]);
  } catch (error) {
    log.error({ error }, "a history could not be read");
    return sorryReply(failed.storage);
  }
}

/** What a picture came from and what came of it, as one sheet with numbers, with a way on from any of them. */
export async function familyReply(press: Press, settings: Settings, azure: Azure): Promise<ChatReply> {
  const found = await findPicture(press, azure);
  if ("sorry" in found) return privateWordReply(found.sorry);
  try {
    const { line, children, hasMore } = await readFamily(found, press.by, azure, press.signal);
    const members = [...line, ...children];
    const lines = members.map(({ job }, index) => {
      const { parent, prompt, sources } = job.request;
      const change = parent ? changeNames[parent.change] : sources?.length ? family.brought : undefined;
      return family.line(index + 1, change, shortWords(prompt));
    });
    const sheet = await sheetOf(members, { first: 1, title: family.title, current: line.length - 1 }, settings, azure);
    const notes = [members.length > 1 ? family.intro : family.alone, ...(hasMore ? [family.more] : [])];
    return album(family.title, [...notes, ...lines], sheet, picks(members, 1));
  } catch (error) {
    log.error({ error, ref: press.ref }, "a family could not be read");
    return sorryReply(failed.storage);
  }
}

/** One picture with all that can be done with it, for the presser alone. */
export async function pickedReply(press: Press, settings: Settings, azure: Azure): Promise<ChatReply> {
  const found = await findPicture(press, azure);
  return "sorry" in found ? privateWordReply(found.sorry) : onePictureReply(found.job, found.ref.place, settings);
}

function album(
  title: string,
  paragraphs: string[],
  sheet: ReplyPicture | undefined,
  actions: ReplyAction[],
): ChatReply {
  const pictures = sheet ? [sheet] : [];
  return { mood: "help", title, paragraphs, quotes: [], pictures, facts: [], actions, forAskerOnly: true };
}

function picks(members: Member[], first: number): ReplyAction[] {
  const choices = members.map(({ ref, job }, index) => ({
    ref: textOfRef(ref),
    name: history.line(first + index, shortWords(job.request.prompt, 60)),
  }));
  return choices.length ? [{ do: "pick", label: labels.goOnFrom, choices }] : [];
}

function shortWords(words: string, most = LONGEST_WORDS): string {
  const line = words.replaceAll(/\s+/g, " ").trim();
  return line.length > most ? `${line.slice(0, most).trimEnd()}…` : line;
}

/** The sheet goes with each of its pictures: a mark under `sheets/` says where it shows. Nothing where it cannot be made. */
async function sheetOf(
  members: Member[],
  { first, title, current }: { first: number; title: string; current?: number },
  settings: Settings,
  azure: Azure,
): Promise<ReplyPicture | undefined> {
  if (!members.length) return undefined;
  const pictures = members.map(({ ref, job }) => job.pictures[ref.place - 1]);
  try {
    const tiles = await Promise.all(
      pictures.map(async (picture, index) => ({
        picture:
          (picture?.kept && (await readPicture(picture.kept.preview ?? picture.kept.name, azure))) ?? Buffer.alloc(0),
        number: first + index,
        mark: index === current ? ("current" as const) : undefined,
      })),
    );
    const bytes = await drawContactSheet(tiles);
    const ids = pictures.flatMap((picture) => picture?.id ?? []);
    const name = `${createHash("sha1")
      .update(JSON.stringify([ids, first, current]))
      .digest("hex")}-sheet.jpg`;
    await Promise.all(ids.map((id) => azure.container.getBlockBlobClient(`sheets/${id}/${name}`).upload("", 0)));
    await keepBeside(name, bytes, azure);
    const url = pictureUrl(name, settings);
    const shown = { name, preview: name, mediaType: "image/jpeg", bytes: bytes.length, url, previewUrl: url };
    return { ...shown, width: 1024, height: 1024, altText: title };
  } catch (error) {
    log.warn({ error }, "no contact sheet could be made");
    return undefined;
  }
}
