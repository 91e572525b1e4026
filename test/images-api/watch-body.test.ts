import { expect, it } from "vitest";
import { watchBody } from "../../src/images-api/watch-body.ts";

const bytes = (count: number) => new Uint8Array(count);

function watched(body: ReadableStream<Uint8Array>, mostBytes = 1000, stallMilliseconds = 80) {
  const stall = new AbortController();
  return {
    stall,
    response: watchBody(new Response(body), { stallMilliseconds, mostBytes, stall, signal: stall.signal }),
  };
}

/** A body that sends a chunk of ten bytes every `milliseconds`, and ends after `count` of them or never. */
function trickle(count: number, milliseconds: number, ends = true): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      if (sent++ < count) return controller.enqueue(bytes(10));
      if (ends) return controller.close();
      return new Promise(() => undefined);
    },
  });
}

it("lets a slow body pass that goes on coming", async () => {
  const { response, stall } = watched(trickle(8, 25));
  expect((await response.arrayBuffer()).byteLength).toBe(80);
  expect(stall.signal.aborted).toBe(false);
});

it("takes a body that falls silent for dead", async () => {
  const { response, stall } = watched(trickle(2, 5, false));
  void response.arrayBuffer().catch(() => undefined);
  await new Promise((resolve) => stall.signal.addEventListener("abort", resolve));
  expect(String(stall.signal.reason)).toContain("silent for 0.08 s");
});

it("refuses to read on beyond the longest answer there can be", async () => {
  const { response } = watched(trickle(200, 0));
  await expect(response.arrayBuffer()).rejects.toThrow("longer than 1000 bytes");
});
