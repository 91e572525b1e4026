import { describe, expect, it } from "vitest";
import { meaningOf } from "../../src/images-api/meaning.ts";
import type { Answer, Meaning } from "../../src/images-api/meaning.ts";

const answer = (status: number | undefined, body: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: new Headers(headers),
  body,
});
const error = (message: string, rest: object = {}) => ({
  error: { message, type: null, param: null, code: null, ...rest },
});
/** LiteLLM writes Python's None into these. */
const liteLlm = (message: string, type = "None", code = "400") => ({ error: { message, type, param: "None", code } });

type Row = [string, Answer, Partial<Meaning>];

describe("what a gateway says reads as what it is", () => {
  it.each<Row>([
    [
      "LiteLLM, the budget under 400",
      answer(400, liteLlm("Budget has been exceeded! Current cost: 26.07, Max budget: 0.25", "budget_exceeded")),
      { means: "quota" },
    ],
    [
      "LiteLLM, the budget of a team, under 401",
      answer(401, liteLlm("Authentication Error, ExceededBudget: Team=x over budget", "auth_error", "401")),
      { means: "quota" },
    ],
    [
      "LiteLLM, the budget under 429",
      answer(429, liteLlm("Budget has been exceeded! Team=x", "budget_exceeded", "429")),
      { means: "quota" },
    ],
    [
      "one-api",
      answer(403, error("user quota is not enough", { type: "one_api_error", code: "insufficient_user_quota" })),
      { means: "quota" },
    ],
    [
      "new-api",
      answer(403, error("用户额度不足, 剩余额度: $0.00", { type: "new_api_error", code: "insufficient_user_quota" })),
      { means: "quota" },
    ],
    [
      "OpenRouter, no credits",
      answer(402, { error: { code: 402, message: "Insufficient credits. Add more using https://openrouter.ai" } }),
      { means: "quota" },
    ],
    [
      "OpenRouter, too many under way",
      answer(402, { error: { code: 402, message: "Too many requests in flight" } }, { "retry-after": "2" }),
      { means: "rate limited", waitSeconds: 2 },
    ],
    ["Portkey", answer(412, error("Portkey Error: budget exhausted")), { means: "quota" }],
    [
      "API Management, a quota of calls",
      answer(403, { statusCode: 403, message: "Out of call volume quota. Quota will be replenished in 07:01:20." }),
      { means: "quota" },
    ],
    [
      "API Management, a quota that is back at once",
      answer(403, { statusCode: 403, message: "Out of call volume quota. Quota will be replenished in 00:00:20." }),
      { means: "rate limited", waitSeconds: 20 },
    ],
    ["an unknown 402", answer(402, { detail: "Payment Required" }), { means: "quota" }],
    [
      "LiteLLM, the model of a key",
      answer(
        401,
        liteLlm(
          "key not allowed to access model. This key can only access models=['x']",
          "key_model_access_denied",
          "401",
        ),
      ),
      { means: "not allowed" },
    ],
    [
      "LiteLLM, the model of a team, under 400",
      answer(400, liteLlm("Team not allowed to access model", "team_model_access_denied")),
      { means: "not allowed" },
    ],
    [
      "OpenRouter, a key that is off",
      answer(403, { error: { code: 403, message: "Key is disabled" } }),
      { means: "not allowed" },
    ],
    [
      "LiteLLM, a key that has ended",
      answer(400, liteLlm("Authentication Error, Expired Key", "expired_key")),
      { means: "misconfigured" },
    ],
    [
      "LiteLLM, an unknown model",
      answer(400, liteLlm("Invalid model name passed in model=pictures")),
      { means: "misconfigured" },
    ],
    [
      "new-api, no channel",
      answer(503, error("No available channel for model x", { code: "model_not_found" })),
      { means: "misconfigured" },
    ],
    [
      "API Management, no key",
      answer(401, { statusCode: 401, message: "Access denied due to missing subscription key." }),
      { means: "misconfigured" },
    ],
    [
      "Portkey, a guardrail",
      answer(446, error("The guardrail checks defined in the config failed.", { type: "hooks_failed" })),
      { means: "guardrail" },
    ],
    [
      "LiteLLM, a guardrail that says no more",
      answer(400, liteLlm("{'error': 'Violated guardrail policy', 'lakera_response': {}}")),
      { means: "guardrail" },
    ],
    [
      "WSO2",
      answer(446, {
        code: "900514",
        type: "Status report",
        message: "Runtime Error",
        description: "Violation of x detected.",
      }),
      { means: "guardrail" },
    ],
    [
      "Cloudflare, data loss prevention",
      answer(400, { success: false, errors: [{ code: 2029, message: "Request blocked due to DLP" }] }),
      { means: "guardrail" },
    ],
  ])("%s", (_, given, expected) => expect(meaningOf(given)).toMatchObject(expected));
});

describe("a guardrail that names the words is a block", () => {
  it.each<Row>([
    [
      "API Management",
      answer(403, { statusCode: 403, message: "Request failed content safety check." }),
      { means: "blocked" },
    ],
    [
      "Kong",
      answer(400, error("request failed content safety check: breached category [Hate] at level 2")),
      { means: "blocked", categories: ["hate"] },
    ],
    ["Kong's own guard", answer(400, error("prompt pattern is blocked")), { means: "blocked", stage: "prompt" }],
    [
      "LiteLLM, Azure's Content Safety",
      answer(400, liteLlm("{'error': 'Azure Content Safety Guardrail: Violence crossed severity 2, Got severity: 4'}")),
      { means: "blocked", categories: ["violence"] },
    ],
    [
      "LiteLLM, OpenAI's moderation",
      answer(400, { error: { message: { error: "Violated OpenAI moderation policy" }, type: "None", code: "400" } }),
      { means: "blocked" },
    ],
    [
      "LiteLLM, Bedrock, a topic",
      answer(
        400,
        liteLlm(
          "{'error': 'Violated guardrail policy', 'bedrock_guardrail_response': {'assessments': [{'topicPolicy': {}}]}}",
        ),
      ),
      { means: "blocked" },
    ],
    [
      "LiteLLM, what a provider said",
      answer(400, liteLlm("litellm.ContentPolicyViolationError: AzureException - no")),
      { means: "blocked" },
    ],
    [
      "OpenRouter",
      answer(403, {
        error: {
          code: 403,
          message: "Your input was flagged",
          metadata: { reasons: ["violence"], error_type: "content_policy_violation" },
        },
      }),
      { means: "blocked", stage: "prompt", categories: ["violence"] },
    ],
    [
      "Cloudflare, the prompt",
      answer(424, {
        success: false,
        error: [{ code: 2016, message: "Prompt blocked due to security configurations" }],
      }),
      { means: "blocked", stage: "prompt" },
    ],
    [
      "Cloudflare, the picture",
      answer(424, {
        success: false,
        error: [{ code: 2017, message: "Response blocked due to security configurations" }],
      }),
      { means: "blocked", stage: "picture" },
    ],
    [
      "new-api",
      answer(400, error("user sensitive words detected", { code: "sensitive_words_detected" })),
      { means: "blocked", stage: "prompt" },
    ],
    [
      "a chat model",
      answer(200, { choices: [{ finish_reason: "content_filter", message: { content: "" } }] }),
      { means: "blocked" },
    ],
  ])("%s", (_, given, expected) => expect(meaningOf(given)).toMatchObject(expected));
});

describe("a refusal that nobody knows blames nobody", () => {
  const statuses = [400, 405, 406, 410, 414, 415, 417, 418, 421, 422, 423, 424, 426, 428, 431, 451, 499];
  it.each(statuses)("%i with an error of an unknown code", (status) =>
    expect(meaningOf(answer(status, error("No.", { code: "never_seen_before" })))).toEqual({
      means: "bad request",
      parameter: undefined,
    }),
  );
  it.each([400, 401, 402, 403, 404, 405, 407, 410, 413, 415, 422, 426, 451])(
    "%i with a page, or bare, is trouble that may pass",
    (status) => {
      for (const body of [
        "",
        "<html><h1>Prompt blocked by the safety system? No, by a proxy.</h1></html>",
        "Forbidden",
        {},
      ])
        expect(meaningOf(answer(status, body))).toMatchObject({ means: "transient", lost: false });
    },
  );

  it.each<[string, unknown, string | undefined]>([
    ["param", error("x", { param: "size" }), "size"],
    ["param in a tool", error("x", { param: "tools[0].size" }), "size"],
    ["param of several pictures", error("x", { param: "image[1]" }), "image"],
    [
      "FastAPI's place",
      { detail: [{ type: "enum", loc: ["body", "quality"], msg: "Input should be 'low' or 'high'" }] },
      "quality",
    ],
    ["the sentence alone", error("Invalid size '1792x936'. Width and height must both be divisible by 16."), "size"],
    ["the sentence alone, unknown", error("Unknown parameter: 'style'."), "style"],
    [
      "the words, by their form",
      error("string too long", { param: "prompt", code: "string_above_max_length" }),
      "prompt",
    ],
    ["a parameter of ours", error("x", { param: "output_format" }), undefined],
    ["Python's None", liteLlm("x"), undefined],
    ["a sentence in which a size stands", error("The size of the queue is too large"), undefined],
  ])("an option is named by %s", (_, body, parameter) =>
    expect(meaningOf(answer(400, body))).toEqual({ means: "bad request", parameter }),
  );
});
