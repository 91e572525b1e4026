import type { Job, JobPicture } from "../jobs/job.ts";
import { MODELS, MOST_PICTURES } from "../models.ts";
import type { RefusalReason, RefusedOption, Stage } from "../images-api/refusal.ts";
import { speaksOfSelfHarm } from "./self-harm.ts";
import { failed, label, sizesOf, times, wordsOfList } from "./sentences.ts";

/** What Easel says where a filter, the image service or a gateway before it said no. Words are blamed where those named them, and nowhere else. */

export const refused = {
  title: "Please revise your words",
  titleWithHelp: "I could not draw this",
  stopped: {
    prompt: "The image service's safety filter stopped these words before anything was drawn.",
    picture: "A picture was drawn, but the image service's safety filter held it back.",
    unknown: "The image service's safety filter stopped this one, the words or the picture that came of them.",
  } satisfies Record<Stage | "unknown", string>,
  heldBack: "The image service's safety filter held back what is missing. Other words may pass.",
  because: {
    violence: "It saw violence in it. Try the moment before or after, or a gentler mood, without wounds or weapons.",
    sexual: "It saw something too intimate. Describe the people dressed and the scene as everyday.",
    hate: "It read something that could hurt a group of people or a person. Describe what you want to see without it.",
    "self-harm": "It saw someone coming to harm. For a picture, try the mood without the harm.",
    "real person":
      "It took somebody for a real person. Describe a fictional person instead: age, clothes, what they do.",
    protected: "It recognised a protected character or brand. Invent a character of your own, and leave the logo out.",
    unknown:
      "It did not say why. What helps most often: describe a fictional person, invent a character, leave the logo out, soften what is violent.",
  } satisfies Record<RefusalReason, string>,
  /** Unless the operator has set a line that fits the place, see `HELP_LINE`. It names no country. */
  help: "If this is about you, or about somebody you know: please talk to somebody you trust, or call your local emergency number. findahelpline.com knows who listens where you are, free and at any hour.",
  wayOn: "Filters are careful and sometimes wrong; a change of words is often enough.",
};

/** A refusal over self-harm; and one over violence, or without a reason, of words that speak of it: people come before pictures. */
export function pointsToHelp({ refusal }: JobPicture, { request }: Job): boolean {
  if (!refusal) return false;
  if (refusal.because === "self-harm") return true;
  return ["violence", "unknown"].includes(refusal.because) && speaksOfSelfHarm(request.prompt);
}

export function sentenceOfRefusal(picture: JobPicture, job: Job): string {
  const { because = "unknown", stage = "unknown" } = picture.refusal ?? {};
  return `${refused.stopped[stage]} ${refused.because[pointsToHelp(picture, job) ? "self-harm" : because]}`;
}

/** Why a picture did not come although nobody said no to it; and where it is closed, when the next try is made. */
export function sentenceOfFailure({ failure = "broken", refusedOption, openAgainAt }: JobPicture, job: Job): string {
  const named = failure === "bad request" && refusedOption && namedOption(refusedOption, job);
  const again = openAgainAt ? ` ${nextTry(openAgainAt)}` : "";
  return `${named || failed.because[failure]}${again}`;
}

function nextTry(openAgainAt: string): string {
  const time = new Date(openAgainAt).toISOString().slice(11, 16);
  return `I try again with the first request after ${time} UTC; until then I do not ask it.`;
}

/** The option that the image service named as its reason, and what is allowed; nothing where it was none of the asker's. */
function namedOption(option: RefusedOption, { order, request }: Job): string | undefined {
  if (!order) return undefined;
  const model = MODELS[order.model];
  const refusedValue = (name: string, value: string) => `The image service did not accept the ${name} ${value}.`;
  const listed = (name: "quality" | "style" | "background", values: readonly string[]) => {
    const value = order[name];
    if (!value) return undefined;
    const allowed = values.length
      ? `${model.label} draws with ${name} ${wordsOfList(values)}: pick another.`
      : `${model.label} has no ${name}: leave it out.`;
    return `${refusedValue(name, `“${value}”`)} ${allowed}`;
  };
  switch (option) {
    case "size":
      return `${refusedValue("size", times(order.size))} ${label(order.model)} draws ${sizesOf(order.model)}: pick another.`;
    case "quality":
      return listed("quality", model.qualities);
    case "style":
      return listed("style", model.styles);
    case "background":
      return listed("background", model.backgrounds);
    case "n":
      return `The image service did not accept that many pictures. Up to ${MOST_PICTURES} can be asked for at once: ask for one.`;
    case "model":
      return `${refusedValue("model", model.label)} Pick another, where there is one, or leave it out.`;
    case "image":
      return request.sources?.length
        ? "The image service could not take a picture that was sent along: it may be too large, or of a form it does not read. Send a smaller copy, as PNG or JPEG."
        : undefined;
    case "mask":
      return request.region
        ? "The image service could not take the part that was marked. Mark it once more, or leave the marking out."
        : undefined;
    case "prompt":
      return "The image service did not take the words in this form; it does not say that it minds what they say. Most often they are too long: make them shorter.";
  }
}
