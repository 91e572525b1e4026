import { editorsOf } from "../request/check.ts";
import type { ImageOrder } from "../request/check.ts";
import { keptOf, referenceOf } from "../jobs/job.ts";
import type { Job, JobPicture, KeptPicture } from "../jobs/job.ts";
import { MODELS } from "../models.ts";
import { priceOfFinish } from "./price-of-finish.ts";
import type { ChatReply, ReplyAction, ReplyPicture } from "./reply.ts";
import { spentOf } from "../purse/spent.ts";
import type { PictureAction } from "../request/request.ts";
import { PICTURE_ACTIONS, textOfRef } from "../request/request.ts";
import { actionLabels, finished, labels, origins, prices, styles, sketches } from "../words/sentences.ts";
import type { Said, Text } from "../words/said.ts";
import { priceSaid } from "../words/price-sentences.ts";
import { times } from "../words/sizes.ts";
import type { Settings } from "../settings.ts";
import { shorten } from "../words/shorten.ts";
import { markAdded } from "../words/word-difference.ts";

/** The answer with what came of a job; `notes` say what did not come, and why. */
export function pictureReply(job: Job, notes: Text[], settings: Settings): ChatReply {
  return replyOf(job, keptOf(job), notes, settings);
}

function replyOf(job: Job, shown: ReturnType<typeof keptOf>, notes: Text[], settings: Settings): ChatReply {
  const pictures = shown.map(({ kept, place }) => finishedPicture(job, kept, place, settings));
  return {
    role: "answer",
    mood: "finished",
    title: pictures.length > 1 ? finished.titleOf({ count: pictures.length }) : finished.title,
    paragraphs: notes,
    origin: originWithStyle(job.request),
    quotes: [
      { label: job.request.brainstorm ? labels.drawnFrom : labels.yourWords, words: job.request.prompt },
      ...revisedQuotes(job, shown),
    ],
    pictures,
    facts: job.order ? [...factsOf(job.order, job.request), ...costOf(job, shown, settings)] : [],
    actions: pictures.length > 1 ? severalActions(pictures) : pictures.flatMap((picture) => openAction(picture)),
    forAskerOnly: job.request.private,
    askedBy: job.request.askedBy,
    reference: notes.length ? referenceOf(job.id) : undefined,
  };
}

/** One picture of a job alone, with all that can be done with it. */
export function onePictureReply(job: Job, place: number, settings: Settings): ChatReply {
  const only = keptOf(job).filter((one) => one.place === place);
  const reply = replyOf(job, only, [], settings);
  return { ...reply, role: "word", title: labels.pictureNumber({ number: numberOf(job, place) }), forAskerOnly: true };
}

/** What stands in sight under a picture; the rest is one press away. */
export const IN_SIGHT: readonly PictureAction[] = ["again", "words", "edit"];

/** Of one picture all that does not stand under it: whole words, how it was drawn, and the rest of what can be done. For the presser alone. */
export function detailsReply(job: Job, place: number, settings: Settings, isKept = false): ChatReply {
  const { pictures, actions, ...reply } = onePictureReply(job, place, settings);
  const rest = pictures.flatMap(({ ref = "", actions: possible = [], finishPrice }) =>
    possible
      .filter((action) => !IN_SIGHT.includes(action))
      .map((action): ReplyAction => {
        const label = action === "keep" && isKept ? actionLabels.kept : withPrice(action, finishPrice);
        return { do: "go on", label, action, ref };
      }),
  );
  return { ...reply, pictures: [], actions: [...rest.slice(0, -1), ...actions, ...rest.slice(-1)] };
}

function withPrice(action: PictureAction, price: Text | undefined): Said {
  const name = actionLabels[action];
  return price && (action === "finish" || action === "finest") ? prices.of({ name, price }) : name;
}

/** Where a blob under `pictures/` is served; nothing on a bot without `PUBLIC_URL`. */
export function pictureUrl(name: string, { publicUrl }: Settings): string | undefined {
  return publicUrl && `${publicUrl}/pictures/${name}`;
}

function openAction({ url }: ReplyPicture): ReplyAction[] {
  return url ? [{ do: "open", label: labels.openOriginal, url }] : [];
}

function severalActions(pictures: ReplyPicture[]): ReplyAction[] {
  const choices = pictures.map(({ ref = "" }, index) => ({ ref, name: labels.pictureNumber({ number: index + 1 }) }));
  const [first] = choices;
  return [
    { do: "pick", label: labels.goOnFrom, choices },
    ...(first
      ? [
          {
            do: "all",
            label: labels.allAgain,
            ref: first.ref,
          } as const,
        ]
      : []),
  ];
}

function finishedPicture(job: Job, kept: KeptPicture, place: number, settings: Settings): ReplyPicture {
  const { revisedPrompt, usage: _, ...rest } = kept;
  const revised = revisedPrompt?.trim() === job.request.prompt.trim() ? undefined : revisedPrompt;
  return {
    ...rest,
    url: pictureUrl(kept.name, settings),
    previewUrl: kept.preview && pictureUrl(kept.preview, settings),
    altText: finished.altText({
      number: numberOf(job, place),
      count: keptOf(job).length,
      words: shorten(job.request.prompt.replaceAll(/\s+/g, " ").trim(), MOST_ALT_WORDS),
      detail: revised,
    }),
    ref: textOfRef({ job: job.id, place }),
    ...actionsOf(job, revised, settings),
    words: { own: job.request.prompt, revised },
  };
}

function actionsOf(
  job: Job,
  revised: string | undefined,
  settings: Settings,
): Pick<ReplyPicture, "actions" | "finishPrice"> {
  const actions = PICTURE_ACTIONS.filter((action) => isPossible(action, job, revised, settings));
  const isToFinish = actions.some((action) => action === "finish" || action === "finest");
  if (!isToFinish || !job.order) return { actions };
  return { actions, finishPrice: priceSaid(priceOfFinish(job.order, job.request, settings)) };
}

/** What is read out first. */
const MOST_ALT_WORDS = 120;

/** By the place that it has among those that are there: what did not come, has none. */
function numberOf(job: Job, place: number): number {
  return keptOf(job).findIndex((one) => one.place === place) + 1;
}

/** What a request goes on from. */
export function originOf({ parent, sources, sketch }: Job["request"]): Said | undefined {
  if (!parent && sketch) return sketches.origin;
  if (!parent) return sources?.length ? origins.brought : undefined;
  const { change, words, by } = parent;
  if (change === "again") return origins.again({ by });
  if (change === "finish") {
    const [source] = sources ?? [];
    const isSame = source?.from === "drawn" && textOfRef(source.picture) === textOfRef(parent);
    return isSame ? origins.finish({ by }) : origins.finest({ by });
  }
  return origins[change]({ words, by });
}

/** The style stands first: of the words before it there may be many. */
export function originWithStyle(request: Job["request"]): Said | undefined {
  const origin = originOf(request);
  const { style } = request;
  if (!style) return origin;
  const inStyle = styles.inStyle({ name: style.name, version: style.version });
  return origin ? styles.withOrigin({ inStyle, origin }) : inStyle;
}

function isPossible(
  action: PictureAction,
  { order, request }: Job,
  revised: string | undefined,
  settings: Settings,
): boolean {
  switch (action) {
    case "revised":
      return revised !== undefined;
    case "like":
    case "edit":
      return editorsOf(settings).length > 0;
    case "finish":
    case "finest":
      if (order === undefined || order.quality === MODELS[order.model].bestQuality) return false;
      return editorsOf(settings).length > 0 === (action === "finish");
    case "describe":
      return settings.ideas !== undefined;
    case "keep":
    case "style":
      // What one person has alone cannot become what all draw in.
      return !request.private;
    case "again":
    case "words":
    case "family":
    case "report":
    case "delete":
      return true;
  }
}

/** The model's own words, once for each text that differs from the asker's and from one another. */
function revisedQuotes(job: Job, shown: ReturnType<typeof keptOf>): ChatReply["quotes"] {
  const own = job.request.prompt.trim();
  const revised = shown.flatMap(({ kept }) => (kept.revisedPrompt ? [kept.revisedPrompt.trim()] : []));
  const different = [...new Set(revised)].filter((words) => words && words !== own);
  return different.map((words, index) => ({
    label: different.length > 1 ? labels.revisedWordsOf({ number: index + 1 }) : labels.revisedWords,
    words,
    marked: markAdded(own, words),
  }));
}

function factsOf(order: ImageOrder, { style }: Job["request"]): ChatReply["facts"] {
  const facts: [Said, Text | undefined][] = [
    [labels.model, MODELS[order.model].label],
    [labels.size, times(order.size)],
    [labels.quality, order.quality],
    [labels.style, order.style],
    [labels.savedStyle, style ? styles.named({ name: style.name, version: style.version }) : undefined],
    [labels.background, order.background],
  ];
  return facts.flatMap(([name, value]) => (value ? [{ name, value }] : []));
}

/** What these pictures came to. */
function costOf(job: Job, shown: ReturnType<typeof keptOf>, settings: Settings): ChatReply["facts"] {
  const pictures = job.pictures.filter((_, index) => shown.some(({ place }) => place === index + 1));
  const { dollars } = spentOf({ order: job.order, request: job.request, pictures }, settings);
  return dollars ? [{ name: prices.cost, value: priceSaid({ dollars, isWorstCase: false }) }] : [];
}

/** A picture in the making. It stands in the chat for a while, and nothing goes on from it. */
export function partialPicture(
  { partial }: Pick<JobPicture, "partial">,
  job: Job,
  settings: Settings,
): ReplyPicture | undefined {
  if (!partial) return undefined;
  const url = pictureUrl(partial.name, settings);
  return {
    ...partial,
    mediaType: "image/jpeg",
    preview: partial.name,
    url,
    previewUrl: url,
    altText: job.request.prompt,
  };
}
