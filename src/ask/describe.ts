import { createHash } from "node:crypto";
import { z } from "zod";
import { describePicture } from "../ideas-model/describe-picture.ts";
import type { Description } from "../ideas-model/describe-picture.ts";
import { DESCRIPTIONS } from "../jobs/descriptions.ts";
import { log } from "../log.ts";
import { paidBy } from "../purse/paid-ideas.ts";
import { jpegToLookAt } from "../pixels/jpeg-to-look-at.ts";
import { readSourcePicture } from "../pixels/read-source-picture.ts";
import { privateWordReply, sorryReply } from "../replies/compose-reply.ts";
import { SourceNotFetched } from "../replies/delivery.ts";
import { descriptionReply } from "../replies/description-reply.ts";
import type { ChatReply } from "../replies/reply.ts";
import { personOf } from "../request/request.ts";
import type { Asker } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { readPicture } from "../storage/picture-blobs.ts";
import { sentenceOfFault } from "../words/fault-sentences.ts";
import type { Said } from "../words/said.ts";
import { descriptions, failed } from "../words/sentences.ts";
import { askOnce, readAnswer } from "./ask-once.ts";
import { callForIdeas } from "./ask-rules.ts";
import { findPicture } from "./go-on.ts";
import type { PicturePress } from "./go-on.ts";

/** Words and an alternative text for a picture that Easel drew, for the presser alone. */
export async function describeDrawn(press: PicturePress, settings: Settings, azure: Azure): Promise<ChatReply> {
  if (!settings.ideas) return privateWordReply(descriptions.notHere);
  const found = await findPicture(press, azure);
  if ("sorry" in found) return privateWordReply(found.sorry);
  const { kept } = found.picture;
  try {
    const bytes = await readPicture(kept.preview ?? kept.name, azure);
    if (!bytes) return privateWordReply(failed.deletedPicture);
    const id = /^[0-9a-f]{40}/.exec(kept.name)?.[0] ?? digestOf(bytes);
    return await describe({ bytes, id }, press, settings, azure);
  } catch (error) {
    log.error({ error, ref: press.ref }, "a picture could not be described");
    return sorryReply(failed.storage);
  }
}

/** The same for one that somebody brought. `fetch` throws `SourceNotFetched`. */
export async function describeBrought(
  fetch: () => Promise<Buffer>,
  press: Omit<PicturePress, "ref">,
  settings: Settings,
  azure: Azure,
): Promise<ChatReply> {
  if (!settings.ideas) return privateWordReply(descriptions.notHere);
  try {
    const read = await readSourcePicture(await fetch());
    if ("fault" in read) return privateWordReply(sentenceOfFault(read.fault));
    return await describe({ bytes: read.picture, id: digestOf(read.picture) }, press, settings, azure);
  } catch (error) {
    if (error instanceof SourceNotFetched) {
      log.warn({ because: error.message }, "a picture to describe could not be fetched");
      return privateWordReply(sentenceOfFault(error.fault ?? { fault: "source unreachable" }));
    }
    log.error({ error }, "a picture that was brought could not be described");
    return sorryReply(failed.storage);
  }
}

/** The words of a description, to begin a request with. */
export async function describedWords(
  name: string,
  azure: Azure,
  signal?: AbortSignal,
): Promise<{ words: string } | { word: Said }> {
  if (!/^[0-9a-f]{40}-[\w-]{1,40}$/.test(name)) return { word: descriptions.gone };
  try {
    const description = await readAnswer({ ...placeOf(name), signal }, azure);
    return description ? { words: description.words } : { word: descriptions.gone };
  } catch (error) {
    log.error({ error }, "a description could not be read");
    return { word: failed.storage };
  }
}

async function describe(
  { bytes, id }: { bytes: Buffer; id: string },
  { by, signal }: Omit<PicturePress, "ref">,
  settings: Settings,
  azure: Azure,
): Promise<ChatReply> {
  const { code, language } = languageOf(by);
  const place = placeOf(`${id}-${code}`);
  let denied: ChatReply | undefined;
  const ask = async () => {
    const onPaid = paidBy(by, settings, azure);
    const asked = { jpeg: await jpegToLookAt(bytes), language, askerHash: personOf(by), signal, onPaid };
    const called = await callForIdeas(by, () => describePicture(asked, settings, azure), { settings, azure });
    if ("word" in called) return void (denied = called.word);
    const answer = called.value;
    if (answer.outcome === "silent") return undefined;
    return answer.outcome === "answered" ? answer.value : null;
  };
  const description = await askOnce({ ...place, ask, signal }, settings, azure);
  if (description === undefined) return denied ?? privateWordReply(descriptions.silent);
  return description ? descriptionReply(description, place.name, by) : privateWordReply(descriptions.refused);
}

/** Null: it does not want to. A description is found by its picture and its language. */
function placeOf(name: string) {
  const answer: z.ZodType<Description | null> = z.object({ words: z.string(), alternative: z.string() }).nullable();
  return { partition: DESCRIPTIONS, name, answer };
}

function digestOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 40);
}

const languages = new Intl.DisplayNames(["en"], { type: "language" });

/** As their chat names it. */
function languageOf({ locale }: Asker): { code: string; language: string } {
  const [code = ""] = (locale ?? "").toLowerCase().split(/[^a-z]/, 1);
  const language = /^[a-z]{2,3}$/.test(code) ? languages.of(code) : undefined;
  return language && language !== code ? { code, language } : { code: "en", language: "English" };
}
