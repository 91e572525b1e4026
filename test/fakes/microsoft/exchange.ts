/** One request and its answer, as the stand-ins see them, and what a test may let go wrong between the two. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { writeFile, type SentFile } from "./file-writing.ts";

export type ReceivedRequest = {
  at: number;
  host: string;
  method: string;
  /** Decoded, without the query. */
  path: string;
  /** The path's parts, each decoded by itself. */
  segments: string[];
  query: Record<string, string>;
  headers: Record<string, string | undefined>;
  text: string;
  /** The JSON of `text`; undefined if it is none. */
  body: unknown;
};

export type LoggedRequest = ReceivedRequest & { status?: number; answer?: unknown; fault?: Fault };

/** `body` is sent as JSON, `file` and `page` as they are. */
export type Answer = {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
  file?: SentFile;
  page?: string;
};

/**
 * `hang` never answers, `cut` closes the connection; in both the request has no effect. `lose` lets it take effect and
 * then cuts, so that the answer is lost. `delay` in milliseconds, then as usual. An answer is given in place of the right one.
 */
export type Fault = "hang" | "cut" | "lose" | { delay: number } | Answer;

/** Which requests: all that is named here must fit. */
export type Matcher = { host?: string; method?: string; path?: RegExp; text?: RegExp };

type PlannedFault = { matcher: Matcher; fault: Fault; left: number };

export type Faults = {
  plan(matcher: Matcher, fault: Fault, times?: number): () => void;
  next(request: ReceivedRequest): Fault | undefined;
};

export function planFaults(): Faults {
  let planned: PlannedFault[] = [];
  return {
    plan(matcher, fault, times = 1) {
      const one = { matcher, fault, left: times };
      planned.push(one);
      return () => {
        planned = planned.filter((other) => other !== one);
      };
    },
    next(request) {
      const one = planned.find(({ matcher, left }) => left > 0 && fits(matcher, request));
      if (one) one.left -= 1;
      return one?.fault;
    },
  };
}

function fits(matcher: Matcher, request: ReceivedRequest): boolean {
  return (
    (matcher.host === undefined || matcher.host === request.host) &&
    (matcher.method === undefined || matcher.method === request.method) &&
    (matcher.path === undefined || matcher.path.test(request.path)) &&
    (matcher.text === undefined || matcher.text.test(request.text))
  );
}

export type Exchange = {
  log: LoggedRequest[];
  faults: Faults;
  answer(request: ReceivedRequest): Answer | Promise<Answer>;
};

/** Writes the request down, lets a planned fault happen, and answers. */
export async function handleExchange(
  incoming: IncomingMessage,
  response: ServerResponse,
  exchange: Exchange,
): Promise<void> {
  const request = await receive(incoming);
  const fault = exchange.faults.next(request);
  const logged: LoggedRequest = { ...request, ...(fault !== undefined && { fault }) };
  exchange.log.push(logged);

  if (fault === "hang") return;
  if (fault === "cut") return void incoming.socket.destroy();
  if (typeof fault === "object" && "delay" in fault) await wait(fault.delay);

  const isReplaced = typeof fault === "object" && "status" in fault;
  const answer = isReplaced ? fault : await exchange.answer(request);
  logged.status = answer.status;
  logged.answer = answer.body;
  if (fault === "lose") return void incoming.socket.destroy();
  if (answer.file) return writeFile(response, answer.status, answer.file);

  const body = answer.page ?? (answer.body === undefined ? "" : JSON.stringify(answer.body));
  const type = answer.body === undefined ? {} : { "content-type": "application/json; charset=utf-8" };
  response.writeHead(answer.status, { ...type, ...answer.headers }).end(body);
}

async function receive(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const host = (incoming.headers.host ?? "").replace(/:\d+$/, "");
  const url = new URL(incoming.url ?? "/", `https://${host || "localhost"}`);
  const segments = url.pathname.split("/").filter(Boolean).map(decodeURIComponent);
  return {
    at: Date.now(),
    host,
    method: incoming.method ?? "",
    path: `/${segments.join("/")}`,
    segments,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
    text,
    body: parse(text),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
