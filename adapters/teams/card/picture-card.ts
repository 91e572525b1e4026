import { IN_SIGHT } from "../../../src/replies/picture-reply.ts";
import type { SpokenReply } from "../../../src/replies/reply.ts";
import type { PictureAction } from "../../../src/request/request.ts";
import { shorten } from "../../../src/words/shorten.ts";
import { factSet, rowOf, rowsOf, runOf, sendButton, textOf } from "./card-parts.ts";
import type { Element } from "./card-parts.ts";
import { pictureButton } from "./buttons.ts";
import type { Fields } from "./buttons.ts";
import { pictureGrid, shownAddress } from "./pictures.ts";
import { markedRuns, wholeWords } from "./words.ts";

type ReplyPicture = SpokenReply["pictures"][number];
type Quote = SpokenReply["quotes"][number];

/** Characters of somebody's words that stand in sight: fewer where the model's stand below them, and of those fewer below many. */
const [MOST_OWN, MOST_OWN_BESIDE] = [280, 170];
const [MOST_OF_THE_MODELS, MOST_OF_THE_MODELS_BESIDE, ONE_LINE] = [170, 105, 65];
/** One line in small print. */
const MOST_ORIGIN = 64;

/** Names of what a press shows and hides. */
const [WORDS_CUT, WORDS_WHOLE, DETAILS] = ["words-cut", "words-whole", "details"];

const quiet = { size: "small", isSubtle: true };

/**
 * What came of a job: the picture, a few lines, a row of buttons. All else is folded, and shown by the client alone: the
 * whole words, how it was drawn, and what else can be done with it.
 */
export function pictureBody(
  reply: SpokenReply,
  of: Fields & { notes: Element[]; foot: string[]; brief?: boolean },
  most: number,
): Element[] {
  const { notes, foot, brief, sentences } = of;
  const shown = brief ? [] : reply.pictures.filter((picture) => shownAddress(picture));
  const grid = pictureGrid(shown, most, sentences);
  const isOne = reply.pictures.length === 1;
  return [
    ...grid,
    ...notes,
    ...smallPrint([...(reply.origin && !brief ? [inOneLine(reply.origin, MOST_ORIGIN)] : []), ...foot]),
    ...(brief ? [] : words(reply, of, most)),
    ...(isOne ? rowsOfOne(reply, of, { isShown: shown.length > 0 }, most) : rowOfSeveral(reply, of, shown)),
  ];
}

/** What it came from, and who asked. */
function smallPrint(parts: string[]): Element[] {
  return parts.length ? [textOf(parts.join(" · "), quiet, { spacing: "small" })] : [];
}

/** The asker's words, and where the model drew from others, the beginning of those. The whole of both is one press away. */
function words({ quotes }: SpokenReply, { sentences }: Fields, most: number): Element[] {
  const spoken = quotes.filter((quote) => quote.words.trim());
  const [own, ...revised] = spoken;
  if (!own) return [];
  const [only, ...others] = revised;
  const ownCut = inOneLine(own.words, Math.min(most, only ? MOST_OWN_BESIDE : MOST_OWN));
  const mostOfTheModels = ownCut.length > ONE_LINE ? MOST_OF_THE_MODELS_BESIDE : MOST_OF_THE_MODELS;
  const isCut = ownCut !== own.words;
  if (!isCut && !only) return [textOf(own.words, {}, { spacing: "small" })];
  const { joined, labels } = sentences;
  const toggle = (title: string) => ({
    type: "Action.ToggleVisibility",
    title,
    targetElements: [WORDS_CUT, WORDS_WHOLE],
  });
  const link = (text: string) =>
    runOf(text, { ...quiet, isSubtle: false, color: "accent", selectAction: toggle(text) });
  const line = (inlines: Element[]) => ({ type: "RichTextBlock", spacing: "small", inlines });
  const cut = [
    line([runOf(ownCut), ...(isCut && !only ? [runOf(" "), link(labels.showAll)] : [])]),
    // Where each picture has words of its own, none stands for the others.
    ...(only && !others.length
      ? [
          line([
            runOf(joined.pair({ name: only.label, value: "" }), quiet),
            ...beginningOf(only, Math.min(most, mostOfTheModels)),
            runOf(" "),
            link(labels.showAll),
          ]),
        ]
      : []),
    ...(others.length ? [line([link(labels.revisedWords)])] : []),
  ];
  const whole = [...spoken.flatMap((quote) => wholeWords(quote, most, sentences)), line([link(labels.showLess)])];
  return [
    { type: "Container", id: WORDS_CUT, spacing: "small", items: cut },
    { type: "Container", id: WORDS_WHOLE, spacing: "small", isVisible: false, items: whole },
  ];
}

/** What was added in italics: quieter than a mark, and read as well without colour. */
function beginningOf(quote: Quote, most: number): Element[] {
  const oneLine = { ...quote, words: plain(quote.words), marked: quote.marked?.map(plainStretch) };
  return markedRuns(oneLine, most, quiet, { ...quiet, italic: true }) ?? [runOf(inOneLine(quote.words, most), quiet)];
}

const plain = (text: string) => text.replaceAll(/\s/g, " ");
const plainStretch = (stretch: { words: string; added: boolean }) => ({ ...stretch, words: plain(stretch.words) });

function inOneLine(text: string, most: number): string {
  return shorten(text.replaceAll(/\s+/g, " ").trim(), most);
}

/** Under one picture: three buttons, and one that unfolds the rest. */
function rowsOfOne(reply: SpokenReply, of: Fields, { isShown }: { isShown: boolean }, most: number): Element[] {
  const [picture] = reply.pictures;
  const links = reply.actions.flatMap((action) =>
    action.do === "open" ? [{ type: "Action.OpenUrl", title: action.label, url: action.url }] : [],
  );
  if (!picture?.ref) return rowOf(links);
  const { actions: possible = [] } = picture;
  const button = (action: PictureAction) => pictureButton(action, picture, of, most);
  const inSight = possible.filter((action) => IN_SIGHT.includes(action)).flatMap(button);
  const folded = possible.filter((action) => !IN_SIGHT.includes(action));
  const first = folded.filter((action) => action !== "report" && action !== "delete").flatMap(button);
  const last = ["report", "delete"] as const;
  const [report, gone] = last.map((action) => (folded.includes(action) ? button(action) : []));
  const details = [
    ...factSet(reply.facts),
    ...rowsOf(first),
    ...rowOf([...(report ?? []), ...(isShown ? links : []), ...(gone ?? [])]),
  ];
  const more = { type: "Action.ToggleVisibility", title: of.sentences.labels.moreActions, targetElements: [DETAILS] };
  return [
    ...rowOf([...inSight, ...(isShown ? [] : links), ...(details.length ? [more] : [])]),
    ...(details.length ? [{ type: "Container", id: DETAILS, isVisible: false, items: details }] : []),
  ];
}

/** Under several: their numbers, and all again. What can be done with one comes with it when it is picked. */
function rowOfSeveral({ actions, pictures }: SpokenReply, { sentences }: Fields, shown: ReplyPicture[]): Element[] {
  const { labels } = sentences;
  const buttons = actions.flatMap((action): Element[] => {
    if (action.do === "pick")
      return action.choices.map(({ ref, name }, index) => ({
        ...sendButton(String(index + 1), { do: "pick", ref }, {}),
        tooltip: name,
      }));
    return action.do === "all" ? [sendButton(action.label, { do: "all", ref: action.ref }, {})] : [];
  });
  const links = pictures.flatMap((picture, index) =>
    picture.url && !shown.includes(picture)
      ? [{ type: "Action.OpenUrl", title: labels.openOriginalOf({ number: index + 1 }), url: picture.url }]
      : [],
  );
  return [...rowOf(buttons), ...rowOf(links)];
}
