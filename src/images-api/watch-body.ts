export type Watch = { stallMilliseconds: number; mostBytes: number; stall: AbortController; signal: AbortSignal };

/**
 * The same response with its body watched: `stall` aborts when no byte comes for `stallMilliseconds`, and reading fails
 * beyond `mostBytes`. Nothing in the SDK or in `fetch` covers a stream that falls silent.
 */
export function watchBody(response: Response, { stallMilliseconds, mostBytes, stall, signal }: Watch): Response {
  if (!response.body) return response;
  const reader = response.body.getReader();
  let bytes = 0;
  const timer = setTimeout(() => stall.abort(new Error(`silent for ${stallMilliseconds / 1000} s`)), stallMilliseconds);
  timer.unref();
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const { done, value } = await reader.read();
    if (done) {
      clearTimeout(timer);
      return controller.close();
    }
    timer.refresh();
    bytes += value.byteLength;
    if (bytes <= mostBytes) return controller.enqueue(value);
    clearTimeout(timer);
    const error = new Error(`the answer is longer than ${mostBytes} bytes`);
    controller.error(error);
    await reader.cancel(error);
  };
  const cancel = (reason: unknown) => {
    clearTimeout(timer);
    return reader.cancel(reason);
  };
  const { status, headers } = response;
  return new Response(new ReadableStream({ pull, cancel }, { highWaterMark: 0 }), { status, headers });
}
