import type { Azure } from "../storage/azure.ts";
import { editorsOf, fitOptions } from "../request/check.ts";
import { readJob } from "../jobs/job.ts";
import { readNewest, readPictureOf } from "../jobs/line.ts";
import type { Job, JobPicture } from "../jobs/job.ts";
import { isAsker, maySee, staysPrivate } from "../jobs/rights.ts";
import { log } from "../log.ts";
import { MODELS } from "../models.ts";
import type { ModelName } from "../models.ts";
import { isFirst } from "../storage/first-of-several.ts";
import { personOf, readRef, textOfRef } from "../request/request.ts";
import type { Address, Asker, Change, ImageRequest, Parent, PictureRef, Source } from "../request/request.ts";
import type { Said } from "../words/said.ts";
import { failed, waiting } from "../words/sentences.ts";
import type { Settings } from "../settings.ts";
import { shorten } from "../words/shorten.ts";

/** A button under a picture was pressed. `ref` is what the button holds, in text. */
export type PicturePress = { ref: string; by: Asker; signal?: AbortSignal };

/** A finished picture that the presser may go on from. */
export type Continued = { ref: PictureRef; job: Job; picture: JobPicture & { kept: NonNullable<JobPicture["kept"]> } };

/**
 * What the presser hears instead, in private: nothing is drawn. `stands`: what was asked for is, or comes, in the chat as well.
 * `isDeleted`: the picture was there, and is no more.
 */
export type Sorry = { sorry: Said; stands?: boolean; isDeleted?: boolean };

/** Finds the picture under a button. Never throws for storage: that too comes back as words. */
export async function findPicture({ ref, by, signal }: PicturePress, azure: Azure): Promise<Continued | Sorry> {
  const parsed = readRef(ref);
  if (!parsed) return { sorry: failed.gonePicture };
  try {
    const found = await readPictureOf(parsed, azure, signal);
    if (!found) return { sorry: failed.gonePicture };
    if (!maySee(found.job, by)) return { sorry: failed.notForYou };
    const { kept, state } = found.picture;
    if (!kept || state !== "kept") return { sorry: failed.deletedPicture, isDeleted: true };
    return { ref: parsed, job: found.job, picture: { ...found.picture, kept } };
  } catch (error) {
    log.error({ error, ref }, "a picture to go on from could not be read");
    return { sorry: failed.storage };
  }
}

/** An edit takes its size from what is edited, and is one picture. */
export function optionsForEdit({ request }: Job, model: ModelName): ImageRequest["options"] {
  const { size: _size, count: _count, ...options } = fitOptions(request.options, model);
  return options;
}

/** The buttons that ask for another picture without a word. */
export type PlainChange = "again" | "all" | "like" | "finish" | "finest";

/**
 * The request that a press means. `id` and `address` are those of the press, as for any request. A second press within
 * some seconds comes back as words.
 */
export async function requestOfPress(
  press: PicturePress & { change: PlainChange; id: string; address: Address },
  settings: Settings,
  azure: Azure,
): Promise<{ request: ImageRequest } | Sorry> {
  const found = await findPicture(press, azure);
  if ("sorry" in found) return found;
  const { change } = press;
  const sorry = await sorryForClick(`${change}/${textOfRef(found.ref)}`, press, azure);
  if (sorry) return sorry;
  const asked = { ...press, change: recorded[change] };
  const changed = changes[change](found, settings);
  const { count } = found.job.request.options;
  const request = requestFrom(found, asked, changed);
  return { request: change === "all" && count ? { ...request, options: { ...request.options, count } } : request };
}

/**
 * What the presser of a button hears for one more click in a row; nothing for the first. `id` is the job's that the press
 * asks for: the same once more is the same press, and one of which no job came does not count. Without it, it is for a list.
 */
export async function sorryForClick(
  button: string,
  { by, id, signal }: { by: Asker; id?: string; signal?: AbortSignal },
  azure: Azure,
): Promise<Sorry | undefined> {
  const isTaken = async (event: string) => (await readJob(event, azure, signal))?.job.order !== undefined;
  try {
    const once = { what: "press", of: `${button}/${by.platform}/${by.user}` } as const;
    if (await isFirst(once, azure, { by: id, isTaken: id ? isTaken : undefined, abortSignal: signal }))
      return undefined;
    return { sorry: id ? waiting.picturesOnTheirWay({ count: 1 }) : waiting.below, stands: true };
  } catch (error) {
    log.error({ error, button }, "a press could not be noted");
    return { sorry: failed.storage };
  }
}

/** Words and options that somebody sends; `id` and `address` are those of the event. */
type Asked = { id: string; by: Asker; address: Address; words: string } & Pick<ImageRequest, "options"> &
  Partial<Pick<ImageRequest, "unknownOptions">>;

/** What somebody begins with who wants other words for a picture. */
export function wordsToChange({ job, picture }: Continued, change: "words" | "revised"): string {
  return (change === "revised" ? picture.kept.revisedPrompt : undefined) ?? job.request.prompt;
}

/** The request that new words for a picture mean; `options` in place of the old ones. */
export function requestOfWords(found: Continued, asked: Asked): ImageRequest {
  const { words, options, unknownOptions = [] } = asked;
  return { ...requestFrom(found, asked, {}), prompt: words, options, unknownOptions };
}

/** A request that somebody wants to say in other words: its asker, and nobody else. */
export async function findOwnJob(
  id: string,
  { by, signal }: { by: Asker; signal?: AbortSignal },
  azure: Azure,
): Promise<{ job: Job } | Sorry> {
  try {
    const job = await readNewest(id, azure, signal);
    if (!job) return { sorry: failed.goneJob };
    return isAsker(job.request, by) ? { job } : { sorry: failed.notYours };
  } catch (error) {
    log.error({ error, job: id }, "the words to revise could not be read");
    return { sorry: failed.storage };
  }
}

/**
 * What came of a job, asked for in other words: a refusal or an apology is revised. What it was made from, and what it went on
 * from, stays.
 */
export function requestOfRevision(job: Job, asked: Asked): ImageRequest {
  const { parent, private: isPrivate } = job.request;
  return {
    id: asked.id,
    prompt: asked.words,
    options: asked.options,
    unknownOptions: asked.unknownOptions ?? [],
    private: isPrivate,
    askedBy: asked.by,
    address: asked.address,
    parent,
    style: job.request.style,
    ...madeFrom(job),
  };
}

/** What was fetched once is taken from storage: an address in a chat works for a day or so. */
function madeFrom({ request, inputs }: Job): Pick<ImageRequest, "sources" | "region" | "sketch"> {
  const { sketch } = request;
  if (!inputs) return { sources: request.sources, region: request.region, sketch };
  const input = (name: string): Source => ({ from: "input", name });
  const sources = request.sources?.map((source, index) => {
    const name = inputs.pictures[index];
    return name ? input(name) : source;
  });
  return { sources, region: inputs.mask ? { mask: input(inputs.mask) } : undefined, sketch };
}

type Changed = Partial<Pick<ImageRequest, "options" | "sources" | "region" | "sketch">>;

/** What each change changes of the request before; the words stay. */
const changes: Record<PlainChange, (found: Continued, settings: Settings) => Changed> = {
  again: sameAgain,
  all: sameAgain,
  like: ({ ref, job }, settings) => {
    const model = editorFor(job, settings);
    const options = model ? fitOptions(job.request.options, model) : job.request.options;
    return { options, ...from(ref) };
  },
  finish: (found, settings) => {
    const model = editorFor(found.job, settings);
    if (!model) return inBestQuality(found, settings);
    const options = { ...fitOptions(found.job.request.options, model), quality: MODELS[model].bestQuality };
    return { options, ...from(found.ref) };
  },
  finest: inBestQuality,
};

/** The picture itself, whatever it was made from. */
function from(picture: PictureRef): Pick<ImageRequest, "sources" | "region" | "sketch"> {
  return { sources: [{ from: "drawn", picture }], region: undefined, sketch: undefined };
}

/** What a job's record calls each: older versions read it too. */
const recorded: Record<PlainChange, Change> = {
  again: "again",
  all: "again",
  like: "like",
  finish: "finish",
  finest: "finish",
};

/** Another picture of the same words: what draws from words alone cannot go on from this very one. */
function inBestQuality({ job }: Continued, settings: Settings): Changed {
  const model = modelFor(job, settings);
  return { options: { ...fitOptions(job.request.options, model), quality: MODELS[model].bestQuality } };
}

function sameAgain({ job }: Continued, settings: Settings): Changed {
  return { options: fitOptions(job.request.options, modelFor(job, settings)) };
}

/** The model that drew it, as long as it is set up. */
function modelFor({ order }: Job, { models }: Settings): ModelName {
  return models.find(({ name }) => name === order?.model)?.name ?? models[0].name;
}

/** One picture, whatever the parent's count was: it goes on from one. */
function requestFrom(
  { ref, job }: Continued,
  asked: { id: string; by: Asker; address: Address; change?: Change },
  changed: Changed,
): ImageRequest {
  const { prompt, options } = job.request;
  const { count: _count, ...rest } = changed.options ?? options;
  return {
    id: asked.id,
    prompt,
    style: job.request.style,
    ...madeFrom(job),
    unknownOptions: [],
    ...changed,
    options: rest,
    private: staysPrivate(job, asked.by),
    askedBy: asked.by,
    address: asked.address,
    parent: { ...parentOf({ ref, job }, asked.by), change: asked.change ?? "words" },
  };
}

/** Of its words as much as a line in the next picture's message holds. */
const MOST_PARENT_WORDS = 200;

export function parentOf({ ref, job: { request } }: Pick<Continued, "ref" | "job">, by: Asker): Parent {
  const words = shorten(request.prompt.replaceAll(/\s+/g, " ").trim(), MOST_PARENT_WORDS);
  const { askedBy } = request;
  return { ...ref, words, ...(!isAsker(request, by) && { by: askedBy.name, person: personOf(askedBy) }) };
}

/** The model that drew it, if it edits; or the first here that does. */
export function editorFor({ order }: Job, settings: Settings): ModelName | undefined {
  const editors = editorsOf(settings).map(({ name }) => name);
  return editors.find((name) => name === order?.model) ?? editors[0];
}
