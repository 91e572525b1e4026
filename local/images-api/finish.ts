import { toResponse } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { closeCall } from "./call.ts";
import type { Outcome } from "./call.ts";
import type { Visit } from "./service.ts";

/** Ends a call with an answer of one piece. */
export function finish(visit: Pick<Visit, "call">, outcome: Outcome, answer: Answer): Response {
  closeCall(visit.call, outcome, answer.status);
  return toResponse(answer, headersOf(visit));
}

/** Request ids as each provider names them: `x-request-id`, the only one the SDK looks at, is OpenAI's. */
export function headersOf({ call }: Pick<Visit, "call">): Record<string, string> {
  if (call.surface === "openai") return { "x-request-id": `req_${crypto.randomUUID().replaceAll("-", "")}` };
  return { "apim-request-id": crypto.randomUUID(), "x-ms-region": "local", "x-content-type-options": "nosniff" };
}
