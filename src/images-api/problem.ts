import { isRecord } from "./answered-picture.ts";

/** What is wrong in an answer, whatever it was wrapped in, with the texts to search in lower case. */
export type Problem = {
  /** The body is an answer of the service, or of a gateway that speaks for it, and says something: no page and no bare status. */
  isTold: boolean;
  codes: string[];
  type: string;
  /** The parameter that is named as the reason: its bare name, `size` for `tools[0].size`. */
  parameter: string;
  message: string;
  error: Record<string, unknown>;
  inner: Record<string, unknown>;
};

export const plain = (code: string) => code.toLowerCase().replaceAll(/[_\-\s]/g, "");

const MOST_MESSAGE_CHARACTERS = 20_000;

/**
 * Reads a problem out of a body: `error` as an object, a list or a text; `errors`; the body itself, as API Management's
 * `{ statusCode, message }` and FastAPI's `{ detail }`.
 */
export function problemOf(body: unknown): Problem {
  const outer = isRecord(body) ? body : {};
  const error = errorObject(outer);
  const inner = [error.inner_error, error.innererror, error.innerError].find(isRecord) ?? {};
  const details = isRecord(error.metadata) ? error.metadata : {};
  const codes = [error.code, error.type, error.error_type, inner.code, details.error_type, outer.code]
    .filter((code) => typeof code === "string" || typeof code === "number")
    .map((code) => plain(String(code)))
    .filter((code) => code && code !== "none" && code !== "null");
  const told = [error.message, error.detail, error.description, outer.message].map(textOf).filter(Boolean);
  // A page is a proxy's, whatever words stand in it.
  const text = typeof body === "string" && !body.trimStart().startsWith("<") ? body : told.join(" ");
  const message = text.slice(0, MOST_MESSAGE_CHARACTERS).toLowerCase();
  return {
    isTold: typeof body !== "string" && (codes.length > 0 || message !== ""),
    codes,
    type: typeof error.type === "string" ? error.type : "",
    parameter: parameterOf(error, message),
    message,
    error,
    inner,
  };
}

function errorObject(outer: Record<string, unknown>): Record<string, unknown> {
  const [first] = [outer.error, outer.errors]
    .map((each: unknown) => (Array.isArray(each) ? each[0] : each))
    .filter(Boolean);
  if (isRecord(first)) return first;
  if (typeof first === "string") return { ...outer, message: first };
  // A success is no error, whatever fields it has.
  return "data" in outer ? {} : outer;
}

/** Some gateways put an object where a sentence belongs, or the text of one. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "object" && value !== null ? (JSON.stringify(value) ?? "") : "";
}

/** `param`; FastAPI's `loc`; or the name that stands in the sentence, in the few forms in which services say it. */
function parameterOf(error: Record<string, unknown>, message: string): string {
  const told = typeof error.param === "string" ? error.param : placeIn(error.detail);
  const bare =
    told
      .split(/[.[\]]+/)
      .filter((part) => part && !/^\d+$/.test(part))
      .at(-1)
      ?.toLowerCase() ?? "";
  if (bare && bare !== "none" && bare !== "null") return bare;
  const named =
    /\b(?:invalid|unsupported|unknown|unrecognized)(?: (?:value|parameter|argument|option))?(?: (?:for|of))?:? ?['"`]?(size|quality|style|background)\b/;
  return named.exec(message.slice(0, 2000))?.[1] ?? "";
}

function placeIn(detail: unknown): string {
  const first: unknown = Array.isArray(detail) ? detail[0] : detail;
  const place = isRecord(first) ? first.loc : undefined;
  const last: unknown = Array.isArray(place) ? place.findLast((part) => typeof part === "string") : place;
  return typeof last === "string" ? last : "";
}
