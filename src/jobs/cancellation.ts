import { z } from "zod";
import type { Azure } from "../storage/azure.ts";
import { log } from "../log.ts";
import { readBlob } from "../storage/small-blob.ts";

/** `cancels/<id>.json`: beside the record, because the worker that holds the job is the only one who may write that. */
const Cancellation = z.object({ name: z.string(), isAsker: z.boolean() });
export type Cancellation = z.infer<typeof Cancellation>;

/** How soon a worker on another machine notices. */
const LOOK_MILLISECONDS = 2000;

export async function noteCancellation(
  jobId: string,
  cancellation: Cancellation,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<void> {
  const text = JSON.stringify(cancellation);
  await cancelBlob(jobId, azure).upload(text, Buffer.byteLength(text), {
    blobHTTPHeaders: { blobContentType: "application/json" },
    abortSignal,
  });
  azure.bell.dispatchEvent(new CustomEvent("cancel", { detail: jobId }));
}

export async function forgetCancellation(jobId: string, azure: Azure): Promise<void> {
  await cancelBlob(jobId, azure).deleteIfExists({ abortSignal: AbortSignal.timeout(10_000) });
}

export type CancelWatch = {
  /** Aborted with the `Cancellation` as its reason. */
  signal: AbortSignal;
  stop(): void;
};

/** Looks at once, and from then on as long as the job is worked on. */
export async function watchCancellation(jobId: string, azure: Azure): Promise<CancelWatch> {
  const cancelled = new AbortController();
  const look = async () => {
    const present = await readBlob(cancelBlob(jobId, azure), AbortSignal.timeout(10_000));
    if (present) cancelled.abort(Cancellation.parse(JSON.parse(present.text)));
  };
  const lookSafely = () =>
    look().catch((error: unknown) => log.warn({ error, job: jobId }, "whether a job is cancelled could not be seen"));
  await lookSafely();
  const timer = setInterval(() => void lookSafely(), LOOK_MILLISECONDS);
  const heard = (event: Event) => {
    if (event instanceof CustomEvent && event.detail === jobId) void lookSafely();
  };
  azure.bell.addEventListener("cancel", heard);
  return {
    signal: cancelled.signal,
    stop() {
      clearInterval(timer);
      azure.bell.removeEventListener("cancel", heard);
    },
  };
}

/** Who cancelled, once the watch's signal is aborted. */
export function cancellationIn(signal: AbortSignal): Cancellation | undefined {
  const { success, data } = Cancellation.safeParse(signal.reason);
  return success ? data : undefined;
}

function cancelBlob(jobId: string, azure: Azure) {
  return azure.container.getBlockBlobClient(`cancels/${jobId}.json`);
}
