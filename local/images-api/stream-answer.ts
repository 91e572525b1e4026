import { setTimeout as pause } from "node:timers/promises";
import type { Answer } from "./answer.ts";
import { echoes } from "./drawn-answer.ts";
import type { Drawn } from "./drawn-answer.ts";
import { coarsen } from "./paint.ts";
import { broken } from "./refusals.ts";
import type { Ending } from "./scenarios.ts";
import type { Operation } from "./surface.ts";
import { usageOf } from "./usage.ts";

export type StreamPlan = {
  operation: Operation;
  /** Milliseconds from the beginning of the stream to its end. */
  duration: number;
  /** The look at the finished picture says no: an error event takes its place. */
  blocked?: Answer;
  ending?: Ending;
  /** Cuts the connection. */
  hangUp: () => void;
  finished: () => void;
  signal: AbortSignal;
};

/** The answer as server-sent events: partial pictures, each clearer than the last, then one `completed` for each picture. */
export function streamDrawn(drawing: Promise<Drawn>, plan: StreamPlan): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const events = eventsOf(drawing, plan);
  return new ReadableStream({
    pull: async (controller) => {
      try {
        const { done, value } = await events.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch (error) {
        // The client has left, or the service stops: nobody reads on.
        if (!plan.signal.aborted) throw error;
        controller.close();
      }
    },
    cancel: async () => {
      await events.return();
    },
  });
}

async function* eventsOf(drawing: Promise<Drawn>, plan: StreamPlan): AsyncGenerator<string, void> {
  const { operation, duration, blocked, ending, signal } = plan;
  const kind = operation === "edits" ? "image_edit" : "image_generation";
  const began = Date.now();
  const until = (part: number) => pause(Math.max(0, began + part * duration - Date.now()), undefined, { signal });
  const { order, pictures, inputPictures } = await drawing;
  const created_at = Math.floor(Date.now() / 1000);
  const [first = Buffer.alloc(0)] = pictures;
  const partials = order.partials ?? 0;
  for (let index = 0; index < partials; index++) {
    const [bytes] = await Promise.all([
      // A picture that a scenario has spoiled cannot be made coarser: it comes as it is.
      coarsen(first, order.format, partials - index).catch(() => first),
      until((index + 1) / (partials + 1)),
    ]);
    const type = `${kind}.partial_image`;
    yield event(type, {
      type,
      b64_json: bytes.toString("base64"),
      partial_image_index: index,
      created_at,
      ...echoes(order),
    });
    if (ending) break;
  }
  if (ending && (yield* goWrong(ending, plan))) return;
  await until(1);
  if (blocked) {
    yield event("error", { type: "error", ...(blocked.body as object) });
    plan.finished();
    return;
  }
  const type = `${kind}.completed`;
  for (const bytes of pictures) {
    yield event(type, {
      type,
      b64_json: bytes.toString("base64"),
      created_at,
      ...echoes(order),
      usage: usageOf(order, inputPictures),
    });
  }
  plan.finished();
}

/** Plays a bad end; true if the stream is over with it. */
async function* goWrong(ending: Ending, { hangUp, finished, signal }: StreamPlan): AsyncGenerator<string, boolean> {
  switch (ending) {
    case "cut":
    case "stream-cut":
      finished();
      // What was sent shall arrive before the connection ends.
      await pause(20, undefined, { signal });
      hangUp();
      return true;
    case "stall":
      await pause(86_400_000, undefined, { signal });
      return true;
    case "stream-error":
      yield event("error", { type: "error", ...(broken(500).body as object) });
      break;
    case "stream-not-json":
      yield "event: image_generation.completed\ndata: {not json\n\n";
      break;
    case "stream-ends-early":
    case "half-json":
      break;
    case "plain-json":
    case "text-plain":
      return false;
  }
  finished();
  return true;
}

function event(type: string, data: object): string {
  return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}
