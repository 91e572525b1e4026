import { isAlerting } from "../alert-settings.ts";
import { raiseAlert } from "../alerts/raise-alert.ts";
import { findPicture } from "./go-on.ts";
import type { PicturePress, Sorry } from "./go-on.ts";
import { referenceOf } from "../jobs/job.ts";
import { log } from "../log.ts";
import { personOf } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { report, together } from "../words/sentences.ts";
import type { Said } from "../words/said.ts";

/** What an operator's alert looks for: this line, at `warn`, with the reference that the reporter was told. */
export const REPORTED = "a picture was reported";

/** What somebody may write of it. */
export const MOST_REPORT_CHARACTERS = 500;

/**
 * Notes for the operator that a picture should not be here. The reason is written into the log as it stands: of all that
 * people write it alone is meant for who reads that.
 */
export async function reportPicture(
  { why, ...press }: PicturePress & { why: string },
  settings: Pick<Settings, "operator" | "narrate" | "alerts" | "configuration">,
  azure: Azure,
): Promise<{ said: Said } | Sorry> {
  const found = await findPicture(press, azure);
  if ("sorry" in found) return found;
  const reason = why.trim().slice(0, MOST_REPORT_CHARACTERS);
  if (!reason) return { said: report.missing };
  const { job, place } = found.ref;
  const reference = referenceOf(job);
  log.warn({ reference, job, place, why: reason, by: personOf(press.by) }, REPORTED);
  raiseAlert({ kind: "reported", reference, place, by: personOf(press.by) }, azure);
  settings.narrate?.({ what: "reported", words: found.job.request.prompt, reference, why: reason });
  const { name, contact } = settings.operator;
  return {
    said: together([
      name ? report.notedFor({ name, reference }) : report.noted({ reference }),
      isAlerting(settings) ? report.told : undefined,
      contact ? report.writeTo({ contact }) : undefined,
    ]),
  };
}
