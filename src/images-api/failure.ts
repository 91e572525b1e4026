import type { RefusedOption } from "./refusal.ts";

/** Why a picture did not come although nobody said no to it. Never the person's fault. */
export const FAILURE_REASONS = [
  "busy",
  "quota",
  "suspended",
  "misconfigured",
  "not allowed",
  "guardrail",
  "bad request",
  "service trouble",
  "out of reach",
  "answer lost",
  "empty answer",
  "not downloaded",
  "broken",
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];

type FailureDetails = { waitSeconds?: number; option?: RefusedOption; isPaid?: boolean; cause?: unknown };

/**
 * No picture, and nobody said no to it. `waitSeconds` is what a rate limit asked for, `option` what a refusal named. `isPaid`: a
 * part of the picture had come, so the call is paid, whatever it ended in.
 */
export class DrawingFailed extends Error {
  override name = "DrawingFailed";
  readonly reason: FailureReason;
  readonly waitSeconds?: number;
  readonly option?: RefusedOption;
  readonly isPaid: boolean;

  constructor(reason: FailureReason, { waitSeconds, option, isPaid = false, cause }: FailureDetails = {}) {
    super(reason, { cause });
    this.reason = reason;
    this.waitSeconds = waitSeconds;
    this.option = option;
    this.isPaid = isPaid;
  }
}
