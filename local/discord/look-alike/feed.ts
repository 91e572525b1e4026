/** Tells a page what changes for the person that it is, as Discord's gateway tells a client. */
import type { ServerResponse } from "node:http";
import type { PageEvents, Refusal } from "../page-protocol.ts";
import type { Person } from "../places.ts";
import type { FakeMessage } from "../records.ts";
import type { World } from "../world.ts";
import {
  channelOf,
  channelsFor,
  commandsOf,
  interactionsOf,
  isConnected,
  messageOf,
  messagesFor,
  sightOf,
} from "./view.ts";

export type Page = {
  person: Person;
  outgoing: ServerResponse;
  /** What the page was told last, by what it is of. */
  told: Map<string, string>;
  messages: Map<string, { version: string; channelId: string }>;
  channels: Set<string>;
};

export function openPage(
  world: World,
  { person, outgoing, refusals }: Pick<Page, "person" | "outgoing"> & { refusals: readonly Refusal[] },
): Page {
  const page: Page = { person, outgoing, told: new Map(), messages: new Map(), channels: new Set() };
  outgoing.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" });
  tell(page, "READY", { ...sightOf(world, person), refusals: [...refusals] });
  look(world, page, () => undefined);
  return page;
}

type Tell = <Name extends keyof PageEvents>(name: Name, data: PageEvents[Name]) => void;

/** Tells what is new since the last look. */
export function tellChanges(world: World, page: Page): void {
  look(world, page, (name, data) => tell(page, name, data));
}

export function tell<Name extends keyof PageEvents>({ outgoing }: Page, name: Name, data: PageEvents[Name]): void {
  outgoing.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}

function look(world: World, page: Page, say: Tell): void {
  const { person, told } = page;
  const onChange = (what: string, now: unknown, sayIt: () => void) => {
    const text = JSON.stringify(now);
    if (told.get(what) === text) return;
    told.set(what, text);
    sayIt();
  };
  const connected = isConnected(world);
  onChange("connected", connected, () => say("CONNECTED", { connected }));
  const commands = commandsOf(world, person);
  onChange("commands", commands, () => say("COMMANDS", commands));
  lookAtChannels(world, page, { onChange, say });
  lookAtMessages(world, page, say);
  for (const state of interactionsOf(world, person))
    onChange(`interaction ${state.id}`, state, () => say("INTERACTION", state));
}

function lookAtChannels(
  world: World,
  { person, channels }: Page,
  { onChange, say }: { onChange: (what: string, now: unknown, sayIt: () => void) => void; say: Tell },
): void {
  const seen = channelsFor(world, person).map((one) => channelOf(world, one));
  for (const id of channels) {
    if (seen.some((channel) => channel.id === id)) continue;
    channels.delete(id);
    say("CHANNEL_DELETE", { id });
  }
  for (const channel of seen) {
    channels.add(channel.id);
    onChange(`channel ${channel.id}`, channel, () => say("CHANNEL_UPDATE", channel));
  }
}

function lookAtMessages(world: World, { person, messages }: Page, say: Tell): void {
  const seen = new Map(messagesFor(world, person).map((message) => [message.id, message]));
  for (const [id, { channelId }] of messages) {
    if (seen.has(id)) continue;
    messages.delete(id);
    say("MESSAGE_DELETE", { id, channel_id: channelId });
  }
  for (const [id, message] of seen) {
    const version = versionOf(message);
    const before = messages.get(id);
    if (before?.version === version) continue;
    messages.set(id, { version, channelId: message.channelId });
    say(before ? "MESSAGE_UPDATE" : "MESSAGE_CREATE", messageOf(world, message));
  }
}

function versionOf({ edits, flags }: FakeMessage): string {
  return `${edits} ${flags}`;
}
