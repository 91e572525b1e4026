import { keptOf, referenceOf } from "../jobs/job.ts";
import type { Job } from "../jobs/job.ts";
import type { Happening } from "../narration.ts";
import type { Settings } from "../settings.ts";

type Listener = Pick<Settings, "narrate">;

/** An answer stands in the chat: the first of a job, or one from which somebody has had a picture deleted. */
export function narrateAnswer(job: Job, { narrate }: Listener, isFirst: boolean): void {
  const { pictures, request, id, acceptedAt } = job;
  const has = (state: Job["pictures"][number]["state"]) => pictures.some((picture) => picture.state === state);
  const came = keptOf(job).length;
  if (!isFirst && !has("deleted")) return;
  narrate?.({
    what: isFirst && came ? "drawn" : outcomeWithoutPictures(has),
    words: request.prompt,
    seconds: (Date.now() - Date.parse(acceptedAt)) / 1000,
    pictures: { came, asked: pictures.length },
    reference: referenceOf(id),
  });
}

function outcomeWithoutPictures(has: (state: Job["pictures"][number]["state"]) => boolean): Happening["what"] {
  if (has("deleted")) return "deleted";
  if (has("cancelled")) return "cancelled";
  return has("refused") ? "refused" : "failed";
}

/** A job of before this process, which another one began and did not end. */
export function narrateTakenUp({ acceptedAt, request }: Job, { narrate }: Listener): void {
  if (Date.parse(acceptedAt) < performance.timeOrigin) narrate?.({ what: "taken up", words: request.prompt });
}

/** The process ends, and a job of it does not. */
export function narrateLeft({ request }: Job, { narrate }: Listener): void {
  narrate?.({ what: "left", words: request.prompt });
}
