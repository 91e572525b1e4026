import { Readable } from "node:stream";
import { Zip, ZipPassThrough } from "fflate";
import { keptOf } from "../jobs/job.ts";
import type { Job } from "../jobs/job.ts";
import { readSession } from "../brainstorm/session.ts";
import { readPicture } from "../storage/picture-blobs.ts";
import { readInput } from "../storage/input-blobs.ts";
import type { Asker } from "../request/request.ts";
import type { Azure } from "../storage/azure.ts";
import { sentencesFor } from "../words/said.ts";
import { copyBlob } from "./asked.ts";
import { allSessions } from "./forget-in-sessions.ts";
import { isOf, without } from "./person.ts";
import type { Person } from "./person.ts";
import { recordsOf } from "./records-of.ts";
import { rowsOf } from "./rows-of.ts";

/** A plain ZIP ends at 4 GB. Pictures that have no room are named with their addresses. */
const MOST_BYTES = 3_500_000_000;

type Entry = { name: string; bytes: Buffer };

/** Everything that is kept of somebody, as a ZIP in storage. Says its bytes. One picture at a time is in memory. */
export async function writeCopy(
  name: string,
  them: Person & { locale?: string },
  azure: Azure,
  abortSignal: AbortSignal,
): Promise<number> {
  let bytes = 0;
  const counted = async function* () {
    for await (const chunk of zipped(entriesOf(them, azure, abortSignal))) {
      bytes += chunk.length;
      yield chunk;
    }
  };
  await copyBlob(name, azure).uploadStream(Readable.from(counted()), undefined, undefined, {
    abortSignal,
    blobHTTPHeaders: { blobContentType: "application/zip", blobCacheControl: "no-store" },
  });
  return bytes;
}

async function* zipped(entries: AsyncIterable<Entry>): AsyncGenerator<Buffer> {
  let ready: Buffer[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    // Azure's SDK takes nothing else.
    ready.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  });
  for await (const { name, bytes } of entries) {
    // Pictures are compressed already.
    const file = new ZipPassThrough(name);
    zip.add(file);
    file.push(bytes, true);
    yield* ready;
    ready = [];
  }
  zip.end();
  yield* ready;
}

async function* entriesOf(
  them: Person & { locale?: string },
  azure: Azure,
  abortSignal: AbortSignal,
): AsyncGenerator<Entry> {
  const { privacyAnswers } = sentencesFor(them.locale);
  yield { name: "README.txt", bytes: Buffer.from(`${privacyAnswers.copyExplained}\n`) };
  const [requests, named]: unknown[][] = [[], []];
  let room = MOST_BYTES;
  for await (const { job, isTheirs } of recordsOf(them, azure, abortSignal)) {
    if (!isTheirs) {
      named?.push({ request: job.id, at: job.acceptedAt, parent: job.request.parent, pictures: deletionsOf(job) });
      continue;
    }
    const files: string[] = [];
    for await (const entry of filesOf(job, azure)) {
      room -= entry.bytes.length;
      if (room < 0) continue;
      files.push(entry.name);
      yield entry;
    }
    requests?.push({ ...toldOf(job), files });
  }
  yield json("requests.json", requests);
  yield json("where-you-are-named.json", named);
  yield json("brainstorms.json", await brainstormsOf(them, azure, abortSignal));
  const rows: unknown[] = [];
  for await (const { row } of rowsOf(them, azure, abortSignal))
    rows.push({ list: row.partition, entry: row.name, ...row.values });
  yield json("lists-drafts-and-styles.json", rows);
}

function json(name: string, value: unknown): Entry {
  return { name, bytes: Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`) };
}

/** The record, but for what is between storage and us. */
function toldOf({ id, acceptedAt, request, order, pictures, cancelledBy, toldAt }: Job): Record<string, unknown> {
  const { prompt, options, private: isPrivate, askedBy, parent, brainstorm } = request;
  return {
    request: id,
    askedAt: acceptedAt,
    answeredAt: toldAt,
    askedBy,
    words: prompt,
    options,
    isPrivate,
    wentOnFrom: parent,
    brainstorm,
    drawnWith: order && { model: order.model, size: order.size, quality: order.quality, prompt: order.prompt },
    pictures: pictures.map(({ state, kept, revisedPrompt, refusal, failure, deletedBy }) => ({
      state,
      drawnFrom: kept?.revisedPrompt ?? revisedPrompt,
      refusal,
      failure,
      deletedBy,
    })),
    cancelledBy,
  };
}

function deletionsOf({ pictures }: Job): unknown[] {
  return pictures.flatMap(({ deletedBy }) => deletedBy ?? []);
}

async function* filesOf(job: Job, azure: Azure): AsyncGenerator<Entry> {
  const ending = (name: string) => name.slice(name.lastIndexOf("."));
  for (const { kept, place } of keptOf(job)) {
    const bytes = await readPicture(kept.name, azure);
    if (bytes) yield { name: `pictures/${job.id}-${place}${ending(kept.name)}`, bytes };
  }
  const inputs = [...(job.inputs?.pictures ?? []), job.inputs?.mask].flatMap((name) => name ?? []);
  for (const name of inputs) {
    const bytes = await readInput(name, azure);
    if (bytes) yield { name: `sent-along/${name}`, bytes };
  }
}

/** Their own part in each: what others said there is theirs. */
async function brainstormsOf(them: Person, azure: Azure, abortSignal: AbortSignal): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const id of allSessions(azure, abortSignal)) {
    const session = (await readSession(id, azure, abortSignal))?.session;
    if (!session || without(session, them) === session) continue;
    const { topic, beganAt, begunBy, rounds, endedAt } = session;
    const isTheirs = (by: Asker) => isOf(them, by);
    const ideas = rounds.flatMap(({ number: round, ideas: each }) =>
      each
        .filter((idea) => idea.by.some(isTheirs))
        .map(({ number, words, clauses = [], picture, by }) => ({
          round,
          number,
          words: by[0] && isTheirs(by[0]) ? words : undefined,
          added: clauses.filter((clause) => isTheirs(clause.by)).map((clause) => clause.words),
          picture: picture?.ref,
        })),
    );
    all.push({ brainstorm: id, topic, beganAt, endedAt, begunByYou: isTheirs(begunBy), yourIdeas: ideas });
  }
  return all;
}
