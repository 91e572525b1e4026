/**
 * From an event to its acknowledgement. The image service holds every call meanwhile, as a slow model does; between two
 * bursts it stops every prompt, so that the line is empty again.
 */
import { WebSocket } from "ws";
import type { FakeDiscord } from "../local/discord/start.ts";
import { teamsClient } from "../test/fakes/microsoft/teams-client.ts";
import { compare, cpuMilliseconds, quantile, words } from "./figures.ts";
import type { Part, Row } from "./figures.ts";
import { PATIENCE_SECONDS, startEasel, startSubject } from "./world.ts";
import type { World } from "./world.ts";

/** Sent at once, this often in a row, and all of that so many times. */
const BURSTS = [
  { atOnce: 1, inARow: 20, times: 5 },
  { atOnce: 30, inARow: 1, times: 4 },
  { atOnce: 200, inARow: 1, times: 2 },
];
const WARM_UP = [...Array<number>(20).fill(1), 30, 30];
const SHOWN_SECONDS = 30;

/** Sends so many at once; milliseconds until each was acknowledged. */
type Send = (atOnce: number) => Promise<number[]>;
type Subject = { name: string; pid: number; send: Send };
/** Milliseconds until the waiting message stood in place of "thinking", by how many were sent at once. */
type Shown = Map<number, number[]>;

export async function measureAcknowledgements(world: World): Promise<Part> {
  const easel = await startEasel(world);
  const discordJs = startSubject("bench/bare-discord.ts", world.environment("bare"));
  const botbuilder = startSubject("bench/bare-teams.ts", world.environment("bare"));
  await discordJs.said(/ready/);
  const barePort = Number((await botbuilder.said(/^port /)).slice(5));
  const shown: Shown = new Map();
  const rows = [
    ...(await takeTurns(world, "Discord", [
      { name: "Easel", pid: easel.pid, send: commandsAtDiscord(world.discord.easel, shown) },
      { name: "discord.js", pid: discordJs.pid, send: commandsAtDiscord(world.discord.bare) },
    ])),
    ...(await takeTurns(world, "Teams", [
      { name: "Easel", pid: easel.pid, send: messagesAtTeams(world, easel.port, "imagine a lighthouse") },
      { name: "botbuilder", pid: botbuilder.pid, send: messagesAtTeams(world, barePort, "hear") },
      { name: "botbuilder with one message", pid: botbuilder.pid, send: messagesAtTeams(world, barePort, "say") },
    ])),
  ];
  await Promise.all([easel, discordJs, botbuilder].map((subject) => subject.end()));
  const notTaken = easel.output.filter((line) => line.includes("a request was not taken")).length;
  const notes = [...shown].map(inWords);
  notes.push(`Requests that Easel did not take, because storage was too slow for a chat turn: ${notTaken}.`);
  return { title: "From event to acknowledgement", rows, notes };
}

/** The subjects take turns, so that what else goes on in the machine meets them alike. The first is Easel. */
async function takeTurns(world: World, platform: string, subjects: Subject[]): Promise<Row[]> {
  for (const { send } of subjects) for (const atOnce of WARM_UP) await send(atOnce);
  await emptyLine(world);
  const rows: Row[] = [];
  for (const { atOnce, inARow, times } of BURSTS) {
    const results = subjects.map((subject) => ({ ...subject, milliseconds: [] as number[], cpu: 0 }));
    for (let time = 0; time < times; time += 1) {
      for (const result of results) {
        await world.orderPictures("hold");
        const before = cpuMilliseconds(result.pid);
        for (let number = 0; number < inARow; number += 1) result.milliseconds.push(...(await result.send(atOnce)));
        result.cpu += (cpuMilliseconds(result.pid) - before) / atOnce / inARow / times;
        if (result.name === "Easel") await emptyLine(world);
      }
    }
    const [easel, ...others] = results;
    for (const bare of easel ? others : []) {
      const what = `${platform}, ${atOnce} at once, over ${bare.name}`;
      for (const part of [0.5, 0.99]) {
        const [ours = 0, theirs = 0] = [easel, bare].map((each) => quantile(each?.milliseconds ?? [], part));
        rows.push(compare(`${what}: p${part * 100}`, ours, theirs, "ms"));
      }
      rows.push(compare(`${what}: CPU for each`, easel?.cpu ?? 0, bare.cpu, "ms"));
    }
  }
  return rows;
}

async function emptyLine(world: World): Promise<void> {
  await world.orderPictures("block");
  await world.untilQuiet();
}

function inWords([atOnce, milliseconds]: [number, number[]]): string {
  const [p50, p99] = [0.5, 0.99].map((part) => words(quantile(milliseconds, part), "ms"));
  const late = milliseconds.filter((each) => !Number.isFinite(each)).length;
  const missed = late ? `; ${late} of ${milliseconds.length} did not stand within ${SHOWN_SECONDS} s` : "";
  return `Discord, ${atOnce} at once: Easel's waiting message stood after ${p50} (p50) and ${p99} (p99)${missed}.`;
}

/** From the event on its way through the gateway until Discord has read the callback. With `shown`, waits for the message as well. */
function commandsAtDiscord(discord: FakeDiscord, shown?: Shown): Send {
  const wire = watchWire(discord);
  return async (atOnce) => {
    const began = performance.now();
    const options = { prompt: "a lighthouse" };
    const sent = await Promise.all(
      Array.from({ length: atOnce }, () => discord.command({ name: "imagine", options, unchecked: true })),
    );
    await Promise.all(sent.map((interaction) => interaction.answered(PATIENCE_SECONDS)));
    if (shown) {
      const stood = sent.map(({ untilOriginal }) =>
        untilOriginal(isShown, SHOWN_SECONDS).then(
          () => performance.now() - began,
          () => Number.POSITIVE_INFINITY,
        ),
      );
      shown.set(atOnce, [...(shown.get(atOnce) ?? []), ...(await Promise.all(stood))]);
    }
    return sent.map(({ id }) => wire(id));
  };
}

function isShown({ content, components }: { content: string; components: readonly unknown[] }): boolean {
  return content !== "" || components.length > 0;
}

/** The fake's own clock counts whole milliseconds, which is too coarse for one command. By the id of an interaction. */
function watchWire({ requests }: FakeDiscord): (id: string) => number {
  const answered = new Map<string, number>();
  requests.push = (...logged) => {
    const id = /^\/interactions\/(\d+)\//.exec(logged[0]?.path ?? "")?.[1];
    if (id) answered.set(id, performance.now());
    return Array.prototype.push.apply(requests, logged);
  };
  return (id) => (answered.get(id) ?? Number.NaN) - (sentAt.get(id) ?? Number.NaN);
}

/** When each interaction left through the gateway of either Discord. */
const sentAt = watchGateway(WebSocket.prototype);

function watchGateway(prototype: { send: (this: WebSocket, ...parameters: never[]) => void }): Map<string, number> {
  const times = new Map<string, number>();
  const send = prototype.send as (...parameters: unknown[]) => void;
  prototype.send = function (this: WebSocket, ...parameters: unknown[]) {
    const id = /"INTERACTION_CREATE".*?"id":"(\d+)"/.exec(String(parameters[0]))?.[1];
    if (id) times.set(id, performance.now());
    return send.apply(this, parameters);
  };
  return times;
}

/** From the post until its answer is read. Each message comes from another person, in a chat of their own. */
function messagesAtTeams({ microsoft }: World, port: number, text: string): Send {
  const client = teamsClient({ microsoft, botUrl: `http://127.0.0.1:${port}/api/messages` });
  let people = 0;
  return async (atOnce) => {
    // Signing is Teams' work: it must not stand between one post and the next.
    const authorization = `Bearer ${microsoft.channelToken()}`;
    const turns = await Promise.all(
      Array.from({ length: atOnce }, () => client.say(text, { user: `person ${(people += 1)}`, authorization })),
    );
    const refused = turns.find(({ status }) => status !== 200);
    if (refused) throw new Error(`a turn was answered with ${refused.status}`);
    return turns.map(({ milliseconds }) => milliseconds);
  };
}
