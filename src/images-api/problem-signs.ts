import { plain } from "./problem.ts";
import type { Problem } from "./problem.ts";

/** What the service, or a gateway, calls a thing: codes and types without case and dashes, and words of its sentence. */
export type Signs = { codes: Set<string>; words: string[] };
const signs = (codes: string[], words: string[]): Signs => ({ codes: new Set(codes.map(plain)), words });

/** Who says so is named behind it where it is not Azure or OpenAI. Words are blamed for these alone. */
export const BLOCKED = signs(
  [
    "content_policy_violation",
    "content_filter",
    "content_filtered",
    "moderation_blocked",
    "image_content_policy_violation",
    "ResponsibleAIPolicyViolation",
    // new-api; Alibaba behind it; Cloudflare's AI Gateway, prompt and response.
    "sensitive_words_detected",
    "prompt_blocked",
    "data_inspection_failed",
    "2016",
    "2017",
  ],
  [
    "safety system",
    "content filter",
    "content management policy",
    "safety_violations=[",
    // LiteLLM, for what a provider or its own filter has stopped, and Bedrock's guardrails behind it.
    "contentpolicyviolation",
    "moderation policy",
    "content blocked:",
    "crossed severity",
    "prompt shield",
    'contentpolicy"',
    'wordpolicy"',
    'topicpolicy"',
    "'contentpolicy'",
    "'wordpolicy'",
    "'topicpolicy'",
    // API Management and Kong with Azure's Content Safety; Kong's own guard; OpenRouter; Cloudflare.
    "content safety check",
    "prompt pattern is blocked",
    "input was flagged",
    "blocked due to security configurations",
  ],
);

export const QUOTA = signs(
  [
    "insufficient_quota",
    "billing_hard_limit_reached",
    "billing_not_active",
    "project_spend_limit_exceeded",
    "organization_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    // LiteLLM, new-api and one-api, others.
    "budget_exceeded",
    "project_budget_exceeded",
    "insufficient_user_quota",
    "pre_consume_token_quota_failed",
    "quota_exceeded",
    "insufficient_credits",
    "insufficient_balance",
    "payment_required",
  ],
  [
    "budget has been exceeded",
    "exceeded budget",
    "exceededbudget",
    "budget exceeded",
    "budget exhausted",
    "exceeded your current quota",
    "out of call volume quota",
    "token quota is exceeded",
    "quota is not enough",
    "insufficient credits",
    "insufficient balance",
    "reached its usage limit",
    "额度",
    "余额不足",
  ],
);

/** A gateway's rule for our key, our team or the model. */
export const NOT_ALLOWED = signs(
  [
    "key_model_access_denied",
    "team_model_access_denied",
    "user_model_access_denied",
    "org_model_access_denied",
    "project_model_access_denied",
    "model_not_allowed",
  ],
  [
    "not allowed to access model",
    "not allowed to call model",
    "not allowed to use model",
    "can only access models",
    "not have access to model",
    "no access to model",
    "key is disabled",
    "key is blocked",
    "team is blocked",
    "user is blocked",
  ],
);

/** A rule that does not say what it is about: Portkey, WSO2, LiteLLM's many, data loss prevention. */
export const GUARDRAIL = signs(
  ["hooks_failed", "blocked_by_policy", "900514", "2029", "2030"],
  ["guardrail", "due to dlp"],
);

export const RATE = signs(
  ["no_capacity", "rate_limit_exceeded", "rate_limit_error", "too_many_requests", "throttling_error", "429"],
  ["high demand"],
);

export const MISCONFIGURED = signs(
  [
    "DeploymentNotFound",
    "model_not_found",
    "invalid_api_key",
    "unsupported_model",
    "expired_key",
    "token_not_found_in_db",
  ],
  ["must be verified", "invalid model name"],
);

export function fits({ codes, message }: Problem, { codes: known, words }: Signs): boolean {
  return codes.some((code) => known.has(code)) || words.some((each) => message.includes(each));
}
