import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { meaningOf } from "../../src/images-api/meaning.ts";
import type { Answer, Meaning } from "../../src/images-api/meaning.ts";

type Sample = {
  status: number;
  headers: Record<string, string>;
  contentType: string;
  body: unknown;
  means: string;
  stage?: string;
  categories?: string[];
  waitSeconds?: number;
};

const directory = new URL("../image-answers/", import.meta.url);
const samples = readdirSync(directory).filter((name) => name.endsWith(".json"));
const read = (name: string): Sample => JSON.parse(readFileSync(new URL(name, directory), "utf8"));

const answer = (status: number | undefined, body: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: new Headers(headers),
  body,
});

describe("answers that were published", () => {
  it("finds the samples", () => expect(samples.length).toBeGreaterThan(30));

  it.each(samples)("%s means what it says", (name) => {
    const sample = read(name);
    const meaning = meaningOf(answer(sample.status, sample.body, sample.headers));
    expect(meaning.means.replace(" ", "-")).toBe(sample.means);
    if (meaning.means === "blocked")
      expect(meaning).toMatchObject({ stage: sample.stage, categories: sample.categories });
    if (meaning.means === "rate limited") expect(meaning.waitSeconds).toBe(sample.waitSeconds);
  });
});

const blockedFor = (results: object) => ({
  error: {
    code: "content_policy_violation",
    innerError: { code: "ResponsibleAIPolicyViolation", content_filter_result: results },
  },
});

describe("the order in which an answer is judged", () => {
  const table: [string, Answer, Partial<Meaning>][] = [
    [
      "a suspension in words of policy is no block",
      answer(403, { error: { message: "Your resource has been Temporarily Blocked ... content policy" } }),
      { means: "suspended" },
    ],
    [
      "a block under status 429",
      answer(429, { error: { code: "content_filter", message: "no" } }),
      { means: "blocked" },
    ],
    ["a block under status 200", answer(200, { error: { code: "moderation_blocked" } }), { means: "blocked" }],
    [
      "a block inside a stream, without a status",
      answer(undefined, {
        error: {
          code: "moderation_blocked",
          moderation_details: { moderation_stage: "output", categories: ["self-harm"] },
        },
      }),
      { means: "blocked", stage: "picture", categories: ["self_harm"] },
    ],
    [
      "a block under status 500",
      answer(500, { error: { message: "Rejected as a result of our safety system." } }),
      { means: "blocked" },
    ],
    [
      "a block in camel case",
      answer(400, blockedFor({ "self-harm": { filtered: true }, hate: { filtered: false, detected: true } })),
      { means: "blocked", categories: ["self_harm"] },
    ],
    [
      "a block with a list of filters",
      answer(400, {
        error: {
          code: "content_filtered",
          content_filters: [
            { source_type: "completion", blocked: true, content_filter_results: { violence: { filtered: true } } },
          ],
        },
      }),
      { means: "blocked", stage: "picture", categories: ["violence"] },
    ],
    [
      "violations in the message alone",
      answer(400, { error: { message: "x safety_violations=[sexual, violence]." } }),
      { means: "blocked", categories: ["sexual", "violence"] },
    ],
    [
      "a picture without bytes whose notes say filtered",
      answer(200, { data: [{ content_filter_results: { violence: { filtered: true } } }] }),
      { means: "blocked", stage: "picture", categories: ["violence"] },
    ],
    [
      "notes beside bytes are no block",
      answer(200, { data: [{ b64_json: "AAAA", content_filter_results: { violence: { filtered: true } } }] }),
      { means: "drawn" },
    ],
    [
      "a user error alone is no block",
      answer(400, { error: { type: "image_generation_user_error", message: "bad", param: "size" } }),
      { means: "bad request", parameter: "size" },
    ],
    [
      "a policy of the network is no block",
      answer(403, { error: { code: "Forbidden", message: "Access denied due to Virtual Network/Firewall policy." } }),
      { means: "misconfigured" },
    ],
    [
      "a spent quota under status 400",
      answer(400, { error: { code: "billing_hard_limit_reached", message: "Billing hard limit has been reached" } }),
      { means: "quota" },
    ],
    [
      "an old spent quota, type alone",
      answer(429, { error: { type: "insufficient_quota", code: null } }),
      { means: "quota" },
    ],
    ["no capacity", answer(503, { error: { code: "NoCapacity", message: "try later" } }), { means: "rate limited" }],
    [
      "a retired model",
      answer(400, { error: { message: "The model `dall-e-3` has been deprecated" } }),
      { means: "misconfigured" },
    ],
    ["a redirect", answer(302, ""), { means: "misconfigured" }],
    ["an html page", answer(502, "<html>Bad gateway</html>"), { means: "transient", lost: false }],
    [
      "an unknown code is never the person's",
      answer(500, { error: { code: "never_seen_before", message: "?" } }),
      { means: "transient" },
    ],
    [
      "an error in a stream that nobody knows",
      answer(undefined, { error: { code: "server_error", message: "?" } }),
      { means: "transient", lost: false },
    ],
    [
      "too large for a proxy, which may pass",
      answer(413, "Request Entity Too Large"),
      { means: "transient", parameter: "image" },
    ],
    [
      "too large for the service",
      answer(413, { error: { message: "The uploaded file is larger than 50 MB.", param: "image" } }),
      { means: "bad request", parameter: "image" },
    ],
    ["nothing at all", answer(200, {}), { means: "empty" }],
    ["an empty list", answer(200, { created: 1, data: [] }), { means: "empty" }],
    ["an entry without bytes", answer(200, { data: [{ revised_prompt: "x" }] }), { means: "empty" }],
    ["a page under status 200", answer(200, "<html>Welcome</html>"), { means: "empty" }],
    ["a success of another kind", answer(200, { created: 1, message: "done" }), { means: "empty" }],
    ["a gateway that gave up waiting", answer(504, "Gateway Timeout"), { means: "transient", lost: true }],
    [
      "a request that took too long",
      answer(408, { error: { message: "timeout" } }),
      { means: "transient", lost: true },
    ],
    ["null", answer(200, null), { means: "empty" }],
    ["error: null beside a picture", answer(200, { error: null, data: [{ url: "https://x" }] }), { means: "drawn" }],
  ];
  it.each(table)("%s", (_, given, expected) => expect(meaningOf(given)).toMatchObject(expected));

  it("keeps a lost answer apart from a connection that never stood", () => {
    const lost = (sent: boolean): Answer => ({
      headers: new Headers(),
      body: undefined,
      lost: { sent, because: "test" },
    });
    expect(meaningOf(lost(true))).toEqual({ means: "transient", lost: true, reached: true });
    expect(meaningOf(lost(false))).toEqual({ means: "transient", lost: false, reached: false });
  });

  it("does not go astray on a long hostile message", () => {
    const message = `safety_violations=[${"[".repeat(200_000)}`;
    const startedAt = performance.now();
    expect(meaningOf(answer(400, { error: { message } })).means).toBe("blocked");
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
