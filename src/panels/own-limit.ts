import { changeRules } from "../purse/change-rules.ts";
import type { Changed } from "../purse/change-rules.ts";
import type { ChatForm, FormValues } from "../replies/form.ts";
import { personOf } from "../request/request.ts";
import { MOST_COUNTED, MOST_DOLLARS } from "../rules.ts";
import type { OwnLimit } from "../rules.ts";
import type { Said } from "../words/said.ts";
import { usage } from "../words/sentences.ts";
import { refusedForm } from "./change-panel.ts";
import { sentenceOfRuleFault } from "./fault-words.ts";
import type { MakePanel, PanelForm } from "./panel.ts";
import { numberField, readNumber } from "./read-fields.ts";
import { rulesNow } from "./standing-rules.ts";
import { usagePanel } from "./usage.ts";

const FIELDS = [
  { id: "dollars-day", label: usage.ownDollarsDay, most: MOST_DOLLARS, isWhole: false, per: "day", unit: "dollars" },
  {
    id: "dollars-month",
    label: usage.ownDollarsMonth,
    most: MOST_DOLLARS,
    isWhole: false,
    per: "month",
    unit: "dollars",
  },
  { id: "pictures-day", label: usage.ownPicturesDay, most: MOST_COUNTED, isWhole: true, per: "day", unit: "pictures" },
  {
    id: "pictures-month",
    label: usage.ownPicturesMonth,
    most: MOST_COUNTED,
    isWhole: true,
    per: "month",
    unit: "pictures",
  },
] as const;

/** What somebody allows themselves, which nobody else can set: `own-limit`; with values what was sent. */
export const ownLimitPanel: MakePanel = async (_, visit, rooms) => {
  const { ownLimits } = await rulesNow({ visit, rooms });
  const present = ownLimits.get(personOf(visit.by)) ?? [];
  const asked: PanelForm = { form: formOf(present), panel: "own-limit", back: "usage", typed: visit.values };
  if (!visit.values) return asked;
  const faults: Said[] = [];
  const wanted = read(visit.values, faults);
  if (faults.length) return refusedForm(asked, faults);
  const room = { ...rooms, signal: visit.signal };
  const changed: Changed[] = [];
  // One after the other: each is a change of its own, and all that is wrong is said at once.
  for (const own of wanted.filter((limit) => !isAsBefore(limit, present)))
    changed.push(await changeRules({ own }, { asker: visit.by, isAdmin: false }, room));
  const refused = changed.flatMap((one) => (one.outcome === "refused" ? one.faults.map(sentenceOfRuleFault) : []));
  if (refused.length) return refusedForm(asked, refused);
  const isNone = wanted.every(({ dollars, pictures }) => dollars === undefined && pictures === undefined);
  const outcome = await usagePanel([], visit, rooms);
  if ("form" in outcome) return outcome;
  const { show } = outcome;
  return { show: { ...show, paragraphs: [isNone ? usage.ownGone : usage.ownSaved, ...show.paragraphs] } };
};

function read(values: FormValues, faults: Said[]): OwnLimit[] {
  const numbers = FIELDS.map((field) => ({ ...field, number: readNumber(values, field, faults) }));
  return (["day", "month"] as const).map((per) => {
    const of = (unit: "dollars" | "pictures") => numbers.find((one) => one.per === per && one.unit === unit)?.number;
    const [dollars, pictures] = [of("dollars"), of("pictures")];
    return { per, ...(dollars !== undefined && { dollars }), ...(pictures !== undefined && { pictures }) };
  });
}

function isAsBefore({ per, dollars, pictures }: OwnLimit, present: readonly OwnLimit[]): boolean {
  const before = present.find((one) => one.per === per);
  return before?.dollars === dollars && before?.pictures === pictures;
}

function formOf(present: readonly OwnLimit[]): ChatForm {
  const fields = FIELDS.map(({ id, label, per, unit }) =>
    numberField(id, label, present.find((one) => one.per === per)?.[unit]),
  );
  return { title: usage.ownTitle, explanation: usage.ownExplanation, send: usage.ownSave, fields };
}
