import { AggregateAuthenticationError, AuthenticationError } from "@azure/identity";
import type { TokenCredential } from "@azure/identity";
import OpenAI, { APIConnectionError, APIError, AzureOpenAI, toFile } from "openai";
import type {
  ImageEditParamsBase,
  ImageEditStreamEvent,
  ImageGenerateParamsBase,
  ImageGenStreamEvent,
} from "openai/resources/images";
import { Stream } from "openai/core/streaming";
import type { ImageOrder } from "./check.ts";
import type { Answer } from "./meaning.ts";
import { MODELS, pixels } from "./models.ts";
import { causesOf, isNeverSent } from "./never-sent.ts";
import type { ImagesSettings } from "./settings.ts";
import { becauseOf } from "./until-reached.ts";
import { watchBody } from "./watch-body.ts";

export type Ask = {
  order: ImageOrder;
  /** A hash of who asks, for the provider's own watch over misuse; never a name or an address. */
  askerHash: string;
  /** Pictures to draw from, PNG or JPEG; the mask is a PNG of the first one's size. With them the call is an edit. */
  inputs?: { pictures: Buffer[]; mask?: Buffer };
  /** Hears each picture in the making: an encoded picture, never to be taken for the result. */
  onPartial?: (bytes: Buffer) => void;
  /** Breaks the call off. It may be billed all the same. */
  signal?: AbortSignal;
};

/** A token that is not there within this time never comes: the metadata address can stay silent for minutes. */
const TOKEN_MILLISECONDS = 15_000;

/** Azure's silence before a stream is taken for dead; partial pictures of a slow drawing come more often. */
const STALL_MILLISECONDS = 130_000;

/** A 3840×2160 picture is at most 33 MB raw, 44 MB in base64, and its partial pictures come on top. */
const MOST_ANSWER_BYTES = 160_000_000;

/**
 * One call for one picture. Never repeats anything and never throws for what the service or the way to it did: all of it
 * is an `Answer`, and `meaningOf` judges it.
 */
export async function askImagesApi(ask: Ask, settings: ImagesSettings, credential: TokenCredential): Promise<Answer> {
  const bearer = settings.apiKey ? undefined : await getToken(settings, credential);
  if (typeof bearer === "object") return bearer;
  const clock = AbortSignal.timeout(longestCall(ask.order));
  const stall = new AbortController();
  const signal = AbortSignal.any([clock, stall.signal, ...(ask.signal ? [ask.signal] : [])]);
  try {
    const client = openClient(settings, ask.order.deployment, bearer);
    const response = await call(client, ask, settings, signal);
    const watched = watchBody(response, {
      stallMilliseconds: STALL_MILLISECONDS,
      mostBytes: MOST_ANSWER_BYTES,
      stall,
      signal,
    });
    const streamed = response.headers.get("content-type")?.includes("text/event-stream");
    const reading = { client, signal, onPartial: ask.onPartial };
    return streamed ? await readStream(watched, reading) : await readText(watched, reading);
  } catch (error) {
    return answerOfError(error, signal);
  }
}

async function call(client: OpenAI, ask: Ask, settings: ImagesSettings, signal: AbortSignal): Promise<Response> {
  const parameters = parametersOf(ask, settings);
  if (!ask.inputs) return client.images.generate(parameters, { signal }).asResponse();
  const { pictures, mask } = ask.inputs;
  // A part without a type is refused, whatever its name says.
  const part = (bytes: Buffer, name: string) => {
    const isPng = bytes.readUInt32BE(0) === 0x89504e47;
    return toFile(bytes, `${name}.${isPng ? "png" : "jpg"}`, { type: isPng ? "image/png" : "image/jpeg" });
  };
  const files = await Promise.all(pictures.map((bytes, index) => part(bytes, `picture-${index + 1}`)));
  const [only, ...others] = files;
  const body = {
    ...parameters,
    image: only && !others.length ? only : files,
    ...(mask && { mask: await part(mask, "mask") }),
  } as ImageEditParamsBase & { stream?: false };
  return client.images.edit(body, { signal }).asResponse();
}

function openClient(settings: ImagesSettings, deployment: string, bearer: string | undefined) {
  const { provider, endpoint, apiVersion, apiKey } = settings;
  // Everything is passed: what the SDK would read from the environment by itself makes it throw when it does not fit.
  const common = {
    maxRetries: 0,
    timeout: 600_000,
    fetchOptions: { redirect: "error" as const },
    organization: null,
    project: null,
  };
  if (provider === "azure" && apiVersion) {
    const identity = bearer ? { azureADTokenProvider: () => Promise.resolve(bearer), apiKey: undefined } : { apiKey };
    const baseURL = `${endpoint}/openai/deployments/${encodeURIComponent(deployment)}`;
    return new AzureOpenAI({ ...common, ...identity, apiVersion, baseURL, endpoint: undefined });
  }
  const baseURL = provider === "azure" ? `${endpoint}/openai/v1` : endpoint;
  return new OpenAI({ ...common, apiKey: bearer ?? apiKey ?? "", baseURL });
}

/** The parameters that this model takes, and no other: each model refuses those of the others. */
function parametersOf(
  { order, askerHash }: Ask,
  settings: ImagesSettings,
): ImageGenerateParamsBase & { stream?: false } {
  const model = MODELS[order.model];
  const dated = settings.provider === "azure" && settings.apiVersion;
  return {
    // On the dated path the deployment stands in the address, and a model in the body is refused.
    ...(dated ? {} : { model: order.deployment }),
    prompt: order.prompt,
    n: 1,
    size: order.size,
    quality: order.quality as ImageGenerateParamsBase["quality"],
    ...(order.style ? { style: order.style as ImageGenerateParamsBase["style"] } : {}),
    ...(order.background ? { background: order.background as ImageGenerateParamsBase["background"] } : {}),
    ...(model.answersWith === "base64" ? { output_format: "png" as const } : { response_format: "b64_json" as const }),
    // Azure cuts a call that is silent for two minutes; a stream with a partial picture lives. The SDK's types tie `stream`
    // to the parsed result, which is not used here: the raw response is.
    ...(model.streams ? ({ stream: true, partial_images: partialsOf(order) } as object) : {}),
    ...(settings.provider === "openai" && model.answersWith === "base64"
      ? { safety_identifier: askerHash }
      : { user: askerHash }),
  };
}

/** Each partial picture costs as much as a whole one of low quality. */
function partialsOf({ quality }: ImageOrder): number {
  return quality === "low" ? 1 : 2;
}

function longestCall({ size, quality, model }: ImageOrder): number {
  const edges = pixels(size);
  const small = !edges || edges.width * edges.height <= 1_600_000;
  const quick = ["low", "medium"].includes(quality) || !MODELS[model].streams;
  return small && quick ? 180_000 : 600_000;
}

async function getToken({ apiVersion }: ImagesSettings, credential: TokenCredential): Promise<string | Answer> {
  const scope = apiVersion ? "https://cognitiveservices.azure.com/.default" : "https://ai.azure.com/.default";
  const abortSignal = AbortSignal.timeout(TOKEN_MILLISECONDS);
  try {
    const token = await Promise.race([
      credential.getToken(scope, { abortSignal }),
      new Promise<never>((_, reject) => abortSignal.addEventListener("abort", () => reject(abortSignal.reason))),
    ]);
    if (token) return token.token;
  } catch (error) {
    const because = becauseOf(error);
    if (!abortSignal.aborted && isRefused(error)) return unauthorized(because);
    return lost(false, `no token: ${because}`);
  }
  return unauthorized("no token");
}

/** Entra has looked at who asks and says no. Anything else is trouble on the way to it, which may pass. */
function isRefused(error: unknown): boolean {
  const refusals = error instanceof AggregateAuthenticationError ? (error.errors as unknown[]) : [error];
  return refusals.some(
    (each) => each instanceof AuthenticationError && each.statusCode >= 400 && each.statusCode < 500,
  );
}

function unauthorized(message: string): Answer {
  return { status: 401, headers: new Headers(), body: { message } };
}

type Reading = { client: OpenAI; signal: AbortSignal; onPartial?: Ask["onPartial"] };

async function readText(response: Response, reading: Reading): Promise<Answer> {
  const text = await response.text();
  reading.signal.throwIfAborted();
  const { status, headers } = response;
  const start = text.trimStart();
  // Azure has been seen to call an answer text/plain that is none, and a stream may come so as well.
  if (start.startsWith("event:") || start.startsWith("data:"))
    return readStream(new Response(text, { headers }), reading);
  try {
    return { status, headers, body: JSON.parse(text) };
  } catch {
    // An answer that stops in the middle of its JSON was lost on the way; another text is an answer of another kind.
    return start.startsWith("{") ? lost(true, "the answer's JSON is cut off") : { status, headers, body: text };
  }
}

type StreamEvent = ImageGenStreamEvent | ImageEditStreamEvent;

async function readStream(response: Response, { client, signal, onPartial }: Reading): Promise<Answer> {
  const { headers } = response;
  for await (const event of Stream.fromSSEResponse<StreamEvent>(response, new AbortController(), client)) {
    if (event.type === "image_generation.completed" || event.type === "image_edit.completed")
      return { status: 200, headers, body: { data: [event] } };
    if (event.b64_json) onPartial?.(Buffer.from(event.b64_json, "base64"));
  }
  // The SDK ends quietly when a signal aborts it.
  signal.throwIfAborted();
  return { status: 200, headers, body: {} };
}

function answerOfError(error: unknown, signal: AbortSignal): Answer {
  if (signal.aborted) return lost(true, String(signal.reason));
  if (error instanceof APIConnectionError || !(error instanceof APIError)) {
    const causes = causesOf(error);
    if (causes.some(({ message }) => message.includes("redirect")))
      return { status: 302, headers: new Headers(), body: "" };
    return lost(
      !isNeverSent(error),
      causes
        .map(({ code, message }) => code || message)
        .join(" < ")
        .slice(0, 300),
    );
  }
  const { status, headers, error: body, message } = error;
  return {
    status,
    headers: headers ?? new Headers(),
    body: isWrapped(body) ? body : body === undefined ? message : { error: body },
  };
}

/** The SDK hands over the inner `error` object; where there was none, the whole body. */
function isWrapped(body: unknown): boolean {
  return typeof body === "object" && body !== null && ("error" in body || "statusCode" in body);
}

function lost(sent: boolean, because: string): Answer {
  return { headers: new Headers(), body: undefined, lost: { sent, because } };
}
