import { bytesOfBase64 } from "./answered-picture.ts";
import type { AnsweredPicture } from "./answered-picture.ts";
import { shapeOf, shapeOfProblem } from "./answer-shape.ts";
import { askImagesApi } from "./call-images-api.ts";
import type { Ask } from "./call-images-api.ts";
import type { Azure } from "../storage/azure.ts";
import { fetchPicture, PictureNotFetched } from "./fetch-picture.ts";
import { DrawingFailed } from "./failure.ts";
import { log } from "../log.ts";
import { meaningOf } from "./meaning.ts";
import type { Answer, Meaning } from "./meaning.ts";
import { checkPicture } from "../pixels/check-picture.ts";
import type { CheckedPicture } from "../pixels/check-picture.ts";
import { reasonOf } from "./refusal.ts";
import type { RefusalReason, Stage } from "./refusal.ts";
import type { Settings } from "../settings.ts";
import { readUsage } from "./usage.ts";
import type { Usage } from "./usage.ts";

/** What a person should hear about is a value; what is broken throws. */
export type ImageResult = Drawing | Refusal;
export type Drawing = CheckedPicture & { outcome: "drawn"; bytes: Buffer; revisedPrompt?: string; usage?: Usage };
export type Refusal = { outcome: "refused"; because: RefusalReason; stage?: Stage };

/** One call to the Images API, for one picture, from words or from pictures too. Throws `DrawingFailed`; repeats nothing but a download. */
export async function drawImage(ask: Ask, reference: string, settings: Settings, azure: Azure): Promise<ImageResult> {
  const startedAt = Date.now();
  const answer = await askImagesApi(ask, settings, azure.credential);
  const meaning = meaningOf(answer);
  const about = { reference, deployment: ask.order.deployment, milliseconds: Date.now() - startedAt };
  report(meaning, answer, about, ask.order.prompt);
  if (meaning.means === "blocked")
    return { outcome: "refused", because: reasonOf(meaning.categories), stage: meaning.stage };
  if (meaning.means !== "drawn") throw failureOf(meaning, answer);
  const drawing = await readDrawing(meaning.pictures, settings, reference);
  return { ...drawing, usage: readUsage(answer.body, reference) };
}

/** The first of them that is a whole picture: they are forms of the same one. */
async function readDrawing(pictures: AnsweredPicture[], settings: Settings, reference: string): Promise<Drawing> {
  let failure: DrawingFailed | undefined;
  for (const picture of pictures) {
    try {
      const bytes = await bytesOf(picture, settings);
      const checked = await checkPicture(bytes);
      if (checked) return { outcome: "drawn", bytes, ...checked, revisedPrompt: picture.revisedPrompt };
      const begins = bytes.subarray(0, 4).toString("hex");
      log.error(
        { reference, bytes: bytes.length, begins, picture: shapeOf(picture) },
        "what came as a picture is none that can be read",
      );
    } catch (error) {
      if (!(error instanceof DrawingFailed)) throw error;
      failure = error;
    }
  }
  throw failure ?? new DrawingFailed("empty answer");
}

function failureOf(meaning: Exclude<Meaning, { means: "drawn" | "blocked" }>, { partials }: Answer): DrawingFailed {
  const isPaid = Boolean(partials);
  switch (meaning.means) {
    case "rate limited":
      return new DrawingFailed("busy", { waitSeconds: meaning.waitSeconds, isPaid });
    case "transient": {
      const reason = meaning.lost ? "answer lost" : meaning.reached ? "service trouble" : "out of reach";
      return new DrawingFailed(reason, { isPaid, option: meaning.parameter });
    }
    case "empty":
      return new DrawingFailed("empty answer");
    case "bad request":
      return new DrawingFailed("bad request", { option: meaning.parameter });
    case "quota":
    case "suspended":
    case "misconfigured":
    case "not allowed":
    case "guardrail":
      return new DrawingFailed(meaning.means);
  }
}

async function bytesOf({ base64, url }: AnsweredPicture, settings: Settings): Promise<Buffer> {
  if (base64) return bytesOfBase64(base64);
  try {
    return await fetchPicture(url ?? "", settings);
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
function report(meaning: Meaning, answered: Answer, about: object, words: string): void {
  if (meaning.means === "drawn") return log.info({ ...about }, "drawn");
  const { status, headers, body, lost, partials, dropped } = answered;
  const ids = ["x-request-id", "apim-request-id", "x-ms-region"].flatMap((name) =>
    headers.has(name) ? [[name, headers.get(name)]] : [],
  );
  // A text that is no JSON may be anything, such as a picture under another name: of a success nothing of it is written down.
  const answer = meaning.means === "empty" ? shapeOf(body) : shapeOfProblem(body, words);
  const line = { ...about, ...meaning, status, lost, partials, dropped, ids: Object.fromEntries(ids), answer };
  if (ALARMS.has(meaning.means)) log.error(line, `the Images API: ${meaning.means}. This needs the operator`);
  else log.warn(line, `the Images API: ${meaning.means}`);
}

const ALARMS = new Set<Meaning["means"]>([
  "quota",
  "suspended",
  "misconfigured",
  "not allowed",
  "guardrail",
  "bad request",
]);
