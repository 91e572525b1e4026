import type { LoggedRequest } from "../discord/records.ts";
import type { FakeDiscord } from "../discord/start.ts";
import { callbackKind } from "../discord/wire.ts";

/** Tells in a sentence what Easel asks of Discord, and what Discord makes of it. */
export function watchCalls({ world }: FakeDiscord, tell: (what: string) => void): void {
  const told = new WeakSet<LoggedRequest>();
  world.watchers.add(() => {
    for (const request of world.requests) {
      if (request.status === undefined || told.has(request)) continue;
      told.add(request);
      const what = nameOf(request, world.channels);
      if (what) tell(`${what}: ${outcomeOf(request)}`);
      // What was uploaded is kept where it is shown, and a demo may last.
      request.files = [];
    }
  });
}

function nameOf({ method, path, body }: LoggedRequest, channels: FakeDiscord["world"]["channels"]): string | undefined {
  if (path.endsWith("/callback")) return `Easel ${firstAnswers[(body as { type?: number } | undefined)?.type ?? 0]}`;
  if (path.startsWith("/webhooks/")) return `Easel ${byKey[method] ?? method} with the key of the event`;
  const [, id = "", inMessages] = /^\/channels\/(\d+)(\/messages)?/.exec(path) ?? [];
  if (!inMessages) return path === "/users/@me/channels" ? "Easel opens a direct chat" : undefined;
  const { kind, name } = channels.get(id) ?? {};
  return `Easel ${byBot[method] ?? method} in ${kind === "direct" ? "the direct chat" : `#${name}`} with its own token`;
}

const firstAnswers: Record<number, string> = {
  [callbackKind.message]: "answers with a message",
  [callbackKind.deferredMessage]: "says that it is thinking",
  [callbackKind.deferredUpdate]: "takes the press",
  [callbackKind.update]: "changes the message that was pressed",
  [callbackKind.choices]: "offers choices",
  [callbackKind.modal]: "opens a form",
};
const byKey: Record<string, string> = {
  GET: "reads its answer",
  POST: "adds a message",
  PATCH: "changes its answer",
  DELETE: "takes its answer away",
};
const byBot: Record<string, string> = {
  GET: "reads a message",
  POST: "posts a message",
  PATCH: "changes a message",
  DELETE: "takes a message away",
};

function outcomeOf({ status = 0, answer }: LoggedRequest): string {
  if (status < 300) return "taken";
  const { code, message } = (answer ?? {}) as { code?: number; message?: string };
  return message === undefined ? `a page with ${status}` : `${code ? `${code} ` : `${status} `}${message}`;
}
