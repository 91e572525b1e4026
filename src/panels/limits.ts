import { MODELS } from "../models.ts";
import type { Booked } from "../purse/rule-book.ts";
import type { ChatForm, FormField, FormValues } from "../replies/form.ts";
import { MOST_COUNTED, MOST_DOLLARS } from "../rules.ts";
import type { Limit } from "../rules.ts";
import type { Settings } from "../settings.ts";
import type { Said, Text } from "../words/said.ts";
import { easelPanels, ruleFaults } from "../words/sentences.ts";
import { changePanel, goneRule, refusedForm } from "./change-panel.ts";
import { MOST_CHOICES } from "./panel.ts";
import type { PanelOutcome } from "./panel.ts";
import { numberField, readNumber } from "./read-fields.ts";
import { forAdmins } from "./rights.ts";
import type { Stand } from "./rights.ts";
import { limitSaid, tellingOf } from "./rule-words.ts";
import { knownIds, readScope, scopeFields } from "./scope-fields.ts";
import { findRule, isInSight, isToChange, rulesNow } from "./standing-rules.ts";
import { panelOf, toPanel } from "./usage.ts";

/** All limits in sight: `limits.here`. */
export const limitsPanel = forAdmins(async (_, stand) => ({ show: await listOf(stand) }));

async function listOf(stand: Stand, before: Said[] = []) {
  const { sight } = stand;
  const { where } = sight;
  const { limits } = await rulesNow(stand);
  const shown = limits.filter((booked) => isInSight(booked, stand));
  const said = await saidOf(shown, stand);
  const choices = shown.flatMap((booked, index) =>
    isToChange(booked, stand) ? [{ panel: `limit.${where}.${booked.key}`, name: said[index] ?? "" }] : [],
  );
  const menu = { do: "panels" as const, menu: "limit", label: easelPanels.openLimit };
  const lines: Text[] = said.map((rule, index) => easelPanels.numbered({ number: index + 1, rule }));
  return panelOf(
    easelPanels.limitsTitle,
    [...before, ...(lines.length ? lines : [easelPanels.limitsNone])],
    [
      ...(choices.length ? [{ ...menu, choices: choices.slice(0, MOST_CHOICES) }] : []),
      toPanel(easelPanels.newLimit, `limit-form.${where}.numbers`, "main"),
      toPanel(easelPanels.newLimitWhat, `limit-form.${where}.what`, "main"),
      toPanel(easelPanels.back, `easel.${where}`),
    ],
  );
}

async function saidOf(limits: readonly Booked<"limit">[], stand: Stand): Promise<Said[]> {
  const telling = await tellingOf(limits, stand);
  return limits.map(({ rule: limit, source, within }) => {
    const rule = limitSaid(limit, telling);
    if (source === "file") return easelPanels.fromFile({ rule });
    return stand.sight.within && !within ? easelPanels.fromOperator({ rule }) : rule;
  });
}

/** One limit: `limit.here.<key>`. */
export const limitPanel = forAdmins(async ([key], stand) => {
  const { sight, rooms } = stand;
  const booked = findRule(key, "limit", stand, await rulesNow(stand));
  if (!booked) return goneRule(`limits.${sight.where}`);
  const [rule] = await saidOf([booked], stand);
  const { setAt: at, setBy: name = "" } = booked;
  const since = at ? [easelPanels.setBy({ name, at, timeZone: rooms.azure.timeZone })] : [];
  const ways = [
    toPanel(
      easelPanels.change,
      `limit-form.${sight.where}.${isOfWhat(booked.rule) ? "what" : "numbers"}.${booked.key}`,
    ),
    toPanel(easelPanels.remove, `rule-off.${sight.where}.limit.${booked.key}`, "danger"),
  ];
  return {
    show: panelOf(
      easelPanels.limitTitle,
      [...(rule ? [rule] : []), ...since],
      [...(isToChange(booked, stand) ? ways : []), toPanel(easelPanels.back, `limits.${sight.where}`)],
    ),
  };
});

function isOfWhat({ models, qualities, sizes }: Limit): boolean {
  return Boolean(models ?? qualities ?? sizes);
}

/** `limit-form.here.numbers` and `.what`, with a key behind to change one; with values what was sent. */
export const limitFormPanel = forAdmins(async ([word, key], stand) => {
  const { sight, visit } = stand;
  const about = word === "what" ? "what" : "numbers";
  const present = key ? findRule(key, "limit", stand, await rulesNow(stand)) : undefined;
  if (key && (!present || !isToChange(present, stand))) return goneRule(`limits.${sight.where}`);
  const asked = {
    form: await limitForm(about, present?.rule, stand),
    panel: ["limit-form", sight.where, about, ...(key ? [key] : [])].join("."),
    back: key ? `limit.${sight.where}.${key}` : `limits.${sight.where}`,
    typed: visit.values,
  };
  if (!visit.values) return asked;
  return takeLimit(visit.values, asked, { about, present: present?.rule, key }, stand);
});

type About = "numbers" | "what";

async function limitForm(about: About, present: Limit | undefined, stand: Stand): Promise<ChatForm> {
  const known = await knownIds(stand);
  // Three fields of its own leave room for whom it is for, and for one person.
  const [scope, person] = scopeFields({ label: easelPanels.limitScope, present, known }, stand);
  const own = about === "numbers" ? numberFields(present) : listFields(present, stand.rooms.settings);
  return {
    title: about === "numbers" ? easelPanels.limitTitle : easelPanels.limitWhatTitle,
    explanation: easelPanels.limitExplanation,
    send: easelPanels.save,
    fields: [...(scope ? [withoutOneChannel(scope)] : []), ...(person ? [person] : []), ...own],
  };
}

/** There is no field for a channel: for another one it is set in that channel. */
function withoutOneChannel(field: FormField): FormField {
  if (field.kind !== "choice") return field;
  return { ...field, choices: field.choices.filter(({ value }) => value !== "one-channel") };
}

const NUMBERS = [
  { id: "mostPictures", label: easelPanels.mostPictures, most: MOST_COUNTED, isWhole: true },
  { id: "mostAtOnce", label: easelPanels.mostAtOnce, most: MOST_COUNTED, isWhole: true },
  { id: "mostDollars", label: easelPanels.mostDollars, most: MOST_DOLLARS, isWhole: false },
] as const;

function numberFields(present: Limit | undefined): FormField[] {
  return NUMBERS.map(({ id, label }) => numberField(id, label, present?.[id]));
}

function listFields(present: Limit | undefined, { models }: Settings): FormField[] {
  const names = models.map(({ name }) => name);
  const qualities = [...new Set(names.flatMap((name) => MODELS[name].qualities))];
  const list = (
    id: "models" | "qualities" | "sizes",
    label: Said,
    choices: { value: string; name: Text }[],
  ): FormField => ({
    id,
    kind: "choice",
    label,
    choices,
    least: 0,
    most: choices.length,
    chosen: present?.[id] ?? [],
    isRequired: false,
  });
  return [
    list(
      "models",
      easelPanels.models,
      names.map((name) => ({ value: name, name: MODELS[name].label })),
    ),
    list(
      "qualities",
      easelPanels.qualities,
      qualities.map((value) => ({ value, name: value })),
    ),
    list(
      "sizes",
      easelPanels.sizes,
      ["square", "wide", "tall"].map((value) => ({ value, name: value })),
    ),
  ];
}

type Taking = { about: About; present: Limit | undefined; key?: string };

async function takeLimit(
  values: FormValues,
  asked: Parameters<typeof refusedForm>[0],
  { about, present, key }: Taking,
  stand: Stand,
): Promise<PanelOutcome> {
  const faults: Said[] = [];
  const scoped = readScope(values, stand.visit, faults);
  const own = about === "numbers" ? readNumbers(values, faults) : readLists(values);
  const { mostPictures, mostAtOnce, mostDollars, models, qualities, sizes } = present ?? {};
  const others = about === "numbers" ? { models, qualities, sizes } : { mostPictures, mostAtOnce, mostDollars };
  const rule: Limit = { ...scoped, ...others, ...own };
  if (!faults.length && Object.values({ ...others, ...own }).every((value) => value === undefined))
    faults.push(ruleFaults.nothingLimited);
  if (faults.length) return refusedForm(asked, faults);
  return changePanel({ set: "limit", rule, key }, { asked }, stand, (done) => listOf(stand, [done]));
}

function readNumbers(values: FormValues, faults: Said[]): Partial<Limit> {
  return Object.fromEntries(NUMBERS.map((field) => [field.id, readNumber(values, field, faults)]));
}

function readLists(values: FormValues): Partial<Limit> {
  const lists = ["models", "qualities", "sizes"] as const;
  return Object.fromEntries(lists.map((id) => [id, values[id]?.length ? values[id] : undefined]));
}
