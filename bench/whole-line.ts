/** The whole line, from `/imagine` to the message with its picture, over a script that calls the same SDKs directly. */
import { setTimeout as pause } from "node:timers/promises";
import type { FakeDiscord } from "../local/discord/start.ts";
import { compare, cpuMilliseconds, median, tally, words } from "./figures.ts";
import type { Call, Part, Row } from "./figures.ts";
import { PATIENCE_SECONDS, startEasel, startSubject } from "./world.ts";
import type { Subject, World } from "./world.ts";

const WARM_UP = 10;
const ROUNDS = 5;
const PICTURES = { 0: 10, 1: 4 };
const IDLE_MILLISECONDS = 20_000;

type Line = { subject: Subject; discord: FakeDiscord };
type Taken = { times: number[]; cpu: number[]; stages: Stages[] };
/** Milliseconds from the event until each of these. */
type Stages = Record<string, number>;

export async function measureWholeLine(world: World): Promise<Part> {
  const easel: Line = { subject: await startEasel(world), discord: world.discord.easel };
  const bare: Line = {
    subject: startSubject("bench/bare-discord.ts", { ...world.environment("bare"), BARE: "draw" }),
    discord: world.discord.bare,
  };
  await bare.subject.said(/ready/);
  await world.orderPictures({ size: "1024x1024", seconds: 0 });
  for (const line of [easel, bare]) await drawSome(line, WARM_UP, world);
  const rows: Row[] = [];
  const notes: string[] = [];
  for (const seconds of [0, 1] as const) {
    await world.orderPictures({ size: "1024x1024", seconds });
    const ours: Taken = { times: [], cpu: [], stages: [] };
    const theirs: Taken = { times: [], cpu: [], stages: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [line, taken] of [
        [easel, ours],
        [bare, theirs],
      ] as const) {
        const drawn = await drawSome(line, PICTURES[seconds], world);
        for (const key of ["times", "cpu", "stages"] as const) (taken[key] as unknown[]).push(...drawn[key]);
        if (seconds === 0 && round === 0)
          notes.push(
            `${line === easel ? "Easel's" : "The script's"} calls to storage for a picture: ${tally(drawn.calls, PICTURES[0])}.`,
          );
      }
    }
    const service = `image service at ${seconds} s`;
    rows.push(compare(`${service}: event to picture, p50`, median(ours.times), median(theirs.times), "ms"));
    rows.push(compare(`${service}: CPU of a picture`, median(ours.cpu), median(theirs.cpu), "ms"));
    if (seconds === 0) notes.push(`Easel's way, medians since the event: ${stagesInWords(ours.stages)}.`);
  }
  const [idle, idleBare] = [await idleCpu(easel.subject), await idleCpu(bare.subject)];
  rows.push(compare("CPU of a minute without work", idle, idleBare, "ms"));
  await Promise.all([easel.subject.end(), bare.subject.end()]);
  return { title: "The whole line", rows, notes };
}

/** One after the other, and then a little time for what is put away when the picture stands. */
async function drawSome(
  { subject, discord }: Line,
  pictures: number,
  world: World,
): Promise<Taken & { calls: Call[] }> {
  const times: number[] = [];
  const stages: Stages[] = [];
  const calls: Call[] = [];
  await world.takeCalls();
  const before = cpuMilliseconds(subject.pid);
  for (let number = 0; number < pictures; number += 1) {
    const options = { prompt: `a lighthouse, number ${number}` };
    const began = performance.now();
    const interaction = await discord.command({ name: "imagine", options, unchecked: true });
    await interaction.untilOriginal(({ attachments }) => attachments.length > 0, PATIENCE_SECONDS);
    times.push(performance.now() - began);
    await pause(50);
    const made = await world.takeCalls();
    calls.push(...made);
    stages.push(stagesOf(made, performance.timeOrigin + began, discord, interaction.token));
  }
  await pause(500);
  return { times, cpu: [(cpuMilliseconds(subject.pid) - before) / pictures], stages, calls };
}

function stagesOf(calls: Call[], began: number, discord: FakeDiscord, token: string): Stages {
  const messages = discord.requests.filter(({ method, path }) => method === "PATCH" && path.includes(token));
  const call = (kind: RegExp, which = 0) => calls.filter((one) => kind.test(one.kind))[which]?.at;
  const at: Record<string, number | undefined> = {
    "first call to storage": call(/POST ticket/),
    "waiting message": messages.find(({ files }) => !files.length)?.time,
    "a turn asked for": call(/PUT pace/),
    "image service called": call(/^draw$/),
    "picture read, checked, on its way into storage": call(/PUT picture/),
    "picture on its way to Discord": messages.find(({ files }) => files.length)?.time,
  };
  return Object.fromEntries(Object.entries(at).flatMap(([name, time]) => (time ? [[name, time - began]] : [])));
}

function stagesInWords(stages: Stages[]): string {
  const names = Object.keys(stages[0] ?? {});
  const middle = (name: string) => median(stages.flatMap((each) => each[name] ?? []));
  return names.map((name) => `${name} ${words(middle(name), "ms")}`).join(", ");
}

async function idleCpu({ pid }: Subject): Promise<number> {
  await pause(3000);
  const before = cpuMilliseconds(pid);
  await pause(IDLE_MILLISECONDS);
  return ((cpuMilliseconds(pid) - before) * 60_000) / IDLE_MILLISECONDS;
}
