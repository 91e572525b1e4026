import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { createAdaptorServer } from "@hono/node-server";
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { MODEL_NAMES } from "../../src/models.ts";
import type { ModelName } from "../../src/models.ts";
import { answerChat } from "../ideas-model/answer-chat.ts";
import type { ChatCall } from "../ideas-model/chat-call.ts";
import type { Answer } from "./answer.ts";
import { answerCall } from "./answer-call.ts";
import type { Call } from "./call.ts";
import { makeGate } from "./gate.ts";
import { keepPictures } from "./kept-pictures.ts";
import { listModels, showModel } from "./list-models.ts";
import { keepPace } from "./pace.ts";
import { paintPicture, paintPlainly } from "./paint.ts";
import { broken } from "./refusals.ts";
import { playScenarios } from "./scenarios.ts";
import type { Scenarios } from "./scenarios.ts";
import type { Planned, Service } from "./service.ts";

export type ImagesApiOptions = {
  /** Any free one unless set. */
  port?: number;
  host?: string;
  /** 1, which is the default: like the real service, shortened to seconds; 0: at once. */
  latency?: number;
  /** Asked of everybody, as `api-key` or bearer; without it and without `acceptToken` everybody comes in. */
  key?: string;
  /** Judges bearer tokens that are not `key`. */
  acceptToken?: (token: string) => boolean;
  /** PEM texts. */
  tls?: { key: string; cert: string };
  /** For each deployment, checked in windows of 10 s; no limit unless set. */
  requestsPerMinute?: number;
  /** Deployment to model; beside these each model's own name, `pictures` and `dalle3` are there. */
  deployments?: Record<string, ModelName>;
  /** How long the address of a picture lives; 60 minutes unless set. */
  urlMinutes?: number;
  /** Where picture addresses begin; the origin that was called unless set. */
  pictureOrigin?: string;
  /** Pictures of one colour, for whoever does not look at them. */
  plainly?: boolean;
  /** True: markers in prompts choose what happens, see `MARKERS`. A function chooses by itself. */
  scenarios?: boolean | Scenarios;
  /** The directory of recorded answers. */
  answers?: string;
};

export type ImagesApi = {
  url: string;
  port: number;
  /** Every call, oldest first. */
  calls: Call[];
  /** What was asked of its chat model, oldest first. */
  chatCalls: ChatCall[];
  /** Plans what the next chat completion is answered with. */
  nextChat(planned: Answer): void;
  /** Plans what the next call meets in place of the ordinary answer; several queue up. Checked after key, deployment and pace. */
  next(planned: Planned): void;
  /** The next `times` calls answer with this status. */
  fail(status?: number, times?: number): void;
  /** Holds every call back until `release`, after it has been written down. */
  hold(): void;
  release(): void;
  stop(): Promise<void>;
};

const DEPLOYMENTS: Record<string, ModelName> = {
  ...(Object.fromEntries(MODEL_NAMES.map((name) => [name, name])) as Record<ModelName, ModelName>),
  pictures: "gpt-image-2",
  dalle3: "dall-e-3",
};

const ANSWERS = fileURLToPath(new URL("../../test/image-answers", import.meta.url));

/** An Images API on this machine that keeps the rules of Azure's and OpenAI's, and paints. */
export async function startImagesApi(options: ImagesApiOptions = {}): Promise<ImagesApi> {
  const { port = 0, host = "127.0.0.1", tls } = options;
  const service = makeService(options);
  const stopped = new AbortController();
  const { fetch } = routesOf(service, stopped.signal);
  const server = createAdaptorServer({
    fetch: (request, bindings) => fetch(request, bindings),
    overrideGlobalObjects: false,
    ...(tls ? { createServer: createTlsServer, serverOptions: tls } : { createServer }),
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address() as AddressInfo;
  return {
    url: `${tls ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    port: address.port,
    calls: service.calls,
    chatCalls: service.chatCalls,
    nextChat: (planned) => void service.plannedChats.push(planned),
    next: (planned) => void service.planned.push(planned),
    fail: (status = 500, times = 1) => {
      for (let time = 0; time < times; time++) service.planned.push(broken(status));
    },
    hold: () => service.gate.close(),
    release: () => service.gate.open(),
    stop: async () => {
      stopped.abort(new Error("the local Images API has stopped"));
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
    },
  };
}

function makeService(options: ImagesApiOptions): Service {
  const { key, acceptToken, requestsPerMinute, latency = 1, urlMinutes = 60, answers = ANSWERS } = options;
  return {
    deployments: { ...DEPLOYMENTS, ...options.deployments },
    accepts:
      key === undefined && !acceptToken
        ? undefined
        : (credential) => credential === key || acceptToken?.(credential) === true,
    pace: requestsPerMinute === undefined ? undefined : keepPace(requestsPerMinute),
    latency,
    paint: options.plainly ? paintPlainly : paintPicture,
    pictures: keepPictures(urlMinutes),
    pictureOrigin: options.pictureOrigin,
    gate: makeGate(),
    planned: [],
    answers,
    scenarios: options.scenarios === true ? playScenarios(answers) : options.scenarios || undefined,
    calls: [],
    chatDeployments: ["ideas", "gpt-4.1-mini"],
    chatCalls: [],
    plannedChats: [],
  };
}

function routesOf(service: Service, stopped: AbortSignal): Hono<{ Bindings: HttpBindings }> {
  const routes = new Hono<{ Bindings: HttpBindings }>();
  routes.get("/private/images/*", ({ req }) => service.pictures.read(new URL(req.url)));
  routes.get("/v1/models", ({ req }) => listModels(req.raw, service, "openai"));
  routes.get("/v1/models/:id", ({ req }) => showModel(req.param("id"), req.raw, service));
  routes.get("/openai/v1/models", ({ req }) => listModels(req.raw, service, "azure"));
  for (const path of ["/openai/v1", "/openai/deployments/:deployment", "/v1"])
    routes.post(`${path}/chat/completions`, ({ req }) => answerChat(req.raw, service));
  routes.all("*", ({ req, env }) => {
    const signal = AbortSignal.any([req.raw.signal, stopped]);
    return answerCall(req.raw, service, { signal, hangUp: () => void env.outgoing.destroy() });
  });
  return routes;
}
