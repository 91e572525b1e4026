import { readFileSync } from "node:fs";
import type OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { onAzure, onDatedAzure, onOpenai, refusalOf, startApi } from "./images-api.ts";

/** A call as JSON, so that parameters the SDK's types do not know can be sent too. */
type Call = Record<string, unknown>;

function generate(client: OpenAI, call: Call): Promise<unknown> {
  return client.images.generate({ prompt: "a lighthouse", ...call } as never);
}

describe("parameters that a model does not take", () => {
  const rows: [name: string, call: Call, said: Record<string, unknown>][] = [
    [
      "response_format on gpt-image",
      { model: "pictures", response_format: "b64_json" },
      { code: "unknown_parameter", param: "response_format" },
    ],
    ["style on gpt-image", { model: "pictures", style: "vivid" }, { code: "unknown_parameter", param: "style" }],
    ["quality hd on gpt-image", { model: "pictures", quality: "hd" }, { code: "invalid_value", param: "quality" }],
    [
      "a transparent background on gpt-image-2",
      { model: "pictures", background: "transparent" },
      { code: "invalid_value", param: "background" },
    ],
    [
      "input_fidelity on a generation",
      { model: "pictures", input_fidelity: "high" },
      { code: "unknown_parameter", param: "input_fidelity" },
    ],
    ["a parameter nobody knows", { model: "pictures", seed: 7 }, { code: "unknown_parameter", param: "seed" }],
    ["webp on Azure", { model: "pictures", output_format: "webp" }, { code: "invalid_value", param: "output_format" }],
    ["safety_identifier on Azure", { model: "pictures", safety_identifier: "hash" }, { code: "unknown_parameter" }],
    [
      "a compressed png",
      { model: "pictures", output_compression: 50 },
      { code: "invalid_value", param: "output_compression" },
    ],
    [
      "transparent jpeg",
      { model: "gpt-image-1", background: "transparent", output_format: "jpeg" },
      { param: "background" },
    ],
    ["eleven pictures", { model: "pictures", n: 11 }, { code: "integer_above_max_value", param: "n" }],
    ["no picture", { model: "pictures", n: 0 }, { code: "integer_below_min_value", param: "n" }],
    ["n as a text", { model: "pictures", n: "2" }, { code: "invalid_type", param: "n" }],
    [
      "two pictures of DALL-E 3",
      { model: "dalle3", n: 2 },
      { param: "n", message: "You must provide n=1 for this model." },
    ],
    ["quality high on DALL-E 3", { model: "dalle3", quality: "high" }, { code: "invalid_value", param: "quality" }],
    ["a style DALL-E 3 does not have", { model: "dalle3", style: "noir" }, { code: "invalid_value", param: "style" }],
    ["a stream of DALL-E 3", { model: "dalle3", stream: false }, { code: "unknown_parameter", param: "stream" }],
    [
      "a background for DALL-E 3",
      { model: "dalle3", background: "opaque" },
      { code: "unknown_parameter", param: "background" },
    ],
    ["size auto on DALL-E 3", { model: "dalle3", size: "auto" }, { code: "invalid_value", param: "size" }],
    ["a gpt-image size on DALL-E 3", { model: "dalle3", size: "1536x1024" }, { code: "invalid_value", param: "size" }],
    ["an empty prompt", { model: "pictures", prompt: "  " }, { code: "empty_string", param: "prompt" }],
    ["no prompt", { model: "pictures", prompt: null }, { code: "missing_required_parameter", param: "prompt" }],
    [
      "a long prompt for DALL-E 3",
      { model: "dalle3", prompt: "x".repeat(4001) },
      { code: "string_above_max_length", param: "prompt" },
    ],
    [
      "a long prompt for gpt-image-1 on Azure",
      { model: "gpt-image-1", prompt: "x".repeat(4001) },
      { code: "string_above_max_length" },
    ],
    ["partial pictures without a stream", { model: "pictures", partial_images: 2 }, { param: "partial_images" }],
  ];

  test.each(rows)("%s: 400", async (_, call, said) => {
    const api = await startApi();
    expect(await refusalOf(generate(onAzure(api), call))).toMatchObject({ status: 400, ...said });
    expect(api.calls).toMatchObject([{ outcome: "refused", status: 400 }]);
  });

  test.each([0, 4])("a stream with %i partial pictures: 400", async (partial_images) => {
    const api = await startApi();
    const call = generate(onAzure(api), { model: "pictures", stream: true, partial_images });
    expect(await refusalOf(call)).toMatchObject({ status: 400, param: "partial_images" });
  });

  test("the long prompt passes at OpenAI, whose limit is higher", async () => {
    const api = await startApi();
    await generate(onOpenai(api), {
      model: "gpt-image-1",
      prompt: "x ".repeat(3000),
      quality: "low",
      safety_identifier: "hash",
    });
    expect(api.calls).toMatchObject([{ outcome: "drawn" }]);
  });
});

describe("refusals in the words of the real ones", () => {
  const rows: [recorded: string, call: Call][] = [
    ["bad-request-response-format", { model: "gpt-image-2", response_format: "url" }],
    ["bad-request-size-edge-too-long", { model: "gpt-image-2", size: "4096x4096" }],
    ["bad-request-size-not-in-list", { model: "gpt-image-1", size: "1254x836" }],
    ["bad-request-size-not-multiple-of-16", { model: "gpt-image-2", size: "1792x936" }],
    ["bad-request-size-too-few-pixels", { model: "gpt-image-2", size: "576x1024" }],
    ["bad-request-transparent-background", { model: "gpt-image-2", background: "transparent" }],
    ["misconfigured-azure-deployment-not-found", { model: "no-such-deployment" }],
    ["blocked-prompt-openai-dalle", { model: "dall-e-3", prompt: "a corpse" }],
    ["blocked-rewritten-prompt-openai-dalle", { model: "dall-e-3", prompt: "Pikachu on a bench" }],
  ];

  test.each(rows)("%s", async (recorded, call) => {
    const api = await startApi();
    const { status, body } = readAnswer(recorded);
    const path = recorded.includes("openai") ? "/v1" : "/openai/v1";
    const response = await fetch(`${api.url}${path}/images/generations`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ prompt: "a lighthouse", ...call }),
    });
    const said = (await response.json()) as { error: { message: string } };
    const sorted = (text: string) => [...text.matchAll(/'[^']+'/g)].map(String).toSorted();
    // The order in which a size error lists the sizes is the table's own.
    if (recorded.endsWith("not-in-list")) expect(sorted(said.error.message)).toEqual(sorted(body.error.message));
    else expect(said).toEqual(body);
    expect(response.status).toBe(status);
  });
});

describe("sizes of gpt-image-2", () => {
  test.each(["1920x1080", "1024x576", "3856x2160", "3072x1008", "3840x2176", "16x16", "big"])(
    "%s is refused",
    async (size) => {
      const api = await startApi();
      expect(await refusalOf(generate(onAzure(api), { model: "pictures", size }))).toMatchObject({
        status: 400,
        param: "size",
      });
    },
  );

  test.each(["1920x1088", "1280x720", "2048x1152"])("%s is drawn", async (size) => {
    const api = await startApi();
    expect(await generate(onAzure(api), { model: "pictures", size, quality: "low" })).toMatchObject({ size });
  });
});

describe("who may call, and where", () => {
  test("without the key: 401, and on Azure without an error object", async () => {
    const api = await startApi({ key: "the-key" });
    expect(await refusalOf(generate(onAzure(api), { model: "pictures" }))).toMatchObject({
      status: 401,
      message: expect.stringContaining("Access token is missing, invalid"),
    });
    expect(await refusalOf(generate(onOpenai(api), { model: "gpt-image-2" }))).toMatchObject({
      status: 401,
      code: "invalid_api_key",
    });
    const response = await fetch(`${api.url}/openai/v1/images/generations`, { method: "POST" });
    expect(await response.json()).toEqual(readAnswer("misconfigured-azure-token").body);
  });

  test("the key opens as api-key and as bearer, a token by its own check", async () => {
    const api = await startApi({ key: "a-key", acceptToken: (token) => token === "a-token" });
    await generate(onAzure(api), { model: "pictures", quality: "low" });
    await generate(onDatedAzure(api, "pictures", "2025-04-01-preview"), { quality: "low" });
    await generate(onAzure(api).withOptions({ apiKey: "a-token" }), { model: "pictures", quality: "low" });
    expect(api.calls.map(({ identity, outcome }) => [identity, outcome])).toEqual([
      ["bearer", "drawn"],
      ["api-key", "drawn"],
      ["bearer", "drawn"],
    ]);
    expect(JSON.stringify(api.calls)).not.toMatch(/a-key|a-token/);
  });

  test("an unknown path and an unknown version: 404 with the string as code", async () => {
    const api = await startApi();
    const wrong = onAzure(api).withOptions({ baseURL: `${api.url}/openai` });
    expect(await refusalOf(generate(wrong, { model: "pictures" }))).toMatchObject({ status: 404, code: "404" });
    for (const version of ["2024-10-21", "2024-05-01-preview", "soon"]) {
      expect(await refusalOf(generate(onDatedAzure(api, "pictures", version), {}))).toMatchObject({
        status: 404,
        code: "404",
      });
    }
  });

  test("the dated path draws DALL-E 3 under the version of 2024, gpt-image under a preview of 2025", async () => {
    const api = await startApi();
    await generate(onDatedAzure(api, "dalle3", "2024-10-21"), {});
    await generate(onDatedAzure(api, "pictures", "2025-04-01-preview"), { quality: "low" });
    expect(api.calls).toMatchObject([
      { surface: "azure dated", deployment: "dalle3", model: "dall-e-3", outcome: "drawn" },
      { surface: "azure dated", deployment: "pictures", model: "gpt-image-2", outcome: "drawn" },
    ]);
  });

  test("the dated path refuses a deployment's name as model, and takes the model's own", async () => {
    const api = await startApi();
    const client = onDatedAzure(api, "pictures", "2025-04-01-preview");
    expect(await refusalOf(generate(client, { model: "pictures" }))).toMatchObject({
      status: 400,
      param: "model",
      message: "The model 'pictures' does not exist.",
    });
    await generate(client, { model: "gpt-image-2", quality: "low" });
  });

  test("OpenAI knows models alone, lists them, and says when one ends", async () => {
    const api = await startApi();
    expect(await refusalOf(generate(onOpenai(api), { model: "pictures" }))).toMatchObject({
      status: 404,
      code: "model_not_found",
    });
    const models = await onOpenai(api).models.list();
    expect(models.data.map(({ id }) => id)).toContain("gpt-image-2");
    expect(await onOpenai(api).models.retrieve("dall-e-3")).toMatchObject({
      id: "dall-e-3",
      shutdown_date: "2026-05-12",
    });
    expect(await refusalOf(onOpenai(api).models.retrieve("dall-e-9"))).toMatchObject({ status: 404 });
  });

  test("more calls than the pace allows: 429 per deployment, the wait in the text alone", async () => {
    const api = await startApi({ requestsPerMinute: 12 });
    const call = { model: "pictures", style: "refused calls count too" };
    await refusalOf(generate(onAzure(api), call));
    await refusalOf(generate(onAzure(api), call));
    const third = await generate(onAzure(api), call).catch((error: unknown) => error);
    expect(third).toMatchObject({
      status: 429,
      code: "429",
      message: expect.stringMatching(/Try again in (10|9) seconds/),
    });
    expect((third as { headers: Headers }).headers.get("retry-after")).toBeNull();
    await generate(onAzure(api), { model: "dalle3" });
    expect(api.calls.map(({ outcome }) => outcome)).toEqual(["refused", "refused", "rate limited", "drawn"]);
  });
});

function readAnswer(name: string): { status: number; body: { error: { message: string } } } {
  return JSON.parse(readFileSync(new URL(`../image-answers/${name}.json`, import.meta.url), "utf8"));
}
