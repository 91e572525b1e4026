/**
 * A process of its own: storage (the real Azurite, https and Entra tokens) and an image service that costs next to nothing,
 * so that what they take of the machine is not counted as anybody's who is measured. Asked over the channel to its parent.
 */
import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import sharp from "sharp";
import { makeAzuriteServer, portOf } from "../local/azurite-server.ts";
import { paintPicture } from "../local/images-api/paint.ts";
import { event } from "../test/fakes/scripted-images.ts";
import { readStorageCall } from "../test/fakes/storage-calls.ts";
import { DRAW } from "./figures.ts";
import type { Call } from "./figures.ts";
import { copyRows, goByKeys, goByNames, seedJobs } from "./seed.ts";
import type { BlobRecords, Copying, Seeding, TableRecords } from "./seed.ts";

export type OutsideReady = { blobPort: number; queuePort: number; tablePort: number; imagesPort: number };

/** What the image service does: gives a picture after so many seconds, stops every prompt, or holds its calls until the next order. */
export type PictureOrder = { size: "1024x1024" | "1536x1024"; seconds: number } | "block" | "hold";
export type Ask = { order: PictureOrder } | { calls: true } | { seed: Seeding } | { copy: Copying };

process.env.AZURITE_ACCOUNTS = `easel:${Buffer.from("0123456789abcdef0123456789abcdef").toString("base64")}`;
const [key = "", cert = ""] = process.argv.slice(2);
const tls = { key: readFileSync(key), cert: readFileSync(cert) };
const services = (["blob", "queue", "table"] as const).map((service) => {
  const server = makeAzuriteServer(service, { tls: { key, cert, oauth: true } });
  return { service, server };
});
let calls: Call[] = [];
for (const { service, server } of services) {
  await server.start();
  server.httpServer.on("request", ({ method = "", url: path = "", headers }: IncomingMessage) =>
    note(readStorageCall({ service, method, path, headers }).name),
  );
}
const [blobPort = 0, queuePort = 0, tablePort = 0] = services.map(({ server }) => portOf(server));
const [blobs, , tables] = services.map(({ server }) => server as unknown) as [BlobRecords, unknown, TableRecords];
goByNames(blobs);
goByKeys(tables);

type Answers = { stream: string; json: string };
const answers = {
  "1024x1024": await prepareAnswers("1024x1024", 2),
  "1536x1024": await prepareAnswers("1536x1024", 16),
};
const service: { order: PictureOrder } = { order: { size: "1024x1024", seconds: 0 } };
const BLOCKED = JSON.stringify({
  error: { code: "contentFilter", message: "Your task failed as a result of our safety system." },
});
let released = Promise.withResolvers<void>();
released.resolve();
const images = createServer(tls, (request, response) => void draw(request, response));
await new Promise<void>((resolve) => images.listen(0, "127.0.0.1", resolve));

process.on("message", ({ number, ask }: { number: number; ask: Ask }) => {
  void answerAsk(ask).then((answer) => process.send?.({ number, answer }));
});
process.on("disconnect", () => process.exit());
process.send?.({
  blobPort,
  queuePort,
  tablePort,
  imagesPort: (images.address() as AddressInfo).port,
} satisfies OutsideReady);

async function answerAsk(ask: Ask): Promise<unknown> {
  if ("order" in ask) {
    service.order = ask.order;
    released.resolve();
    if (ask.order === "hold") released = Promise.withResolvers();
    return undefined;
  }
  if ("copy" in ask) return copyRows(tables, ask.copy);
  if ("seed" in ask) return seedJobs({ blobs, tables }, ask.seed);
  const counted = calls;
  calls = [];
  return counted;
}

/** A picture with the grain of a photograph: 1.8 MB as a square, 4.1 MB as the wide one. */
async function prepareAnswers(size: "1024x1024" | "1536x1024", sigma: number): Promise<Answers> {
  const [width = 0, height = 0] = size.split("x").map(Number);
  const sketch = { model: "gpt-image-2", size, quality: "medium", background: "opaque", format: "png", count: 1 };
  const painted = await paintPicture(
    { ...sketch, prompt: "a lighthouse", compression: 100, answer: "base64" } as never,
    0,
  );
  const noise = { type: "gaussian", mean: 128, sigma } as const;
  const grain = await sharp({ create: { width, height, channels: 3, background: "#000", noise } })
    .png()
    .toBuffer();
  const picture = await sharp(painted)
    .composite([{ input: grain, blend: "soft-light" }])
    .removeAlpha()
    .png()
    .toBuffer();
  const unfinished = await sharp(painted).blur(8).png().toBuffer();
  const b64_json = picture.toString("base64");
  const partial = { b64_json: unfinished.toString("base64"), partial_image_index: 0 };
  return {
    json: JSON.stringify({ created: 1, data: [{ b64_json }] }),
    stream:
      event({ type: "image_generation.partial_image", ...partial }) +
      event({ type: "image_generation.completed", b64_json, usage: {} }),
  };
}

async function draw(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  note(DRAW);
  await released.promise;
  const { order } = service;
  if (order === "block" || order === "hold") {
    response.writeHead(400, { "content-type": "application/json" });
    return void response.end(BLOCKED);
  }
  const { size, seconds } = order;
  await pause(seconds * 1000);
  const streamed = (JSON.parse(text) as { stream?: boolean }).stream === true;
  response.writeHead(200, { "content-type": streamed ? "text/event-stream" : "application/json" });
  response.end(answers[size][streamed ? "stream" : "json"]);
}

function note(kind: string): void {
  calls.push({ kind, at: performance.timeOrigin + performance.now() });
}
