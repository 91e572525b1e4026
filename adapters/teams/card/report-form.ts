import { MOST_REPORT_CHARACTERS } from "../../../src/ask/report.ts";
import type { Sentences } from "../../../src/words/said.ts";
import { sendButton } from "./card-parts.ts";
import type { Element } from "./card-parts.ts";
import { whyInputOf } from "./button-data.ts";

/** A button below which a field opens for what is wrong with a picture. */
export function reportForm(ref: string, { actionLabels, report }: Sentences): Element {
  const field = {
    type: "Input.Text",
    id: whyInputOf(ref),
    label: report.why,
    isMultiline: true,
    maxLength: MOST_REPORT_CHARACTERS,
    placeholder: report.whyPlaceholder,
  };
  const card = {
    type: "AdaptiveCard",
    version: "1.5",
    body: [field],
    actions: [sendButton(report.send, { do: "report", ref })],
  };
  return { type: "Action.ShowCard", title: actionLabels.report, card };
}
