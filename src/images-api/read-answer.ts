import { createParser } from "eventsource-parser";
import { bytesOfBase64, isRecord, picturesIn } from "./answered-picture.ts";
import { shapeOf } from "./answer-shape.ts";

/** `isError`: it came inside a stream, whose status says nothing. `isCut`: nothing in it is whole. `dropped`: the shapes of events without a picture. */
export type ReadBody = { body: unknown; isError?: boolean; isCut?: boolean; dropped?: unknown[] };

/** A picture of the largest kind is 44 million characters in base64. */
const MOST_EVENT_CHARACTERS = 100_000_000;

/** Events that nothing could be made of are described in the log, so many. */
const MOST_SHAPES = 20;

/**
 * Reads a body by what it looks like and not by what its header calls it: JSON under the header of a stream, a stream under
 * that of JSON or text, one JSON a line, a picture as it is. All of these have been seen, and each of them is paid for.
 */
export async function readBody(response: Response, onPartial?: (bytes: Buffer) => void): Promise<ReadBody> {
  const events = openEvents(onPartial);
  let [chunks, isEvents, count]: [Buffer[], boolean, number] = [[], false, 0];
  try {
    for await (const { buffer, byteOffset, byteLength } of chunksOf(response)) {
      chunks.push(Buffer.from(buffer, byteOffset, byteLength));
      isEvents ||= (count += 1) < 10 && looksLikeEvents(chunks);
      if (isEvents) chunks = feedLines(chunks, events);
      if (events.isOver()) break;
    }
  } catch (error) {
    // A picture that came whole before the way broke is in hand.
    if (!events.hasPicture()) throw error;
  }
  const rest = Buffer.concat(chunks);
  if (!isEvents) return readWhole(rest, events);
  events.feed(rest.toString("utf8"));
  return events.end();
}

/**
 * Up to the end of the last line that is whole; what is left comes with the next chunk. A picture is one line of some
 * megabytes: as one text it costs a fraction of what its pieces would.
 */
function feedLines(chunks: Buffer[], events: Events): Buffer[] {
  const newest = chunks.at(-1);
  const end = newest ? 1 + Math.max(newest.lastIndexOf("\n"), newest.lastIndexOf("\r")) : 0;
  if (!newest || !end) return chunks;
  events.feed(Buffer.concat([...chunks.slice(0, -1), newest.subarray(0, end)]).toString("utf8"));
  return [newest.subarray(end)];
}

/** Breaking out of a loop over this lets go of the connection. */
async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  try {
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) yield read.value;
  } finally {
    await reader?.cancel().catch(() => undefined);
  }
}

const MARK = "\uFEFF";

function looksLikeEvents(chunks: Uint8Array[]): boolean {
  const head = Buffer.concat(chunks).subarray(0, 200).toString("utf8").replace(MARK, "").trimStart();
  return /^(event|data|id|retry)?:/.test(head);
}

function readWhole(bytes: Buffer, events: Events): ReadBody {
  if (/^(\u0089PNG|\u00ff\u00d8\u00ff|RIFF)/.test(bytes.toString("latin1", 0, 8)))
    return { body: { data: [{ b64_json: bytes.toString("base64") }] } };
  const text = bytes.toString("utf8").replace(MARK, "").trim();
  try {
    return { body: JSON.parse(text) };
  } catch {
    if (!/^[[{]/.test(text)) return { body: text };
    // One JSON a line, each an event; of a JSON that is cut off none can be read.
    for (const line of text.split(/\r\n|\r|\n/)) if (/^\s*[[{]/.test(line)) events.take(line);
    return events.end();
  }
}

type Events = {
  /** Takes a piece of a stream, wherever it is cut. */
  feed: (text: string) => void;
  /** Takes one whole event, without a name. */
  take: (data: string) => void;
  isOver(): boolean;
  hasPicture(): boolean;
  end(): ReadBody;
};

/**
 * Server-sent events, and what each of them is. The type may stand in the event's name alone, or nowhere: an event with a
 * picture that is not called partial is the result, for want of a `completed`.
 */
function openEvents(onPartial?: (bytes: Buffer) => void): Events {
  let result: ReadBody | undefined;
  const seen = { over: false, cut: false, shapes: [] as unknown[] };

  const judge = (payload: unknown, name: string) => {
    const kind = kindOf(payload, name);
    if (seen.shapes.length < MOST_SHAPES) seen.shapes.push({ event: name, ...asObject(shapeOf(payload)) });
    const { base64 } = (kind === "partial" && picturesIn(payload)[0]) || {};
    if (base64) onPartial?.(bytesOfBase64(base64));
    if (kind === "error") result = { body: { error: errorIn(payload) ?? payload }, isError: true };
    if (kind === "picture" || kind === "completed") result = { body: payload };
    seen.over = kind === "completed" || kind === "error";
  };
  const take = (name: string, data: string) => {
    if (seen.over) return;
    const read = readData(data);
    if (read === "done") seen.over = true;
    else if (read === "cut") seen.cut = true;
    else for (const payload of read) if (!seen.over) judge(payload, name);
  };
  const parser = createParser({
    maxBufferSize: MOST_EVENT_CHARACTERS,
    onEvent: ({ event = "", data }) => take(event, data),
    onError: ({ type }) => {
      if (type === "max-buffer-size-exceeded") [seen.over, seen.cut] = [true, true];
    },
  });
  return {
    feed: (text) => {
      if (!seen.over) parser.feed(text);
    },
    take: (line) => take("", line),
    isOver: () => seen.over,
    hasPicture: () => result !== undefined && !result.isError,
    end() {
      // The last event may lack the empty line after it.
      if (!seen.over) parser.feed("\n\n");
      return result ?? { body: {}, isCut: seen.cut, dropped: seen.shapes };
    },
  };
}

/** `cut`: it begins as JSON and is none. Anything else that is no JSON is a ping. */
function readData(data: string): unknown[] | "done" | "cut" {
  const text = data.trim();
  if (!text) return [];
  if (text === "[DONE]") return "done";
  for (const texts of [[text], text.split("\n")]) {
    try {
      return texts.map((each): unknown => JSON.parse(each));
    } catch {
      // Each line may be a whole one, without the empty line between them.
    }
  }
  return /^[[{]/.test(text) ? "cut" : [];
}

function kindOf(payload: unknown, name: string): "completed" | "partial" | "picture" | "error" | "other" {
  const { type, object, partial_image_index: index } = asObject(payload);
  const called = [name, type, object].filter((each) => typeof each === "string").join(" ");
  const has = picturesIn(payload).length > 0;
  if (has && /completed|done/.test(called)) return "completed";
  if (/partial/.test(called) || (has && typeof index === "number")) return "partial";
  if (has) return "picture";
  return name === "error" || type === "error" || errorIn(payload) ? "error" : "other";
}

function errorIn(payload: unknown): unknown {
  const { error, response } = asObject(payload);
  return error || asObject(response).error || undefined;
}

function asObject(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
