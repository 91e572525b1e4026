import { actionLabel } from "../../../src/words/action-label.ts";
import { ButtonStyle, ComponentType } from "discord.js";
import type {
  APIActionRowComponent,
  APIButtonComponent,
  APIButtonComponentWithCustomId,
  APIComponentInMessageActionRow,
} from "discord.js";
import { textOfSure } from "../../../src/ask/cancel-and-delete.ts";
import { textOfTurn } from "../../../src/ask/wall.ts";
import { VERBS } from "../../../src/ask/press.ts";
import { isLastWord } from "../../../src/privacy/privacy-reply.ts";
import { IN_SIGHT } from "../../../src/replies/picture-reply.ts";
import type { SpokenReply } from "../../../src/replies/reply.ts";
import { PICTURE_ACTIONS } from "../../../src/request/request.ts";
import type { PictureAction } from "../../../src/request/request.ts";
import type { Sentences } from "../../../src/words/said.ts";
import { shorten } from "../../../src/words/shorten.ts";

import { panelControlId, panelMenuId } from "./panel-controls.ts";

/**
 * What a component of ours does. Its `custom_id` says that, and of what, and nothing else: `again:<ref>`. `cells` is the menu
 * of what may change; `whole` is what `more` is, beside words that were cut; `back` brings a picture in place of the question
 * whether it is to go.
 */
const CONTROLS = [...VERBS, "whole", "back", "cells", "privacy"] as const;
export type Control = (typeof CONTROLS)[number];

export function controlId(does: Control, of = ""): string {
  return of ? `${does}:${of}` : does;
}

/** Nothing for a component that no version of ours has, or not any more. */
export function readControl(customId: string): { does: Control; of: string } | undefined {
  const [name = "", of = ""] = customId.split(":", 2);
  const does = CONTROLS.find((control) => control === name);
  return does && { does, of };
}

type ReplyAction = SpokenReply["actions"][number];
type ReplyPicture = SpokenReply["pictures"][number];
type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

const LONGEST_LABEL = 80;
const LONGEST_CHOICE = 100;
const LONGEST_PLACEHOLDER = 150;
const MOST_CHOICES = 25;
const BUTTONS_IN_A_ROW = 5;

/**
 * All that can be pressed and chosen under a reply: under one picture three buttons and one behind which the rest is, under
 * several their numbers. What is not `shown` has a link.
 */
export function rowsOf(reply: SpokenReply, shown: { picture: { name: string } }[], sentences: Sentences): Row[] {
  const { pictures, actions } = reply;
  const acting = pictures.filter(({ ref, actions: own }) => ref && own?.length);
  const [only, ...others] = acting;
  if (!only) return rowsOfActions(actions, sentences);
  const isShown = ({ name }: ReplyPicture) => shown.some(({ picture }) => picture.name === name);
  const links = pictures.flatMap((picture, index) =>
    isShown(picture) ? [] : linkTo(picture, index + 1, reply, sentences),
  );
  const rest = actions.filter((action) => !["open", "pick", "all"].includes(action.do));
  const all = actions.filter((action) => action.do === "all");
  if (reply.role === "word")
    return [...rowsOfButtons(allButtons(only, reply, sentences)), ...rowsOfActions(rest, sentences)];
  const first = others.length
    ? [...acting.map(numberButton), ...all.flatMap(buttonOf)]
    : [...buttonsOf(only, IN_SIGHT, sentences), moreButton(only, sentences)];
  return [...rowsOfButtons(first), ...rowsOfButtons(links), ...rowsOfActions(rest, sentences)];
}

/** The link to it stands before the last, which deletes. */
function allButtons(picture: ReplyPicture, { actions }: SpokenReply, sentences: Sentences): APIButtonComponent[] {
  const buttons = buttonsOf(picture, PICTURE_ACTIONS, sentences);
  const links = actions.flatMap(linkButton);
  return [...buttons.slice(0, -1), ...links, ...buttons.slice(-1)];
}

function buttonsOf(
  picture: ReplyPicture,
  offered: readonly PictureAction[],
  sentences: Sentences,
): APIButtonComponentWithCustomId[] {
  const { ref = "", actions = [] } = picture;
  return offered
    .filter((action) => actions.includes(action))
    .map((action) => button(styleOf(action), actionLabel(action, picture, sentences), controlId(action, ref)));
}

function styleOf(action: PictureAction) {
  return action === "delete" ? ButtonStyle.Danger : ButtonStyle.Secondary;
}

function moreButton({ ref }: ReplyPicture, { labels }: Sentences): APIButtonComponentWithCustomId {
  return button(ButtonStyle.Secondary, labels.moreActions, controlId("more", ref));
}

/** Beside words of which only the beginning stands there. */
export function showAllButton(ref: string, { labels }: Sentences): APIButtonComponentWithCustomId {
  return button(ButtonStyle.Secondary, labels.showAll, controlId("whole", ref));
}

function numberButton({ ref }: ReplyPicture, index: number): APIButtonComponentWithCustomId {
  return button(ButtonStyle.Secondary, String(index + 1), controlId("pick", ref));
}

function linkTo(
  { url }: ReplyPicture,
  number: number,
  { pictures }: SpokenReply,
  { labels }: Sentences,
): APIButtonComponent[] {
  const label = pictures.length > 1 ? labels.openOriginalOf({ number }) : labels.openOriginal;
  return url ? linkButton({ do: "open", label, url }) : [];
}

function rowsOfActions(actions: ReplyAction[], sentences: Sentences): Row[] {
  return [...actions.flatMap((action) => selectOf(action, sentences)), ...rowsOfButtons(actions.flatMap(buttonOf))];
}

/** As few rows as there can be, about equally long. */
export function rowsOfButtons(buttons: APIButtonComponent[]): Row[] {
  const count = Math.ceil(buttons.length / BUTTONS_IN_A_ROW);
  const inOne = Math.ceil(buttons.length / count);
  const rows = Array.from({ length: count }, (_, row) => buttons.slice(row * inOne, (row + 1) * inOne));
  return rows.map((components) => ({ type: ComponentType.ActionRow, components }));
}

function toneOf(tone: "main" | "danger" | undefined) {
  if (tone === "danger") return ButtonStyle.Danger;
  return tone === "main" ? ButtonStyle.Primary : ButtonStyle.Secondary;
}

/** One button, for what was asked. */
export function buttonRow(label: string, customId: string): Row {
  return { type: ComponentType.ActionRow, components: [button(ButtonStyle.Primary, label, customId)] };
}

function selectOf(action: ReplyAction, { labels }: Sentences): Row[] {
  if (action.do === "pick") {
    return [menuRow(controlId("pick"), { title: action.label, choices: action.choices })];
  }
  if (action.do === "panels") {
    const choices = action.choices.map(({ panel, name }) => ({ label: name, value: panel }));
    return [selectRow(panelMenuId(action.menu), action.label, choices)];
  }
  if (action.do === "change") {
    const cells = action.cells.map((cell) => ({ label: cell, value: cell }));
    return [selectRow(controlId("cells", action.draft), labels.region, cells, { least: 0, most: cells.length })];
  }
  return [];
}

/** A menu of pictures, of which one can be chosen. */
export function menuRow(customId: string, menu: { title: string; choices: { ref: string; name: string }[] }): Row {
  const choices = menu.choices.map(({ ref, name }) => ({ label: name, value: ref }));
  return selectRow(customId, menu.title, choices);
}

function selectRow(
  customId: string,
  placeholder: string,
  choices: { label: string; value: string }[],
  { least, most } = { least: 1, most: 1 },
): Row {
  const options = choices
    .slice(0, MOST_CHOICES)
    .map(({ label, value }) => ({ label: shorten(label, LONGEST_CHOICE), value }));
  const select = {
    type: ComponentType.StringSelect as const,
    custom_id: customId,
    placeholder: shorten(placeholder, LONGEST_PLACEHOLDER),
    min_values: least,
    max_values: most,
    options,
  };
  return { type: ComponentType.ActionRow, components: [select] };
}

function buttonOf(action: ReplyAction): APIButtonComponent[] {
  switch (action.do) {
    case "open":
      return linkButton(action);
    case "revise":
      return [button(ButtonStyle.Primary, action.label, controlId("revise", action.job))];
    case "cancel":
      return [button(ButtonStyle.Danger, action.label, controlId("cancel", action.job))];
    case "suggest":
      return [button(ButtonStyle.Secondary, action.label, controlId("suggest", action.job))];
    case "suggested":
      return [button(ButtonStyle.Primary, action.label, controlId("suggested", action.suggestion))];
    case "fit":
      return [button(ButtonStyle.Primary, action.label, controlId("fit", action.fit))];
    case "described":
      return [button(ButtonStyle.Primary, action.label, controlId("described", action.description))];
    case "page":
      return [button(ButtonStyle.Secondary, action.label, controlId("page", String(action.page)))];
    case "wall":
      return [button(ButtonStyle.Secondary, action.label, controlId("wall", textOfTurn(action)))];
    case "privacy":
      return [
        button(
          isLastWord(action.what) ? ButtonStyle.Danger : ButtonStyle.Secondary,
          action.label,
          controlId("privacy", action.what),
        ),
      ];
    case "off":
      return [button(ButtonStyle.Danger, action.label, controlId("off", action.ref))];
    case "change":
      return [button(ButtonStyle.Primary, action.label, controlId("change", action.draft))];
    case "panel":
      return [button(toneOf(action.tone), action.label, panelControlId(action.panel))];
    case "panels":
      return [];
    case "all":
      return [button(ButtonStyle.Secondary, action.label, controlId("all", action.ref))];
    case "go on":
      return [button(styleOf(action.action), action.label, controlId(action.action, action.ref))];
    case "back":
      return [button(ButtonStyle.Secondary, action.label, controlId("back", action.ref))];
    case "sure":
      return [button(ButtonStyle.Danger, action.label, controlId("sure", textOfSure(action.ref, action.until)))];
    case "pick":
      return [];
  }
}

export function button(
  style: Exclude<ButtonStyle, ButtonStyle.Link | ButtonStyle.Premium>,
  label: string,
  customId: string,
) {
  return { type: ComponentType.Button as const, style, label: shorten(label, LONGEST_LABEL), custom_id: customId };
}

/** Discord takes addresses of up to 512 characters. */
export function linkButton(action: ReplyAction): APIButtonComponent[] {
  if (action.do !== "open" || action.url.length > 512) return [];
  const label = shorten(action.label, LONGEST_LABEL);
  return [{ type: ComponentType.Button, style: ButtonStyle.Link, label, url: action.url }];
}
