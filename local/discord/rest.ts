import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { serveFile } from "./cdn.ts";
import { strike } from "./faults.ts";
import type { FaultKind, LoggedRequest } from "./records.ts";
import { findContract, type Contract } from "./openapi.ts";
import { countCall } from "./rate-limits.ts";
import { invalidForm, refusal, type Answer, type Problem } from "./refusals.ts";
import { readRequest } from "./requests.ts";
import { findRoute, type Route } from "./routes.ts";
import { noteChange, type World } from "./world.ts";

/** Everything that comes over HTTP: the REST interface, and the files that Discord keeps. */
export async function serve(world: World, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const api = incoming.url?.startsWith("/api/") === true;
  return api ? serveApi(world, incoming, outgoing) : serveFile(world, incoming, outgoing);
}

async function serveApi(world: World, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { refused, ...request } = await readRequest(incoming);
  world.requests.push(request);
  noteChange(world);
  const fault = strike(world, request);
  if (fault && "delaySeconds" in fault) await pause(fault.delaySeconds * 1000);
  const standIn = fault && insteadOfAnswer(fault);
  const answer = standIn && !standIn.applied ? standIn.answer : (refused ?? (await answerCall(world, request)));
  if (fault && "headers" in fault) Object.assign((answer.headers ??= {}), fault.headers);
  send(world, request, { outgoing, answer: standIn?.answer ?? answer, fault });
}

function insteadOfAnswer(fault: FaultKind): { answer: Answer; applied: boolean } | undefined {
  if ("answer" in fault) return { answer: fault.answer, applied: fault.applied === true };
  if ("hang" in fault || "cut" in fault) return { answer: { status: 0 }, applied: fault.applied === true };
  return undefined;
}

function send(
  world: World,
  request: LoggedRequest,
  { outgoing, answer, fault }: { outgoing: ServerResponse; answer: Answer; fault?: FaultKind },
): void {
  if (fault && "hang" in fault) return;
  if (fault && "cut" in fault) {
    outgoing.socket?.destroy();
    return;
  }
  request.status = answer.status;
  request.answer = answer.body;
  const type = answer.body === undefined ? {} : { "content-type": "application/json" };
  outgoing.writeHead(answer.status, { ...type, ...answer.headers });
  outgoing.end(answer.page ?? (answer.body === undefined ? undefined : JSON.stringify(answer.body)));
  noteChange(world);
}

async function answerCall(world: World, request: LoggedRequest): Promise<Answer> {
  const route = findRoute(request);
  const contract = findContract(request.method, request.path);
  if (route === undefined) return refuseUnknown(world, request, contract);
  if (!route.byToken && request.headers.authorization !== `Bot ${world.token}`) return refusal(0);
  const { headers, refused } = countCall(world, request);
  const answer = refused ?? (await answerByContract(world, request, { route, contract }));
  return { ...answer, headers: { ...headers, ...answer.headers } };
}

async function answerByContract(
  world: World,
  request: LoggedRequest,
  { route, contract }: { route: Route & { parts: string[] }; contract?: Contract },
): Promise<Answer> {
  const problems = contract?.checkRequest(request.body) ?? [];
  const answer = problems.length > 0 ? invalidForm(problems) : await route.handle(world, request, route.parts);
  if (isInvalidForm(answer)) note(world, request, { kind: "request", problems: readProblems(answer) });
  const sent = answer.body === undefined ? undefined : (JSON.parse(JSON.stringify(answer.body)) as unknown);
  const wrong = contract?.checkAnswer(answer.status, sent) ?? [];
  if (wrong.length > 0) note(world, request, { kind: "answer", problems: wrong });
  return answer;
}

/** A call that Discord has and the fake has not is the fake's fault, and is told as such. */
function refuseUnknown(world: World, request: LoggedRequest, contract: Contract | undefined): Answer {
  const message = contract ? "the fake does not play this call" : "Discord has no such call";
  note(world, request, {
    kind: contract ? "answer" : "request",
    problems: [{ path: [], code: "UNKNOWN_CALL", message }],
  });
  return { status: 404, body: { code: 0, message: "404: Not Found" } };
}

function note(
  world: World,
  { method, path }: LoggedRequest,
  found: { kind: "request" | "answer"; problems: Problem[] },
): void {
  world.violations.push({ call: `${method} ${path}`, ...found });
}

function isInvalidForm({ body }: Answer): boolean {
  return (body as { code?: number } | undefined)?.code === 50035;
}

function readProblems({ body }: Answer): Problem[] {
  const problems: Problem[] = [];
  const read = (errors: Record<string, unknown>, path: string[]): void => {
    for (const [name, value] of Object.entries(errors)) {
      if (name !== "_errors") read(value as Record<string, unknown>, [...path, name]);
      else for (const error of value as Omit<Problem, "path">[]) problems.push({ path, ...error });
    }
  };
  read((body as { errors: Record<string, unknown> }).errors, []);
  return problems;
}
