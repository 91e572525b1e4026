import type OpenAI from "openai";
import type { ChatCompletionContentPart, ChatCompletionCreateParamsNonStreaming } from "openai/resources/chat";
import { z } from "zod";
import { shapeOf, shapeOfProblem } from "../images-api/answer-shape.ts";
import { meaningOf } from "../images-api/meaning.ts";
import type { Answer } from "../images-api/meaning.ts";
import { isNeverSent } from "../images-api/never-sent.ts";
import { getToken, openClient } from "../images-api/open-client.ts";
import { problemOf } from "../images-api/problem.ts";
import { becauseOf, log } from "../log.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { readChatAnswer } from "./read-chat-answer.ts";
import type { Usage } from "./read-chat-answer.ts";

export type IdeasAsk<Value> = {
  /** What it is for, in the log. */
  about: "directions" | "yes and" | "other words" | "description";
  instructions: string;
  /** What people wrote: data for the model, and no instruction to it. */
  given: Record<string, unknown>;
  /** A JPEG to look at. */
  picture?: Buffer;
  answer: z.ZodType<Value>;
  mostTokens: number;
  /** A hash of whom it is for, for the provider's own watch over misuse. */
  askerHash?: string;
  signal?: AbortSignal;
  /** Hears of a call that may be billed. It neither throws nor is waited for. */
  onPaid?: OnPaid;
};

/** What a call has used: as the service told, or, where it did not, the most that it may be. */
export type PaidIdeasCall = { deployment: string; about: IdeasAsk<unknown>["about"]; usage: Usage; isTold: boolean };
export type OnPaid = (call: PaidIdeasCall) => void;

/** `refused`: the filter or the model itself does not want to. `silent`: anything else that is no answer; tried later it may be one. */
export type IdeasAnswer<Value> =
  | { outcome: "answered"; value: Value; usage?: Usage }
  | { outcome: "refused" }
  | { outcome: "silent" };

/** One call to the chat model that is set up for ideas, in bounds of length and time. Never throws, whatever comes back. */
export async function askIdeasModel<Value>(
  ask: IdeasAsk<Value>,
  settings: Pick<Settings, "images" | "ideas" | "times">,
  azure: Pick<Azure, "credential">,
): Promise<IdeasAnswer<Value>> {
  if (!settings.ideas) return { outcome: "silent" };
  const { callLimitMilliseconds, pictureLimitMilliseconds } = settings.times.ideas;
  const limit = AbortSignal.timeout(ask.picture ? pictureLimitMilliseconds : callLimitMilliseconds);
  const signal = AbortSignal.any([limit, ...(ask.signal ? [ask.signal] : [])]);
  const startedAt = Date.now();
  const answer = await untilAborted(callWithRoom(ask, { ...settings, ideas: settings.ideas }, azure, signal), signal);
  const usage = usageOf(ask, answer);
  if (usage) ask.onPaid?.({ deployment: settings.ideas.deployment, about: ask.about, ...usage });
  return judge(ask, answer, { about: ask.about, milliseconds: Date.now() - startedAt });
}

type IdeasSettings = Pick<Settings, "images" | "times"> & { ideas: NonNullable<Settings["ideas"]> };

/** What a deployment has refused to know, so that it is asked without it from then on. */
type Unknown = "response_format" | "max_completion_tokens";
const unknownTo = new Map<string, Set<Unknown>>();

/** Older models and gateways know no schema, or the older name of the token limit alone: they say so, and are asked without. */
async function callWithRoom<Value>(
  ask: IdeasAsk<Value>,
  settings: IdeasSettings,
  azure: Pick<Azure, "credential">,
  signal: AbortSignal,
): Promise<Answer> {
  const key = `${settings.images.endpoint} ${settings.ideas.deployment}`;
  const unknown = unknownTo.get(key) ?? new Set();
  unknownTo.set(key, unknown);
  const token = await getToken(settings.images, settings.times.images.tokenLimitMilliseconds, azure.credential);
  if ("refused" in token) return { status: 401, headers: new Headers(), body: { message: token.refused } };
  if ("unreachable" in token) return lost(false, `no token: ${token.unreachable}`);
  for (;;) {
    const answer = await callOnce(ask, unknown, { settings, bearer: token.token, signal });
    const refused = refusedName(answer);
    if (!refused || unknown.has(refused)) return answer;
    unknown.add(refused);
  }
}

function refusedName({ status, body }: Answer): Unknown | undefined {
  if (status !== 400 && status !== 422) return undefined;
  const { parameter, message } = problemOf(body);
  const names = ["response_format", "max_completion_tokens"] as const;
  return names.find((name) => parameter === name || message.includes(name));
}

const MOST_ANSWER_BYTES = 200_000;

type Way = { settings: IdeasSettings; bearer: string | undefined; signal: AbortSignal };

async function callOnce<Value>(ask: IdeasAsk<Value>, unknown: Set<Unknown>, way: Way): Promise<Answer> {
  const { settings, bearer, signal } = way;
  let answer: Answer | undefined;
  // Read here: the SDK would take a refusal apart, and a body has no bound there.
  const boundedFetch: typeof fetch = async (address, init) => {
    const response = await fetch(address, init);
    answer = { status: response.status, headers: response.headers, body: await readBounded(response) };
    return new Response(null, { status: response.status, headers: response.headers });
  };
  const timeoutMilliseconds = settings.times.ideas.pictureLimitMilliseconds;
  const client = openClient(settings.ideas.deployment, settings.images, {
    bearer,
    timeoutMilliseconds,
    fetch: boundedFetch,
  });
  try {
    await client.chat.completions.create(parametersOf(ask, unknown, settings), { signal }).asResponse();
  } catch (error) {
    if (!answer) return lost(!isNeverSent(error), becauseOf(signal.aborted ? signal.reason : error));
  }
  return answer ?? lost(true, "no answer");
}

async function readBounded(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > MOST_ANSWER_BYTES) throw new Error(`the answer is longer than ${MOST_ANSWER_BYTES} bytes`);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function parametersOf<Value>(
  { about, instructions, given, picture, answer, mostTokens, askerHash }: IdeasAsk<Value>,
  unknown: Set<Unknown>,
  { images, ideas }: IdeasSettings,
): ChatCompletionCreateParamsNonStreaming {
  const schema = z.toJSONSchema(answer);
  const content: ChatCompletionContentPart[] = [
    { type: "text", text: JSON.stringify(given) },
    ...(picture ? [pictureOf(picture)] : []),
  ];
  const tokens = unknown.has("max_completion_tokens") ? "max_tokens" : "max_completion_tokens";
  return {
    // On the dated path the deployment stands in the address, and this is left unread.
    model: ideas.deployment,
    messages: [
      { role: "system", content: `${instructions}\n\nAnswer with JSON by this schema: ${JSON.stringify(schema)}` },
      { role: "user", content: picture ? content : JSON.stringify(given) },
    ],
    [tokens]: mostTokens,
    ...(unknown.has("response_format")
      ? {}
      : {
          response_format: {
            type: "json_schema" as const,
            json_schema: { name: about.replaceAll(" ", "_"), strict: true, schema },
          },
        }),
    ...(askerHash && (images.provider === "openai" ? { safety_identifier: askerHash } : { user: askerHash })),
  };
}

function pictureOf(jpeg: Buffer): OpenAI.ChatCompletionContentPart {
  const url = `data:image/jpeg;base64,${jpeg.toString("base64")}`;
  return { type: "image_url", image_url: { url, detail: "auto" } };
}

/** A call that does not heed its signal is left to itself. */
function untilAborted(call: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  const aborted = new Promise<Answer>((resolve) => {
    const end = () => resolve(lost(true, becauseOf(signal.reason)));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
  return Promise.race([call.catch((error: unknown) => lost(true, becauseOf(error))), aborted]);
}

function judge<Value>(ask: IdeasAsk<Value>, answer: Answer, about: object): IdeasAnswer<Value> {
  const isSuccess = answer.status !== undefined && answer.status >= 200 && answer.status < 300;
  const read = isSuccess ? readChatAnswer(answer.body, ask.answer) : undefined;
  if (read && "value" in read) {
    log.info({ ...about, usage: read.usage }, "the ideas model answered");
    return { outcome: "answered", ...read };
  }
  const { means } = meaningOf(answer);
  const isRefused = read?.isRefused || means === "blocked";
  const { status, lost: how } = answer;
  // Of an answer that could not be read its shape alone, for it says people's words back.
  const shape = isSuccess ? shapeOf(answer.body) : shapeOfProblem(answer.body, wordsIn(ask.given));
  const line = { ...about, means, status, lost: how, usage: read?.usage, answer: shape };
  if (isRefused) log.info(line, "the ideas model does not want to");
  else if (ALARMS.has(means)) log.error(line, `the ideas model: ${means}. This needs the operator`);
  else log.warn(line, "the ideas model gave no answer: it goes without");
  return { outcome: isRefused ? "refused" : "silent" };
}

/** Of a picture to look at, at the most. */
const PICTURE_TOKENS = 2000;

/** Nothing where the call cannot be billed. A filter that refuses the words has read them; of what was lost all may have been written. */
function usageOf<Value>(ask: IdeasAsk<Value>, answer: Answer): { usage: Usage; isTold: boolean } | undefined {
  const { status, body, lost: how } = answer;
  const isSuccess = status !== undefined && status >= 200 && status < 300;
  const told = isSuccess ? readChatAnswer(body, ask.answer).usage : undefined;
  if (told) return { usage: told, isTold: true };
  const isBlocked = !isSuccess && meaningOf(answer).means === "blocked";
  if (!isSuccess && !isBlocked && !how?.sent) return undefined;
  const characters = ask.instructions.length + JSON.stringify(ask.given).length;
  const inputTokens = Math.ceil(characters / 2) + (ask.picture ? PICTURE_TOKENS : 0);
  return { usage: { inputTokens, cachedTokens: 0, outputTokens: isBlocked ? 0 : ask.mostTokens }, isTold: false };
}

const ALARMS = new Set<string>(["quota", "suspended", "misconfigured", "not allowed", "bad request"]);

function wordsIn(given: Record<string, unknown>): string {
  const [words = ""] = Object.values(given).filter((value) => typeof value === "string");
  return words;
}

function lost(sent: boolean, because: string): Answer {
  return { headers: new Headers(), body: undefined, lost: { sent, because } };
}
