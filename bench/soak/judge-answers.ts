/** Promises to people: every accepted command has one answer, whole and for good, and nobody looks at "thinking" for ever. */
import { isFinished } from "../../src/jobs/job.ts";
import type { Job } from "../../src/jobs/job.ts";
import { buttonsOf, picturesOf } from "../../local/discord/reading.ts";
import { actionsOf } from "../../test/fakes/microsoft/card-actions.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import type { PlayedInteraction } from "../../local/discord/played-interaction.ts";
import type { StandingActivity } from "../../test/fakes/microsoft/conversations.ts";
import { callbackKind, messageFlag } from "../../local/discord/wire.ts";
import type { Turn } from "../../test/fakes/microsoft/teams-client.ts";
import type { Command } from "./command.ts";
import { commandOfJob, keysOfJob, killsBetween, wasStarved } from "./evidence.ts";
import type { Evidence } from "./evidence.ts";
import { losesAnswer } from "./faults.ts";
import type { WireCall } from "./wire.ts";

/** A promise that was not kept: by whom that is known, and to whom. */
export type Broken = { promise: string; about: string; keys: string[]; command?: Command };
export type Verdict = { what: string; count: number; broken: Broken[]; note?: string };

export const PROMISES = {
  ended: "an accepted command comes to an end",
  one: "an accepted command has exactly one answer",
  waiting: "no message says “on its way” for ever",
  whole: "an answer shows all pictures that were kept",
  thinking: "nobody looks at “thinking” for ever",
  heard: "whatever a person does is answered",
  deleted: "what was asked to be deleted is gone",
} as const;

type Answer = { isWaiting: boolean; pictures: number };

export function judgeAnswers(evidence: Evidence): Verdict[] {
  const { jobs, commands } = evidence;
  const broken: Record<keyof typeof PROMISES, Broken[]> = {
    ended: [],
    one: [],
    waiting: [],
    whole: [],
    thinking: [],
    heard: [],
    deleted: [],
  };
  const ordered = jobs.filter(({ order }) => order);
  for (const job of ordered) {
    const told = (promise: keyof typeof PROMISES, about: string) =>
      broken[promise].push({
        promise: PROMISES[promise],
        about: `${job.id}: ${about}`,
        keys: keysOfJob(job, evidence),
        command: commandOfJob(job, commands),
      });
    if (!isFinished(job)) told("ended", `pictures are ${job.pictures.map(({ state }) => state).join(", ")}`);
    if (job.undeliverable) told("one", `given up as undeliverable: ${job.undeliverable}`);
    const answers = answersTo(job, evidence);
    const finals = answers.filter(({ isWaiting }) => !isWaiting);
    const orphans = job.id.startsWith("teams-") ? lostPosts(job, evidence) : 0;
    if (!finals.length || finals.length > 1 + orphans) told("one", `${finals.length} answers stand`);
    if (answers.length - finals.length > orphans)
      told("waiting", `${answers.length - finals.length} waiting messages stand`);
    const kept = job.pictures.filter(({ state }) => state === "kept").length;
    if (finals.length && kept && !finals.some(({ pictures }) => pictures === kept))
      told("whole", `${kept} kept, ${finals.map(({ pictures }) => pictures).join(" and ")} shown`);
    if (job.pictures.some(({ state }) => state === "deleting")) told("deleted", "a picture is still marked");
  }
  for (const command of commands) judgeCommand(command, evidence, broken);
  const acts = commands.flatMap(({ interactions, turns }) => [...interactions, ...turns]).length;
  const counts: Partial<Record<keyof typeof PROMISES, number>> = { thinking: acts, heard: acts };
  return (Object.keys(PROMISES) as (keyof typeof PROMISES)[]).map((name) => ({
    what: PROMISES[name],
    count: counts[name] ?? ordered.length,
    broken: broken[name],
  }));
}

function answersTo(job: Job, evidence: Evidence): Answer[] {
  if (job.id.startsWith("teams-"))
    return evidence.activities.filter((activity) => isOfJob(activity, job)).map(readActivity);
  const interaction = job.id.slice("discord-".length);
  const own = ({ interactionId, sender, components }: FakeMessage) =>
    interactionId === interaction || (sender === "bot" && JSON.stringify(components).includes(job.id));
  return evidence.messages.filter(own).map(readMessage);
}

function readMessage(message: FakeMessage): Answer {
  const cancels = buttonsOf(message).some(({ customId }) => customId?.startsWith("cancel:"));
  const isLoading = (message.flags & messageFlag.loading) !== 0;
  return { isWaiting: cancels || isLoading, pictures: picturesOf(message).length };
}

type Data = { do?: string; ref?: string; job?: string };
const dataOf = (activity: StandingActivity) => actionsOf(activity).map(({ data }) => (data ?? {}) as Data);

/** By its buttons, which a list of pictures has not; or by where the job knows its answer to stand. */
function isOfJob(activity: StandingActivity, { id, address }: Job): boolean {
  const isIn = (data: Data) => data.job === id || (data.do === "again" && data.ref?.startsWith(`${id}.`) === true);
  return dataOf(activity).some(isIn) || address.activityId === activity.id;
}

function readActivity(activity: StandingActivity): Answer {
  const isWaiting = dataOf(activity).some((data) => data.do === "cancel");
  const pictures = new Set(
    [...JSON.stringify(activity.attachments ?? []).matchAll(/"type":"Image"[^}]*?"url":"([^"]+)"/g)].map(
      ([, url]) => url,
    ),
  );
  return { isWaiting, pictures: pictures.size };
}

/** New messages at Teams whose id nobody heard: no bot can find them again, so they may stand beside the answer. */
function lostPosts(job: Job, evidence: Evidence): number {
  const posts = evidence.world.traffic.calls.filter(
    ({ service, method, text }) => service === "connector" && method === "POST" && text.includes(job.id),
  );
  return posts.filter((call) => losesAnswer(call.fault) || wasKilledIn(call, evidence)).length;
}

/** Killed in the middle of a call, or before what the call brought was written down. */
function wasKilledIn({ process, at, endedAt }: WireCall, { world }: Evidence): boolean {
  const end = world.replicas.find((replica) => replica.process === process)?.end;
  return end?.by === "SIGKILL" && at <= end.at && end.at <= (endedAt ?? end.at) + 1000;
}

type ByPromise = Record<keyof typeof PROMISES, Broken[]>;

function judgeCommand(command: Command, evidence: Evidence, broken: ByPromise): void {
  for (const interaction of command.interactions) {
    const keys = [interaction.id, interaction.token, command.tag];
    const about = `${command.kind} of ${command.user}, interaction ${interaction.id}`;
    const add = (promise: keyof typeof PROMISES, what: string) =>
      broken[promise].push({ promise: PROMISES[promise], about: `${about}: ${what}`, keys, command });
    if (!interaction.callback && !excusesSilence(interaction, command, evidence)) add("heard", "not acknowledged");
    const message = interaction.original();
    const isDeferred = interaction.callback?.type === callbackKind.deferredMessage;
    if (isDeferred && message && (message.flags & messageFlag.loading) !== 0 && !excusesThinking(interaction, evidence))
      add("thinking", "acknowledged, and nothing followed");
  }
  for (const turn of command.turns) {
    const keys = [turn.activity.id ?? "", command.tag];
    const about = `${command.kind} of ${command.user}, activity ${turn.activity.id}`;
    if (!isAnswered(turn, command, evidence))
      broken.heard.push({ promise: PROMISES.heard, about: `${about}: ${turn.status}`, keys, command });
  }
}

const DISCORD_MILLISECONDS = 3000;
/** Without a fault a call takes longer only where the machine has no time for it. */
const SLOW_MILLISECONDS = 500;
/** A turn, and what follows it. */
const ANSWER_MILLISECONDS = 20_000;
/** As long as a login that hangs may be waited for. */
const LOGIN_MILLISECONDS = 60_000;

/** Where Discord itself had trouble, or the process died, nothing was accepted: Discord tells the person so. */
function excusesSilence({ id, deliveries }: PlayedInteraction, command: Command, evidence: Evidence): boolean {
  const { world, gatewayTroubles } = evidence;
  const at = command.notes.find(({ what }) => what.includes(id))?.at ?? command.at;
  const callbacks = world.traffic.calls.filter(({ path }) => path.includes(`/interactions/${id}/`));
  const isSlow = ({ at: called, endedAt = called }: WireCall) => endedAt - called > SLOW_MILLISECONDS;
  const hurt =
    callbacks.some((call) => call.fault !== undefined || isSlow(call)) ||
    callbacks.some(({ at: called }) => called - at > DISCORD_MILLISECONDS);
  if (wasStarved(at - 1000, at + 2 * DISCORD_MILLISECONDS, evidence)) return true;
  const inTrouble = gatewayTroubles.some((time) => time > at - 15_000 && time < at + DISCORD_MILLISECONDS);
  return deliveries === 0 || hurt || inTrouble || killsBetween(at, at + DISCORD_MILLISECONDS, evidence).length > 0;
}

/** Killed before it was accepted. */
function excusesThinking({ id }: PlayedInteraction, evidence: Evidence): boolean {
  const { traffic, replicas } = evidence.world;
  const callback = traffic.calls.find(({ path, status }) => path.includes(`/interactions/${id}/`) && status === 200);
  const end = replicas.find(({ process }) => process === callback?.process)?.end;
  if (callback && wasStarved(callback.at - 1000, callback.at + ANSWER_MILLISECONDS, evidence)) return true;
  return (
    callback !== undefined && end?.by === "SIGKILL" && end.at - callback.at < 15_000 && end.at + end.over >= callback.at
  );
}

/** Teams tells the person of a turn that failed; of one that went well the bot has to. */
function isAnswered(turn: Turn, command: Command, evidence: Evidence): boolean {
  const { world, jobs } = evidence;
  const { activity, conversationId, status } = turn;
  const asks = activity.type === "message" && String(activity.text).includes(command.tag);
  if (asks && jobs.some(({ request, order }) => order && request.prompt.includes(command.tag))) return true;
  if (status === 200 && !asks) return true;
  // How late a press is answered says as much about the machine as about the bot: it is told and not judged.
  if (status === 504 && activity.type === "invoke") return true;
  const at = Date.parse(String(activity.timestamp));
  const isSaid = ({ service, method, path, status: said = 0, at: called }: WireCall) =>
    service === "connector" &&
    method !== "GET" &&
    said < 300 &&
    called >= at &&
    called < at + ANSWER_MILLISECONDS &&
    decodeURIComponent(path).includes(`/${conversationId}/`);
  if (status === 200 && world.traffic.calls.some((call) => isSaid(call))) return true;
  const isHurt = world.traffic.calls.some(
    ({ service, fault, at: called }) => service === "entra" && fault && Math.abs(called - at) < LOGIN_MILLISECONDS,
  );
  // Without Entra's keys nobody is let in, and that is right.
  if (wasStarved(at - 1000, at + ANSWER_MILLISECONDS, evidence)) return true;
  return (status === 503 && isHurt) || killsBetween(at, at + ANSWER_MILLISECONDS, evidence).length > 0;
}
