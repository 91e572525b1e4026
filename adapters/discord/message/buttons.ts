import { ButtonStyle, ComponentType } from "discord.js";
import type {
  APIActionRowComponent,
  APIButtonComponent,
  APIButtonComponentWithCustomId,
  APIComponentInMessageActionRow,
} from "discord.js";
import { VERBS } from "../../../src/ask/press.ts";
import type { SpokenReply } from "../../../src/replies/reply.ts";
import type { PictureAction } from "../../../src/request/request.ts";
import type { Sentences } from "../../../src/words/said.ts";
import { shorten } from "../../../src/words/shorten.ts";

/**
 * What a component of ours does. Its `custom_id` says that, and of what, and nothing else: `again:<ref>`. `more` picks one of
 * the pictures in its own message, `cells` is the menu of what may change.
 */
const CONTROLS = [...VERBS, "more", "cells"] as const;
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

/** The rows of one picture alone, the second with the link to it before the last button. */
const FIRST_ROW: PictureAction[] = ["again", "words", "like", "edit", "finish"];
const SECOND_ROW: PictureAction[] = ["revised", "family"];
const LAST: PictureAction[] = ["delete"];
/** The row of one of several: the rest is behind one more button. */
const SHORT_ROW: PictureAction[] = ["again", "words", "like", "edit"];

/** All that can be pressed and chosen under a reply. Four pictures with their words need 38 of the 40 components of a message. */
export function rowsOf({ pictures, actions }: SpokenReply, sentences: Sentences): Row[] {
  const acting = pictures.filter(({ ref, actions: own }) => ref && own?.length);
  const [only, ...others] = acting;
  if (!only) return rowsOfActions(actions, sentences);
  if (others.length)
    return [
      ...acting.map((picture, index) => shortRow(picture, index + 1, sentences)),
      ...rowsOfActions(actions, sentences),
    ];
  const links = actions.filter((action) => action.do === "open");
  const beside = actions.filter((action) => action.do !== "open");
  const row = (offered: PictureAction[]) => buttonsOf(only, offered, sentences);
  const second = [...row(SECOND_ROW), ...links.flatMap(linkButton), ...row(LAST)];
  return [...rowsOfButtons(row(FIRST_ROW)), ...rowsOfButtons(second), ...rowsOfActions(beside, sentences)];
}

function buttonsOf(
  { ref, actions = [] }: ReplyPicture,
  offered: PictureAction[],
  { actionLabels }: Sentences,
): APIButtonComponentWithCustomId[] {
  return offered
    .filter((action) => actions.includes(action))
    .map((action) => {
      const style = action === "delete" ? ButtonStyle.Danger : ButtonStyle.Secondary;
      return { type: ComponentType.Button, style, label: actionLabels[action], custom_id: controlId(action, ref) };
    });
}

function shortRow(picture: ReplyPicture, number: number, sentences: Sentences): Row {
  const { labels } = sentences;
  const more: APIButtonComponentWithCustomId = {
    type: ComponentType.Button,
    style: ButtonStyle.Secondary,
    label: labels.moreActions,
    custom_id: controlId("more", picture.ref),
  };
  const [first, ...others] = [...buttonsOf(picture, SHORT_ROW, sentences), more];
  const numbered = { ...first, label: labels.numbered({ number, action: first.label ?? "" }) };
  return { type: ComponentType.ActionRow, components: [numbered, ...others] };
}

function rowsOfActions(actions: ReplyAction[], sentences: Sentences): Row[] {
  return [...actions.flatMap((action) => selectOf(action, sentences)), ...rowsOfButtons(actions.flatMap(buttonOf))];
}

function rowsOfButtons(buttons: APIButtonComponent[]): Row[] {
  const rows = Array.from({ length: Math.ceil(buttons.length / BUTTONS_IN_A_ROW) }, (_, row) =>
    buttons.slice(row * BUTTONS_IN_A_ROW, (row + 1) * BUTTONS_IN_A_ROW),
  );
  return rows.map((components) => ({ type: ComponentType.ActionRow, components }));
}

function selectOf(action: ReplyAction, { labels }: Sentences): Row[] {
  if (action.do === "pick") {
    return [menuRow(controlId("pick"), { title: action.label, choices: action.choices })];
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
    case "page":
      return [button(ButtonStyle.Secondary, action.label, controlId("page", String(action.page)))];
    case "change":
      return [button(ButtonStyle.Primary, action.label, controlId("change", action.draft))];
    case "pick":
      return [];
  }
}

function button(style: Exclude<ButtonStyle, ButtonStyle.Link | ButtonStyle.Premium>, label: string, customId: string) {
  return { type: ComponentType.Button as const, style, label: shorten(label, LONGEST_LABEL), custom_id: customId };
}

/** Discord takes addresses of up to 512 characters. */
function linkButton(action: ReplyAction): APIButtonComponent[] {
  if (action.do !== "open" || action.url.length > 512) return [];
  const label = shorten(action.label, LONGEST_LABEL);
  return [{ type: ComponentType.Button, style: ButtonStyle.Link, label, url: action.url }];
}
