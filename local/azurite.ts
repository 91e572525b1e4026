import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { AzuriteReady } from "./azurite-process.ts";
import { startChild } from "./child.ts";

export type AzuriteOptions = {
  /** The directory in which blobs and messages are kept; without it everything is in memory and gone with `stop`. */
  location?: string;
  /** Nothing that Azurite prints is shown. */
  silent?: boolean;
};

export type Azurite = {
  connectionString: string;
  /** Settles when it has stopped, asked or not, with a few words on how. */
  ended: Promise<string>;
  stop(): Promise<void>;
};

const START_MILLISECONDS = 20_000;
const ACCOUNT = "easel";
const KEY = Buffer.from("easel on one machine, no secret!").toString("base64");
const FILE = fileURLToPath(new URL("azurite-process.ts", import.meta.url));

/** Starts the real Azurite, Blob, Queue and Table, on free ports of this machine, in a process of its own. */
export async function startAzurite({ location, silent = true }: AzuriteOptions = {}): Promise<Azurite> {
  const output = silent ? "ignore" : "inherit";
  const child = startChild(FILE, location ? [resolve(location)] : [], {
    env: { ...process.env, AZURITE_ACCOUNTS: `${ACCOUNT}:${KEY}` },
    stdio: ["ignore", output, output, "ipc"],
  });
  const ready = await Promise.race([
    new Promise<AzuriteReady>((done) => child.process.once("message", (message) => done(message as AzuriteReady))),
    child.ended,
    new Promise<string>((done) =>
      setTimeout(done, START_MILLISECONDS, `not ready after ${START_MILLISECONDS} ms`).unref(),
    ),
  ]);
  if (typeof ready === "string") {
    await child.stop();
    throw new Error(`Azurite did not start: ${ready}`);
  }
  return { connectionString: connectionString(ready), ended: child.ended, stop: () => child.stop() };
}

function connectionString({ blobPort, queuePort, tablePort }: AzuriteReady): string {
  return [
    "DefaultEndpointsProtocol=http",
    `AccountName=${ACCOUNT}`,
    `AccountKey=${KEY}`,
    `BlobEndpoint=http://127.0.0.1:${blobPort}/${ACCOUNT}`,
    `QueueEndpoint=http://127.0.0.1:${queuePort}/${ACCOUNT}`,
    `TableEndpoint=http://127.0.0.1:${tablePort}/${ACCOUNT}`,
  ].join(";");
}
