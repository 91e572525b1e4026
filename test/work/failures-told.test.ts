import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { log } from "../../src/log.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { drawn, event, json, paint, startScriptedImages } from "../fakes/scripted-images.ts";
import type { Script, ScriptedImages } from "../fakes/scripted-images.ts";
import { openCore, until } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

let images: ScriptedImages;
let core: Core;
beforeEach(async () => {
  images = await startScriptedImages();
  core = await openCore(azurite.connectionString, images.origin);
});
afterEach(async () => {
  await core.stop();
  await images.stop();
});

const page =
  (status: number): Script =>
  (_, response) =>
    void response.writeHead(status, { "content-type": "text/html" }).end("<html>A proxy speaks</html>");

describe("a page of a proxy's in front of the image service", () => {
  it.each([401, 413])("under %i is tried again, and the picture comes", async (status) => {
    images.play((call, response) => (call.number === 1 ? page(status) : drawn())(call, response));
    core.work();
    const { reply } = await core.told(await core.accept());
    expect(reply.mood).toBe("finished");
    expect(images.calls).toHaveLength(2);
  });

  it("that stays is trouble of the service, and nobody's fault", async () => {
    images.play(page(403));
    core.work();
    const { job, reply } = await core.told(await core.accept());
    expect(images.calls).toHaveLength(3);
    expect(job.pictures[0]?.failure).toBe("service trouble");
    expect(reply.title).toContain("not your words");
  });
});

describe("a part of the picture that came before the fault", () => {
  const fails =
    (fault: string): Script =>
    async (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const b64_json = (await paint(64, 64)).toString("base64");
      response.write(event({ type: "image_generation.partial_image", b64_json, partial_image_index: 0 }));
      response.end(fault);
    };
  it.each([
    ["a fault of the service", { type: "error", error: { code: "server_error", message: "oops" } }, "service trouble"],
    ["a rate limit", { type: "error", error: { code: "rate_limit_exceeded", message: "try again in 0.1 s" } }, "busy"],
  ])("%s is repeated once and no more: each of the two is paid", async (_, fault, failure) => {
    images.play(fails(event(fault)));
    core.work();
    const { job } = await core.told(await core.accept());
    expect(images.calls).toHaveLength(2);
    expect(job.pictures[0]).toMatchObject({ state: "failed", failure, lostCalls: 2 });
  });
});

describe("a limit that would last for a day", () => {
  const limited = json(429, { error: { message: "Please retry after 86400 seconds" } }, { "retry-after": "86400" });

  it("is told to each who is turned away, with when it is looked at again; the log says it too; then it opens by itself", async () => {
    const warned = vi.spyOn(log, "warn");
    images.play(limited);
    core.work();
    const first = await core.told(await core.accept());
    const second = await core.told(await core.accept());
    expect(images.calls).toHaveLength(1);
    const told = warned.mock.calls.filter(([, words]) => String(words).startsWith("somebody was turned away"));
    expect(told).toHaveLength(2);
    for (const { job, reply } of [first, second]) {
      const { openAgainAt = "" } = job.pictures[0] ?? {};
      expect(Date.parse(openAgainAt) - Date.now()).toBeLessThan(5 * 60_000);
      expect(reply.paragraphs.join(" ")).toContain(`after ${openAgainAt.slice(11, 16)} UTC`);
    }
    expect(told[1]?.[0]).toMatchObject({ reason: "busy", because: "a rate limit asked to wait for 86400 seconds" });

    const blob = core.azure.container.getBlockBlobClient("pace.json");
    const earlier = (_: string, value: unknown) =>
      typeof value === "number" && value > 1e12 ? value - 6 * 60_000 : value;
    await blob.uploadData(Buffer.from(JSON.stringify(JSON.parse(String(await blob.downloadToBuffer())), earlier)));
    images.play(drawn());
    const third = await core.told(await core.accept());
    const fourth = await core.told(await core.accept());
    expect([third.reply.mood, fourth.reply.mood]).toEqual(["finished", "finished"]);
    await until(async () => !String(await blob.downloadToBuffer()).includes("closedUntil"));
  });
});

describe("what a gateway says", () => {
  it.each<[string, number, object, RegExp]>([
    [
      "a budget",
      400,
      { type: "budget_exceeded", code: "400", message: "Budget has been exceeded!" },
      /allowance.*used up/,
    ],
    [
      "a rule for the team",
      401,
      { type: "team_model_access_denied", message: "x" },
      /does not let this bot use that model/,
    ],
    ["a guardrail that says no more", 446, { type: "hooks_failed", message: "x" }, /rule of the gateway/],
    ["what nobody knows", 418, { code: "teapot", message: "x" }, /not your words/],
    [
      "an option",
      400,
      { type: "invalid_request_error", param: "size", message: "x" },
      /the size 1024×1024\. GPT Image 2 draws 1024×1024 \(square\)/,
    ],
    [
      "another option",
      422,
      { param: "quality", message: "x" },
      /the quality “medium”\. GPT Image 2 draws with quality low, medium, high, or auto/,
    ],
    ["the words' form", 400, { param: "prompt", code: "string_above_max_length", message: "x" }, /make them shorter/],
  ])("%s is told as what it is", async (_, status, error, words) => {
    images.play(json(status, { error }));
    core.work();
    const { reply } = await core.told(await core.accept());
    expect(images.calls).toHaveLength(1);
    const text = reply.paragraphs.join(" ");
    expect(text).toMatch(words);
    expect(text).not.toMatch(/change the words|been told/);
    expect(reply.reference).toMatch(/^[0-9A-F]{8}$/);
  });
});
