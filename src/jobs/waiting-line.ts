import type { Azure } from "../storage/azure.ts";
import type { Job } from "./job.ts";
import { lineLength, putInLine } from "./tickets.ts";
import { log } from "../log.ts";
import { personOf } from "../request/request.ts";
import { isConflict, isMissing } from "../storage/storage-refusal.ts";

/**
 * `open/<id>` is an empty blob that exists as long as a job is not finished: the list of what is still owed to people. Its
 * metadata say how the job stands in line, so that one listing shows the whole of it.
 */
export function openBlob(jobId: string, azure: Azure) {
  return azure.container.getBlockBlobClient(`open/${jobId}`);
}

const MILLISECONDS = 30_000;
/** A job may have waited for so long before it stood in the list of open ones. */
const ACCEPTED_BEFORE_MILLISECONDS = 60_000;

/** An open job as it stands in line. */
export type OpenJob = {
  id: string;
  person: string;
  turn: number;
  acceptedAt: string;
  /** No worker should take it before: its waiting message may not stand yet, or its turn at the image service is far off. */
  startsAt: number;
  /** Pictures that are still to be drawn; none in a job that waits for something else. */
  pictures: number;
  /** How often it was picked out of turn and not finished. */
  picks: number;
  /** The place that its waiting message says, and since when. */
  told?: { before: number; at: number };
  isHeld: boolean;
  etag: string;
  /** As it stands on the blob. */
  metadata: Record<string, string>;
};

type Standing = Pick<OpenJob, "startsAt"> & Partial<Pick<OpenJob, "picks" | "told">>;

function metadataOf(job: Job, { startsAt, picks = 0, told }: Standing): Record<string, string> {
  const toDraw = job.pictures.filter(({ state }) => state === "waiting" || state === "drawing").length;
  return {
    person: personOf(job.request.askedBy),
    turn: String(job.turn),
    accepted: job.acceptedAt,
    starts: String(startsAt),
    pictures: String(toDraw),
    picks: String(picks),
    ...(told && { told: String(told.before), toldat: String(told.at) }),
  };
}

export async function markOpen(
  job: Job,
  standing: Standing,
  azure: Azure,
  abortSignal = AbortSignal.timeout(MILLISECONDS),
): Promise<void> {
  try {
    const conditions = { ifNoneMatch: "*" };
    await openBlob(job.id, azure).upload("", 0, { conditions, metadata: metadataOf(job, standing), abortSignal });
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

/** Says anew how a job stands. False: it is somebody else's to say, or no longer open. */
export async function setStanding(
  job: Job,
  standing: Standing,
  azure: Azure,
  unless: { leaseId?: string; ifMatch?: string; abortSignal?: AbortSignal } = {},
): Promise<boolean> {
  const { abortSignal = AbortSignal.timeout(MILLISECONDS), ...conditions } = unless;
  try {
    await openBlob(job.id, azure).setMetadata(metadataOf(job, standing), { conditions, abortSignal });
    return true;
  } catch (error) {
    if (isConflict(error) || isMissing(error)) return false;
    throw error;
  }
}

/** All open jobs in the order in which they are drawn: people take turns, and who came first goes first within a turn. */
export async function readLine(azure: Azure, abortSignal = AbortSignal.timeout(MILLISECONDS)): Promise<OpenJob[]> {
  const line: OpenJob[] = [];
  const listing = azure.container.listBlobsFlat({ prefix: "open/", includeMetadata: true, abortSignal });
  for await (const { name, metadata = {}, properties } of listing) {
    const { person = "", accepted = "", told, toldat } = metadata;
    const { createdOn, leaseState, etag } = properties;
    line.push({
      id: name.slice("open/".length),
      person,
      turn: Number(metadata.turn ?? 0),
      acceptedAt: acceptedAt(accepted, createdOn),
      startsAt: Number(metadata.starts ?? 0),
      pictures: Number(metadata.pictures ?? 1),
      picks: Number(metadata.picks ?? 0),
      ...(told !== undefined && { told: { before: Number(told), at: Number(toldat) } }),
      isHeld: leaseState === "leased",
      etag,
      metadata,
    });
  }
  return line.filter(({ pictures }) => pictures > 0).toSorted(inTurn);
}

/** A replica's clock may be ahead or behind; storage's own says when the blob was made, in whole seconds. */
function acceptedAt(said: string, createdOn: Date | undefined): string {
  const created = createdOn?.getTime();
  if (created === undefined) return said;
  const earliest = created - ACCEPTED_BEFORE_MILLISECONDS;
  return new Date(Math.min(created + 1000, Math.max(earliest, Date.parse(said) || created))).toISOString();
}

/** A listing under way, and the one after it. */
type Listings = { running?: Promise<OpenJob[]>; next?: Promise<OpenJob[]> };
const listings = new WeakMap<Azure, Listings>();
const SHARED_MILLISECONDS = 5000;

/**
 * The line as it is now or a moment later. In a burst whoever asks while a listing is under way shares the next one, which
 * shows all that was there when they asked: so that a hundred requests at once do not cost a hundred listings.
 */
export function readLineShared(azure: Azure): Promise<OpenJob[]> {
  const shared = listings.get(azure) ?? {};
  listings.set(azure, shared);
  const list = () => {
    shared.running = readLine(azure, AbortSignal.timeout(SHARED_MILLISECONDS)).finally(() => {
      shared.running = undefined;
    });
    return shared.running;
  };
  if (!shared.running) return list();
  shared.next ??= shared.running
    .catch(() => undefined)
    .then(() => {
      shared.next = undefined;
      return list();
    });
  return shared.next;
}

type InLine = Pick<OpenJob, "turn" | "acceptedAt" | "id">;

function inTurn(a: InLine, b: InLine): number {
  return a.turn - b.turn || (placeOf(a) < placeOf(b) ? -1 : 1);
}

function placeOf({ acceptedAt, id }: InLine): string {
  return `${acceptedAt} ${id}`;
}

/** Whoever is drawn before `job`. */
export function toStandBefore(job: InLine, line: OpenJob[]): OpenJob[] {
  return line.filter((other) => other.id !== job.id && inTurn(other, job) < 0);
}

/** Until whoever picked a job holds it, nobody else picks it: picks count deaths, and there is one in that time at most. */
const CLAIM_MILLISECONDS = 20_000;

/**
 * The job whose turn it is, if it is another one than that whose ticket came up: claimed, so that no two workers pick it.
 * `picks` counts how often it was picked and came to no end, as a ticket counts its deliveries.
 */
export async function pickNext(jobId: string, azure: Azure): Promise<OpenJob | undefined> {
  const ready = (await readLine(azure)).filter(({ isHeld, startsAt }) => !isHeld && startsAt <= Date.now());
  const [next] = ready;
  if (!next || next.id === jobId || !ready.some(({ id }) => id === jobId)) return undefined;
  const picks = next.picks + 1;
  try {
    const metadata = { ...next.metadata, picks: String(picks), starts: String(Date.now() + CLAIM_MILLISECONDS) };
    const abortSignal = AbortSignal.timeout(MILLISECONDS);
    await openBlob(next.id, azure).setMetadata(metadata, { conditions: { ifMatch: next.etag }, abortSignal });
    return { ...next, picks };
  } catch (error) {
    if (isConflict(error) || isMissing(error)) return undefined;
    throw error;
  }
}

/** What this process has given lately: of several requests at once the earlier ones are not in line yet. */
const given = new WeakMap<Azure, Map<string, { turn: number; at: number }>>();
const GIVEN_MILLISECONDS = 10_000;

/** The turn of a person's next job: with everybody who waits, or after their own last one. */
export function turnFor(person: string, line: OpenJob[], azure: Azure): number {
  const now = Date.now();
  const lately = given.get(azure) ?? new Map<string, { turn: number; at: number }>();
  for (const [key, { at }] of lately) if (now - at > GIVEN_MILLISECONDS) lately.delete(key);
  const last = lately.get(person);
  const present = line.length ? Math.min(...line.map(({ turn }) => turn)) : 0;
  const own = line.filter((job) => job.person === person).map(({ turn }) => turn + 1);
  const turn = Math.max(present, ...own, ...(last ? [last.turn + 1] : []));
  given.set(azure, lately.set(person, { turn, at: now }));
  return turn;
}

/** Whoever holds the job gives the id of its lease; without it a job that somebody holds stays open. */
export async function markClosed(jobId: string, azure: Azure, leaseId?: string): Promise<void> {
  try {
    const abortSignal = AbortSignal.timeout(MILLISECONDS);
    await openBlob(jobId, azure).delete({ conditions: { leaseId }, abortSignal });
  } catch (error) {
    if (!isConflict(error) && !isMissing(error)) throw error;
  }
}

/** A job younger than this is perhaps still on its way into the line. */
const YOUNG_MILLISECONDS = 60_000;

/**
 * Puts open jobs back in line that stand in it no longer, as after somebody cleared the queue. The count of messages is
 * never below the truth, so at zero every open job that nobody holds is such a one.
 */
export async function returnStrandedJobs(azure: Azure, now = Date.now()): Promise<void> {
  if ((await lineLength(azure)) > 0) return;
  const abortSignal = AbortSignal.timeout(MILLISECONDS);
  for await (const { name, properties } of azure.container.listBlobsFlat({ prefix: "open/", abortSignal })) {
    const young = now - properties.lastModified.getTime() < YOUNG_MILLISECONDS;
    if (young || properties.leaseState === "leased") continue;
    const jobId = name.slice("open/".length);
    log.warn({ job: jobId }, "an open job stood in no line: it is put back");
    await putInLine(jobId, azure);
  }
}
