/** What can go wrong with one call of the bot to the outside world: members of kinds, each in the words of the service that is called. */
import { rateLimited } from "../../local/discord/refusals.ts";
import { refusals, throttled } from "../../test/fakes/microsoft/refusals.ts";
import { storageRefusals } from "../../test/fakes/storage-refusals.ts";
import type { Chance } from "./chance.ts";

export const SERVICES = [
  "discord",
  "gateway",
  "files",
  "connector",
  "entra",
  "identity",
  "blob",
  "queue",
  "table",
  "images",
] as const;
export type Service = (typeof SERVICES)[number];

type Answer = { status: number; headers?: Record<string, string>; body?: string };

/** `answer` stands in place of the service's own; nothing reaches the service. Of the cuts and hangs, `takesEffect` tells whether it did. */
export type Fault = { name: string; takesEffect: boolean } & (
  | { answer: Answer }
  | { cut: "before" | "after" | "within" }
  | { hangSeconds: number }
  | { lateSeconds: number }
);

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});
const wait = (seconds: number | undefined): Record<string, string> =>
  seconds === undefined ? {} : { "retry-after": String(seconds) };
const xml = (status: number, code: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { "content-type": "application/xml", "x-ms-error-code": code, ...headers },
  body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
});

type Voice = {
  /** Its own trouble, as it words it: 5xx, and refusals that have been seen to pass. */
  broken: Answer[];
  /** Its own "too many", with a wait and without one. */
  busy(seconds: number | undefined): Answer;
};

const plainBusy: Voice["busy"] = (seconds) => ({ status: 429, headers: wait(seconds) });
const own = ({ status, body, headers }: { status: number; body?: unknown; headers?: Record<string, string> }): Answer =>
  body === undefined ? { status, headers } : json(status, body, headers);
const discord: Voice = {
  broken: [
    json(500, { message: "500: Internal Server Error", code: 0 }),
    json(503, { message: "The resource is currently overloaded", code: 130_000 }),
  ],
  busy: (seconds) =>
    seconds === undefined
      ? { status: 429, headers: { "content-type": "text/plain" }, body: "error code: 1015" }
      : own(rateLimited(seconds)),
};
const passing = [
  xml(500, "InternalError"),
  xml(500, "OperationTimedOut"),
  ...[
    storageRefusals.serverBusy,
    storageRefusals.unauthenticated,
    storageRefusals.authorizationFailure,
    storageRefusals.permissionMismatch,
  ].map(({ status, code }) => xml(status, code)),
];
const storage = (...gone: { status: number; code: string }[]): Voice => ({
  broken: [...passing, ...gone.map(({ status, code }) => xml(status, code))],
  busy: (seconds) => xml(503, "ServerBusy", wait(seconds)),
});
const entra: Voice = {
  broken: [
    json(503, {
      error: "temporarily_unavailable",
      error_description: "AADSTS90033: A transient error has occurred.",
      error_codes: [90_033],
    }),
    json(500, {
      error: "server_error",
      error_description: "AADSTS90036: MSODSServerUnavailable",
      error_codes: [90_036],
    }),
  ],
  busy: (seconds) => json(429, { error: "temporarily_unavailable", error_codes: [90_055] }, wait(seconds)),
};

const voices: Record<Service, Voice> = {
  discord,
  gateway: { broken: [{ status: 503 }], busy: plainBusy },
  files: { broken: [{ status: 500 }, { status: 503 }], busy: plainBusy },
  connector: {
    broken: [
      refusals.internalError,
      refusals.serviceUnavailable,
      refusals.preconditionFailed,
      refusals.badGateway,
      // Of a chat that exists: MicrosoftDocs/msteams-docs#9425.
      refusals.conversationNotFound,
    ].map(own),
    busy: (seconds) => own(throttled(seconds)),
  },
  entra,
  identity: { broken: [json(500, { statusCode: 500, message: "An unexpected error occurred." })], busy: plainBusy },
  blob: storage(storageRefusals.containerBeingDeleted, storageRefusals.containerNotFound),
  queue: storage(storageRefusals.queueBeingDeleted, storageRefusals.queueNotFound),
  table: storage(storageRefusals.serverBusy, storageRefusals.authorizationFailure),
  images: {
    broken: [
      json(500, {
        error: {
          message: "The server had an error while processing your request.",
          type: "server_error",
          param: null,
          code: null,
        },
      }),
      json(503, {
        error: {
          message: "The service is temporarily unable to process your request.",
          type: "server_error",
          param: null,
          code: "503",
        },
      }),
    ],
    busy: (seconds) =>
      json(
        429,
        {
          error: {
            code: "RateLimitReached",
            message:
              "Requests to the Images API have exceeded call rate limit of your current tier." +
              (seconds === undefined ? "" : ` Please retry after ${seconds} seconds.`),
          },
        },
        wait(seconds),
      ),
  },
};

/** A gateway's, a proxy's, a firewall's: nothing in it is the service's own. */
const STATUSES = [400, 401, 403, 404, 405, 408, 409, 413, 451, 500, 502, 503, 504, 520, 522];
/** Longer than any client of ours should wait for one call, and bounded. */
const HANG_SECONDS = 45;

const kinds: ((service: Service, chance: Chance) => Fault)[] = [
  (_, chance) => {
    const status = chance.pick(STATUSES);
    const body = `<!DOCTYPE html><html><head><title>${status}</title></head><body><h1>Error ${status}</h1></body></html>`;
    return {
      name: `an HTML page with ${status}`,
      takesEffect: false,
      answer: { status, headers: { "content-type": "text/html; charset=UTF-8" }, body },
    };
  },
  (_, chance) => {
    const status = chance.pick(STATUSES);
    return { name: `a bare ${status}`, takesEffect: false, answer: { status } };
  },
  (service, chance) => {
    const seconds = chance.pick([1, 2, 5]);
    return { name: `too many, wait ${seconds} s`, takesEffect: false, answer: voices[service].busy(seconds) };
  },
  (service) => ({ name: "too many, no wait named", takesEffect: false, answer: voices[service].busy(undefined) }),
  (service, chance) => {
    const answer = chance.pick(voices[service].broken);
    return { name: `its own ${answer.status}`, takesEffect: false, answer };
  },
  () => ({ name: "cut before it went out", takesEffect: false, cut: "before" }),
  () => ({ name: "cut after it took effect", takesEffect: true, cut: "after" }),
  () => ({ name: "cut within the answer", takesEffect: true, cut: "within" }),
  (_, chance) => {
    const lateSeconds = chance.pick([0.5, 2, 4]);
    return { name: `${lateSeconds} s late`, takesEffect: true, lateSeconds };
  },
  () => ({ name: `hangs ${HANG_SECONDS} s and is cut`, takesEffect: false, hangSeconds: HANG_SECONDS }),
  () => ({ name: `takes effect, hangs ${HANG_SECONDS} s and is cut`, takesEffect: true, hangSeconds: HANG_SECONDS }),
];

export function pickFault(service: Service, chance: Chance): Fault {
  return chance.pick(kinds)(service, chance);
}

/** The caller cannot know whether the call took effect, and it did. */
export function losesAnswer(fault: Fault | undefined): boolean {
  return fault !== undefined && fault.takesEffect && !("lateSeconds" in fault);
}
