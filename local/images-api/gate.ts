/** Holds calls back until it is opened, so that a test can look at a call that is under way. */
export type Gate = { close(): void; open(): void; pass(signal: AbortSignal): Promise<void> };

export function makeGate(): Gate {
  let opened = Promise.withResolvers<void>();
  opened.resolve();
  return {
    close: () => {
      opened.resolve();
      opened = Promise.withResolvers<void>();
    },
    open: () => opened.resolve(),
    pass: (signal) => untilAborted(opened.promise, signal),
  };
}

/** Waits for a promise or for the signal, whose reason is then thrown. */
export async function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason as Error);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
