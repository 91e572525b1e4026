import type { Ask } from "../images-api/call-images-api.ts";
import type { OwnJob } from "../jobs/own-job.ts";
import { readPictureOf } from "../jobs/line.ts";
import { log } from "../log.ts";
import { readSourcePicture } from "../pixels/read-source-picture.ts";
import type { Source } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { readInput } from "../storage/input-blobs.ts";
import { readPicture } from "../storage/picture-blobs.ts";
import { untilStorageAnswers } from "../storage/until-storage-answers.ts";
import { applyStyle } from "../styles/apply-style.ts";

type Own = Pick<OwnJob, "job" | "lost" | "change">;
type Room = { azure: Azure; settings: Settings };

/**
 * What an edit is made from, with the pictures of its style behind what is the asker's own. One that was deleted since is left
 * out, and the answer says so: a style is no reason to draw nothing.
 */
export async function withReferences(inputs: Ask["inputs"], own: Own, room: Room): Promise<Ask["inputs"]> {
  const { order, sourceFaults } = own.job;
  if (!order?.references?.length || sourceFaults) return inputs;
  const there: { source: Source; bytes: Buffer }[] = [];
  for (const source of order.references) {
    const bytes = await readReference(source, own, room);
    if (bytes) there.push({ source, bytes });
  }
  if (there.length < order.references.length)
    await leaveOut(
      there.map(({ source }) => source),
      own,
      room,
    );
  if (!there.length) return inputs;
  return { ...inputs, pictures: [...(inputs?.pictures ?? []), ...there.map(({ bytes }) => bytes)] };
}

/** The small copy of a picture that Easel drew shows its style as well, and costs less to send along. */
async function readReference(source: Source, own: Own, { azure }: Room): Promise<Buffer | undefined> {
  const wait = <Result>(read: () => Promise<Result>) => untilStorageAnswers("a reference", read, azure, own.lost);
  const bytes = await wait(async () => {
    if (source.from === "input") return readInput(source.name, azure);
    if (source.from !== "drawn") return undefined;
    const { kept, state } = (await readPictureOf(source.picture, azure))?.picture ?? {};
    return kept && state === "kept" ? readPicture(kept.preview ?? kept.name, azure) : undefined;
  });
  const read = bytes && (await readSourcePicture(bytes));
  return read && "picture" in read ? read.picture : undefined;
}

/** Where none is left, the words say nothing of any either. */
async function leaveOut(references: Source[], own: Own, { settings }: Room): Promise<void> {
  log.info({ job: own.job.id }, "pictures of a style are gone");
  await own.change((job) => {
    const { order, request } = job;
    if (!order?.references) return;
    const pictures = order.references.length - references.length;
    job.styleLeftOut = { ...job.styleLeftOut, pictures: (job.styleLeftOut?.pictures ?? 0) + pictures };
    if (references.length) order.references = references;
    else if (request.style) {
      const { references: _gone, ...plain } = { ...order, prompt: request.prompt.trim() };
      const style = { ...request.style, references: [] };
      job.order = applyStyle(plain, style, request, settings.images.provider).order;
    }
  });
}
