import { setTimeout as pause } from "node:timers/promises";
import type { Ask } from "../images-api/call-images-api.ts";
import { putInput, readInput } from "../storage/input-blobs.ts";
import { SourceNotFetched } from "../replies/delivery.ts";
import type { Fetchers } from "../replies/delivery.ts";
import type { OwnJob } from "../jobs/own-job.ts";
import { readPictureOf } from "../jobs/line.ts";
import type { Job, PlacedFault } from "../jobs/job.ts";
import { log } from "../log.ts";
import { MODELS } from "../models.ts";
import { untilStorageAnswers } from "../storage/until-storage-answers.ts";
import { readPicture } from "../storage/picture-blobs.ts";
import { CELLS, maskOfCells, readMask } from "../pixels/grid-and-mask.ts";
import type { Source } from "../request/request.ts";
import { nearestSize } from "../request/nearest-size.ts";
import { readSourcePicture } from "../pixels/read-source-picture.ts";
import type { SourceFault, SourcePicture } from "../pixels/read-source-picture.ts";
import type { Azure } from "../storage/azure.ts";

/** `enough` is aborted when nobody waits for the job any more, or the process is to end. */
type Room = { azure: Azure; fetchers: Fetchers; enough: AbortSignal };

/** The pictures of one edit together, as they go to the service: they lie in memory until it has answered. Our own rule. */
const MOST_JOB_BYTES = 200_000_000;

/** One after the other, so that of what was fetched no more than one lies in memory as it came. */
async function inTurn<Result>(
  sources: Source[],
  work: (source: Source, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const [index, source] of sources.entries()) results.push(await work(source, index));
  return results;
}

type Own = Pick<OwnJob, "job" | "lost" | "change">;

/**
 * What an edit is made from: fetched, checked and kept once, so that whoever takes the job up, and whoever goes on from it
 * next year, finds it. What is wrong goes into the record, all of it, and then there is nothing to draw.
 */
export async function prepareInputs(own: Own, room: Room): Promise<Ask["inputs"]> {
  const { sources } = own.job.request;
  if (!sources?.length || own.job.sourceFaults) return undefined;
  return own.job.inputs ? loadInputs(own.job.inputs, sources, own, room) : makeInputs(own, sources, room);
}

async function loadInputs(
  names: NonNullable<Job["inputs"]>,
  sources: Source[],
  own: Own,
  room: Room,
): Promise<Ask["inputs"]> {
  const load = (name: string) =>
    untilStorageAnswers("an input", () => readInput(name, room.azure), room.azure, own.lost);
  const read = async (source: Source, index: number) => {
    const name = names.pictures[index];
    if (name) return load(name);
    const drawn = await readSource(source, own, room);
    return "fault" in drawn ? undefined : drawn.picture;
  };
  const mask = names.mask ? await load(names.mask) : undefined;
  const pictures = await inTurn(sources, read);
  const there = pictures.filter((bytes) => bytes !== undefined);
  if (there.length < pictures.length) {
    await decline(own, [{ fault: "source deleted" }], room);
    return undefined;
  }
  return { pictures: there, mask };
}

async function makeInputs(own: Own, sources: Source[], room: Room): Promise<Ask["inputs"]> {
  let bytes = 0;
  const read = await inTurn(sources, async (source): Promise<SourcePicture | { fault: SourceFault }> => {
    const one = await readSource(source, own, room);
    if ("fault" in one) return one;
    bytes += one.picture.length;
    return bytes > MOST_JOB_BYTES ? { fault: { fault: "sources too large", limit: MOST_JOB_BYTES } } : one;
  });
  const faults: PlacedFault[] = read.flatMap((one, index) => {
    if (!("fault" in one)) return [];
    const isOfAll = sources.length === 1 || one.fault.fault === "sources too large";
    return [isOfAll ? one.fault : { ...one.fault, picture: index + 1 }];
  });
  const pictures = read.flatMap((one) => ("fault" in one ? [] : [one]));
  const [first] = pictures;
  const masked = first && (await makeMask(first, own, room));
  if (masked && "fault" in masked) faults.push(masked.fault);
  if (faults.length || !first) {
    await decline(own, faults, room);
    return undefined;
  }
  const mask = masked && "mask" in masked ? masked.mask : undefined;
  const { id } = own.job;
  const names = pictures.map(({ mediaType }, index) =>
    sources[index]?.from === "drawn" ? null : `${id}-${index + 1}.${mediaType === "image/png" ? "png" : "jpg"}`,
  );
  const maskName = mask && `${id}-mask.png`;
  await untilStorageAnswers(
    "an input",
    () =>
      Promise.all([
        ...pictures.map(({ picture }, index) => {
          const name = names[index];
          return name ? putInput(name, picture, room.azure) : undefined;
        }),
        mask && maskName ? putInput(maskName, mask, room.azure) : undefined,
      ]),
    room.azure,
    own.lost,
  );
  await own.change((job) => {
    job.inputs = { pictures: names, mask: maskName };
    if (job.order?.size === "auto" && !job.request.options.size)
      job.order.size = nearestSize(`${first.width}x${first.height}`, MODELS[job.order.model]);
  });
  return { pictures: pictures.map(({ picture }) => picture), mask };
}

async function readSource(source: Source, own: Own, room: Room): Promise<SourcePicture | { fault: SourceFault }> {
  const bytes = await bytesOf(source, own, room);
  return Buffer.isBuffer(bytes) ? readSourcePicture(bytes) : bytes;
}

async function makeMask(
  { width, height, sent }: SourcePicture,
  own: Own,
  room: Room,
): Promise<{ mask: Buffer } | { fault: SourceFault } | undefined> {
  const { region } = own.job.request;
  if (!region) return undefined;
  if ("cells" in region) {
    const cells = CELLS.filter((cell) => region.cells.includes(cell));
    return cells.length ? { mask: await maskOfCells(cells, { width, height }) } : undefined;
  }
  const bytes = await bytesOf(region.mask, own, room);
  return Buffer.isBuffer(bytes) ? readMask(bytes, sent, { width, height }) : bytes;
}

async function bytesOf(source: Source, own: Own, room: Room): Promise<Buffer | { fault: SourceFault }> {
  const { azure } = room;
  const unreachable = { fault: { fault: "source unreachable" } } as const;
  const wait = <Result>(read: () => Promise<Result>) => untilStorageAnswers("a source", read, azure, own.lost);
  switch (source.from) {
    case "drawn": {
      const found = await wait(() => readPictureOf(source.picture, azure));
      const name = found?.picture.kept?.name;
      const bytes = name === undefined ? undefined : await wait(() => readPicture(name, azure));
      return bytes ?? { fault: { fault: "source deleted" } };
    }
    case "input":
      return (await wait(() => readInput(source.name, azure))) ?? unreachable;
    case "chat":
      return fetchFromChat(source, own, room);
  }
}

async function fetchFromChat(
  source: Extract<Source, { from: "chat" }>,
  { job, lost }: Own,
  { azure, fetchers, enough }: Room,
): Promise<Buffer | { fault: SourceFault }> {
  const { fetchPausesMilliseconds, fetchLimitMilliseconds } = azure.times.work;
  const { address, id } = job;
  const fetchSource = fetchers[address.platform];
  for (const milliseconds of [...fetchPausesMilliseconds, 0]) {
    try {
      if (!fetchSource) break;
      const signal = AbortSignal.any([lost, enough, AbortSignal.timeout(fetchLimitMilliseconds)]);
      return await fetchSource(source, address, signal);
    } catch (error) {
      if (enough.aborted) break;
      if (!(error instanceof SourceNotFetched)) throw error;
      if (error.fault) return { fault: error.fault };
      log.warn({ because: error.message, job: id }, "a picture could not be fetched from the chat");
    }
    if (milliseconds)
      await pause(milliseconds, undefined, { signal: AbortSignal.any([lost, enough]) }).catch(() =>
        lost.throwIfAborted(),
      );
  }
  return { fault: { fault: "source unreachable" } };
}

async function decline(own: Own, faults: PlacedFault[], { enough }: Room): Promise<void> {
  // What was broken off says nothing about the pictures.
  if (enough.aborted) return;
  await own.change((job) => {
    job.sourceFaults = faults;
    job.pictures = [];
  });
}
