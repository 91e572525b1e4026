import { setTimeout as pause } from "node:timers/promises";

/** Bodies that do not come whole. The first half leaves first, so that the client has read bytes when it goes wrong. */

export function cutBody(text: string, hangUp: () => void): ReadableStream<Uint8Array> {
  return halfThen(text, async () => {
    await pause(20);
    hangUp();
  });
}

export function stalledBody(text: string, signal: AbortSignal): ReadableStream<Uint8Array> {
  return halfThen(text, async () => {
    try {
      await pause(86_400_000, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  });
}

export function half(text: string): string {
  return text.slice(0, Math.floor(text.length / 2));
}

function halfThen(text: string, then: () => Promise<void>): ReadableStream<Uint8Array> {
  let sent = false;
  return new ReadableStream({
    pull: async (controller) => {
      if (!sent) {
        sent = true;
        controller.enqueue(new TextEncoder().encode(half(text)));
        return;
      }
      await then();
      controller.close();
    },
  });
}
