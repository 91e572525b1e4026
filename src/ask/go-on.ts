import type { Azure } from "../storage/azure.ts";
import { editorsOf, fitOptions } from "../request/check.ts";
import { saveDraft } from "../jobs/drafts.ts";
import type { Draft } from "../jobs/drafts.ts";
import { readJob } from "../jobs/job.ts";
import { readPictureOf } from "../jobs/line.ts";
import type { Job, JobPicture } from "../jobs/job.ts";
import { maySee, staysPrivate } from "../jobs/rights.ts";
import { log } from "../log.ts";
import { MODELS } from "../models.ts";
import type { ModelName } from "../models.ts";
import { isFirstPress } from "../storage/first-of-several.ts";
import { readRef, textOfRef } from "../request/request.ts";
import type { Address, Asker, ImageRequest, PictureRef, Source } from "../request/request.ts";
import { failed, waiting } from "../words/sentences.ts";
import type { Settings } from "../settings.ts";

/** A button under a picture was pressed. `ref` is what the button holds, in text. */
export type Press = { ref: string; by: Asker; signal?: AbortSignal };

/** A finished picture that the presser may go on from. */
export type Continued = { ref: PictureRef; job: Job; picture: JobPicture & { kept: NonNullable<JobPicture["kept"]> } };

/** What the presser hears instead, in private: nothing is drawn. */
export type Sorry = { sorry: string };

/** Finds the picture under a button. Never throws for storage: that too comes back as words. */
export async function findPicture({ ref, by, signal }: Press, azure: Azure): Promise<Continued | Sorry> {
  const parsed = readRef(ref);
  if (!parsed) return { sorry: failed.gonePicture };
  try {
    const found = await readPictureOf(parsed, azure, signal);
    if (!found) return { sorry: failed.gonePicture };
    if (!maySee(found.job, by)) return { sorry: failed.notForYou };
    const { kept, state } = found.picture;
    if (!kept || state !== "kept") return { sorry: failed.deletedPicture };
    return { ref: parsed, job: found.job, picture: { ...found.picture, kept } };
  } catch (error) {
    log.error({ error, ref }, "a picture to go on from could not be read");
    return { sorry: failed.storage };
  }
}

/** The buttons that ask for another picture without a word. */
export type PlainChange = "again" | "like" | "finish";

/**
 * The request that a press means. `id` and `address` are those of the press, as for any request. A second press within
 * some seconds comes back as words.
 */
export async function requestOfPress(
  press: Press & { change: PlainChange; id: string; address: Address },
  settings: Settings,
  azure: Azure,
): Promise<{ request: ImageRequest } | Sorry> {
  const found = await findPicture(press, azure);
  if ("sorry" in found) return found;
  const { change, by, signal } = press;
  try {
    const button = `${change}/${textOfRef(found.ref)}/${by.platform}/${by.user}`;
    const isTaken = async (event: string) => (await readJob(event, azure, signal))?.job.order !== undefined;
    if (!(await isFirstPress(button, press.id, azure, { isTaken, abortSignal: signal })))
      return { sorry: waiting.picturesOnTheirWay(1) };
  } catch (error) {
    log.error({ error, ref: press.ref }, "a press could not be noted");
    return { sorry: failed.storage };
  }
  return { request: requestFrom(found, press, changes[change](found, settings)) };
}

/** The request that new words for a picture mean; `options` in place of the old ones. */
export function requestOfWords(
  found: Continued,
  asked: { id: string; by: Asker; address: Address; words: string; options: ImageRequest["options"] },
): ImageRequest {
  return { ...requestFrom(found, asked, { options: asked.options }), prompt: asked.words };
}

/**
 * What came of a job, asked for in other words: a refusal or an apology is revised. What it was made from, and what it went on
 * from, stays.
 */
export function requestOfRevision(
  job: Job,
  asked: { id: string; by: Asker; address: Address; words: string; options: ImageRequest["options"] },
): ImageRequest {
  const { parent, private: isPrivate } = job.request;
  return {
    id: asked.id,
    prompt: asked.words,
    options: asked.options,
    unknownOptions: [],
    private: isPrivate,
    askedBy: asked.by,
    address: asked.address,
    parent,
    ...madeFrom(job),
  };
}

/** What was fetched once is taken from storage: an address in a chat works for a day or so. */
function madeFrom({ request, inputs }: Job): Pick<ImageRequest, "sources" | "region"> {
  if (!inputs) return { sources: request.sources, region: request.region };
  const input = (name: string): Source => ({ from: "input", name });
  const sources = request.sources?.map((source, index) => {
    const name = inputs.pictures[index];
    return name ? input(name) : source;
  });
  return { sources, region: inputs.mask ? { mask: input(inputs.mask) } : undefined };
}

type Changed = Partial<Pick<ImageRequest, "options" | "sources" | "region">>;

/** What each change changes of the request before; the words stay. */
const changes: Record<PlainChange, (found: Continued, settings: Settings) => Changed> = {
  again: ({ job }, settings) => ({ options: fitOptions(job.request.options, modelFor(job, settings)) }),
  like: ({ ref, job }, settings) => {
    const model = editorFor(job, settings);
    const options = model ? fitOptions(job.request.options, model) : job.request.options;
    return { options, sources: [{ from: "drawn", picture: ref }], region: undefined };
  },
  finish: ({ job }, settings) => {
    const model = modelFor(job, settings);
    return { options: { ...fitOptions(job.request.options, model), quality: MODELS[model].bestQuality } };
  },
};

/** The model that drew it, as long as it is set up. */
function modelFor({ order }: Job, { models }: Settings): ModelName {
  return models.find(({ name }) => name === order?.model)?.name ?? models[0].name;
}

/** One picture, whatever the parent's count was: it goes on from one. */
function requestFrom(
  { ref, job }: Continued,
  asked: { id: string; by: Asker; address: Address; change?: PlainChange },
  changed: Changed,
): ImageRequest {
  const { prompt, options } = job.request;
  const { count: _count, ...rest } = changed.options ?? options;
  return {
    id: asked.id,
    prompt,
    ...madeFrom(job),
    unknownOptions: [],
    ...changed,
    options: rest,
    private: staysPrivate(job, asked.by),
    askedBy: asked.by,
    address: asked.address,
    parent: { ...ref, change: asked.change ?? "words" },
  };
}

/** The model that drew it, if it edits; or the first here that does. */
export function editorFor({ order }: Job, settings: Settings): ModelName | undefined {
  const editors = editorsOf(settings).map(({ name }) => name);
  return editors.find((name) => name === order?.model) ?? editors[0];
}

/** What the sender of an edit hears instead, where its picture was deleted meanwhile. */
export async function sorryForDraft(draft: Draft, by: Asker, azure: Azure): Promise<string | undefined> {
  if (draft.source.from !== "drawn") return undefined;
  const signal = AbortSignal.timeout(azure.times.ask.draftLookLimitMilliseconds);
  const found = await findPicture({ ref: textOfRef(draft.source.picture), by, signal }, azure);
  return "sorry" in found && found.sorry === failed.deletedPicture ? found.sorry : undefined;
}

/** Begins an edit of a picture that Easel drew. `address` is for a message of its own. */
export async function beginEdit(
  press: Press & { address: Address },
  settings: Settings,
  azure: Azure,
): Promise<{ draft: Draft } | Sorry> {
  const found = await findPicture(press, azure);
  if ("sorry" in found) return found;
  const { job, ref, picture } = found;
  const model = editorFor(job, settings);
  if (!model) return { sorry: failed.noEditing };
  const { size: _size, count: _count, background, ...options } = fitOptions(job.request.options, model);
  const draft = {
    source: { from: "drawn", picture: ref } as const,
    blob: `pictures/${picture.kept.name}`,
    width: picture.kept.width,
    height: picture.kept.height,
    parent: ref,
    options: { ...options, ...(background && { background }) },
    private: staysPrivate(job, press.by),
    askedBy: press.by,
    address: press.address,
  };
  try {
    return { draft: await saveDraft(draft, azure, press.signal) };
  } catch (error) {
    log.error({ error, ref: press.ref }, "an edit could not be begun");
    return { sorry: failed.storage };
  }
}
