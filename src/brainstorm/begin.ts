import { createHash } from "node:crypto";
import { log } from "../log.ts";
import { NO_STYLE, styleNamed } from "../request/named-style.ts";
import { brakeOn } from "../purse/brake.ts";
import { personOf } from "../request/request.ts";
import type { Address, Asker, StyleUsed } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { isConflict, isOutage } from "../storage/storage-refusal.ts";
import { addRow, readRow } from "../storage/table.ts";
import { tryAFewTimes } from "../storage/until-storage-answers.ts";
import { ownStyleOf } from "../styles/own-style.ts";
import { readStyle } from "../styles/style-book.ts";
import { sentenceOfFault } from "../words/fault-sentences.ts";
import type { Said } from "../words/said.ts";
import { brainstormAnswers, brake, failed } from "../words/sentences.ts";
import { admitRound } from "./admit-round.ts";
import { noteChannel } from "./channels.ts";
import { enterSession, ringSession } from "./clock.ts";
import { priceOfRound } from "./price-of-round.ts";
import { firstRound } from "./rounds.ts";
import { createSession, newSessionId, readSession } from "./session.ts";
import type { Session } from "./session.ts";
import { faultsSaid, readSessionOptions } from "./session-options.ts";
import type { AskedTopic } from "./session-options.ts";

export type AskedSession = AskedTopic & {
  by: Asker;
  /** Where the board stands, or will. */
  address: Address;
  /** The platform's own id of the event: the same event twice is one session. */
  event: string;
  /** An ISO time: nothing can be shown there later. */
  lastsUntil?: string;
  signal?: AbortSignal;
};

/** `known`: the platform delivered this event before. `word` is for whoever asked, and nothing was begun. */
export type Beginning = { began: Session } | { known: Session } | { word: Said };

/** All that is wrong with what was asked, as one answer; nothing where a session can begin. No storage is asked. */
export function askedFault(asked: AskedTopic, settings: Settings): Said | undefined {
  const read = readSessionOptions(asked, settings);
  return "faults" in read ? faultsSaid(read.faults) : undefined;
}

/** Begins a session, once for each event. Its board is shown by whoever looks after it. */
export async function beginSession(asked: AskedSession, settings: Settings, azure: Azure): Promise<Beginning> {
  const signal = asked.signal ?? AbortSignal.timeout(settings.times.ask.acceptLimitMilliseconds);
  const until = brakeOn(personOf(asked.by), settings, azure)?.pausedUntil;
  if (until) return { word: brake.pausedHere({ until: new Date(until).toISOString() }) };
  const read = readSessionOptions(asked, settings);
  const doing = { isWritten: false };
  try {
    const styled = await decideStyle(asked, azure, signal);
    const faults = [...("faults" in read ? read.faults : []), ...("fault" in styled ? [styled.fault] : [])];
    if ("faults" in read || "fault" in styled) return { word: faultsSaid(faults) };
    const minutes = minutesLeft(asked, read.options.minutes, settings);
    if (minutes < 1) return { word: brainstormAnswers.noTimeLeft };
    const { topic } = read;
    const options = { ...read.options, minutes };
    return await begin({ ...asked, signal }, { topic, options, style: styled.style }, { settings, azure, doing });
  } catch (error) {
    if (!isOutage(error)) throw error;
    log.error({ error }, "storage is out of reach: a brainstorm was not begun, or perhaps it was");
    return { word: doing.isWritten ? failed.storageInDoubt : failed.storage };
  }
}

/** A saved style is one of the place where it was asked; where none is named, it is the channel's own. */
async function decideStyle(
  { options, by }: AskedSession,
  azure: Azure,
  signal: AbortSignal,
): Promise<{ style: StyleUsed | null } | { fault: Said }> {
  const value = styleNamed(options);
  if (value?.toLowerCase() === NO_STYLE) return { style: null };
  const style = await (value ? readStyle(value, by, azure, signal) : ownStyleOf(by, azure, signal));
  if (style || !value) return { style: style ?? null };
  return { fault: sentenceOfFault({ fault: "style unknown", option: "style", value, allowed: [] }) };
}

/** Minutes for the votes: shorter where nothing can be shown for so long. */
function minutesLeft({ lastsUntil }: AskedSession, minutes: number, { times }: Settings): number {
  if (lastsUntil === undefined) return minutes;
  const { gatherMilliseconds, draftsMilliseconds } = times.brainstorm;
  const left = Date.parse(lastsUntil) - Date.now() - gatherMilliseconds - draftsMilliseconds;
  return Math.min(minutes, Math.floor(left / 60_000));
}

type Beginner = {
  settings: Settings;
  azure: Azure;
  /** What has been sent, whether or not its answer came. */
  doing: { isWritten: boolean };
};

/** The event's row first, which names the session; then the clock's row, then the record: a repeat goes on where the first was cut off. */
async function begin(
  asked: AskedSession & { signal: AbortSignal },
  { topic, options, style }: Pick<Session, "topic" | "options" | "style">,
  { settings, azure, doing }: Beginner,
): Promise<Beginning> {
  const { by, signal } = asked;
  const { id, isNew } = await sessionOfEvent(asked, azure, signal);
  const present = isNew ? undefined : await readSession(id, azure, signal);
  if (present) return { known: present.session };
  const now = new Date();
  const round = { topic, options, style, kind: "first" as const, places: options.ideas };
  const price = priceOfRound(round, settings);
  const admitted = await admitRound({ session: id, number: 1, event: asked.event, by, round }, settings, azure, signal);
  if ("word" in admitted) return admitted;
  const { hold } = admitted;
  const session: Session = {
    version: 1,
    id,
    write: newSessionId(),
    beganAt: now.toISOString(),
    begunBy: by,
    topic,
    options,
    style,
    boards: [boardOf(asked)],
    rounds: [firstRound(options, { by, now, toldDollars: price.dollars, hold }, settings)],
  };
  doing.isWritten = true;
  await tryAFewTimes(() => enterSession(id, azure, signal), azure, signal);
  const isOurs = await createSession(session, azure, signal);
  if (!isOurs) {
    const known = await readSession(id, azure, signal);
    return { known: known?.session ?? session };
  }
  await noteChannel(by, id, azure);
  ringSession(id, azure);
  log.info({ session: id, platform: by.platform, ideas: options.ideas }, "a brainstorm has begun");
  return { began: session };
}

async function sessionOfEvent({ by, event }: AskedSession, azure: Azure, signal: AbortSignal) {
  const name = createHash("sha256").update(`${by.platform}/${event}`).digest("hex");
  const session = newSessionId();
  try {
    await tryAFewTimes(() => addRow({ partition: BEGUN, name, values: { session } }, azure, signal), azure, signal);
    return { id: session, isNew: true };
  } catch (error) {
    if (!isConflict(error)) throw error;
    const present = await readRow(BEGUN, name, azure, signal);
    return { id: String(present?.values.session ?? session), isNew: false };
  }
}

/** Table partition: which event has begun which session. */
const BEGUN = "sessions-begun";

/** The channel in which somebody is, with a board. */
export function boardOf({
  by,
  address,
  event,
  lastsUntil,
}: Pick<AskedSession, "by" | "address" | "event" | "lastsUntil">): Session["boards"][number] {
  const { platform, workspace, channel } = by;
  return { platform, workspace, channel, address, by, event, lastsUntil };
}
