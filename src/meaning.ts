import { askedWait } from "./answer-wait.ts";
import type { Stage } from "./refusal.ts";

/**
 * What came back from the Images API, before anybody has judged it. `status` is missing where there was none: an error
 * inside a stream, or no answer. `body` is parsed JSON, or the text where it was none.
 */
export type Answer = {
  status?: number;
  headers: Headers;
  body: unknown;
  /** No whole answer came. `sent`: the request may have reached the service, and been drawn and billed. */
  lost?: { sent: boolean; because: string };
};

export type AnsweredPicture = { base64?: string; url?: string; revisedPrompt?: string };

export type Meaning =
  | { means: "drawn"; picture: AnsweredPicture }
  | { means: "blocked"; stage?: Stage; categories: string[] }
  | { means: "rate limited"; waitSeconds?: number }
  | { means: "quota" | "suspended" | "misconfigured" | "empty" }
  | { means: "bad request"; parameter?: string }
  /** `lost`: the answer, not the request, went missing, so the picture may have been drawn and billed. */
  | { means: "transient"; lost: boolean; reached: boolean };

/** The error object of an answer, whatever it was wrapped in, with the texts to search in lower case. */
type Problem = {
  /** The answer has an error object, or a text in its place. */
  isError: boolean;
  codes: string[];
  type: string;
  parameter: string;
  message: string;
  error: Record<string, unknown>;
  inner: Record<string, unknown>;
};

/**
 * Decides what an answer means: the one place that does. The order matters and the first that fits decides; services
 * change wording, wrapping and status, so nothing here matches an answer as a whole.
 */
export function meaningOf(answer: Answer): Meaning {
  const { status } = answer;
  if (answer.lost) return { means: "transient", lost: answer.lost.sent, reached: answer.lost.sent };
  const entries = isSuccess(status) ? dataOf(answer.body) : [];
  const drawn = entries.find(({ base64, url }) => base64 || url);
  if (drawn) return { means: "drawn", picture: drawn };

  const problem = problemOf(answer.body);
  if (isSuspended(problem)) return { means: "suspended" };
  if (isMisconfigured(status, problem)) return { means: "misconfigured" };
  if (isBlocked(problem)) return { means: "blocked", stage: stageOf(problem), categories: categoriesOf(problem) };
  const filtered = entries.find(({ filteredBy }) => filteredBy.length);
  if (filtered) return { means: "blocked", stage: filtered.stage, categories: filtered.filteredBy };
  if (problem.codes.some((code) => QUOTA_CODES.has(code))) return { means: "quota" };
  if (isRateLimit(status, problem))
    return { means: "rate limited", waitSeconds: askedWait(answer.headers, problem.message) };
  return meaningByStatus(status, problem);
}

function meaningByStatus(status: number | undefined, problem: Problem): Meaning {
  if (isSuccess(status) && !problem.isError) return { means: "empty" };
  // A gateway gave up waiting: what it waited for may be drawn and billed all the same.
  if (status !== undefined && [408, 504, 524].includes(status))
    return { means: "transient", lost: true, reached: true };
  if (status === 409 || (status !== undefined && status >= 500))
    return { means: "transient", lost: false, reached: true };
  if (status === 403 || (status !== undefined && status >= 300 && status < 400)) return { means: "misconfigured" };
  const ours = ["image_generation_user_error", "invalid_request_error"].includes(problem.type);
  if (ours || (status !== undefined && status >= 400))
    return { means: "bad request", parameter: problem.parameter || undefined };
  return { means: "transient", lost: false, reached: true };
}

const isSuccess = (status: number | undefined) => status !== undefined && status >= 200 && status < 300;

const plain = (code: string) => code.toLowerCase().replaceAll(/[_\-\s]/g, "");

const BLOCK_CODES = new Set(
  [
    "content_policy_violation",
    "content_filter",
    "content_filtered",
    "moderation_blocked",
    "image_content_policy_violation",
    "ResponsibleAIPolicyViolation",
  ].map(plain),
);
const BLOCK_WORDS = ["safety system", "content filter", "content management policy", "safety_violations=["];
const QUOTA_CODES = new Set(
  [
    "insufficient_quota",
    "billing_hard_limit_reached",
    "billing_not_active",
    "project_spend_limit_exceeded",
    "organization_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
  ].map(plain),
);
const RATE_CODES = new Set(["no_capacity", "rate_limit_exceeded", "too_many_requests"].map(plain));

/** Microsoft's troubleshooting page; everybody's conduct together closes the resource, so its words on policy are no block. */
function isSuspended({ message }: Problem): boolean {
  return message.includes("temporarily blocked");
}

function isMisconfigured(status: number | undefined, { codes, message, parameter }: Problem): boolean {
  if (status === 401 || status === 404) return true;
  if (codes.some((code) => ["deploymentnotfound", "modelnotfound", "invalidapikey", "unsupportedmodel"].includes(code)))
    return true;
  if (message.includes("must be verified")) return true;
  const ofModel = parameter === "model" || message.includes("the model ");
  return (
    ofModel && (message.includes("does not exist") || message.includes("deprecated") || message.includes("retired"))
  );
}

function isBlocked({ codes, message, error }: Problem): boolean {
  if (codes.some((code) => BLOCK_CODES.has(code))) return true;
  return BLOCK_WORDS.some((words) => message.includes(words)) || "moderation_details" in error;
}

function isRateLimit(status: number | undefined, { codes, message }: Problem): boolean {
  return (
    status === 429 || codes.some((code) => RATE_CODES.has(code) || code === "429") || message.includes("high demand")
  );
}

function problemOf(body: unknown): Problem {
  const outer = isRecord(body) ? body : {};
  const error = isRecord(outer.error)
    ? outer.error
    : typeof outer.error === "string"
      ? { message: outer.error }
      : withoutWrapper(outer);
  const inner = [error.inner_error, error.innererror, error.innerError].find(isRecord) ?? {};
  const text = typeof body === "string" ? body : textOf(error.message);
  return {
    isError: Boolean(outer.error),
    codes: [error.code, error.type, inner.code]
      .filter((code) => typeof code === "string" || typeof code === "number")
      .map((code) => plain(String(code))),
    type: textOf(error.type),
    parameter: textOf(error.param),
    message: text.slice(0, 20_000).toLowerCase(),
    error,
    inner,
  };
}

/** Azure's gateway answers a 401 without an `error` object; a success is no error, whatever fields it has. */
function withoutWrapper(body: Record<string, unknown>): Record<string, unknown> {
  return "data" in body ? {} : body;
}

type Entry = AnsweredPicture & { filteredBy: string[]; stage?: Stage };

function dataOf(body: unknown): Entry[] {
  const data = isRecord(body) && Array.isArray(body.data) ? body.data : [];
  return data.filter(isRecord).map((entry) => {
    const ofPrompt = flagged(entry.prompt_filter_results);
    const ofPicture = flagged(entry.content_filter_results);
    return {
      base64: nonEmpty(entry.b64_json),
      url: nonEmpty(entry.url),
      revisedPrompt: nonEmpty(entry.revised_prompt),
      filteredBy: [...ofPrompt, ...ofPicture],
      stage: ofPicture.length ? "picture" : "prompt",
    };
  });
}

/** What stopped it, prompt or picture, where the answer tells; never a guess. */
function stageOf({ error, inner, message, parameter }: Problem): Stage | undefined {
  const details = isRecord(error.moderation_details) ? error.moderation_details : {};
  const told = textOf(details.moderation_stage ?? sourceTypeOf(error) ?? sourceTypeOf(inner)).toLowerCase();
  if (["input", "prompt"].includes(told)) return "prompt";
  if (["output", "completion", "picture", "image"].includes(told)) return "picture";
  if (message.includes("generated image")) return "picture";
  if (parameter === "prompt" || message.includes("prompt") || message.includes("task failed")) return "prompt";
  // Only notes on a prompt know these two categories, and only a prompt's block carries the revised words.
  const notes = filterNotes(error, inner);
  if ("revised_prompt" in inner || notes.some((note) => "jailbreak" in note || "profanity" in note)) return "prompt";
  return undefined;
}

function sourceTypeOf(error: Record<string, unknown>): unknown {
  const filters = Array.isArray(error.content_filters) ? error.content_filters.filter(isRecord) : [];
  return error.source_type ?? (filters.find(({ blocked }) => blocked === true) ?? filters[0])?.source_type;
}

function categoriesOf({ error, inner, message }: Problem): string[] {
  const details = isRecord(error.moderation_details) ? error.moderation_details : {};
  const named = Array.isArray(details.categories) ? details.categories.filter((name) => typeof name === "string") : [];
  const all = [...named, ...filterNotes(error, inner).flatMap(flagged), ...violationsIn(message)];
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function nonEmpty(value: unknown): string | undefined {
  return typeof value === "string" && value ? value : undefined;
}
