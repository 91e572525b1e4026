import { setTimeout as pause } from "node:timers/promises";
import { readRecordedAnswer } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { closeCall, noteCall } from "./call.ts";
import type { Call } from "./call.ts";
import { checkIdentity, readBody, resolveModel } from "./door.ts";
import { drawCall } from "./draw-call.ts";
import { finish } from "./finish.ts";
import { Misconfigured, Refused } from "./refused.ts";
import * as refusals from "./refusals.ts";
import type { Service, Visit } from "./service.ts";
import { readSurface } from "./surface.ts";

export type Connection = Pick<Visit, "hangUp" | "signal">;

/** The walk of one call through the service, from its address to its answer. */
export async function answerCall(request: Request, service: Service, connection: Connection): Promise<Response> {
  let hungUp = false;
  const hangUp = () => {
    hungUp = true;
    connection.hangUp();
  };
  const call = watchCall(request, service, () => hungUp);
  const surface = readSurface(new URL(request.url));
  if (!surface || request.method !== "POST") return finish({ call }, "misconfigured", refusals.wrongPath());
  Object.assign(call, { surface: surface.name, operation: surface.operation });
  const visit: Visit = { request, call, surface, service, signal: connection.signal, hangUp };
  try {
    return await answerVisit(visit);
  } catch (error) {
    if (error instanceof Misconfigured) return finish(visit, "misconfigured", error.answer);
    if (error instanceof Refused) return finish(visit, "refused", error.answer);
    if (!connection.signal.aborted) throw error;
    closeCall(call, "client left", undefined);
    return nothingMore();
  }
}

async function answerVisit(visit: Visit): Promise<Response> {
  const { request, call, surface, service, signal } = visit;
  checkIdentity(request, surface.provider, service);
  const form = await readBody(request, surface);
  const { prompt, ...parameters } = form.parameters;
  call.parameters = parameters;
  call.prompt = typeof prompt === "string" ? prompt : "";
  call.inputPictures = form.pictures.length;
  call.streamed = parameters.stream === true;
  const model = resolveModel(parameters, surface, service);
  call.model = model;
  call.deployment = surface.deployment ?? String(parameters.model);
  const { waitSeconds } = service.pace?.(call.deployment) ?? {};
  if (waitSeconds) return finish(visit, "rate limited", refusals.tooManyRequests(waitSeconds, surface.provider));

  await service.gate.pass(signal);
  const planned = await nextPlanned(service, call);
  if (planned) return finish(visit, "played", planned);
  const scenario = call.prompt ? await service.scenarios?.(call.prompt, signal) : undefined;
  if (scenario?.answer) return finish(visit, "played", scenario.answer);
  if (scenario?.silence) return keepSilent(scenario.silence, visit);
  if (scenario) form.parameters.prompt = scenario.prompt;
  return drawCall(form, model, scenario, visit);
}

async function nextPlanned(service: Service, call: Call): Promise<Answer | undefined> {
  const next = service.planned.shift();
  const planned = typeof next === "function" ? await next(call) : next;
  return typeof planned === "string" ? readRecordedAnswer(service.answers, planned) : planned;
}

async function keepSilent(silence: "hang" | "reset", { hangUp, signal, call }: Visit): Promise<Response> {
  if (silence === "hang") await pause(86_400_000, undefined, { signal });
  closeCall(call, "played", undefined);
  hangUp();
  return nothingMore();
}

/** For a connection that is gone: nobody reads it. */
function nothingMore(): Response {
  return new Response(null, { status: 499 });
}

function watchCall(request: Request, service: Service, hungUp: () => boolean): Call {
  const call = noteCall(request);
  service.calls.push(call);
  request.signal.addEventListener("abort", () => {
    if (hungUp()) return;
    call.clientLeft = true;
    closeCall(call, "client left", undefined);
  });
  return call;
}
