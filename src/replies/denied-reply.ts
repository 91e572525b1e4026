import type { Job } from "../jobs/job.ts";
import type { Denial } from "../purse/denial.ts";
import type { Settings } from "../settings.ts";
import { labelOfFit, sentencesOfDenial } from "../words/denial-sentences.ts";
import { denied, warned } from "../words/sentences.ts";
import type { Warning } from "../purse/admit.ts";
import { declinedReply, privateWordReply } from "./compose-reply.ts";
import type { ChatReply, ReplyAction } from "./reply.ts";

/** What a rule says no to, for the asker alone: why, and what would still fit, one press away. */
export function deniedReply(job: Job, denial: Denial, settings: Settings): ChatReply {
  const { title, said } = sentencesOfDenial(denial, settings);
  const reply = declinedReply(job, []);
  const fits = fitsIn(denial);
  const draws = fits.map((fit, index): ReplyAction => ({
    do: "fit",
    label: labelOfFit(fit),
    fit: `${job.id}/${index + 1}`,
  }));
  return {
    ...reply,
    title: title ?? reply.title,
    paragraphs: [...said, ...(fits.length ? [denied.fits] : [])],
    // Whoever may not use it at all has nothing to say in other words.
    actions: denial.denied === "access" ? [] : [...draws, ...reply.actions],
  };
}

/** What of a denied request would still pass: its record keeps it, so that a button does what it says. */
export function fitsIn(denial: Denial) {
  return "fits" in denial ? denial.fits : [];
}

/** A word beside what is drawn all the same, for whoever asked alone. */
export function warningReply(warnings: Warning[]): ChatReply | undefined {
  const said = warnings.map(({ binding, unit }) =>
    warned.over({
      scope: binding.kind,
      per: binding.period,
      budget: binding.most[unit] ?? 0,
      isPictures: unit === "pictures",
    }),
  );
  const [first, ...others] = said;
  return first && { ...privateWordReply(first), paragraphs: [first, ...others] };
}
