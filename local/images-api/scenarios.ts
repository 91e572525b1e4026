import { setTimeout as pause } from "node:timers/promises";
import { readRecordedAnswer } from "./answer.ts";
import type { Answer } from "./answer.ts";
import type { Block } from "./filter.ts";
import { broken } from "./refusals.ts";

/**
 * Markers in a prompt, `[[name]]` or `[[name:argument]]`, choose what a call meets. `[[once name]]` plays on the first call with
 * these very words and no more; several `once` play one after the other, call by call, and then the picture is drawn.
 * Markers are cut out of the prompt before it is checked and painted.
 */
export const MARKERS = {
  answer: "NAME: the recorded answer of that name, from the directory of answers",
  status: "CODE: this status with a plain error object",
  blocked: "prompt | picture: the filter's no at this stage, in the words of provider and model",
  "nth-blocked": "N: every Nth call with these words is blocked at the picture stage",
  html: "502 with a page of html, as from a gateway",
  redirect: "307 to another host",
  "error-in-200": "an error object under status 200",
  empty: "status 200 with an empty list",
  "no-bytes": "status 200 with an entry that holds no picture",
  slow: "MILLISECONDS: so much longer, with `once` the first call alone; goes together with the others",
  hang: "no byte, no header, until the client leaves",
  reset: "the connection is closed without a byte",
  cut: "the connection is cut in the middle of the body; in a stream after a partial picture",
  "half-json": "half of the JSON, ended politely",
  "stream-cut": "a partial picture, then the connection is cut",
  "stream-ends-early": "a partial picture, then a polite end",
  "stream-error": "a partial picture, then an error event",
  "stream-not-json": "a partial picture, then a line that is not JSON",
  stall: "a partial picture, then silence; without a stream half of the body, then silence",
  "plain-json": "JSON although a stream was asked for",
  "text-plain": "the picture's JSON called text/plain, also where a stream was asked for",
  "not-a-picture": "a text in the place of the picture's bytes",
  "cut-picture": "a PNG that breaks off in its middle",
  big: "a picture of noise, over 13 MB",
  "expired-url": "an address that has already ended (models that answer with one)",
} as const;

export type MarkerName = keyof typeof MARKERS;

/** How a drawn answer goes wrong on its way. */
export type Ending =
  | "cut"
  | "half-json"
  | "stream-cut"
  | "stream-ends-early"
  | "stream-error"
  | "stream-not-json"
  | "stall"
  | "plain-json"
  | "text-plain";

export type Scenario = {
  /** The prompt without its markers. */
  prompt: string;
  answer?: Answer;
  block?: Block;
  silence?: "hang" | "reset";
  ending?: Ending;
  picture?: "not-a-picture" | "cut-picture" | "big";
  urlExpired?: boolean;
};

export type Scenarios = (prompt: string, signal: AbortSignal) => Promise<Scenario>;

type Marker = { name: MarkerName; argument: string; once: boolean };

/** Plays markers; remembers how often each prompt came. */
export function playScenarios(answers: string): Scenarios {
  const seen = new Map<string, number>();
  return async (text, signal) => {
    const { prompt, markers } = readMarkers(text);
    if (!markers.length) return { prompt };
    const callNumber = (seen.get(text) ?? 0) + 1;
    seen.set(text, callNumber);
    const slow = markers.find(({ name, once }) => name === "slow" && (!once || callNumber === 1));
    if (slow) await pause(Number(slow.argument), undefined, { signal });
    const others = markers.filter(({ name }) => name !== "slow");
    const once = others.filter(({ once }) => once);
    const marker = once.length >= callNumber ? once[callNumber - 1] : others.find(({ once }) => !once);
    return { prompt, ...(marker ? await play(marker, callNumber, answers) : {}) };
  };
}

export function readMarkers(text: string): { prompt: string; markers: Marker[] } {
  const markers: Marker[] = [];
  const rest = text.replace(
    /\[\[(once )?([a-z0-9-]+)(?::([^\]]*))?\]\]/g,
    (_, once?: string, name = "", argument = "") => {
      if (!Object.hasOwn(MARKERS, name)) throw new Error(`there is no marker [[${name}]]`);
      markers.push({ name: name as MarkerName, argument, once: once !== undefined });
      return "";
    },
  );
  const prompt = markers.length ? rest.replace(/ {2,}/g, " ").trim() || "a lighthouse by the sea" : text;
  return { prompt, markers };
}

async function play(
  { name, argument }: Marker,
  callNumber: number,
  answers: string,
): Promise<Omit<Scenario, "prompt">> {
  switch (name) {
    case "answer":
      return { answer: await readRecordedAnswer(answers, argument) };
    case "status":
      return { answer: broken(Number(argument)) };
    case "blocked":
      return { block: { stage: argument === "picture" ? "picture" : "prompt", category: "violence" } };
    case "nth-blocked":
      return callNumber % Number(argument) ? {} : { block: { stage: "picture", category: "violence" } };
    case "html":
      return {
        answer: { status: 502, contentType: "text/html", body: "<html><body><h1>502 Bad Gateway</h1></body></html>" },
      };
    case "redirect":
      return { answer: { status: 307, headers: { location: "https://images.invalid/" }, body: "" } };
    case "error-in-200":
      return { answer: { ...broken(500), status: 200 } };
    case "empty":
      return { answer: { status: 200, body: { created: 1776902400, data: [] } } };
    case "no-bytes":
      return { answer: { status: 200, body: { created: 1776902400, data: [{}] } } };
    case "hang":
    case "reset":
      return { silence: name };
    case "not-a-picture":
    case "cut-picture":
    case "big":
      return { picture: name };
    case "expired-url":
      return { urlExpired: true };
    case "slow":
      return {};
    case "cut":
    case "half-json":
    case "stream-cut":
    case "stream-ends-early":
    case "stream-error":
    case "stream-not-json":
    case "stall":
    case "plain-json":
    case "text-plain":
      return { ending: name };
  }
}
