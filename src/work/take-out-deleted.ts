import { forgetDescriptions } from "../jobs/descriptions.ts";
import type { Job, JobPicture } from "../jobs/job.ts";
import type { OwnJob } from "../jobs/own-job.ts";
import { log } from "../log.ts";
import type { Azure } from "../storage/azure.ts";
import { inputBlob } from "../storage/input-blobs.ts";
import { forgetAtHand } from "../storage/picture-blobs.ts";
import { untilStorageAnswers } from "../storage/until-storage-answers.ts";

/** Takes what is marked out of storage. True: what was told before is to be told anew, in its place. */
export async function takeOutDeleted(own: OwnJob, azure: Azure): Promise<boolean> {
  const marked = own.job.pictures.filter(({ state }) => state === "deleting");
  if (!marked.length) return own.job.pictures.some(({ state }) => state === "deleted");
  await untilStorageAnswers("a deletion", () => removePictures(marked, own.job, azure), azure, own.lost);
  // Others may be marked meanwhile: those are still there.
  const gone = new Set(marked.map(({ id }) => id));
  await own.change((job) => {
    for (const picture of job.pictures) {
      if (!gone.has(picture.id)) continue;
      const usage = picture.kept?.usage ?? picture.usage;
      Object.assign(picture, { state: "deleted", kept: undefined, revisedPrompt: undefined, usage });
    }
    delete job.toldAt;
    delete job.undeliverable;
  });
  log.info({ job: own.job.id, pictures: marked.length }, "deleted");
  return true;
}

async function removePictures(marked: JobPicture[], job: Job, azure: Azure): Promise<void> {
  for (const { id, kept } of marked) {
    if (kept) forgetAtHand(kept.name, azure);
    // The original, its preview and its grid; what was said of it; then all sheets that show it.
    await removeAll(`pictures/${id}`, azure);
    await forgetDescriptions(id, azure);
    const marks = azure.container.listBlobsFlat({ prefix: `sheets/${id}/` });
    for await (const { name } of marks) {
      await azure.container.getBlockBlobClient(`pictures/${name.slice(`sheets/${id}/`.length)}`).deleteIfExists();
      await azure.container.getBlockBlobClient(name).deleteIfExists();
    }
  }
  const nothingIsLeft = job.pictures.every(({ state }) => state !== "kept");
  const inputs = nothingIsLeft && job.inputs ? [...job.inputs.pictures, job.inputs.mask] : [];
  for (const name of inputs) if (name) await inputBlob(name, azure).deleteIfExists();
}

async function removeAll(prefix: string, azure: Azure): Promise<void> {
  for await (const { name } of azure.container.listBlobsFlat({ prefix }))
    await azure.container.getBlockBlobClient(name).deleteIfExists();
}
