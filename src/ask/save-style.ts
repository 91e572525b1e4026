import { createHash } from "node:crypto";
import sharp from "sharp";
import { findPicture } from "./go-on.ts";
import type { Continued } from "./go-on.ts";
import { readHistory } from "../jobs/history.ts";
import { staysPrivate } from "../jobs/rights.ts";
import { log } from "../log.ts";
import { readPalette } from "../pixels/read-palette.ts";
import { readSourcePicture } from "../pixels/read-source-picture.ts";
import { smallJpeg } from "../pixels/small-jpeg.ts";
import { privateWordReply } from "../replies/compose-reply.ts";
import type { ChatReply } from "../replies/reply.ts";
import { textOfRef } from "../request/request.ts";
import type { Asker, Source } from "../request/request.ts";
import type { Azure } from "../storage/azure.ts";
import { inputBlob, putInput } from "../storage/input-blobs.ts";
import { readPicture } from "../storage/picture-blobs.ts";
import { lookIn } from "../styles/look-words.ts";
import { LONGEST_STYLE_WORDS, MOST_REFERENCES, MOST_STYLES, saveStyle } from "../styles/style-book.ts";
import type { Saving, Style, StyleChange } from "../styles/style-book.ts";
import { keyOfStyle, LONGEST_STYLE_NAME, readStyleName } from "../styles/style-name.ts";
import { referenceName } from "../styles/reference-blobs.ts";
import { sentenceOfFault } from "../words/fault-sentences.ts";
import { failed, labels, styles, together } from "../words/sentences.ts";
import type { Said, Text } from "../words/said.ts";

export type StyleAsker = { by: Asker; isModerator: boolean; signal?: AbortSignal };

/** What somebody wants to keep. Nothing given: the newest of their pictures in this chat. */
export type StyleToSave = StyleAsker & {
  name: string;
  words?: string;
  /** Pictures of ours, as buttons hold them. */
  refs: string[];
  /** Pictures that were sent along, as they came; or why one of them did not. */
  brought: (Buffer | Said)[];
  /** Name and look were typed in one line, parted by a colon. */
  isOneLine?: true;
  /** Of the event: the same once more saves nothing more. */
  event: string;
};

/** Keeps a look under a name. What is wrong is said all at once, with what was typed. */
export async function saveAsStyle(asked: StyleToSave, azure: Azure): Promise<ChatReply> {
  try {
    const read = await readAsked(asked, azure);
    if ("faults" in read) return refusal(asked, read.faults);
    const mayChange = (owner: Asker) => mayChangeStyle(owner, asked);
    const saving = await saveStyle(read.name, read.change, mayChange, { azure, abortSignal: asked.signal });
    if ("refused" in saving) return refusal(asked, [sentenceOfRefusal(saving)]);
    void removeReferences(saving.gone, saving.saved, azure);
    return savedReply(saving, asked.by);
  } catch (error) {
    log.error({ error }, "a style could not be saved");
    return refusal(asked, [failed.notNoted]);
  }
}

/** Whoever saved it first, and a moderator of the place. */
export function mayChangeStyle(owner: Asker, { by, isModerator }: StyleAsker): boolean {
  return isModerator || (owner.platform === by.platform && owner.user === by.user);
}

function sentenceOfRefusal(saving: Extract<Saving, { refused: string }>): Said {
  if (saving.refused === "too many styles") return styles.tooMany({ most: MOST_STYLES });
  return styles.notYours({ owner: saving.owner.name || labels.somebody });
}

/** Nothing that was typed is lost. */
function refusal({ name, words }: StyleToSave, faults: Said[]): ChatReply {
  const typed = words ? [{ label: labels.yourWords, words: [name, words].join(": ") }] : [];
  return { ...privateWordReply(together(faults)), paragraphs: faults, quotes: typed };
}

type Read = { name: string; change: StyleChange } | { faults: Said[] };

async function readAsked(asked: StyleToSave, azure: Azure): Promise<Read> {
  const { by, event } = asked;
  const named = readStyleName(asked.name);
  const words = asked.words?.replaceAll(/\s+/g, " ").trim() || undefined;
  const faults: Said[] = [];
  if ("fault" in named) faults.push(sentenceOfName(named, asked.name));
  if (words && words.length > LONGEST_STYLE_WORDS)
    faults.push(styles.wordsTooLong({ length: words.length, most: LONGEST_STYLE_WORDS }));
  const count = asked.refs.length + asked.brought.length;
  if (count > MOST_REFERENCES) faults.push(styles.tooManyPictures({ count, most: MOST_REFERENCES }));
  const refs = count || words ? asked.refs : await newestHere(asked, azure);
  if (!count && !words && !refs.length) faults.push(styles.nothingToSave);
  if (faults.length && asked.isOneLine && !words) faults.push(styles.nameThenWords);
  const pictures = faults.length ? [] : await readPictures({ ...asked, refs }, azure);
  faults.push(...pictures.flatMap((one) => ("say" in one ? [one] : [])));
  if (faults.length || "fault" in named) return { faults };
  const [first] = pictures;
  const look = words ?? pictures.map((one) => ("say" in one ? "" : one.look)).find(Boolean);
  const references = pictures.flatMap((one) => ("say" in one ? [] : [one.source]));
  const palette = first && !("say" in first) ? await readPalette(first.bytes) : undefined;
  return {
    name: named.name,
    change: { by, at: new Date().toISOString(), event, words: look, palette, references },
  };
}

function sentenceOfName(fault: Exclude<ReturnType<typeof readStyleName>, { name: string }>, name: string): Said {
  switch (fault.fault) {
    case "empty":
      return styles.nameMissing;
    case "too long":
      return styles.nameTooLong({ length: fault.length, most: LONGEST_STYLE_NAME });
    case "signs":
      return styles.nameSigns;
    case "taken by models":
      return styles.nameOfModels({ name: name.trim() });
  }
}

/** The newest picture of theirs that stands in this chat for all. */
async function newestHere({ by, signal }: StyleToSave, azure: Azure): Promise<string[]> {
  const { members } = await readHistory(by, { page: 0, size: NEWEST }, azure, signal);
  const here = members.find(({ job }) => !staysPrivate(job, by));
  return here ? [textOfRef(here.ref)] : [];
}

const NEWEST = 20;

type Picture = { source: Source; bytes: Buffer; look: string };

/** One after the other: a decoded picture may take 30 MB. */
async function readPictures(asked: StyleToSave, azure: Azure): Promise<(Picture | Said)[]> {
  const pictures: (Picture | Said)[] = [];
  for (const ref of asked.refs) pictures.push(await readOwn(ref, asked, azure));
  for (const [index, one] of asked.brought.entries())
    pictures.push(Buffer.isBuffer(one) ? await bring(one, index, asked, azure) : one);
  return pictures;
}

async function readOwn(ref: string, { by, signal }: StyleToSave, azure: Azure): Promise<Picture | Said> {
  const found = await findPicture({ ref, by, signal }, azure);
  if ("sorry" in found) return found.sorry;
  if (staysPrivate(found.job, by)) return styles.privatePicture;
  const { kept } = found.picture;
  const bytes = await readPicture(kept.preview ?? kept.name, azure);
  if (!bytes) return failed.deletedPicture;
  return { source: { from: "drawn", picture: found.ref }, bytes, look: lookOf(found) };
}

/** What it was drawn in, and what its words say of the look. */
function lookOf({ job: { request } }: Continued): string {
  return request.style?.words || lookIn(request.prompt);
}

async function bring(bytes: Buffer, index: number, asked: StyleToSave, azure: Azure): Promise<Picture | Said> {
  const read = await readSourcePicture(bytes);
  if ("fault" in read) return sentenceOfFault(read.fault);
  const small = await smallJpeg(
    sharp(read.picture).resize(1024, 1024, { fit: "inside", withoutEnlargement: true }).flatten({ background: "#fff" }),
  );
  const mark = createHash("sha256").update(`${asked.event}/${index}`).digest("hex").slice(0, 32);
  const name = referenceName(asked.by, keyOfStyle(asked.name), mark);
  await putInput(name, small.bytes, azure, asked.signal);
  return { source: { from: "input", name }, bytes: small.bytes, look: "" };
}

function savedReply({ saved, leftOut }: Extract<Saving, { saved: Style }>, { platform }: Asker): ChatReply {
  const { name, versions } = saved;
  const [newest] = versions;
  const { version, references } = newest;
  const paragraphs: Text[] = [
    styles.saved({ name, version }),
    ...keptBy(saved),
    ...(newest.words ? [] : [styles.noLook]),
    ...(references.length ? [styles.keepsPictures({ count: references.length })] : []),
    ...(leftOut.length ? [styles.fourAtMost({ most: MOST_REFERENCES })] : []),
    styles.howToUse({ name, platform }),
  ];
  return { ...privateWordReply(together(paragraphs)), mood: "help", paragraphs };
}

/** Its look and its colours, in words. */
export function keptBy({ versions: [{ words, palette }] }: Style): Said[] {
  const colours = palette.map((colour) => colour.name);
  return [
    ...(words ? [styles.keepsWords({ words })] : []),
    ...(colours.length ? [styles.keepsColours({ colours })] : []),
  ];
}

/** What was sent along for a style goes with the last version that has it. What does not go now is swept. */
export async function removeReferences(gone: Source[], kept: Style | undefined, azure: Azure): Promise<void> {
  const needed = new Set(kept?.versions.flatMap(({ references }) => references.map(nameOf)));
  for (const source of gone) {
    if (source.from !== "input" || needed.has(source.name)) continue;
    await inputBlob(source.name, azure)
      .deleteIfExists()
      .catch((error: unknown) => log.warn({ error }, "a picture of a style could not be taken away"));
  }
}

function nameOf(source: Source): string {
  return source.from === "input" ? source.name : "";
}
