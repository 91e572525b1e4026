import { MODELS } from "../models.ts";
import type { BrokenLimit, Denial, Fit, Raiser } from "../purse/denial.ts";
import type { Settings } from "../settings.ts";
import { priceSaid } from "./price-sentences.ts";
import type { Said } from "./said.ts";
import { denied, fits } from "./sentences.ts";

type Known = Pick<Settings, "operator" | "timeZone">;

/** What a no says: the rule, what is left, when it is full again, and who can change it. */
export function sentencesOfDenial(denial: Denial, settings: Known, now = new Date()): { title?: Said; said: Said[] } {
  switch (denial.denied) {
    case "budget": {
      const { isOwn, scope, per, budget, left, asked, refillsAt: at, raiser } = denial;
      const seconds = Math.max(0, (Date.parse(at) - now.getTime()) / 1000);
      return {
        title: isOwn ? denied.overOwn : denied.overBudget,
        said: [
          isOwn ? denied.own({ per, budget, left }) : denied.budget({ scope, per, budget, left }),
          denied.asked(asked),
          denied.refills({ at, seconds, timeZone: settings.timeZone }),
          raiserSaid(raiser, settings),
        ],
      };
    }
    case "limit":
      return {
        title: denied.overLimit,
        said: [...denial.breaks.map(sentenceOfBreak), raiserSaid(denial.raiser, settings)],
      };
    case "access":
      return { title: denied.noAccess, said: [denied[denial.by], raiserSaid(denial.raiser, settings)] };
    case "ledger away":
      return { said: [denied.ledgerAway] };
  }
}

function raiserSaid(raiser: Raiser, { operator }: Known): Said {
  if (raiser === "you") return denied.byYou;
  return raiser === "admin" ? denied.byAdmin : denied.byOperator(operator);
}

function sentenceOfBreak(broken: BrokenLimit): Said {
  switch (broken.limit) {
    case "mostAtOnce":
      return denied.mostAtOnce(broken);
    case "mostPictures":
      return denied.mostPictures(broken);
    case "mostDollars":
      return denied.mostDollars(broken);
    case "models":
      return denied.models({ allowed: broken.allowed.map(labelOf), asked: labelOf(broken.asked) });
    case "qualities":
    case "sizes":
      return denied[broken.limit](broken);
  }
}

function labelOf(model: string): string {
  return Object.entries(MODELS).find(([name]) => name === model)?.[1].label ?? model;
}

/** The label of a button that draws what still fits. */
export function labelOfFit({ by, count, options, ...price }: Fit): Said {
  const said = { count, price: priceSaid(price) };
  if (by !== "allowed") return fits[by](said);
  return fits.allowed({ ...said, quality: options.quality ?? "", size: options.size });
}
