export type Watch = { stallMilliseconds: number; mostBytes: number; stall: AbortController; signal: AbortSignal };

/**
 * The same response with its body watched: `stall` aborts when no byte comes for `stallMilliseconds`, and reading fails
 * beyond `mostBytes`. Nothing in the SDK or in `fetch` covers a stream that falls silent.
 */
export function watchBody(response: Response, { stallMilliseconds, mostBytes, stall, signal }: Watch): Response {
  if (!response.body) return response;
  let bytes = 0;
  const timer = setTimeout(() => stall.abort(new Error(`silent for ${stallMilliseconds / 1000} s`)), stallMilliseconds);
  timer.unref();
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      timer.refresh();
      bytes += chunk.byteLength;
      if (bytes > mostBytes) controller.error(new Error(`the answer is longer than ${mostBytes} bytes`));
      else controller.enqueue(chunk);
    },
    flush: () => clearTimeout(timer),
  });
  const { status, headers } = response;
  return new Response(response.body.pipeThrough(counter), { status, headers });
}
