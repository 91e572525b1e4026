import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

export type SentFile = {
  bytes: Buffer;
  mediaType: string;
  /** So many bytes are sent instead: what `bytes` has not, in zeros. */
  size?: number;
  /** Sent without a Content-Length, so that only counting tells how large it is. */
  withoutLength?: boolean;
  /** The connection ends after so many bytes. */
  cutAfter?: number;
  /** Milliseconds before each tenth of it. */
  drip?: number;
};

const largestChunk = 1024 * 1024;

export async function writeFile(response: ServerResponse, status: number, file: SentFile): Promise<void> {
  const { bytes, mediaType, drip } = file;
  const size = file.size ?? bytes.length;
  const end = Math.min(size, file.cutAfter ?? size);
  const length = file.withoutLength ? {} : { "content-length": String(size) };
  response.writeHead(status, { "content-type": mediaType, ...length });
  const step = drip === undefined ? largestChunk : Math.max(1, Math.ceil(size / 10));
  for (let start = 0; start < end && !response.destroyed; start += step) {
    if (drip !== undefined) await wait(drip);
    const wanted = Math.min(end, start + step) - start;
    const chunk = Buffer.alloc(wanted);
    if (start < bytes.length) bytes.copy(chunk, 0, start, start + wanted);
    await sent(response, chunk);
  }
  if (end < size) response.destroy();
  else response.end();
}

/** Or the connection is closed: whoever has read enough may go. */
function sent(response: ServerResponse, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => {
    response.once("close", resolve);
    response.write(chunk, () => {
      response.off("close", resolve);
      resolve();
    });
  });
}
