import type { ModelName } from "../../src/models.ts";
import type { Answer } from "./answer.ts";
import type { ChatCall } from "../ideas-model/chat-call.ts";
import type { Call } from "./call.ts";
import type { Gate } from "./gate.ts";
import type { KeptPictures } from "./kept-pictures.ts";
import type { Paint } from "./paint.ts";
import type { Pace } from "./pace.ts";
import type { Scenarios } from "./scenarios.ts";
import type { Surface } from "./surface.ts";

type PlannedAnswer = Answer | string;

/** An answer, the name of a recorded one, or a function that gives either; one that gives nothing lets the call go on. */
export type Planned = PlannedAnswer | ((call: Call) => PlannedAnswer | undefined | Promise<PlannedAnswer | undefined>);

/** What the local Images API keeps while it runs. */
export type Service = {
  deployments: Readonly<Record<string, ModelName>>;
  /** Whether a key or a token opens the door; absent, everybody comes in. */
  accepts?: (credential: string) => boolean;
  pace?: Pace;
  /** 1: like the real service, shortened to seconds; 0: at once. */
  latency: number;
  paint: Paint;
  pictures: KeptPictures;
  /** Where picture addresses begin; the origin that was called unless set. */
  pictureOrigin?: string;
  gate: Gate;
  planned: Planned[];
  /** The directory of recorded answers. */
  answers: string;
  scenarios?: Scenarios;
  calls: Call[];
  /** Deployments of chat models, and what was asked of them. */
  chatDeployments: readonly string[];
  chatCalls: ChatCall[];
  plannedChats: Answer[];
};

/** One call on its way through the service. */
export type Visit = {
  request: Request;
  service: Service;
  call: Call;
  surface: Surface;
  /** Cuts the connection. */
  hangUp: () => void;
  /** Ends when the client leaves or the service stops. */
  signal: AbortSignal;
};
