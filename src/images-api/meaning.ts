import { isRecord, picturesIn } from "./answered-picture.ts";
import type { AnsweredPicture } from "./answered-picture.ts";
import { askedWait } from "./asked-wait.ts";
import { BLOCKED, fits, GUARDRAIL, MISCONFIGURED, NOT_ALLOWED, QUOTA, RATE } from "./problem-signs.ts";
import { problemOf } from "./problem.ts";
import type { Problem } from "./problem.ts";
import { REFUSED_OPTIONS } from "./refusal.ts";
import type { RefusedOption, Stage } from "./refusal.ts";

/**
 * What came back from the Images API, before anybody has judged it. `status` is missing where there was none: an error
 * inside a stream, or no answer. `body` is parsed JSON, or the text where it was none.
 */
export type Answer = {
  status?: number;
  headers: Headers;
  body: unknown;
  /** Pictures in the making that came before it: with one, the call is paid, whatever came after. */
  partials?: number;
  /** What came in a stream and could not be used, as `shapeOf` describes it. */
  dropped?: unknown[];
  /** No whole answer came. `sent`: the request may have reached the service, and been drawn and billed. */
  lost?: { sent: boolean; because: string };
};

export type Meaning =
  /** One was asked for: more than one are forms of it, or spares. */
  | { means: "drawn"; pictures: AnsweredPicture[] }
  | { means: "blocked"; stage?: Stage; categories: string[] }
  | { means: "rate limited"; waitSeconds?: number }
  /** `guardrail`: a rule of a gateway's stopped it and does not say that it was the words. `not allowed`: its rule for our key, team or model. */
  | { means: "quota" | "suspended" | "misconfigured" | "not allowed" | "guardrail" | "empty" }
  | { means: "bad request"; parameter?: RefusedOption }
  /** `lost`: the answer, not the request, went missing, so the picture may have been drawn and billed. */
  | { means: "transient"; lost: boolean; reached: boolean; parameter?: RefusedOption };

/**
 * Decides what an answer means: the one place that does. The order matters and the first that fits decides; services
 * change wording, wrapping and status, so nothing here matches an answer as a whole. Nobody is blamed for what is not known.
 */
export function meaningOf(answer: Answer): Meaning {
  const { status, body } = answer;
  if (answer.lost) return { means: "transient", lost: answer.lost.sent, reached: answer.lost.sent };
  const pictures = isSuccess(status) ? picturesIn(body) : [];
  if (pictures.length) return { means: "drawn", pictures };

  const problem = problemOf(body);
  if (problem.message.includes("temporarily blocked")) return { means: "suspended" };
  if (isBlocked(problem)) return { means: "blocked", stage: stageOf(problem), categories: categoriesOf(problem) };
  const filtered = isSuccess(status) ? filteredEntry(body) : undefined;
  if (filtered) return { means: "blocked", ...filtered };
  const waitSeconds = askedWait(answer.headers, problem.message);
  if (isQuota(status, problem, waitSeconds)) return { means: "quota" };
  // A quota that is back within minutes is a matter of pace.
  if (fits(problem, QUOTA)) return { means: "rate limited", waitSeconds };
  if (fits(problem, NOT_ALLOWED)) return { means: "not allowed" };
  if (isMisconfigured(status, problem)) return { means: "misconfigured" };
  if (fits(problem, GUARDRAIL)) return { means: "guardrail" };
  if (status === 429 || (status === 402 && waitSeconds !== undefined) || fits(problem, RATE))
    return { means: "rate limited", waitSeconds };
  return meaningByStatus(status, problem, body);
}

function isBlocked(problem: Problem): boolean {
  return fits(problem, BLOCKED) || "moderation_details" in problem.error;
}

/** Gateways call by the same word what is used up and what is only too fast. */
function isQuota(status: number | undefined, problem: Problem, waitSeconds: number | undefined): boolean {
  if (problem.codes.some((code) => QUOTA.codes.has(code))) return true;
  const comesBack = waitSeconds !== undefined && waitSeconds <= QUOTA_WAIT_SECONDS;
  return !comesBack && (fits(problem, QUOTA) || (status === 402 && problem.isTold));
}
/** As long as somebody is left waiting for a turn. */
export const QUOTA_WAIT_SECONDS = 900;

function isMisconfigured(status: number | undefined, problem: Problem): boolean {
  // A page under these is a proxy's, and passes.
  if (problem.isTold && status !== undefined && [401, 403, 404].includes(status)) return true;
  if (fits(problem, MISCONFIGURED)) return true;
  const { message, parameter } = problem;
  const ofModel = parameter === "model" || message.includes("the model ");
  return ofModel && ["does not exist", "deprecated", "retired"].some((words) => message.includes(words));
}

function meaningByStatus(status: number | undefined, problem: Problem, body: unknown): Meaning {
  if (isSuccess(status) && !(isRecord(body) && (body.error || body.errors))) return { means: "empty" };
  // A gateway gave up waiting: what it waited for may be drawn and billed all the same.
  if (status !== undefined && [408, 504, 524].includes(status))
    return { means: "transient", lost: true, reached: true };
  if (status !== undefined && status >= 300 && status < 400) return { means: "misconfigured" };
  const isTheirs = status !== undefined && (status >= 500 || [409, 425].includes(status));
  const isOurs = ["image_generation_user_error", "invalid_request_error"].includes(problem.type);
  const isRefusal = !isTheirs && status !== undefined && status >= 400 && problem.isTold;
  // Too long for somebody on the way, and only pictures are as long as that.
  const named = status === 413 ? "image" : problem.parameter;
  const parameter = REFUSED_OPTIONS.find((option) => option === named);
  if (isRefusal || (isOurs && !isTheirs)) return { means: "bad request", parameter };
  return { means: "transient", lost: false, reached: true, ...(status === 413 && { parameter }) };
}

const isSuccess = (status: number | undefined) => status !== undefined && status >= 200 && status < 300;

/** A picture that was left out, with notes that say why; or a chat model's way of saying so. */
function filteredEntry(body: unknown): { stage?: Stage; categories: string[] } | undefined {
  const listOf = (name: string): Record<string, unknown>[] => {
    const list = isRecord(body) ? body[name] : undefined;
    return (Array.isArray(list) ? list : [list]).filter(isRecord);
  };
  for (const entry of listOf("data")) {
    const [ofPrompt, ofPicture] = [flagged(entry.prompt_filter_results), flagged(entry.content_filter_results)];
    const categories = [...ofPrompt, ...ofPicture];
    if (categories.length) return { stage: ofPicture.length ? "picture" : "prompt", categories };
  }
  return listOf("choices").some(({ finish_reason: reason }) => reason === "content_filter")
    ? { categories: [] }
    : undefined;
}

/** What stopped it, prompt or picture, where the answer tells; never a guess. */
function stageOf({ codes, error, inner, message, parameter }: Problem): Stage | undefined {
  const details = isRecord(error.moderation_details) ? error.moderation_details : {};
  const told = wordOf(details.moderation_stage ?? sourceTypeOf(error) ?? sourceTypeOf(inner));
  if (["input", "prompt"].includes(told)) return "prompt";
  if (["output", "completion", "picture", "image"].includes(told)) return "picture";
  if (message.includes("generated image") || codes.includes("2017")) return "picture";
  if (parameter === "prompt" || ["prompt", "task failed", "input was flagged"].some((words) => message.includes(words)))
    return "prompt";
  if (codes.includes("sensitivewordsdetected")) return "prompt";
  // Only notes on a prompt know these two categories, and only a prompt's block carries the revised words.
  const notes = filterNotes(error, inner);
  if ("revised_prompt" in inner || notes.some((note) => "jailbreak" in note || "profanity" in note)) return "prompt";
  return undefined;
}

function sourceTypeOf(error: Record<string, unknown>): unknown {
  const filters = Array.isArray(error.content_filters) ? error.content_filters.filter(isRecord) : [];
  return error.source_type ?? (filters.find(({ blocked }) => blocked === true) ?? filters[0])?.source_type;
}

const wordOf = (value: unknown) => (typeof value === "string" ? value.toLowerCase() : "");

function categoriesOf({ error, inner, message }: Problem): string[] {
  const details = isRecord(error.moderation_details) ? error.moderation_details : {};
  const metadata = isRecord(error.metadata) ? error.metadata : {};
  const named = [details.categories, metadata.reasons].flatMap((names) =>
    Array.isArray(names) ? names.filter((name) => typeof name === "string") : [],
  );
  const all = [
    ...named,
    ...filterNotes(error, inner).flatMap(flagged),
    ...violationsIn(message),
    ...breachedIn(message),
  ];
  return [...new Set(all.map((name) => name.toLowerCase().replaceAll("-", "_")))];
}

function filterNotes(error: Record<string, unknown>, inner: Record<string, unknown>): Record<string, unknown>[] {
  return [error, inner].flatMap((holder) => {
    const filters = Array.isArray(holder.content_filters) ? holder.content_filters.filter(isRecord) : [];
    const holders = [holder, ...filters];
    return holders.flatMap(({ content_filter_results: many, content_filter_result: one }) =>
      [many, one].filter(isRecord),
    );
  });
}

/** Categories with `filtered: true`; `detected` alone is no reason. */
function flagged(notes: unknown): string[] {
  if (!isRecord(notes)) return [];
  return Object.entries(notes).flatMap(([category, note]) =>
    isRecord(note) && note.filtered === true ? [category] : [],
  );
}

/** `safety_violations=[a,b]` in a message, by plain search: no expression that foreign text could send astray. */
function violationsIn(message: string): string[] {
  const opening = "safety_violations=[";
  const start = message.indexOf(opening);
  const end = start < 0 ? -1 : message.indexOf("]", start);
  if (end < 0) return [];
  return message
    .slice(start + opening.length, end)
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
}

/** Azure's Content Safety through a gateway: "breached category [Hate] at level 2", "Hate crossed severity 2". */
function breachedIn(message: string): string[] {
  const named = /\bbreached category \[?([a-z_]{1,20})|\b([a-z_]{1,20}) crossed severity/.exec(message.slice(0, 2000));
  return named ? [named[1] ?? named[2] ?? ""] : [];
}
