import { actionLabel } from "../../../src/words/action-label.ts";
import { textOfTurn } from "../../../src/ask/wall.ts";
import { isLastWord } from "../../../src/privacy/privacy-reply.ts";
import type { SpokenReply } from "../../../src/replies/reply.ts";
import type { PictureAction } from "../../../src/request/request.ts";
import type { Sentences } from "../../../src/words/said.ts";
import { choiceInput, sendButton, textOf } from "./card-parts.ts";
import type { ButtonLook, Element } from "./card-parts.ts";
import { reportForm } from "./report-form.ts";
import { styleForm } from "./style-form.ts";
import { promptInput, wordsInput } from "./request-form.ts";
import { CELLS, CHANGE, panelInputOf, REF, wordsInputOf } from "./button-data.ts";
import { ELLIPSIS, shorten } from "../../../src/words/shorten.ts";

/** What the fields of a card need to know. */
export type Fields = {
  sentences: Sentences;
  /** The longest prompt that a model here takes. */
  longestPrompt: number;
  /** One person alone sees the message in which the card stands. */
  targeted?: boolean;
  /** Fields beside the words, where an answer asks for another choice. */
  fields?: Element[];
};

type ReplyAction = SpokenReply["actions"][number];
type ReplyPicture = SpokenReply["pictures"][number];

const LONGEST_NAME = 100;

const looks: Record<"main" | "usual" | "danger", ButtonLook> = {
  main: { style: "positive" },
  usual: {},
  danger: { style: "destructive" },
};

/** What is filled in before a button at the foot of the card is pressed. */
export function inputsOf(action: ReplyAction, of: Fields, most: number): Element[] {
  const { sentences, longestPrompt, fields = [] } = of;
  const { labels } = sentences;
  switch (action.do) {
    case "revise":
      return [promptInput(longestPrompt, sentences, shorten(action.words, most)), ...fields];
    case "pick": {
      const choices = action.choices.map(({ ref, name }) => ({
        title: shorten(name, Math.min(most, LONGEST_NAME)),
        value: ref,
      }));
      return [choiceInput(REF, action.label, choices, { value: choices[0]?.value })];
    }
    case "change": {
      const change = { id: CHANGE, label: labels.change, placeholder: labels.describeChange };
      return [...cellInputs(action.cells, sentences), wordsInput(longestPrompt, change)];
    }
    case "panels": {
      const choices = action.choices.map(({ panel, name }) => ({
        title: shorten(name, Math.min(most, LONGEST_NAME)),
        value: panel,
      }));
      return [choiceInput(panelInputOf(action.menu), action.label, choices, { value: choices[0]?.value })];
    }
    case "described":
      return [promptInput(longestPrompt, sentences, shorten(action.words, most))];
    case "open":
    case "cancel":
    case "suggest":
    case "fit":
    case "suggested":
    case "page":
    case "all":
    case "go on":
    case "back":
    case "sure":
    case "wall":
    case "privacy":
    case "off":
    case "panel":
      return [];
  }
}

/** A column for each of the picture's, so that the boxes lie as the cells do. */
function cellInputs(cells: readonly string[], { labels }: Sentences): Element[] {
  const letters = [...new Set(cells.map((cell) => cell.charAt(0)))];
  const columns = letters.map((letter) => {
    const own = cells.filter((cell) => cell.startsWith(letter)).map((cell) => ({ title: cell, value: cell }));
    const boxes = choiceInput(`${CELLS}${letter}`, letter, own, { style: "expanded", isMultiSelect: true });
    return { type: "Column", width: "stretch", items: [boxes] };
  });
  return [textOf(labels.region), { type: "ColumnSet", columns }];
}

/** At the foot of the card. */
export function buttonOf(action: ReplyAction, { targeted, sentences }: Fields, most: number): Element {
  const inOne = targeted ? { targeted: "yes" } : {};
  switch (action.do) {
    case "open":
      return { type: "Action.OpenUrl", title: action.label, url: action.url };
    case "revise":
      return sendButton(action.label, { do: "revise", job: action.job, ...inOne, ...hiddenRest(action.words, most) });
    case "change":
      return sendButton(sentences.labels.draw, { do: "change", draft: action.draft, ...inOne });
    case "pick":
      return sendButton(action.label, { do: "pick" });
    case "cancel":
      return sendButton(action.label, { do: "cancel", job: action.job }, {});
    case "suggest":
      return sendButton(action.label, { do: "suggest", job: action.job }, {});
    case "suggested":
      return sendButton(action.label, { do: "suggested", suggestion: action.suggestion });
    case "fit":
      return sendButton(action.label, { do: "fit", fit: action.fit });
    case "described":
      return sendButton(action.label, { do: "imagine", asker: action.asker, forAll: "yes", ...inOne });
    case "page":
      return sendButton(action.label, { do: "page", page: String(action.page) }, {});
    case "all":
    case "back":
      return sendButton(action.label, { do: action.do, ref: action.ref }, {});
    case "sure":
      return sendButton(action.label, { do: "sure", ref: action.ref, until: action.until }, { style: "destructive" });
    case "wall":
      return sendButton(action.label, { do: "wall", turn: textOfTurn(action) }, {});
    case "privacy":
      return sendButton(
        action.label,
        { do: "privacy", what: action.what },
        isLastWord(action.what) ? { style: "destructive" } : {},
      );
    case "off":
      return sendButton(action.label, { do: "off", ref: action.ref }, { style: "destructive" });
    case "panel":
      return sendButton(action.label, { do: "panel", panel: action.panel }, looks[action.tone ?? "usual"]);
    case "panels":
      return sendButton(sentences.easelPanels.open, { do: "panel", menu: action.menu }, {});
    case "go on":
      return sendButton(action.label, { do: action.action, ref: action.ref }, {});
  }
}

/** A button that holds its picture and nothing else, or one that opens a field for words. */
export function pictureButton(action: PictureAction, picture: ReplyPicture, of: Fields, most: number): Element[] {
  const { ref } = picture;
  if (ref === undefined) return [];
  if (action === "words" || action === "revised") return wordsForm(action, picture, of, most);
  if (action === "style") return [styleForm(ref, of.sentences)];
  if (action === "report") return [reportForm(ref, of.sentences)];
  const look: ButtonLook = action === "delete" ? { style: "destructive" } : {};
  return [sendButton(actionLabel(action, picture, of.sentences), { do: action, ref }, look)];
}

/** A field that opens below the button, with the words in it that it goes on from. */
function wordsForm(
  action: "words" | "revised",
  { ref = "", words }: ReplyPicture,
  { longestPrompt, sentences }: Fields,
  most: number,
): Element[] {
  const before = action === "words" ? words?.own : words?.revised;
  if (before === undefined) return [];
  const { actionLabels, form, labels } = sentences;
  const label = action === "words" ? labels.yourWords : labels.revisedWords;
  const field = wordsInput(
    longestPrompt,
    { id: wordsInputOf(action, ref), label, placeholder: form.promptPlaceholder },
    shorten(before, most),
  );
  const draw = sendButton(labels.draw, { do: action, ref, ...hiddenRest(before, most) });
  const card = { type: "AdaptiveCard", version: "1.5", body: [field], actions: [draw] };
  return [{ type: "Action.ShowCard", title: actionLabels[action], card }];
}

/** Where the words begin that are not in the field, if there are any: the ellipsis stands for them when it is sent. */
function hiddenRest(words: string, most: number): { rest?: string } {
  const shown = shorten(words, most);
  return shown === words ? {} : { rest: String(shown.length - ELLIPSIS.length) };
}
