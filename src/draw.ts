import { askImagesApi } from "./ask-images-api.ts";
import type { Ask } from "./ask-images-api.ts";
import type { Azure } from "./azure.ts";
import { fetchPicture, PictureNotFetched } from "./fetch-picture.ts";
import type { FailureReason } from "./job.ts";
import { log } from "./log.ts";
import { meaningOf } from "./meaning.ts";
import type { Answer, AnsweredPicture, Meaning } from "./meaning.ts";
import { readPictureFile } from "./picture-file.ts";
import type { PictureFile } from "./picture-file.ts";
import { reasonOf } from "./refusal.ts";
import type { RefusalReason, Stage } from "./refusal.ts";
import type { Settings } from "./settings.ts";

/** What a person should hear about is a value; what is broken throws. */
export type ImageResult = Drawing | Refusal;
export type Drawing = { outcome: "drawn"; bytes: Buffer; file: PictureFile; revisedPrompt?: string };
export type Refusal = { outcome: "refused"; because: RefusalReason; stage?: Stage };

/** No picture, and nobody said no to it. `waitSeconds` is what a rate limit asked for. */
export class DrawingFailed extends Error {
  override name = "DrawingFailed";
  readonly reason: FailureReason;
  readonly waitSeconds?: number;

  constructor(reason: FailureReason, options: { waitSeconds?: number; cause?: unknown } = {}) {
    super(reason, { cause: options.cause });
    this.reason = reason;
    this.waitSeconds = options.waitSeconds;
  }
}

/** One call to the Images API, for one picture, from words or from pictures too. Throws `DrawingFailed`; repeats nothing but a download. */
export async function drawImage(ask: Ask, reference: string, settings: Settings, azure: Azure): Promise<ImageResult> {
  const startedAt = Date.now();
  const answer = await askImagesApi(ask, settings.images, azure.credential);
  const meaning = meaningOf(answer);
  report(meaning, answer, { reference, deployment: ask.order.deployment, milliseconds: Date.now() - startedAt });
  if (meaning.means === "blocked")
    return { outcome: "refused", because: reasonOf(meaning.categories), stage: meaning.stage };
  if (meaning.means !== "drawn") throw failureOf(meaning);

  const bytes = await bytesOf(meaning.picture, settings);
  const file = await readPictureFile(bytes);
  if (!file) throw new DrawingFailed("empty answer");
  return { outcome: "drawn", bytes, file, revisedPrompt: meaning.picture.revisedPrompt };
}

function failureOf(meaning: Exclude<Meaning, { means: "drawn" | "blocked" }>): DrawingFailed {
  switch (meaning.means) {
    case "rate limited":
      return new DrawingFailed("busy", { waitSeconds: meaning.waitSeconds });
    case "transient":
      return new DrawingFailed(meaning.lost ? "answer lost" : meaning.reached ? "service trouble" : "out of reach");
    case "empty":
      return new DrawingFailed("empty answer");
    case "quota":
    case "suspended":
    case "misconfigured":
    case "bad request":
      return new DrawingFailed(meaning.means);
  }
}

async function bytesOf({ base64, url }: AnsweredPicture, settings: Settings): Promise<Buffer> {
  if (base64) return Buffer.from(base64.replace(/^data:[^,]{0,100},/, ""), "base64");
  try {
    return await fetchPicture(url ?? "", settings.images);
  } catch (error) {
    if (error instanceof PictureNotFetched) {
      log.error(
        { because: error.message, cause: error.cause instanceof Error ? error.cause.message : undefined },
        "a drawn picture could not be fetched",
      );
      throw new DrawingFailed("not downloaded", { cause: error });
    }
    throw error;
  }
}

/** Everything the operator needs and the person must not see: the service's own words, codes and three kinds of id. */
function report(meaning: Meaning, { status, headers, body, lost }: Answer, about: object): void {
  if (meaning.means === "drawn") return log.info({ ...about }, "drawn");
  const ids = ["x-request-id", "apim-request-id", "x-ms-region"].flatMap((name) =>
    headers.has(name) ? [[name, headers.get(name)]] : [],
  );
  const line = {
    ...about,
    ...meaning,
    status,
    lost,
    ids: Object.fromEntries(ids),
    answer: describeBody(status, body),
  };
  const alarm = ["quota", "suspended", "misconfigured", "bad request"].includes(meaning.means);
  if (alarm) log.error(line, `the Images API: ${meaning.means}. This needs the operator`);
  else log.warn(line, `the Images API: ${meaning.means}`);
}

/** A text that is no JSON may be anything, such as a picture under another name: of a success nothing of it is written down. */
function describeBody(status: number | undefined, body: unknown): string | undefined {
  if (typeof body === "string" && status !== undefined && status < 300) return `a text of ${body.length} characters`;
  return JSON.stringify(body, withoutWords)?.slice(0, 1500);
}

/** Neither a person's words nor a picture, nor the secret that its address is, belong into the log. */
function withoutWords(key: string, value: unknown): unknown {
  return ["prompt", "revised_prompt", "b64_json", "url"].includes(key) ? undefined : value;
}
