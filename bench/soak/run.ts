/**
 * `npm run soak`: an hour of a busy team in some minutes, with faults on all wires, and at the end a judgement. `short` for a
 * look of two minutes or so; `--commands 1200`, `--seed 7`, `--faults 0.01`, `--end-every 90` (commands between two ends of a
 * process), `--focus discord,connector` (ten times as many faults there: storage has nine calls of ten).
 */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { chanceOf } from "./chance.ts";
import type { Chance } from "./chance.ts";
import { note } from "./command.ts";
import type { Command, Doings } from "./command.ts";
import { discordPeople } from "./discord-people.ts";
import { disturb, disturbGateway } from "./disturb.ts";
import { gatherEvidence } from "./evidence.ts";
import { SERVICES } from "./faults.ts";
import type { Service } from "./faults.ts";
import { openFrontDoor } from "./front-door.ts";
import type { Gauge } from "./gauge-mark.ts";
import { readGauge } from "./read-gauge.ts";
import { judgeAnswers } from "./judge-answers.ts";
import type { Verdict } from "./judge-answers.ts";
import { count, judgeCosts } from "./judge-costs.ts";
import { judgeProcesses, judgeStorage } from "./judge-rest.ts";
import type { Measured } from "./judge-rest.ts";
import { storyOf, troublesOf } from "./story.ts";
import { teamsPeople } from "./teams-people.ts";
import { startSoakWorld } from "./world.ts";
import type { SoakWorld } from "./world.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    commands: { type: "string" },
    seed: { type: "string" },
    faults: { type: "string", default: "0.01" },
    "end-every": { type: "string", default: "90" },
    focus: { type: "string", default: "" },
  },
});
const isShort = positionals.includes("short");
const total = Number(values.commands ?? (isShort ? 120 : 1200));
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const probability = Number(values.faults);
const endEvery = Number(values["end-every"]);
const focused = values.focus.split(",");
const probabilityOf = (well = false) =>
  Object.fromEntries(
    SERVICES.map((service) => [service, well ? 0 : probability * (focused.includes(service) ? 10 : 1)]),
  ) as Record<Service, number>;

/** So many people wait for something at once: as fast as the machine can, and not faster. */
const MOST_WAITING = 30;
const BETWEEN_MILLISECONDS = 60;
/** After this part of the commands the processes are left alone, so that it can be seen what they keep. */
const DISTURBED_PART = 0.65;
/** Then everything has come to an end, or never will: a hold of a dead worker, a look for stranded jobs, some tries. */
const SETTLE_SECONDS = 200;
const QUIET_SECONDS = 60;
const STARVED_MILLISECONDS = 700;

console.log(`soak: ${total} commands, seed ${seed}, ${probability * 100} % faults`);
const chance = chanceOf(seed);
const world = await startSoakWorld(chance.part("faults"), probabilityOf());
// Also where the soak itself breaks: nobody else would end them.
process.on("exit", () => {
  for (const { end, subject } of world.replicas) if (!end) endNow(subject.pid);
});
const door = await openFrontDoor(world.replicas, chance.part("door"), probability);
const commands: Command[] = [];
const gatewayTroubles: number[] = [];
const starved = watchMachine();
const began = Date.now();
try {
  process.exitCode = (await soak()) ? 0 : 1;
} finally {
  door.stop();
  await world.stop();
}
process.exit();

async function soak(): Promise<boolean> {
  await Promise.all([world.start("A"), world.start("B")]);
  await untilReady(2);
  const doings = {
    discord: await discordPeople(world, chance.part("discord")),
    teams: await teamsPeople(world, door.url, chance.part("teams")),
  };
  const people = chance.part("people");
  await work(doings, people, Math.round(total * DISTURBED_PART), true);
  await untilReady(2);
  await untilOver(QUIET_SECONDS);
  const before = await gauges();
  const sinceThen = commands.length;
  await work(doings, people, total, false);
  await untilOver(QUIET_SECONDS);
  const seconds = Math.round((Date.now() - began) / 1000);
  // A world that is well again: from here on everything has to come to an end.
  world.traffic.probability = probabilityOf(true);
  const ticketsLeft = await settle();
  const after = await gauges();
  const measured = [...before].flatMap(([process, gauge]): Measured[] => {
    const now = after.get(process);
    const replica = world.replicas.find((one) => one.process === process);
    return now && replica ? [{ replica, before: gauge, after: now, commands: commands.length - sinceThen }] : [];
  });
  const evidence = await gatherEvidence(world, { door, commands, gatewayTroubles, starved });
  const verdicts = [
    ...judgeAnswers(evidence),
    ...judgeCosts(evidence),
    ...judgeStorage(evidence, ticketsLeft),
    ...judgeProcesses(evidence, measured),
    judgeForm(world),
  ];
  tell(verdicts, seconds);
  tellBroken(verdicts, evidence);
  return verdicts.every(({ broken }) => !broken.length);
}

function endNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is over already.
  }
}

/** When the machine, busy with something else, left this process alone for so long: what has a time limit may then be missed. */
function watchMachine(): number[] {
  const times: number[] = [];
  let last = Date.now();
  setInterval(() => {
    const now = Date.now();
    if (now - last > STARVED_MILLISECONDS) times.push(last, now);
    last = now;
  }, 100).unref();
  return times;
}

/** Lets people do things until there are `until` commands. */
async function work(doings: Record<Command["platform"], Doings>, people: Chance, until: number, disturbed: boolean) {
  let nextEnd = commands.length + endEvery / 2;
  while (commands.length < until) {
    if (commands.filter(({ isOver, at }) => !isOver && Date.now() - at < 60_000).length >= MOST_WAITING) {
      await pause(BETWEEN_MILLISECONDS);
      continue;
    }
    begin(doings, people);
    if (disturbed && probability > 0 && commands.length >= nextEnd && disturb(world)) nextEnd += endEvery;
    if (people.happens(probability)) gatewayTroubles.push(disturbGateway(world, people));
    if (commands.length % 100 === 0)
      console.log(`  ${commands.length} commands after ${Math.round((Date.now() - began) / 1000)} s`);
    await pause(BETWEEN_MILLISECONDS);
  }
}

function begin(doings: Record<Command["platform"], Doings>, people: Chance): void {
  const platform = people.pick(["discord", "teams"] as const);
  const kinds = Object.entries(doings[platform]).flatMap(([kind, { often }]) =>
    Array.from({ length: often }, () => kind),
  );
  const kind = people.pick(kinds);
  const number = commands.length + 1;
  const tag = `picture-${number}-${platform.charAt(0)}`;
  const command: Command = {
    number,
    platform,
    kind,
    user: "",
    at: Date.now(),
    tag,
    notes: [],
    interactions: [],
    turns: [],
    isOver: false,
  };
  commands.push(command);
  note(command, `command ${number}: ${platform}, ${kind}`);
  void doings[platform][kind]
    ?.act(command)
    .catch((error: unknown) => note(command, `goes away: ${String(error).slice(0, 300)}`))
    .finally(() => (command.isOver = true));
}

async function untilReady(least: number): Promise<void> {
  const end = Date.now() + 120_000;
  while (world.replicas.filter(({ isReady }) => isReady).length < least) {
    if (Date.now() > end) {
      const words = world.replicas.map(
        ({ process, subject }) => `${process}:\n${subject.output.slice(-30).join("\n")}`,
      );
      throw new Error(`the replicas do not become ready:\n${words.join("\n")}`);
    }
    await pause(100);
  }
}

/** Until nothing is under way, so far as that can be seen from storage; or so many seconds. */
async function untilOver(seconds: number): Promise<number> {
  for (const end = Date.now() + seconds * 1000; ; await pause(1000)) {
    const { approximateMessagesCount: tickets = 0 } = await world.storage.queue.getProperties();
    if ((!tickets && commands.every(({ isOver }) => isOver)) || Date.now() > end) return tickets;
  }
}

async function settle(): Promise<number> {
  const tickets = await untilOver(SETTLE_SECONDS);
  // What is put away after the answer, and answers that no job gives.
  await pause(20_000);
  return tickets;
}

async function gauges(): Promise<Map<string, Gauge>> {
  const alive = world.replicas.filter(({ end }) => !end);
  const read = await Promise.all(alive.map(async (replica) => [replica.process, await readGauge(replica)] as const));
  return new Map(read.flatMap(([process, gauge]) => (gauge ? [[process, gauge] as const] : [])));
}

/** How fast an invoke is answered says as much about the machine as about the bot: late ones are told and not judged. */
function judgeForm({ discord, microsoft }: SoakWorld): Verdict {
  const what = "nothing is sent that a platform refuses as malformed, or does not show";
  const ours = discord.violations.map(
    ({ kind, call, problems }) => `Discord, ${kind} ${call}: ${JSON.stringify(problems).slice(0, 300)}`,
  );
  const isLate = (words: string) => /not answered in time|HTTP 50[23]/.test(words);
  const late = microsoft.violations.filter((one) => isLate(one.what));
  const theirs = microsoft.violations
    .filter((one) => !isLate(one.what))
    .map((one) => `Teams, ${one.about} ${one.where}: ${one.what}`);
  return {
    what,
    count: discord.requests.length + microsoft.log.length,
    broken: [...new Set([...ours, ...theirs])].map((about) => ({ promise: what, about, keys: [] })),
    note: `${late.length} presses at Teams were answered late, or not at all`,
  };
}

function tell(verdicts: Verdict[], seconds: number): void {
  const { traffic, replicas } = world;
  const faulty = traffic.calls.filter(({ fault }) => fault);
  console.log(`\n${commands.length} commands in ${seconds} s: ${count(commands.map(({ kind }) => kind))}`);
  console.log(
    `${traffic.calls.length} calls over the wires, ${faulty.length} of them with a fault: ${count(faulty.map(({ service }) => service))}`,
  );
  console.log(count(faulty.map(({ fault }) => fault?.name ?? "").map((name) => name.replace(/\d{3}/, "…"))));
  const ends = replicas.flatMap(({ process, end }) => (end ? [`${process} ${end.by}`] : []));
  const starts = replicas.map(({ startedAt, readyAt }) =>
    readyAt ? ((readyAt - startedAt) / 1000).toFixed(1) : "never",
  );
  console.log(
    `processes ended: ${ends.join(", ")}; ready after ${starts.join(", ")} s; troubles of Discord's gateway: ${gatewayTroubles.length}`,
  );
  console.log(`the machine was too busy for the soak itself ${starved.length / 2} times`);
  console.table(verdicts.map(({ what, count, broken }) => ({ promise: what, of: count, broken: broken.length })));
  for (const { what, note } of verdicts) if (note) console.log(`${what}: ${note}`);
}

function tellBroken(verdicts: Verdict[], evidence: Awaited<ReturnType<typeof gatherEvidence>>): void {
  const broken = verdicts.flatMap((verdict) => verdict.broken);
  if (!broken.length) return;
  const directory = mkdtempSync(join(tmpdir(), `easel-soak-${seed}-`));
  console.log(`\n${broken.length} broken promises of seed ${seed}; their stories are in ${directory}`);
  writeFileSync(join(directory, "troubles.txt"), troublesOf(evidence).join("\n"));
  for (const [index, { promise, about, keys, command }] of broken.slice(0, 100).entries()) {
    const heading = `${index + 1}. ${promise}\n   ${about}${command ? `\n   command ${command.number}: ${command.platform}, ${command.kind}` : ""}`;
    console.log(heading);
    const story = keys.length ? storyOf(keys, command, evidence) : [];
    writeFileSync(join(directory, `${index + 1}.txt`), [heading, "", ...story].join("\n"));
  }
}
