import type { Job, JobPicture } from "../jobs/job.ts";
import { MODELS, MOST_PICTURES } from "../models.ts";
import type { RefusedOption } from "../images-api/refusal.ts";
import { failedAndTold, failedBecause, filterSaw, filterStopped, notAccepted, together } from "./sentences.ts";
import type { Said } from "./said.ts";
import { speaksOfSelfHarm } from "./self-harm.ts";
import { sizesOf, times } from "./sizes.ts";

/** What Easel says where a filter, the image service or a gateway before it said no. */

/** A refusal over self-harm; and one over violence, or without a reason, of words that speak of it: people come before pictures. */
export function pointsToHelp({ refusal }: JobPicture, { request }: Job): boolean {
  if (!refusal) return false;
  if (refusal.because === "self-harm") return true;
  return ["violence", "unknown"].includes(refusal.because) && speaksOfSelfHarm(request.prompt);
}

export function sentenceOfRefusal(picture: JobPicture, job: Job): Said {
  const { because = "unknown", stage = "unknown" } = picture.refusal ?? {};
  return together([filterStopped[stage], filterSaw[pointsToHelp(picture, job) ? "self-harm" : because]]);
}

/** Why a picture did not come although nobody said no to it; and where it is closed, when the next try is made. `isTold`: whoever runs Easel is. */
export function sentenceOfFailure(
  { failure = "broken", refusedOption, openAgainAt }: JobPicture,
  job: Job,
  { isTold }: { isTold: boolean },
): Said {
  const named = failure === "bad request" && refusedOption ? sentenceOfOption(refusedOption, job) : undefined;
  return together([
    named ??
      (isTold && failure in failedAndTold
        ? failedAndTold[failure as keyof typeof failedAndTold]
        : failedBecause[failure]),
    openAgainAt ? notAccepted.openAgain({ at: toTheMinute(openAgainAt) }) : undefined,
  ]);
}

const toTheMinute = (time: string) => `${new Date(time).toISOString().slice(0, 16)}Z`;

/** The option that the image service named as its reason, and what is allowed; nothing where it was none of the asker's. */
function sentenceOfOption(option: RefusedOption, { order, request }: Job): Said | undefined {
  if (!order) return undefined;
  const { label: model, qualities, styles, backgrounds } = MODELS[order.model];
  const listed = (name: "quality" | "style" | "background", values: readonly string[]) => {
    const value = order[name];
    if (!value) return undefined;
    const allowed = values.length
      ? notAccepted.values({ model, option: name, values })
      : notAccepted.noSuchOption({ model, option: name });
    return together([notAccepted.value({ option: name, value }), allowed]);
  };
  switch (option) {
    case "size": {
      const allowed = notAccepted.sizes({ model, sizes: sizesOf(order.model) });
      return together([notAccepted.size({ size: times(order.size) }), allowed]);
    }
    case "quality":
      return listed("quality", qualities);
    case "style":
      return listed("style", styles);
    case "background":
      return listed("background", backgrounds);
    case "n":
      return notAccepted.count({ most: MOST_PICTURES });
    case "model":
      return notAccepted.model({ model });
    case "image":
      return request.sources?.length ? notAccepted.source : undefined;
    case "mask":
      return request.region ? notAccepted.mask : undefined;
    case "prompt":
      return notAccepted.prompt;
  }
}
