import { setTimeout as pause } from "node:timers/promises";
import { DefaultRestOptions } from "discord.js";
import type { ResponseLike, RESTOptions } from "discord.js";
import { log } from "../../../src/log.ts";
import { faultOfCode } from "./faults.ts";
import { DiscordRefused, MadeToWait, NotDiscord, withinBounds } from "./no-answer.ts";
import type { DiscordTimes } from "../times.ts";

/** What is ever asked of Discord answers with less than a tenth of it. */
const MOST_BYTES = 4 * 1024 * 1024;
/** Discord locks an address out after 10,000 refusals in 10 minutes. */
const INVALID = { every: 100, milliseconds: 10 * 60_000 };

type MakeRequest = RESTOptions["makeRequest"];
type Body = { bytes: Buffer; json?: unknown };

/**
 * One exchange with Discord, for the client of discord.js, which reads any status as Discord's word, forgets the bot's token
 * over a 401 and sleeps through a 429 for as long as it is told. Here only an answer with Discord's own body is one; a wait of
 * some seconds is waited, a longer one is thrown and remembered for that way alone.
 */
export function makeExchange({ inPlaceSeconds }: DiscordTimes): MakeRequest {
  const closed = new Map<string, number>();
  const count = countInvalid();
  return async (url, init) => {
    const way = wayOf(url, init.method);
    for (let waited = 0; ;) {
      throwIfClosed(closed, way);
      const response = await DefaultRestOptions.makeRequest(url, init);
      const body = await readBody(response);
      if (response.ok) return understood(response, body);
      count(response);
      if (response.status !== 429 || isDecision(body)) throw refusalOf(response, body, way);
      const { said, seconds } = secondsToWait(response, body);
      if (waited + seconds > inPlaceSeconds) {
        close(closed, isGlobal(response, body) ? everythingBeside(way) : way, { said, seconds });
        throw new MadeToWait(seconds);
      }
      waited += seconds;
      await pause(seconds * 1000, undefined, { signal: init.signal ?? undefined });
    }
  };
}

async function readBody(response: ResponseLike): Promise<Body> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk as Uint8Array);
    length += (chunk as Uint8Array).length;
    if (length > MOST_BYTES) throw new NotDiscord(response.status, "its body has no end");
  }
  const bytes = Buffer.concat(chunks);
  try {
    return { bytes, json: JSON.parse(bytes.toString()) };
  } catch {
    return { bytes };
  }
}

/** A page with a status of success is no success, and nothing of it ever reached Discord. */
function understood({ status, statusText, ok, headers }: ResponseLike, { bytes, json }: Body): ResponseLike {
  const isJson =
    typeof json === "object" && json !== null && headers.get("content-type")?.startsWith("application/json");
  if (status !== 204 && !isJson) throw new NotDiscord(status, "it is no JSON");
  const body = {
    body: null,
    bodyUsed: false,
    arrayBuffer: () => Promise.resolve(new Uint8Array(bytes).buffer),
    json: () => Promise.resolve(json),
    text: () => Promise.resolve(bytes.toString()),
  };
  return { status, statusText, ok, headers, ...body };
}

function refusalOf(response: ResponseLike, { json }: Body, way: string): Error {
  const code = codeIn(json);
  if (code === undefined || response.status >= 500)
    return new NotDiscord(response.status, code === undefined ? "it has no code of Discord's" : `code ${code}`);
  const fields = fieldsIn(json);
  // The body names the field, and holds a person's words: the field is what the log may have.
  if (fields.length)
    log.error({ way, status: response.status, code, fields }, "Discord calls a request of ours malformed");
  return new DiscordRefused(response.status, code, fields);
}

/** A 429 that is no rate limit but an answer, such as that a message has had all its edits. */
function isDecision({ json }: Body): boolean {
  const code = codeIn(json);
  return code !== undefined && faultOfCode.has(code);
}

function codeIn(json: unknown): number | undefined {
  if (typeof json !== "object" || json === null || !("code" in json)) return undefined;
  return typeof json.code === "number" && Number.isInteger(json.code) ? json.code : undefined;
}

function fieldsIn(json: unknown): string[] {
  const paths: string[] = [];
  const walk = (value: unknown, path: string, depth: number) => {
    if (typeof value !== "object" || value === null || depth > 20) return;
    for (const [name, inner] of Object.entries(value)) {
      if (name === "_errors") paths.push(path);
      else walk(inner, path ? `${path}.${name}` : name, depth + 1);
    }
  };
  if (typeof json === "object" && json !== null && "errors" in json) walk(json.errors, "", 0);
  return paths;
}

/** Seconds, which may be a fraction in the body; a date is allowed in the header; `said` is what it comes to, and `seconds` is bounded. */
function secondsToWait(response: ResponseLike, { json }: Body): { said: number | undefined; seconds: number } {
  const inBody = typeof json === "object" && json !== null && "retry_after" in json ? json.retry_after : undefined;
  const header = response.headers.get("retry-after")?.trim() ?? "";
  const inHeader = Number.isFinite(Number(header || Number.NaN))
    ? Number(header)
    : (Date.parse(header) - Date.now()) / 1000;
  const said = typeof inBody === "number" ? inBody : inHeader;
  return { said: Number.isFinite(said) ? Math.ceil(said) : undefined, seconds: withinBounds(said) };
}

function isGlobal(response: ResponseLike, { json }: Body): boolean {
  const inBody = typeof json === "object" && json !== null && "global" in json && json.global === true;
  return (
    inBody ||
    response.headers.get("x-ratelimit-global") === "true" ||
    response.headers.get("x-ratelimit-scope") === "global"
  );
}

/** Ids and keys name the way, but for those of messages. */
function wayOf(url: string, method = "GET"): string {
  const [root = "", id = "", key = "", ...rest] = new URL(url).pathname.replace(/^\/api(\/v\d+)?\//, "").split("/");
  const place = root === "webhooks" || root === "interactions" ? [id, key] : [id];
  const after = root === "webhooks" || root === "interactions" ? rest : [key, ...rest];
  return [method, root, ...place, ...after.map((part) => (/^\d{17,20}$/.test(part) ? ":id" : part))].join("/");
}

/** The key of an interaction opens its answers for whoever has it. */
function withoutKeys(way: string): string {
  return way.replace(/((?:webhooks|interactions)\/[^/]*\/)[^/]+/, "$1:key");
}

/** Ways by key are outside of the bot's own limit. */
function everythingBeside(way: string): string {
  return /\/(webhooks|interactions)\//.test(way) ? "all by key" : "all by the bot";
}

function throwIfClosed(closed: Map<string, number>, way: string): void {
  const until = Math.max(closed.get(way) ?? 0, closed.get(everythingBeside(way)) ?? 0);
  if (until > Date.now()) throw new MadeToWait(Math.ceil((until - Date.now()) / 1000));
}

function close(closed: Map<string, number>, way: string, { said, seconds }: { said?: number; seconds: number }): void {
  for (const [other, until] of closed) if (until <= Date.now()) closed.delete(other);
  const until = Date.now() + seconds * 1000;
  closed.set(way, until);
  log.warn(
    { way: withoutKeys(way), said, until: new Date(until).toISOString() },
    "Discord makes us wait: this way is closed until then, the others are open",
  );
}

function countInvalid(): (response: ResponseLike) => void {
  let [count, begin] = [0, 0];
  return ({ status, headers }) => {
    if (![401, 403, 429].includes(status) || headers.get("x-ratelimit-scope") === "shared") return;
    if (Date.now() - begin > INVALID.milliseconds) [count, begin] = [0, Date.now()];
    count += 1;
    if (count % INVALID.every === 0) log.warn({ count }, "Discord refuses many of our requests within ten minutes");
  };
}
