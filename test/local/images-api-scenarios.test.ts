import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { ImagesResponse } from "openai/resources/images";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { MARKERS } from "../../local/images-api/scenarios.ts";
import { onAzure, refusalOf, startApi } from "./images-api.ts";

describe("scenarios", () => {
  const directory = new URL("../image-answers/", import.meta.url);
  const recorded = readdirSync(directory).filter((name) => name.endsWith(".json"));

  test.each(recorded.map((name) => basename(name, ".json")))("plays %s", async (name) => {
    const api = await startApi();
    const answer = JSON.parse(readFileSync(new URL(`${name}.json`, directory), "utf8")) as {
      status: number;
      body: unknown;
      headers: object;
    };
    const response = await fetch(`${api.url}/openai/v1/images/generations`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "pictures", prompt: `a boat [[answer:${name}]]` }),
    });
    const text = await response.text();
    expect(response.status).toBe(answer.status);
    expect(typeof answer.body === "string" ? text : JSON.parse(text)).toEqual(answer.body);
    expect(Object.fromEntries(response.headers)).toMatchObject(answer.headers);
  });

  const draw = async (prompt: string, stream: boolean, milliseconds = 5000) => {
    const api = await startApi();
    const signal = AbortSignal.timeout(milliseconds);
    const types: string[] = [];
    const call = { model: "pictures", prompt, quality: "low" } as const;
    const ended = await (async () => {
      if (!stream) return await onAzure(api).images.generate(call, { signal });
      const events = await onAzure(api).images.generate({ ...call, stream, partial_images: 2 }, { signal });
      for await (const { type } of events) types.push(type.split(".")[1] ?? "");
      return "ended";
    })().catch((error: unknown) => error);
    return { api, types, ended };
  };

  test.each([
    ["[[status:503]]", { status: 503 }],
    ["[[blocked:prompt]]", { code: "moderation_blocked" }],
    ["[[html]]", { status: 502 }],
    ["[[reset]]", { name: "Error", message: "Connection error." }],
    ["[[redirect]]", { message: "Connection error." }],
    ["[[cut]]", { name: "TypeError", message: "terminated" }],
    ["[[half-json]]", { name: "SyntaxError" }],
    ["[[empty]]", { data: [] }],
    ["[[no-bytes]]", { data: [{}] }],
    ["[[error-in-200]]", { error: { type: "server_error" } }],
  ])("%s without a stream", async (marker, said) => {
    expect((await draw(`a boat ${marker}`, false)).ended).toMatchObject(said);
  });

  test.each([
    ["[[stream-cut]]", { message: "terminated" }, ["partial_image"]],
    ["[[cut]]", { message: "terminated" }, ["partial_image"]],
    ["[[stream-ends-early]]", "ended", ["partial_image"]],
    ["[[stream-error]]", { status: undefined, type: "server_error" }, ["partial_image"]],
    ["[[stream-not-json]]", { name: "SyntaxError" }, ["partial_image"]],
    ["[[plain-json]]", "ended", []],
    ["[[text-plain]]", "ended", []],
    ["[[blocked:picture]]", { code: "moderation_blocked" }, ["partial_image", "partial_image"]],
  ])("%s in a stream", async (marker, said, seen) => {
    const { ended, types } = await draw(`a boat ${marker}`, true);
    if (typeof said === "string") expect(ended).toBe(said);
    else expect(ended).toMatchObject(said);
    expect(types).toEqual(seen);
  });

  test("[[hang]] and [[stall]] last until the client leaves", async () => {
    for (const [marker, stream] of [
      ["[[hang]]", false],
      ["[[stall]]", false],
      ["[[stall]]", true],
    ] as const) {
      const { api } = await draw(`a boat ${marker}`, stream, 400);
      await expect.poll(() => api.calls[0]?.clientLeft).toBe(true);
    }
  });

  test("[[text-plain]] without a stream comes as a text, [[not-a-picture]], [[cut-picture]] and [[big]] as what they say", async () => {
    expect((await draw("a boat [[text-plain]]", false)).ended).toEqual(expect.stringContaining("b64_json"));
    const bytesOf = async (marker: string) => bytesIn((await draw(`a boat ${marker}`, false)).ended);
    expect((await bytesOf("[[not-a-picture]]")).toString()).toContain("no picture");
    await expect(sharp(await bytesOf("[[cut-picture]]"), { failOn: "truncated" }).stats()).rejects.toThrow();
    expect((await bytesOf("[[big]]")).length).toBeGreaterThan(13_000_000);
  });

  test("[[expired-url]] has ended before it is fetched", async () => {
    const api = await startApi();
    const response = await onAzure(api).images.generate({ model: "dalle3", prompt: "a boat [[expired-url]]" });
    expect((await fetch(response.data?.[0]?.url ?? "")).status).toBe(403);
  });

  test("[[once ...]] plays call by call, [[nth-blocked:2]] blocks every second one, [[slow:...]] waits", async () => {
    const api = await startApi();
    const outcome = async (prompt: string) =>
      onAzure(api)
        .images.generate({ model: "pictures", prompt, quality: "low" })
        .then(
          () => "drawn",
          ({ status }: { status: number }) => status,
        );
    const once = "a boat [[once status:500]] [[once answer:rate-limited-azure-wait-in-text]]";
    expect([await outcome(once), await outcome(once), await outcome(once)]).toEqual([500, 429, "drawn"]);
    const second = "a boat [[nth-blocked:2]]";
    expect([await outcome(second), await outcome(second), await outcome(second)]).toEqual(["drawn", 400, "drawn"]);
    const began = performance.now();
    await outcome("a boat [[slow:300]] [[status:500]]");
    expect(performance.now() - began).toBeGreaterThan(290);
  });

  test("every marker is listed with what it plays, and without the switch none does anything", async () => {
    expect(Object.values(MARKERS).every((words) => words.length > 10)).toBe(true);
    const api = await startApi({ scenarios: false });
    await onAzure(api).images.generate({ model: "pictures", prompt: "a boat [[status:500]]", quality: "low" });
    expect(api.calls).toMatchObject([{ outcome: "drawn" }]);
  });

  test("next and fail plan the coming calls; a function sees the call and may let it pass", async () => {
    const api = await startApi();
    const call = () => onAzure(api).images.generate({ model: "pictures", prompt: "a boat", quality: "low" });
    api.next("suspended-azure-resource");
    api.next((seen) =>
      seen.prompt === "a boat" ? { status: 418, body: { error: { message: "a teapot" } } } : undefined,
    );
    api.next(() => undefined);
    api.fail(500, 2);
    expect(await refusalOf(call())).toMatchObject({ status: 403 });
    expect(await refusalOf(call())).toMatchObject({ status: 418 });
    await call();
    expect([(await refusalOf(call())).status, (await refusalOf(call())).status]).toEqual([500, 500]);
    await call();
  });

  test("hold keeps answers back until release, after the call is written down", async () => {
    const api = await startApi();
    api.hold();
    const call = onAzure(api).images.generate({ model: "pictures", prompt: "a boat", quality: "low" });
    await expect.poll(() => api.calls).toMatchObject([{ outcome: "under way", deployment: "pictures" }]);
    await pause(100);
    expect(api.calls).toMatchObject([{ outcome: "under way" }]);
    api.release();
    await call;
    expect(api.calls).toMatchObject([
      { outcome: "drawn", status: 200, prompt: "a boat", parameters: { quality: "low" } },
    ]);
  });
});

function bytesIn(response: unknown): Buffer {
  return Buffer.from((response as ImagesResponse).data?.[0]?.b64_json ?? "", "base64");
}
