import { AuthenticationError, CredentialUnavailableError } from "@azure/identity";
import type { TokenCredential } from "@azure/identity";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Azure } from "../../src/storage/azure.ts";
import type { ImageOrder } from "../../src/request/check.ts";
import { drawImage } from "../../src/images-api/draw-picture.ts";
import { readSettings } from "../../src/settings.ts";
import { TIMES } from "../../src/times.ts";
import { tenth } from "../times.ts";
import type { Environment } from "../../src/settings.ts";
import { drawn, event, json, paint, startScriptedImages } from "../fakes/scripted-images.ts";
import type { Script, ScriptedImages } from "../fakes/scripted-images.ts";

let images: ScriptedImages;
beforeEach(async () => {
  images = await startScriptedImages();
});
afterEach(async () => {
  scopes.length = 0;
  vi.unstubAllEnvs();
  await images.stop();
});

const gptImage: ImageOrder = {
  model: "gpt-image-2",
  deployment: "pictures",
  prompt: "a lighthouse",
  size: "1024x1024",
  quality: "medium",
  count: 1,
};
const dalle: ImageOrder = { ...gptImage, model: "dall-e-3", deployment: "dalle3", quality: "hd", style: "natural" };

const scopes: string[] = [];
const credential: TokenCredential = {
  getToken: (scope) => {
    scopes.push(String(scope));
    return Promise.resolve({ token: "entra-token", expiresOnTimestamp: Date.now() + 3_600_000 });
  },
};

/** Somebody looks at the pictures in the making. */
const seen = { onPartial: () => undefined };

function draw(order: ImageOrder, change: Environment = {}, identity = credential, sight: Partial<typeof seen> = seen) {
  const settings = readSettings(
    {
      AZURE_OPENAI_ENDPOINT: images.origin,
      AZURE_OPENAI_API_KEY: "key",
      IMAGE_MODELS: "gpt-image-2",
      AZURE_STORAGE_ACCOUNT: "easel",
      ...change,
    },
    [],
  );
  return drawImage({ order, askerHash: "hash", ...sight }, "REF", { ...settings, times: tenth(TIMES) }, {
    credential: identity,
  } as Azure);
}

describe("what is asked", () => {
  it("asks gpt-image for a stream on the v1 path, with the deployment as model and nothing it refuses", async () => {
    const result = await draw(gptImage);
    expect(result).toMatchObject({
      outcome: "drawn",
      file: { mediaType: "image/png", width: 1024, height: 1024 },
      revisedPrompt: undefined,
    });
    const [call] = images.calls;
    expect(call?.path).toBe("/openai/v1/images/generations");
    // A gateway of API Management's takes the key in this header alone, and Azure takes it as well.
    expect(call?.headers["api-key"]).toBe("key");
    expect(call?.headers).not.toHaveProperty("authorization");
    expect(call?.parameters).toEqual({
      model: "pictures",
      prompt: "a lighthouse",
      n: 1,
      size: "1024x1024",
      quality: "medium",
      output_format: "png",
      stream: true,
      partial_images: 2,
      user: "hash",
    });
  });

  it("pays for no picture in the making that nobody sees, but for the one that keeps a slow call alive", async () => {
    const parametersFor = async (quality: string) => {
      await draw({ ...gptImage, quality }, {}, credential, {});
      return images.calls.at(-1)?.parameters;
    };
    expect(await parametersFor("low")).not.toHaveProperty("stream");
    expect(await parametersFor("high")).toMatchObject({ stream: true, partial_images: 1 });
  });

  it("asks DALL·E 3 for the bytes, and hands on the words it drew from", async () => {
    images.play(drawn("A tall lighthouse built of old books"));
    expect(await draw(dalle)).toMatchObject({
      outcome: "drawn",
      revisedPrompt: "A tall lighthouse built of old books",
    });
    expect(images.calls[0]?.parameters).toEqual({
      model: "dalle3",
      prompt: "a lighthouse",
      n: 1,
      size: "1024x1024",
      quality: "hd",
      style: "natural",
      response_format: "b64_json",
      user: "hash",
    });
  });

  it("leaves the model out on the dated path, where the deployment stands in the address", async () => {
    await draw(dalle, { OPENAI_API_VERSION: "2024-10-21" });
    expect(images.calls[0]?.path).toBe("/openai/deployments/dalle3/images/generations?api-version=2024-10-21");
    expect(images.calls[0]?.parameters).not.toHaveProperty("model");
    expect(images.calls[0]?.headers["api-key"]).toBe("key");
  });

  it.each([
    [undefined, "https://ai.azure.com/.default"],
    ["2025-04-01-preview", "https://cognitiveservices.azure.com/.default"],
  ])("uses Entra ID where no key is set (api-version %s)", async (OPENAI_API_VERSION, scope) => {
    await draw(gptImage, { AZURE_OPENAI_API_KEY: undefined, OPENAI_API_VERSION });
    expect(images.calls[0]?.headers.authorization).toBe("Bearer entra-token");
    expect(scopes.at(-1)).toBe(scope);
  });

  it("asks OpenAI itself, and is not led astray by what stands in the environment", async () => {
    vi.stubEnv("OPENAI_BASE_URL", "http://127.0.0.1:1/");
    vi.stubEnv("AZURE_OPENAI_API_KEY", "left over");
    vi.stubEnv("OPENAI_API_VERSION", "left over");
    vi.stubEnv("OPENAI_ORG_ID", "left over");
    await draw(gptImage, {
      AZURE_OPENAI_ENDPOINT: undefined,
      AZURE_OPENAI_API_KEY: undefined,
      OPENAI_BASE_URL: `${images.origin}/v1`,
      OPENAI_API_KEY: "sk",
    });
    expect(images.calls[0]).toMatchObject({ path: "/v1/images/generations", headers: { authorization: "Bearer sk" } });
    expect(images.calls[0]?.parameters).toMatchObject({ model: "pictures", safety_identifier: "hash" });
    expect(images.calls[0]?.headers).not.toHaveProperty("openai-organization");
    await draw(dalle, { OPENAI_API_VERSION: "2024-10-21" });
    expect(images.calls[1]?.path).toContain("/deployments/dalle3/");
  });
});

describe("what comes back", () => {
  const head = { "content-type": "text/event-stream" };
  const b64 = async () => (await paint(64, 32)).toString("base64");

  it("reads the size from the bytes", async () => {
    images.play(async (call, response) =>
      json(200, { data: [{ b64_json: `data:image/png;base64,${await b64()}` }], size: "1024x1024" })(call, response),
    );
    expect(await draw(dalle)).toMatchObject({ file: { width: 64, height: 32 } });
  });

  it("takes plain JSON where a stream was asked for, and JSON under text/plain", async () => {
    images.play(async (call, response) => json(200, { data: [{ b64_json: await b64() }] })(call, response));
    expect(await draw(gptImage)).toMatchObject({ outcome: "drawn" });
    images.play(async (call, response) =>
      json(200, { data: [{ b64_json: await b64() }] }, { "content-type": "text/plain" })(call, response),
    );
    expect(await draw(dalle)).toMatchObject({ outcome: "drawn" });
  });

  it("fetches an address at once", async () => {
    images.play(json(200, { data: [{ url: `${images.origin}/nowhere.png`, revised_prompt: "x" }] }));
    await expect(draw(dalle)).rejects.toMatchObject({ reason: "not downloaded" });
    expect(images.calls).toHaveLength(1);
  });

  it("is a refusal when a filter says no, in a stream as well", async () => {
    const error = {
      code: "moderation_blocked",
      moderation_details: { moderation_stage: "output", categories: ["violence"] },
    };
    images.play(
      (_, response) =>
        void response.writeHead(200, head).end(`event: error\ndata: ${JSON.stringify({ type: "error", error })}\n\n`),
    );
    expect(await draw(gptImage)).toEqual({ outcome: "refused", because: "violence", stage: "picture" });
    images.play(json(200, { error }));
    expect(await draw(gptImage)).toEqual({ outcome: "refused", because: "violence", stage: "picture" });
  });

  const partial = async () =>
    event({ type: "image_generation.partial_image", b64_json: await b64(), partial_image_index: 0 });
  it.each<[string, ImageOrder, Script, string]>([
    [
      "a stream that ends before it is completed",
      gptImage,
      async (_, response) => void response.writeHead(200, head).end(await partial()),
      "empty answer",
    ],
    [
      "a stream that is cut",
      gptImage,
      async (_, response) =>
        void response.writeHead(200, head).write(await partial(), () => setTimeout(() => response.destroy(), 50)),
      "answer lost",
    ],
    ["a connection cut before any answer", gptImage, (_, response) => void response.destroy(), "answer lost"],
    [
      "JSON that is cut off",
      dalle,
      (_, response) =>
        void response.writeHead(200, { "content-type": "application/json" }).end('{"data":[{"b64_json":"iVBOR'),
      "answer lost",
    ],
    [
      "a stream of nonsense",
      gptImage,
      (_, response) => void response.writeHead(200, head).end("data: {nonsense\n\n"),
      "answer lost",
    ],
    ["no picture", dalle, json(200, { data: [] }), "empty answer"],
    [
      "bytes that are no picture",
      dalle,
      json(200, { data: [{ b64_json: Buffer.from("<html>not a picture at all</html>").toString("base64") }] }),
      "empty answer",
    ],
    ["half a picture", dalle, json(200, { data: [{ b64_json: "iVBORw0KGgoAAAANSUhEUgAA" }] }), "empty answer"],
    ["a fault of the service", dalle, json(500, { error: { message: "oops" } }), "service trouble"],
    ["a wrong key", dalle, json(401, { statusCode: 401, message: "Unauthorized" }), "misconfigured"],
    [
      "a redirect",
      dalle,
      (_, response) => void response.writeHead(307, { location: "http://127.0.0.1:1/" }).end(),
      "misconfigured",
    ],
  ])("%s", async (_, order, script, reason) => {
    images.play(script);
    await expect(draw(order)).rejects.toMatchObject({ name: "DrawingFailed", reason });
    expect(images.calls).toHaveLength(1);
  });

  it("hands on how long a rate limit asks to wait, and never calls again by itself", async () => {
    images.play(json(429, { error: { code: "429", message: "Rate limit is exceeded. Try again in 2 seconds." } }));
    await expect(draw(dalle)).rejects.toMatchObject({ reason: "busy", waitSeconds: 2 });
    expect(images.calls).toHaveLength(1);
  });

  it("tells a service that cannot be reached from an answer that was lost", async () => {
    const { origin } = images;
    await images.stop();
    await expect(draw(gptImage, { AZURE_OPENAI_ENDPOINT: origin })).rejects.toMatchObject({ reason: "out of reach" });
  });

  it("is misconfigured where no token is to be had", async () => {
    const refusing: TokenCredential = {
      getToken: () =>
        Promise.reject(
          new AuthenticationError(401, {
            error: "invalid_client",
            error_description: "AADSTS7000215: Invalid client secret",
          }),
        ),
    };
    await expect(draw(gptImage, { AZURE_OPENAI_API_KEY: undefined }, refusing)).rejects.toMatchObject({
      reason: "misconfigured",
    });
    expect(images.calls).toHaveLength(0);
  });

  it("waits where the way to a token is broken: that may pass", async () => {
    for (const error of [
      new CredentialUnavailableError("no response from IMDS"),
      new AuthenticationError(503, "busy"),
      new Error("ENOTFOUND"),
    ]) {
      const away: TokenCredential = { getToken: () => Promise.reject(error) };
      await expect(draw(gptImage, { AZURE_OPENAI_API_KEY: undefined }, away)).rejects.toMatchObject({
        reason: "out of reach",
      });
    }
    expect(images.calls).toHaveLength(0);
  });

  it("takes a picture that breaks off for none, in JSON and in a stream", async () => {
    const noise = await sharp({
      create: {
        width: 256,
        height: 256,
        channels: 3,
        background: "#000",
        noise: { type: "gaussian", mean: 128, sigma: 60 },
      },
    })
      .png()
      .toBuffer();
    const b64_json = noise.subarray(0, noise.length / 2).toString("base64");
    images.play(json(200, { data: [{ b64_json }] }));
    await expect(draw(dalle)).rejects.toMatchObject({ reason: "empty answer" });
    images.play(
      (_, response) => void response.writeHead(200, head).end(event({ type: "image_generation.completed", b64_json })),
    );
    await expect(draw(gptImage)).rejects.toMatchObject({ reason: "empty answer" });
  });

  it("finds the picture in a stream that is called text", async () => {
    const completed = event({ type: "image_generation.completed", b64_json: (await paint(64, 32)).toString("base64") });
    images.play((_, response) => void response.writeHead(200, { "content-type": "text/plain" }).end(completed));
    expect(await draw(gptImage)).toMatchObject({ outcome: "drawn", file: { width: 64 } });
  });
});
