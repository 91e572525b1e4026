/** What is known at the end of a soak: the records in storage, what stands in the chats, and what went over the wires. */
import { createHash } from "node:crypto";
import { referenceOf } from "../../src/jobs/job.ts";
import type { Job } from "../../src/jobs/job.ts";
import { readWishes } from "../../src/jobs/wishes.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import type { StandingActivity } from "../../test/fakes/microsoft/conversations.ts";
import type { Command } from "./command.ts";
import type { FrontDoor } from "./front-door.ts";
import type { Replica, SoakWorld } from "./world.ts";
import type { WireCall } from "./wire.ts";

export type Evidence = {
  world: SoakWorld;
  door: FrontDoor;
  commands: Command[];
  jobs: Job[];
  /** Names of all blobs. */
  blobs: string[];
  /** Jobs whose owner was to look at a wish. */
  wishes: string[];
  messages: FakeMessage[];
  activities: StandingActivity[];
  paints: Paint[];
  /** Troubles of Discord's gateway: when. */
  gatewayTroubles: number[];
  /** The machine was too busy: when. */
  starved: number[];
};

/** A call to the image service that reached it. */
export type Paint = { call: WireCall; asker: string; prompt: string; isPaid: boolean };

export async function gatherEvidence(
  world: SoakWorld,
  known: Pick<Evidence, "door" | "commands" | "gatewayTroubles" | "starved">,
): Promise<Evidence> {
  const { container } = world.storage;
  const blobs: string[] = [];
  for await (const { name } of container.listBlobsFlat()) blobs.push(name);
  const read = async (name: string) => JSON.parse((await container.getBlobClient(name).downloadToBuffer()).toString());
  const jobs: Job[] = [];
  for (const name of blobs) {
    if (name.startsWith("jobs/")) jobs.push((await read(name)) as Job);
  }
  return {
    world,
    ...known,
    jobs,
    blobs,
    wishes: await readWishes(world.storage),
    messages: messagesOf(world, known.commands),
    activities: activitiesOf(world, known.commands),
    paints: paintsOf(world),
  };
}

function messagesOf({ discord }: SoakWorld, commands: Command[]): FakeMessage[] {
  const asked = commands.flatMap(({ interactions }) => interactions);
  const direct = discord
    .requestsTo({ method: "POST", path: "/users/@me/channels" })
    .flatMap(({ answer }) => (answer as { id?: string } | undefined)?.id ?? []);
  const places = new Set([...asked.map(({ channelId }) => channelId), ...direct]);
  const people = new Map(asked.map(({ user }) => [user.id, user]));
  return [...places].flatMap((place) => [
    ...discord.messages(place),
    ...[...people.values()].flatMap((person) => discord.ephemeralMessages(place, person)),
  ]);
}

function activitiesOf({ microsoft }: SoakWorld, commands: Command[]): StandingActivity[] {
  const places = new Set(commands.flatMap(({ turns }) => turns.map(({ conversationId }) => conversationId)));
  return [...places].flatMap((place) => microsoft.activities(place));
}

function paintsOf({ traffic }: SoakWorld): Paint[] {
  return traffic.calls.flatMap((call): Paint[] => {
    if (call.service !== "images" || (call.fault && !call.fault.takesEffect)) return [];
    const field = (name: string) =>
      new RegExp(`"${name}":"((?:[^"\\\\]|\\\\.)*)"`).exec(call.text)?.[1] ??
      new RegExp(`name="${name}"\r\n\r\n([^]*?)\r\n--`).exec(call.text)?.[1] ??
      "";
    return [{ call, asker: field("user"), prompt: field("prompt"), isPaid: (call.status ?? 200) === 200 }];
  });
}

/** The mark of a person that the image service gets; the same as `askerHash` in `src/work/draw-job.ts`. */
export function askerOf({ request }: Job): string {
  const { platform, workspace = "", user } = request.askedBy;
  return createHash("sha256").update(`${platform}/${workspace}/${user}`).digest("hex").slice(0, 32);
}

/** What a job is known by wherever it leaves a trace. */
export function keysOfJob(job: Job, { commands }: Evidence): string[] {
  const interaction = job.id.startsWith("discord-") ? job.id.slice("discord-".length) : undefined;
  const command = commandOfJob(job, commands);
  const token = command?.interactions.find(({ id }) => id === interaction)?.token;
  const { activityId } = job.address;
  const activity = typeof activityId === "string" ? activityId : undefined;
  const keys = [job.id, referenceOf(job.id), interaction, token, activity, command?.tag];
  return [...keys.flatMap((key) => key ?? []), ...job.pictures.map(({ id }) => id)];
}

export function commandOfJob(job: Job, commands: Command[]): Command | undefined {
  const byEvent = commands.find(({ interactions }) => interactions.some(({ id }) => job.id === `discord-${id}`));
  return byEvent ?? commands.find(({ tag }) => job.request.prompt.includes(tag));
}

/** Whether a process was killed between two times, and had begun before. */
export function killsBetween(from: number, to: number, { world }: Evidence): Replica[] {
  return world.replicas.filter(
    ({ end, startedAt }) => end?.by === "SIGKILL" && startedAt < to && end.at >= from && end.at <= to,
  );
}

/** Whether the machine left no time to anybody, so that what has a time limit may have been missed. */
export function wasStarved(from: number, to: number, { starved }: Evidence): boolean {
  return starved.some((time) => time > from && time < to);
}
