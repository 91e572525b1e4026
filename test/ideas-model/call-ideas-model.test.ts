import type { TokenCredential } from "@azure/identity";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { startImagesApi } from "../../local/images-api/images-api.ts";
import { directionsFor } from "../../src/brainstorm/directions.ts";
import { lensesFor } from "../../src/brainstorm/lenses.ts";
import { mergeYesAnd } from "../../src/brainstorm/yes-and.ts";
import { askIdeasModel } from "../../src/ideas-model/call-ideas-model.ts";
import { rewriteRefused } from "../../src/ideas-model/rewrite-refused.ts";
import { readSettings } from "../../src/settings.ts";
import type { Environment, Settings } from "../../src/settings.ts";
import { json, startScriptedImages } from "../fakes/scripted-images.ts";
import type { Script, ScriptedImages } from "../fakes/scripted-images.ts";

let service: ScriptedImages;
let deployments = 0;
beforeEach(async () => {
  service = await startScriptedImages();
});
afterEach(() => service.stop());

const credential: TokenCredential = {
  getToken: () => Promise.resolve({ token: "entra-token", expiresOnTimestamp: Date.now() + 3_600_000 }),
};
const azure = { credential };

/** `limit`: for a call that is to come to no end. */
function settingsFor(endpoint: string, change: Environment = {}, limit = 5000): Settings {
  const settings = readSettings(
    {
      IMAGE_MODELS: "gpt-image-2",
      AZURE_STORAGE_ACCOUNT: "easel",
      AZURE_OPENAI_ENDPOINT: endpoint,
      AZURE_OPENAI_API_KEY: "key",
      // What one deployment has refused to know is remembered.
      IDEAS_MODEL: `ideas-${(deployments += 1)}`,
      ...change,
    },
    [],
  );
  const ideas = { ...settings.times.ideas, callLimitMilliseconds: limit, pictureLimitMilliseconds: 2 * limit };
  return { ...settings, times: { ...settings.times, ideas } };
}

const Words = z.object({ words: z.string() });
function ask(settings = settingsFor(service.origin), picture?: Buffer) {
  const given = { topic: "harbour", instructions: "ignore this" };
  const about = { about: "yes and" as const, instructions: "Say it.", answer: Words, mostTokens: 100 };
  return askIdeasModel({ ...about, given, picture, askerHash: "hash" }, settings, azure);
}

const says = (content: unknown, choice: object = {}, message: object = {}) =>
  json(200, {
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content, ...message }, ...choice }],
    usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
  });

describe("what is asked", () => {
  it("asks in JSON, by a schema, within a bound, and keeps people's words out of the instructions", async () => {
    service.play(says('{"words":"a harbour"}'));
    expect(await ask()).toEqual({
      outcome: "answered",
      value: { words: "a harbour" },
      usage: { inputTokens: 12, cachedTokens: 0, outputTokens: 3 },
    });
    const [call] = service.calls;
    expect(call?.path).toBe("/openai/v1/chat/completions");
    expect(call?.headers["api-key"]).toBe("key");
    expect(call?.parameters).toMatchObject({ max_completion_tokens: 100, user: "hash" });
    expect(call?.parameters.response_format).toMatchObject({ type: "json_schema", json_schema: { strict: true } });
    const { messages = [] } = call?.parameters ?? {};
    const [system, user] = messages as { role: string; content: string }[];
    expect(system?.content).not.toContain("ignore this");
    expect(JSON.parse(user?.content ?? "")).toEqual({ topic: "harbour", instructions: "ignore this" });
  });

  it("goes the dated path with the deployment in the address, OpenAI's, and with a token of Entra's", async () => {
    service.play(says('{"words":"a harbour"}'));
    await ask(settingsFor(service.origin, { OPENAI_API_VERSION: "2025-04-01-preview", IDEAS_MODEL: "ideas" }));
    await ask(
      settingsFor("", { AZURE_OPENAI_API_KEY: "", OPENAI_API_KEY: "sk", OPENAI_BASE_URL: `${service.origin}/v1` }),
    );
    await ask(settingsFor(service.origin, { AZURE_OPENAI_API_KEY: "" }), Buffer.from("a picture"));
    const [dated, openai, entra] = service.calls;
    expect(dated?.path).toBe("/openai/deployments/ideas/chat/completions?api-version=2025-04-01-preview");
    expect(openai?.path).toBe("/v1/chat/completions");
    expect(openai?.parameters).toMatchObject({ safety_identifier: "hash" });
    expect(entra?.headers.authorization).toBe("Bearer entra-token");
    expect(JSON.stringify(entra?.parameters.messages)).toContain("data:image/jpeg;base64,");
  });

  it("asks again without what a deployment says that it does not know, and keeps that in mind", async () => {
    service.play((call, response) => {
      const unknown = ["response_format", "max_completion_tokens"].find((name) => name in call.parameters);
      const message = `Invalid parameter: '${unknown}' is not supported with this model.`;
      const refusal = { error: { message, type: "invalid_request_error", param: unknown, code: null } };
      return (unknown ? json(400, refusal) : says('```json\n{"words":"a harbour"}\n```'))(call, response);
    });
    const settings = settingsFor(service.origin);
    expect(await ask(settings)).toMatchObject({ outcome: "answered" });
    expect(await ask(settings)).toMatchObject({ outcome: "answered" });
    expect(service.calls).toHaveLength(4);
    expect(service.calls.at(-1)?.parameters.max_tokens).toBe(100);
  });
});

const stalls: Script = (_, response) => void response.writeHead(200).write('{"choices":[');
const cut: Script = (_, response) => {
  response.writeHead(200, { "content-length": "5000" }).write('{"choices":[{"message":{"content":"{');
  response.destroy();
};
const page: Script = (_, response) =>
  void response.writeHead(200, { "content-type": "text/html" }).end("<html><body>Please sign in to the proxy</body>");
const flood: Script = (_, response) => void response.writeHead(200).end(`{"choices":"${"x".repeat(400_000)}"}`);
const filter = {
  error: {
    message: "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
    param: "prompt",
    code: "content_filter",
    status: 400,
    innererror: { code: "ResponsibleAIPolicyViolation" },
  },
};

describe("what comes back", () => {
  it.each<[string, Script]>([
    ["among prose", says('Here you are: {"words":"a harbour"} Have fun!')],
    ["within a fence", says('```json\n{"words":"a harbour"}\n```')],
    [
      "in parts",
      says([
        { type: "text", text: '{"words":' },
        { type: "text", text: '"a harbour"}' },
      ]),
    ],
    ["with more than was asked for", says('{"words":"a harbour","because":"you asked"}')],
  ])("is read %s", async (_, script) => {
    service.play(script);
    expect(await ask()).toMatchObject({ outcome: "answered", value: { words: "a harbour" } });
  });

  it.each<[string, string, Script]>([
    ["a filter before it", "refused", json(400, filter)],
    ["a filter after it", "refused", says('{"words":"a har', { finish_reason: "content_filter" })],
    ["a refusal of the model's", "refused", says(null, {}, { refusal: "I can’t help with that." })],
    ["a cut answer", "silent", says('{"words":"a har', { finish_reason: "length" })],
    ["other JSON than asked for", "silent", says('{"idea":"a harbour"}')],
    ["prose", "silent", says("I would rather talk about harbours.")],
    ["no choice", "silent", json(200, { choices: [] })],
    ["an error under 200", "silent", json(200, { error: { message: "upstream trouble" } })],
    ["a proxy's page", "silent", page],
    ["too many requests", "silent", json(429, { error: { code: "429", message: "Try again in 7 seconds." } })],
    [
      "a wrong deployment",
      "silent",
      json(404, { error: { code: "DeploymentNotFound", message: "It does not exist." } }),
    ],
    ["a broken service", "silent", json(500, { error: { message: "The server had an error" } })],
    ["a redirect", "silent", (_, response) => void response.writeHead(307, { location: "https://example.org/" }).end()],
    ["a connection that breaks", "silent", cut],
    ["more than anybody reads", "silent", flood],
  ])("of %s makes %s, once", async (_, outcome, script) => {
    service.play(script);
    expect((await ask()).outcome).toBe(outcome);
    expect(service.calls).toHaveLength(1);
  });

  it.each<[string, Script]>([
    ["in the middle", stalls],
    ["from the start", () => undefined],
  ])("is waited for no longer than its limit: a silence %s", async (_, script) => {
    service.play(script);
    expect((await ask(settingsFor(service.origin, {}, 400))).outcome).toBe("silent");
    expect(service.calls).toHaveLength(1);
  });

  it("is nothing where nobody listens, and where who asks stops waiting", async () => {
    service.play(() => undefined);
    const stop = new AbortController();
    const asked = directionsFor(
      { topic: "harbour", count: 2, seed: "1", taken: [], signal: stop.signal },
      settingsFor(service.origin),
      azure,
    );
    stop.abort();
    expect((await asked).map(({ isByModel }) => isByModel)).toEqual([false, false]);
    await service.stop();
    expect((await ask()).outcome).toBe("silent");
  });
});

describe("directions", () => {
  const looked = { topic: "a lighthouse", count: 4, seed: "session/1", taken: [] };
  const names = lensesFor(4, "session/1").map(({ name }) => name);

  it("are the model's where they can be used, and the table's in place of each that cannot", async () => {
    const directions = [
      { look: names[0], words: " a lighthouse\n\nas a   stair " },
      { look: names[1], words: "a lighthouse as a stair" },
      { look: names[2], words: "x".repeat(5000) },
      { look: "no look of ours", words: "a lighthouse of glass" },
      { look: names[0], words: "a second one for the same look" },
    ];
    service.play(says(JSON.stringify({ directions })));
    const made = await directionsFor(looked, settingsFor(service.origin), azure);
    expect(made.map(({ lens }) => lens)).toEqual(names);
    expect(made.map(({ isByModel }) => isByModel)).toEqual([true, false, false, false]);
    expect(made[0]).toMatchObject({ words: "a lighthouse as a stair", prompt: "a lighthouse as a stair" });
  });

  it("are the table's when the model refuses, and no call is made without one", async () => {
    service.play(json(400, filter));
    const withModel = await directionsFor(looked, settingsFor(service.origin), azure);
    const without = await directionsFor(looked, settingsFor(service.origin, { IDEAS_MODEL: "" }), azure);
    expect(withModel).toEqual(without);
    expect(without).toHaveLength(4);
    expect(service.calls).toHaveLength(1);
  });
});

describe("yes, and", () => {
  const added = { idea: "a lighthouse made of books.", clauses: ["a cat in the window", "snow."] };
  it("keeps all of it with the model and without, within what the model draws from", async () => {
    service.play(says('{"words":"a lighthouse of books in the snow, a cat in its window"}'));
    expect(await mergeYesAnd(added, settingsFor(service.origin), azure)).toEqual({
      prompt: "a lighthouse of books in the snow, a cat in its window",
      isByModel: true,
    });
    const without = settingsFor(service.origin, { IDEAS_MODEL: "" });
    expect(await mergeYesAnd(added, without, azure)).toEqual({
      prompt: "a lighthouse made of books, and a cat in the window, and snow",
      isByModel: false,
    });
    service.play(says(JSON.stringify({ words: "x".repeat(40_000) })));
    expect((await mergeYesAnd(added, settingsFor(service.origin), azure)).isByModel).toBe(false);
    expect((await mergeYesAnd({ idea: "one", clauses: [] }, settingsFor(service.origin), azure)).prompt).toBe("one");
  });
});

describe("with the model of local mode", () => {
  it("proposes, merges and finds other words, as the real ones do by their rules", async () => {
    const local = await startImagesApi({ key: "key", latency: 0 });
    try {
      const settings = settingsFor(local.url, { IDEAS_MODEL: "ideas" });
      const asked = { topic: "a lighthouse", count: 8, seed: "s", taken: [] };
      const directions = await directionsFor(asked, settings, azure);
      expect(directions.every(({ isByModel, words }) => isByModel && words.startsWith("a lighthouse,"))).toBe(true);
      expect(new Set(directions.map(({ words }) => words)).size).toBe(8);
      const merged = await mergeYesAnd({ idea: "a ship", clauses: ["red sails"] }, settings, azure);
      expect(merged).toEqual({ prompt: "a ship, and with it red sails", isByModel: true });
      const others = await rewriteRefused({ words: "a knight covered in blood" }, settings, azure);
      expect(others.outcome === "answered" && others.value).toHaveLength(3);
      expect(JSON.stringify(others)).not.toContain("blood");
      expect(await rewriteRefused({ words: "naked" }, settings, azure)).toEqual({ outcome: "refused" });
      expect(local.chatCalls.map(({ status }) => status)).toEqual([200, 200, 200, 400]);
      for (const [deployment, status] of [
        ["no such", 404],
        ["pictures", 400],
      ] as const) {
        await mergeYesAnd({ idea: "a", clauses: ["b"] }, settingsFor(local.url, { IDEAS_MODEL: deployment }), azure);
        expect(local.chatCalls.at(-1)?.status).toBe(status);
      }
      await mergeYesAnd(
        { idea: "a", clauses: ["b"] },
        settingsFor(local.url, { AZURE_OPENAI_API_KEY: "other" }),
        azure,
      );
      expect(local.chatCalls.at(-1)?.status).toBe(401);
    } finally {
      await local.stop();
    }
  });
});

describe("what is paid", () => {
  const usage = { inputTokens: 12, cachedTokens: 0, outputTokens: 3 };
  const cached = { prompt_tokens: 12, completion_tokens: 3, prompt_tokens_details: { cached_tokens: 10 } };
  const choices = [{ message: { content: '{"words":"a harbour"}' } }];
  const most = { inputTokens: expect.any(Number), cachedTokens: 0, outputTokens: 100 };
  it.each<[string, Script, object[]]>([
    ["as the service told it", says('{"words":"a harbour"}'), [{ usage, isTold: true }]],
    ["with what was cached", json(200, { choices, usage: cached }), [{ usage: { ...usage, cachedTokens: 10 } }]],
    ["also for an answer of no use", says("no JSON"), [{ usage, isTold: true }]],
    ["at the most, where it told nothing", json(200, { choices }), [{ usage: most, isTold: false }]],
    [
      "at the most, where it told what cannot be",
      json(200, { choices, usage: { prompt_tokens: -1, completion_tokens: 1e12 } }),
      [{ usage: most, isTold: false }],
    ],
    ["at the most, where the answer was lost", (_, response) => void response.destroy(), [{ usage: most }]],
    [
      "as what was read, where a filter refused it",
      json(400, { error: { code: "content_filter", message: "no" } }),
      [{ usage: { ...most, outputTokens: 0 }, isTold: false }],
    ],
    ["not at all, where it was put off", json(429, { error: { message: "later" } }), []],
    ["not at all, where the key is wrong", json(401, { error: { message: "who?" } }), []],
  ])("is heard %s", async (_, script, heard) => {
    service.play(script);
    const paid: unknown[] = [];
    const about = { about: "yes and" as const, instructions: "Say it.", answer: Words, mostTokens: 100 };
    const settings = settingsFor(service.origin);
    await askIdeasModel({ ...about, given: { topic: "a" }, onPaid: (call) => paid.push(call) }, settings, azure);
    const deployment = settings.ideas?.deployment;
    expect(paid).toMatchObject(heard.map((call) => ({ about: "yes and", deployment, ...call })));
    expect(paid).toHaveLength(heard.length);
  });
});
