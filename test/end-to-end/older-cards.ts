import type { StandingActivity } from "../fakes/microsoft/conversations.ts";
import { pictureAddresses } from "./teams-stage.ts";

type Part = Record<string, unknown>;

function button(title: string, data: Record<string, string>, look: Part = {}): Part {
  const common = { title, ...look, data };
  return { type: "Action.Execute", verb: data.do, ...common, fallback: { type: "Action.Submit", ...common } };
}

function wordsForm(title: string, id: string, does: string, { ref, words }: { ref: string; words: string }): Part {
  const field = { type: "Input.Text", id, label: "Your words", isMultiline: true, maxLength: 32_000, value: words };
  const draw = button("Draw", { do: does, ref }, { style: "positive" });
  return {
    type: "Action.ShowCard",
    title,
    card: { type: "AdaptiveCard", version: "1.5", body: [field], actions: [draw] },
  };
}

const text = (words: string): Part => ({ type: "RichTextBlock", inlines: [{ type: "TextRun", text: words }] });
const image = (url: string | undefined, altText: string): Part => ({
  type: "Image",
  url,
  altText,
  size: "stretch",
  allowExpand: true,
});

/** What stood under one picture before December 2026: every button in sight. */
function rowsOfThen(of: { ref: string; words: string; place: number }): Part[] {
  const { ref, place } = of;
  const first = [
    button("Again", { do: "again", ref }),
    wordsForm("Change words", `words${place}`, "words", of),
    button("More like this", { do: "like", ref }),
    button("Edit", { do: "edit", ref }),
    button("Finish in high quality", { do: "finish", ref }),
  ];
  const second = [
    wordsForm("Use these words", `revised${place}`, "revised", { ...of, words: `${of.words}, in bright light` }),
    button("Family", { do: "family", ref }),
    button("Delete", { do: "delete", ref }, { style: "destructive", mode: "secondary" }),
  ];
  return [
    { type: "ActionSet", actions: first },
    { type: "ActionSet", actions: second },
  ];
}

/** The same message with the card that the version before would have left in it. */
export function asOfThen(message: StandingActivity, words: string, refs: string[]): StandingActivity {
  const addresses = pictureAddresses(message);
  const [ref = ""] = refs;
  const pictures =
    refs.length === 1
      ? [image(addresses[0], words), ...rowsOfThen({ ref, words, place: 1 })]
      : [
          {
            type: "ColumnSet",
            columns: refs.map((each, index) => ({
              type: "Column",
              width: "stretch",
              items: [
                image(addresses[index], words),
                ...rowsOfThen({ ref: each, words, place: index + 1 }),
                { type: "ActionSet", actions: [button("More", { do: "pick", ref: each })] },
              ],
            })),
          },
        ];
  const content = {
    type: "AdaptiveCard",
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    version: "1.5",
    msteams: { width: "Full" },
    body: [
      text(refs.length > 1 ? `Here are your ${refs.length} pictures` : "Here it is"),
      ...pictures,
      text("Your words"),
      text(words),
    ],
  };
  return { ...message, attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content }] };
}
