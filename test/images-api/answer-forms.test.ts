import { gzipSync } from "node:zlib";
import type { ServerResponse } from "node:http";
import type { TokenCredential } from "@azure/identity";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Azure } from "../../src/storage/azure.ts";
import type { ImageOrder } from "../../src/request/check.ts";
import { drawImage } from "../../src/images-api/draw-picture.ts";
import { log } from "../../src/log.ts";
import { checkPicture } from "../../src/pixels/check-picture.ts";
import { readSettings } from "../../src/settings.ts";
import { TIMES } from "../../src/times.ts";
import { tenth } from "../times.ts";
import { event, paint, startScriptedImages } from "../fakes/scripted-images.ts";
import type { ScriptedImages } from "../fakes/scripted-images.ts";

let images: ScriptedImages;
let png: Buffer;
let b64: string;
const lines: object[] = [];
beforeAll(async () => {
  images = await startScriptedImages();
  // Noise, so that its base64 is long and holds all of the alphabet.
  const noise = { type: "gaussian", mean: 128, sigma: 60 } as const;
  png = await sharp({ create: { width: 96, height: 64, channels: 3, background: "#000", noise } })
    .png()
    .toBuffer();
  b64 = png.toString("base64");
});
afterAll(() => images.stop());
beforeEach(() => {
  lines.length = 0;
  for (const level of ["info", "warn", "error"] as const)
    vi.spyOn(log, level).mockImplementation((line: unknown) => void lines.push(line as object));
});

const order: ImageOrder = {
  model: "gpt-image-2",
  deployment: "pictures",
  prompt: "a lighthouse that nobody has seen",
  size: "1024x1024",
  quality: "medium",
  count: 1,
};

function draw(path = "") {
  const settings = readSettings(
    {
      AZURE_OPENAI_ENDPOINT: images.origin + path,
      AZURE_OPENAI_API_KEY: "key",
      IMAGE_MODELS: "gpt-image-2",
      AZURE_STORAGE_ACCOUNT: "easel",
    },
    [],
  );
  const azure = { credential: undefined as unknown as TokenCredential } as Azure;
  return drawImage(
    { order, askerHash: "hash", onPartial: () => undefined },
    "REF",
    { ...settings, times: tenth(TIMES) },
    azure,
  );
}

const send = (contentType: string | undefined, body: string | Buffer, headers: Record<string, string> = {}) => {
  images.play((_, response: ServerResponse) => {
    response.writeHead(200, { ...(contentType ? { "content-type": contentType } : {}), ...headers });
    // In pieces that cut lines and characters anywhere.
    const bytes = Buffer.from(body);
    for (let at = 0; at < bytes.length; at += 997) response.write(bytes.subarray(at, at + 997));
    response.end();
  });
};
const json = "application/json";
const stream = "text/event-stream";
const body = () => ({ created: 1, data: [{ b64_json: b64 }] });
const data = (payload: unknown) => `data: ${JSON.stringify(payload)}\n\n`;
const partial = () => event({ type: "image_generation.partial_image", b64_json: b64, partial_image_index: 0 });
const completed = () => event({ type: "image_generation.completed", b64_json: b64 });

describe("a picture is understood, whatever it is wrapped in", () => {
  const forms: [string, string | undefined, () => unknown][] = [
    ["JSON, as it should be", json, body],
    ["a data: address in url", json, () => ({ data: [{ url: `data:image/png;base64,${b64}` }] })],
    ["a data: address that says JPEG", json, () => ({ data: [{ url: `data:image/jpeg;base64,${b64}` }] })],
    [
      "a data: address, its base64 in percents",
      json,
      () => ({ data: [{ url: `data:image/png;base64,${encodeURIComponent(b64)}` }] }),
    ],
    [
      "data: before b64_json, twice",
      json,
      () => ({ data: [{ b64_json: `data:image/png;base64,data:image/png;base64,${b64}` }] }),
    ],
    ["bare base64 in url", json, () => ({ data: [{ url: b64 }] })],
    ["JSON under the header of a stream", stream, body],
    ["JSON under the header of a page", "text/html", body],
    ["JSON under text/plain", "text/plain", body],
    ["JSON without a header", undefined, body],
    ["JSON behind a mark of byte order", json, () => `\uFEFF${JSON.stringify(body())}`],
    ["JSON behind line ends that kept the way alive", json, () => `\n\n \r\n${JSON.stringify(body())}`],
    ["JSON in many lines", stream, () => JSON.stringify(body(), null, 2)],
    ["a list at the top", json, () => [{ b64_json: b64 }]],
    ["data as one object", json, () => ({ data: { b64_json: b64 } })],
    ["data as a text", json, () => ({ data: b64 })],
    ["data as a list of texts", json, () => ({ data: [b64] })],
    ["one object without data", json, () => ({ created: 1, b64_json: b64 })],
    ["data within data", json, () => ({ success: true, data: { created: 1, data: [{ b64_json: b64 }] } })],
    ["images", json, () => ({ images: [{ url: `data:image/png;base64,${b64}`, content_type: "image/png" }] })],
    ["images as texts", json, () => ({ images: [b64] })],
    ["image", json, () => ({ image: b64 })],
    ["image_base64", json, () => ({ data: [{ image_base64: b64 }] })],
    ["an address in image_url", json, () => ({ data: [{ image_url: { url: `data:image/png;base64,${b64}` } }] })],
    ["an empty url beside it", json, () => ({ data: [{ url: "", b64_json: b64 }] })],
    ["an empty entry before it", json, () => ({ data: [{}, { b64_json: null }, { b64_json: b64 }] })],
    ["what is no picture before it", json, () => ({ data: [{ b64_json: "bm9uZQ==" }, { b64_json: b64 }] })],
    ["an error that is null beside it", json, () => ({ error: null, ...body() })],
    ["the Responses API's", json, () => ({ output: [{ type: "image_generation_call", result: b64 }] })],
    ["Google's", json, () => ({ predictions: [{ bytesBase64Encoded: b64, mimeType: "image/png" }] })],
    [
      "a chat model's, OpenRouter",
      json,
      () => ({
        choices: [{ message: { content: "Here", images: [{ image_url: { url: `data:image/png;base64,${b64}` } }] } }],
      }),
    ],
    [
      "a chat model's, among words",
      json,
      () => ({ choices: [{ message: { content: `Here: ![it](data:image/png;base64,${b64}) and more` } }] }),
    ],
    ["base64 alone", "text/plain", () => b64],
    ["base64 alone as JSON", json, () => JSON.stringify(b64)],
    ["base64 in lines", json, () => ({ data: [{ b64_json: b64.replaceAll(/.{76}/g, "$&\r\n") }] })],
    [
      "base64 in the alphabet of addresses, without padding",
      json,
      () => ({ data: [{ b64_json: png.toString("base64url") }] }),
    ],
    ["a stream, as it should be", stream, () => partial() + completed()],
    ["a stream under JSON", json, () => partial() + completed()],
    ["a stream under text/plain", "text/plain", () => partial() + completed()],
    ["a stream with CRLF", stream, () => (partial() + completed()).replaceAll("\n", "\r\n")],
    ["a stream with CR", stream, () => (partial() + completed()).replaceAll("\n", "\r")],
    ["a stream behind a mark of byte order", stream, () => `\uFEFF${partial()}${completed()}`],
    [
      "comments and pings",
      stream,
      () =>
        `: OPENROUTER PROCESSING\n\nretry: 3000\n\n${partial()}event: ping\ndata: {}\n\n: ping\n\ndata: keep-alive\n\n${completed()}`,
    ],
    ["no empty line at its end", stream, () => (partial() + completed()).trimEnd()],
    ["no space behind data:", stream, () => completed().replaceAll(": ", ":")],
    [
      "the type in the event's name alone",
      stream,
      () =>
        `event: image_generation.partial_image\n${data({ b64_json: b64, partial_image_index: 0 })}event: image_generation.completed\n${data({ b64_json: b64 })}`,
    ],
    ["one untyped event, then [DONE]", stream, () => `${data(body())}data: [DONE]\n\n`],
    ["an untyped event without [DONE]", stream, () => data({ b64_json: b64 })],
    [
      "untyped partial pictures with their number",
      stream,
      () => data({ b64_json: "AAAA", partial_image_index: 0 }) + data({ b64_json: b64 }),
    ],
    ["the event of an edit", stream, () => event({ type: "image_edit.completed", b64_json: b64 })],
    [
      "an address in the last event",
      stream,
      () => event({ type: "image_generation.completed", url: `data:image/png;base64,${b64}` }),
    ],
    [
      "an event of JSON in many lines",
      stream,
      () =>
        `event: image_generation.completed\n${JSON.stringify({ b64_json: b64 }, null, 2).replaceAll(/^/gm, "data: ")}\n\n`,
    ],
    [
      "data lines without empty lines between them",
      stream,
      () => `data: {"type":"ping"}\ndata: ${JSON.stringify(body())}\n\n`,
    ],
    [
      "one JSON a line",
      "application/x-ndjson",
      () =>
        `${JSON.stringify({ type: "image_generation.partial_image", b64_json: "AAAA" })}\n${JSON.stringify({ type: "image_generation.completed", b64_json: b64 })}\n`,
    ],
    [
      "the chunk of a chat model",
      stream,
      () =>
        data({
          object: "chat.completion.chunk",
          choices: [{ delta: { images: [{ image_url: { url: `data:image/png;base64,${b64}` } }] } }],
        }),
    ],
  ];
  it.each(forms)("%s", async (_, type, make) => {
    const made = make();
    send(type, typeof made === "string" ? made : JSON.stringify(made));
    const drawn = await draw();
    expect(drawn).toMatchObject({ outcome: "drawn", file: { mediaType: "image/png", width: 96, height: 64 } });
    expect(drawn.outcome === "drawn" && drawn.bytes.equals(png)).toBe(true);
  });

  it("the bytes of the picture themselves", async () => {
    send("image/png", png);
    expect(await draw()).toMatchObject({ outcome: "drawn", file: { width: 96 } });
  });

  it("packed by gzip", async () => {
    send(json, gzipSync(JSON.stringify(body())), { "content-encoding": "gzip" });
    expect(await draw()).toMatchObject({ outcome: "drawn" });
  });

  it("an untyped picture whose stream breaks off behind it", async () => {
    images.play((_, response) => {
      response.writeHead(200, { "content-type": stream });
      response.write(data({ b64_json: b64 }), () => setTimeout(() => response.destroy(), 50));
    });
    expect(await draw()).toMatchObject({ outcome: "drawn" });
  });

  it.each([
    ["from the root", "/kept/x.png", "/kept/x.png"],
    ["from where the gateway is", "kept/x.png", "/team-a/gateway/kept/x.png"],
  ])("an address on the endpoint's own host, %s", async (_, url, path) => {
    const asked: (string | undefined)[] = [];
    const gateway = await startScriptedImages(
      (_call, response) => void response.end(JSON.stringify({ data: [{ url }] })),
      0,
      (request, response) => {
        asked.push(request.url);
        response.end(png);
      },
    );
    try {
      const settings = readSettings(
        {
          AZURE_OPENAI_ENDPOINT: `${gateway.origin}/team-a/gateway`,
          AZURE_OPENAI_API_KEY: "key",
          IMAGE_MODELS: "gpt-image-2",
          AZURE_STORAGE_ACCOUNT: "easel",
        },
        [],
      );
      expect(
        await drawImage({ order, askerHash: "hash" }, "REF", { ...settings, times: tenth(TIMES) }, {} as Azure),
      ).toMatchObject({
        outcome: "drawn",
      });
      expect(asked).toEqual([path]);
      expect(gateway.calls[0]?.path).toBe("/team-a/gateway/openai/v1/images/generations");
      expect(gateway.calls[0]?.headers["api-key"]).toBe("key");
    } finally {
      await gateway.stop();
    }
  });
});

describe("a picture is kept byte for byte", () => {
  const spoil = (bytes: Buffer, at: number) => {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
    return copy;
  };
  it.each<[string, () => Promise<Buffer>, string]>([
    ["with a wrong checksum of its pixels", async () => spoil(png, png.indexOf("IEND") - 5), "image/png"],
    ["without its last chunk", async () => png.subarray(0, -12), "image/png"],
    [
      "a JPEG without its last two bytes",
      async () => (await sharp(png).jpeg().toBuffer()).subarray(0, -2),
      "image/jpeg",
    ],
    ["a JPEG where a PNG was asked for", () => sharp(png).jpeg().toBuffer(), "image/jpeg"],
    ["a WebP", () => sharp(png).webp().toBuffer(), "image/webp"],
  ])("%s", async (_, make, mediaType) => {
    const bytes = await make();
    send(json, JSON.stringify({ data: [{ b64_json: bytes.toString("base64") }] }));
    const drawn = await draw();
    expect(drawn).toMatchObject({ outcome: "drawn", file: { mediaType, width: 96, height: 64 } });
    expect(drawn.outcome === "drawn" && drawn.bytes.equals(bytes)).toBe(true);
    expect(await sharp((await checkPicture(bytes))?.preview.bytes).metadata()).toMatchObject({
      format: "jpeg",
      width: 96,
    });
  });

  it.each<[string, () => Promise<Buffer>]>([
    ["pixels that are missing", async () => png.subarray(0, png.length / 2)],
    [
      "half a JPEG with an end put to it",
      async () =>
        Buffer.concat([
          (
            await sharp(await paint())
              .jpeg()
              .toBuffer()
          ).subarray(0, 6000),
          Buffer.from([0xff, 0xd9]),
        ]),
    ],
    ["more pixels than twice what any model draws", () => paint(6000, 3000)],
  ])("but not %s", async (_, make) => {
    send(json, JSON.stringify({ data: [{ b64_json: (await make()).toString("base64") }] }));
    await expect(draw()).rejects.toMatchObject({ reason: "empty answer" });
    expect(lines).toContainEqual(
      expect.objectContaining({ reference: "REF", begins: expect.stringMatching(/^[0-9a-f]{8}$/) }),
    );
  });
});

describe("what is no picture", () => {
  it.each([
    ["partial pictures alone", stream, () => partial() + partial()],
    ["partial pictures and [DONE]", stream, () => `${partial()}data: [DONE]\n\n`],
    ["a completed event without a picture", stream, () => event({ type: "image_generation.completed", usage: {} })],
    ["the request said back", json, () => JSON.stringify({ request: { image: b64 }, input: [{ b64_json: b64 }] })],
  ])("%s", async (_, type, make) => {
    send(type, make());
    await expect(draw()).rejects.toMatchObject({ reason: "empty answer" });
  });

  it("is described in the log by type and length, and by nothing else", async () => {
    const secret = "a person's words, and a secret";
    send(
      json,
      JSON.stringify({
        created: 1,
        data: [{ revised_prompt: secret, file_id: secret, notes: [secret, 7, null] }],
        id: secret,
      }),
    );
    await expect(draw()).rejects.toMatchObject({ reason: "empty answer" });
    const text = JSON.stringify(lines);
    expect(text).not.toContain("secret");
    expect(text).toContain(`"file_id":"text of ${secret.length}"`);
    send(stream, `event: image_generation.finished\ndata: {"handle":"${secret}"}\n\n`);
    await expect(draw()).rejects.toMatchObject({ reason: "empty answer" });
    expect(JSON.stringify(lines)).toContain(`"handle":"text of ${secret.length}"`);
    expect(JSON.stringify(lines)).not.toContain("secret");
  });

  it("does not say a person's words back into the log, though a gateway says them", async () => {
    images.play(
      (_, response) =>
        void response.writeHead(403, { "content-type": json }).end(
          JSON.stringify({
            error: {
              code: 403,
              message: `Your input was flagged: ${order.prompt}`,
              metadata: { reasons: ["violence"], flagged_input: order.prompt },
            },
          }),
        ),
    );
    expect(await draw()).toEqual({ outcome: "refused", because: "violence", stage: "prompt" });
    expect(JSON.stringify(lines)).toContain("Your input was flagged");
    expect(JSON.stringify(lines)).not.toContain("nobody has seen");
  });
});

it("cuts the words that the model says it drew from, and mends half a character", async () => {
  send(
    json,
    JSON.stringify({ data: [{ b64_json: b64, revised_prompt: `${"x".repeat(9999)}🦊${"\n".repeat(40_000)}` }] }),
  );
  const drawn = await draw();
  const words = drawn.outcome === "drawn" ? (drawn.revisedPrompt ?? "") : "";
  expect(words).toHaveLength(10_000);
  expect(words.isWellFormed()).toBe(true);
});

describe("a body without bound", () => {
  it("of a refusal is read up to a megabyte", async () => {
    let sent = 0;
    images.play((_, response) => {
      response.writeHead(400, { "content-type": json });
      const more = () => {
        if (response.destroyed || sent > 100_000_000) return response.end();
        sent += 1_000_000;
        return response.write(Buffer.alloc(1_000_000, " "), () => setImmediate(more));
      };
      more();
    });
    await expect(draw()).rejects.toMatchObject({ name: "DrawingFailed" });
    expect(sent).toBeLessThan(50_000_000);
  });

  it("counts unpacked", async () => {
    const bomb = gzipSync(Buffer.alloc(30_000_000, " "));
    images.play(
      (_, response) => void response.writeHead(400, { "content-type": json, "content-encoding": "gzip" }).end(bomb),
    );
    // It is no answer of the service then: trouble, that may be asked again.
    await expect(draw()).rejects.toMatchObject({ reason: "service trouble" });
  });
});

/** Numbers that look like chance and are the same each time (mulberry32). */
function chance(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let number = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    number = (number + Math.imul(number ^ (number >>> 7), 61 | number)) ^ number;
    return ((number ^ (number >>> 14)) >>> 0) / 4_294_967_296;
  };
}

it("of answers at random, none is thrown over and none blames anybody", async () => {
  const random = chance(7);
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)] as Value;
  const names = [
    "data",
    "error",
    "message",
    "code",
    "type",
    "param",
    "b64_json",
    "url",
    "images",
    "detail",
    "inner_error",
    "choices",
    "content",
    "x",
    "__proto__",
    "constructor",
  ];
  const value = (depth: number): unknown => {
    const kind = pick(["text", "number", "null", "list", "object", "object"]);
    if (depth > 3 || kind === "text")
      return pick(["", "oops", "size", "prompt", "500", "AAAA", "http://127.0.0.1:1/x", "/x", "\u0000\uD800", "none"]);
    if (kind === "number") return pick([0, -1, 1e308, 404, true]);
    if (kind === "null") return null;
    if (kind === "list") return Array.from({ length: Math.floor(random() * 3) }, () => value(depth + 1));
    return Object.fromEntries(Array.from({ length: Math.floor(random() * 4) }, () => [pick(names), value(depth + 1)]));
  };
  for (let round = 0; round < 300; round++) {
    const status = pick([
      200, 200, 200, 206, 400, 401, 402, 403, 404, 405, 409, 413, 415, 418, 422, 426, 429, 451, 500, 502, 503, 599,
    ]);
    const type = pick([json, stream, "text/plain", "text/html", "image/png", "x"]);
    let text = JSON.stringify(value(0)) ?? "";
    if (random() < 0.3)
      text = `${pick(["data: ", "event: x\ndata: ", ": ", "\uFEFF"])}${text}${pick(["", "\n\n", "\r\r", "\n\ndata: [DONE]\n\n"])}`;
    if (random() < 0.3) text = text.slice(0, Math.floor(random() * text.length));
    images.play((_, response) => void response.writeHead(status, { "content-type": type }).end(text));
    const outcome = await draw().then(
      (result) => result.outcome,
      (error: Error & { reason?: string; option?: string }) =>
        error.name === "DrawingFailed"
          ? error.option === "prompt" && !text.includes("prompt")
            ? "blames"
            : "failed"
          : `${error.name}: ${error.message}`,
    );
    expect([round, status, text, outcome]).toEqual([round, status, text, "failed"]);
  }
}, 60_000);
