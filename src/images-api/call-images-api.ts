import type { TokenCredential } from "@azure/identity";
import { toFile } from "openai";
import type OpenAI from "openai";
import type { ImageEditParamsBase, ImageGenerateParamsBase } from "openai/resources/images";
import type { ImageOrder } from "../request/check.ts";
import type { Answer } from "./meaning.ts";
import { MODELS, pixels } from "../models.ts";
import { causesOf, isNeverSent } from "./never-sent.ts";
import { getToken, openClient } from "./open-client.ts";
import { readBody } from "./read-answer.ts";
import type { ImagesSettings, Settings } from "../settings.ts";
import type { Times } from "../times.ts";
import { watchBody } from "./watch-body.ts";

export type Ask = {
  order: ImageOrder;
  /** A hash of who asks, for the provider's own watch over misuse; never a name or an address. */
  askerHash: string;
  /** Pictures to draw from, PNG or JPEG; the mask is a PNG of the first one's size. With them the call is an edit. */
  inputs?: { pictures: Buffer[]; mask?: Buffer };
  /** Hears each picture in the making: an encoded picture, never to be taken for the result. Without it none is paid for that need not come. */
  onPartial?: (bytes: Buffer) => void;
  /** Breaks the call off. It may be billed all the same. */
  signal?: AbortSignal;
};

/** A 3840×2160 picture is at most 33 MB raw, 44 MB in base64, and its partial pictures come on top. Counted unpacked. */
const MOST_ANSWER_BYTES = 160_000_000;
const MOST_REFUSAL_BYTES = 1_000_000;

/**
 * One call for one picture. Never repeats anything and never throws for what the service or the way to it did: all of it
 * is an `Answer`, and `meaningOf` judges it.
 */
export async function askImagesApi(
  ask: Ask,
  { images: settings, times: { images: times } }: Pick<Settings, "images" | "times">,
  credential: TokenCredential,
): Promise<Answer> {
  const token = await getToken(settings, times.tokenLimitMilliseconds, credential);
  if ("refused" in token) return unauthorized(token.refused);
  if ("unreachable" in token) return lost(false, `no token: ${token.unreachable}`);
  const clock = AbortSignal.timeout(longestCall(ask.order, times));
  const stall = new AbortController();
  const signal = AbortSignal.any([clock, stall.signal, ...(ask.signal ? [ask.signal] : [])]);
  const seen: Seen = { partials: 0 };
  const answer = await callAndRead(ask, seen, { settings, times, bearer: token.token, signal, stall }).catch(
    (error: unknown) => (seen.refusal ? readRefusal(seen.refusal) : answerOfError(error, signal)),
  );
  return { ...answer, partials: seen.partials };
}

/** What came before the end of a call: pictures in the making, or a refusal whose body the SDK would take apart. */
type Seen = { partials: number; refusal?: Response };
type Way = {
  settings: ImagesSettings;
  times: Times["images"];
  bearer: string | undefined;
  signal: AbortSignal;
  stall: AbortController;
};

async function callAndRead(ask: Ask, seen: Seen, way: Way): Promise<Answer> {
  const { settings, times, bearer } = way;
  const entrance = { bearer, timeoutMilliseconds: times.callLimitMilliseconds, fetch: boundedFetch(seen, way) };
  const client = openClient(ask.order.deployment, settings, entrance);
  const response = await call(client, ask, way);
  const { body, isError, isCut, dropped } = await readBody(response, (bytes) => {
    seen.partials += 1;
    ask.onPartial?.(bytes);
  });
  if (isCut) return lost(true, "the answer is cut off");
  return { status: isError ? undefined : response.status, headers: response.headers, body, dropped };
}

/** `fetch` that reads no body without bound and none that falls silent. A refusal is read here and kept as it came. */
function boundedFetch(seen: Seen, { times, signal, stall }: Way): typeof fetch {
  return async (address, init) => {
    const response = await fetch(address, init);
    const mostBytes = response.ok ? MOST_ANSWER_BYTES : MOST_REFUSAL_BYTES;
    const stallMilliseconds = times.stallLimitMilliseconds;
    const watched = watchBody(response, { stallMilliseconds, mostBytes, stall, signal });
    if (response.ok) return watched;
    const text = await watched.text().catch(() => "");
    const { status, headers } = response;
    seen.refusal = new Response(text || null, { status, headers });
    return new Response(null, { status, headers });
  };
}

async function readRefusal(response: Response): Promise<Answer> {
  const { status, headers } = response;
  const { body } = await readBody(response);
  return { status, headers, body };
}

async function call(client: OpenAI, ask: Ask, { settings, signal }: Way): Promise<Response> {
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

/** The parameters that this model takes, and no other: each model refuses those of the others. */
function parametersOf(
  { order, askerHash, onPartial }: Ask,
  settings: ImagesSettings,
): ImageGenerateParamsBase & { stream?: false } {
  const model = MODELS[order.model];
  const partials = partialPicturesOf(order, Boolean(onPartial));
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
    ...(partials ? ({ stream: true, partial_images: partials } as object) : {}),
    ...(settings.provider === "openai" && model.answersWith === "base64"
      ? { safety_identifier: askerHash }
      : { user: askerHash }),
  };
}

/**
 * How many pictures in the making come before it. Each costs as much as a whole one of low quality: where nobody sees them, a
 * slow drawing alone has one.
 */
export function partialPicturesOf({ model, quality }: Pick<ImageOrder, "model" | "quality">, isSeen = true): number {
  if (!MODELS[model].streams) return 0;
  return (quality === "low" ? 0 : 1) + (isSeen ? 1 : 0);
}

function longestCall({ size, quality, model }: ImageOrder, times: Times["images"]): number {
  const edges = pixels(size);
  const small = !edges || edges.width * edges.height <= 1_600_000;
  const quick = ["low", "medium"].includes(quality) || !MODELS[model].streams;
  return small && quick ? times.quickCallLimitMilliseconds : times.callLimitMilliseconds;
}

function unauthorized(message: string): Answer {
  return { status: 401, headers: new Headers(), body: { message } };
}

function answerOfError(error: unknown, signal: AbortSignal): Answer {
  if (signal.aborted) return lost(true, String(signal.reason));
  const causes = causesOf(error);
  if (causes.some(({ message }) => message.includes("redirect")))
    return { status: 302, headers: new Headers(), body: "" };
  const because = causes.map(({ code, message }) => code || message).join(" < ");
  return lost(!isNeverSent(error), because.slice(0, 300));
}

function lost(sent: boolean, because: string): Answer {
  return { headers: new Headers(), body: undefined, lost: { sent, because } };
}
