import type { ModelName } from "../../src/models.ts";
import type { EditPictures } from "./edit-pictures.ts";
import type { Parameters } from "./parameters.ts";
import type { Operation, SurfaceName } from "./surface.ts";

/** `played`: a scenario or a planned answer took the place of the ordinary one. */
export type Outcome =
  | "under way"
  | "drawn"
  | "blocked"
  | "refused"
  | "rate limited"
  | "misconfigured"
  | "played"
  | "client left";

/** One call as the service saw it; the same object changes as the call goes on. */
export type Call = {
  path: string;
  surface?: SurfaceName;
  operation?: Operation;
  deployment?: string;
  model?: ModelName;
  /** Empty until the body has been read. */
  prompt: string;
  /** The body without the prompt and without files. */
  parameters: Parameters;
  /** Pictures sent in for an edit. */
  inputPictures: number;
  /** What was sent in for an edit, once it has passed the checks. */
  inputs?: EditPictures;
  streamed: boolean;
  /** Names in lower case; without the key. */
  headers: Record<string, string>;
  identity: "api-key" | "bearer" | "none";
  /** Milliseconds, as `Date.now()` counts them. */
  began: number;
  ended?: number;
  status?: number;
  outcome: Outcome;
  /** The client closed the connection before the answer was whole. */
  clientLeft: boolean;
};

export function noteCall(request: Request): Call {
  const address = new URL(request.url);
  const headers = Object.fromEntries(request.headers);
  const identity = headers["api-key"] ? "api-key" : headers.authorization ? "bearer" : "none";
  delete headers["api-key"];
  delete headers.authorization;
  return {
    path: address.pathname + address.search,
    prompt: "",
    parameters: {},
    inputPictures: 0,
    streamed: false,
    headers,
    identity,
    began: Date.now(),
    outcome: "under way",
    clientLeft: false,
  };
}

/** Writes down how a call ended. The first end counts. */
export function closeCall(call: Call, outcome: Outcome, status: number | undefined): void {
  if (call.outcome !== "under way") return;
  Object.assign(call, { outcome, status, ended: Date.now() });
}
