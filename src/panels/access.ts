import type { Booked } from "../purse/rule-book.ts";
import type { RuleChange } from "../purse/rule-faults.ts";
import type { ChatForm, FormValues } from "../replies/form.ts";
import type { Access } from "../rules.ts";
import type { Said } from "../words/said.ts";
import { easelPanels } from "../words/sentences.ts";
import { changePanel } from "./change-panel.ts";
import { notForYou } from "./not-for-you.ts";
import type { PanelForm, Visit } from "./panel.ts";
import { idsIn } from "./read-fields.ts";
import { forAdmins } from "./rights.ts";
import type { Stand } from "./rights.ts";
import { accessSaid, bareId, tellingOf } from "./rule-words.ts";
import { knownIds, pickField } from "./scope-fields.ts";
import { channelOf, isInSight, isToChange, rulesNow } from "./standing-rules.ts";
import { panelOf, toPanel } from "./usage.ts";

type Side = "allow" | "deny";

/** Who may use it, and who may not: `access.here`. */
export const accessPanel = forAdmins(async (_, stand) => ({ show: await listOf(stand) }));

async function listOf(stand: Stand, before: Said[] = []) {
  const { sight } = stand;
  const { where } = sight;
  const { access } = await rulesNow(stand);
  const shown = access.filter((booked) => isInSight(booked, stand));
  const telling = await tellingOf(shown, stand);
  const lines = shown.flatMap(({ rule, source }) =>
    accessSaid(rule, telling).map((said) => (source === "file" ? easelPanels.fromFile({ rule: said }) : said)),
  );
  const isElsewhere = sight.within && access.length > shown.length;
  const own = ownAccess(shown, stand);
  return panelOf(
    easelPanels.accessTitle,
    [
      ...before,
      ...(lines.length ? lines : [easelPanels.accessNone]),
      ...(isElsewhere ? [easelPanels.accessOthers] : []),
    ],
    [
      toPanel(easelPanels.allowOnly, `access-form.${where}.allow`),
      toPanel(easelPanels.denySome, `access-form.${where}.deny`),
      ...(own ? [toPanel(easelPanels.letAll, `rule-off.${where}.access.${own.key}`, "danger")] : []),
      toPanel(easelPanels.back, `easel.${where}`),
    ],
  );
}

/** What was set in chat for what is looked at: there is one such rule. */
export function ownAccess(access: readonly Booked<"access">[], stand: Stand): Booked<"access"> | undefined {
  const seen = access.filter((booked) => isInSight(booked, stand));
  return seen.find((booked) => isToChange(booked, stand) && Boolean(booked.within) === Boolean(stand.sight.within));
}

const LISTS = ["channels", "roles", "people"] as const;

/** `access-form.here.allow`, `.deny`; with values what was sent. */
export const accessFormPanel = forAdmins(async ([word], stand) => {
  const { sight, visit } = stand;
  const side: Side = word === "deny" ? "deny" : "allow";
  const { access } = await rulesNow(stand);
  const own = ownAccess(access, stand);
  const asked: PanelForm = {
    form: await accessForm(side, own?.rule, stand),
    panel: `access-form.${sight.where}.${side}`,
    back: `access.${sight.where}`,
    typed: visit.values,
  };
  if (!visit.values) return asked;
  const rule = accessWith(side, visit.values, own?.rule ?? {}, visit);
  return changePanel(changeTo(rule, own), { asked }, stand, (done) => listOf(stand, [done]));
});

async function accessForm(side: Side, present: Access | undefined, stand: Stand): Promise<ChatForm> {
  const known = await knownIds(stand);
  const chosen = (list: (typeof LISTS)[number]) => (present?.[side]?.[list] ?? []).map(bareId);
  const label = { channels: easelPanels.listChannels, roles: easelPanels.listRoles, people: easelPanels.listPeople };
  const lists = LISTS.filter((list) => list !== "roles" || stand.visit.hasRoles);
  return {
    title: side === "allow" ? easelPanels.allowTitle : easelPanels.denyTitle,
    explanation: side === "allow" ? easelPanels.allowExplanation : easelPanels.denyExplanation,
    send: easelPanels.save,
    fields: lists.map((list) =>
      pickField(list, {
        id: list,
        label: label[list],
        most: 25,
        known: list === "roles" ? [] : known[list],
        chosen: chosen(list),
      }),
    ),
  };
}

/** The other side stays as it is. What is of another platform stays too: it cannot be picked here. */
function accessWith(side: Side, values: FormValues, before: Access, { by, hasRoles }: Visit): Access {
  const mine = `${by.platform}/`;
  const lists = LISTS.map((list) => {
    const kept = (before[side]?.[list] ?? []).filter((id) => !id.startsWith(mine) || (list === "roles" && !hasRoles));
    const ids = [...kept, ...idsIn(values, list).map((id) => `${mine}${id}`)];
    return [list, ids.length ? ids : undefined];
  });
  return lean({ ...before, [side]: { ...before[side], ...Object.fromEntries(lists) } });
}

/** Closes the channel in which it is pressed, or opens it: `channel.here`, `channel.here.close`, `channel.here.open`. */
export const channelPanel = forAdmins(async ([word], stand) => {
  const { sight, visit } = stand;
  if (!sight.within) return notForYou();
  const { access } = await rulesNow(stand);
  const own = ownAccess(access, stand);
  const id = `${visit.by.platform}/${channelOf(visit.by)}`;
  const isShut = isClosed(id, own?.rule ?? {});
  if ((word !== "close" && word !== "open") || (word === "close") === isShut)
    return { show: showChannel(isShut, stand) };
  const rule = (word === "close" ? withoutChannel : withChannel)(id, own?.rule ?? {});
  return changePanel(changeTo(rule, own), { back: "channel.here" }, stand, async (done) =>
    showChannel(word === "close", stand, [done]),
  );
});

function showChannel(isShut: boolean, { sight: { where } }: Stand, before: Said[] = []) {
  return panelOf(
    easelPanels.channelTitle,
    [...before, isShut ? easelPanels.channelIsClosed : easelPanels.channelIsOpen],
    [
      isShut
        ? toPanel(easelPanels.openChannel, `channel.${where}.open`, "main")
        : toPanel(easelPanels.closeChannel, `channel.${where}.close`, "danger"),
      toPanel(easelPanels.back, `easel.${where}`),
    ],
  );
}

function isClosed(id: string, { allow, deny }: Access): boolean {
  const only = allow?.channels ?? [];
  return Boolean(deny?.channels?.includes(id)) || (only.length > 0 && !only.includes(id));
}

/** Out of the list of those that may; where there is none, or nothing would be left of it, into the list of those that may not. */
function withoutChannel(id: string, { allow, deny }: Access): Access {
  const only = allow?.channels?.filter((each) => each !== id) ?? [];
  if (only.length) return lean({ allow: { ...allow, channels: only }, deny });
  return lean({
    allow: { ...allow, channels: undefined },
    deny: { ...deny, channels: [...(deny?.channels ?? []), id] },
  });
}

function withChannel(id: string, { allow, deny }: Access): Access {
  const only = allow?.channels ?? [];
  const denied = deny?.channels?.filter((each) => each !== id) ?? [];
  return lean({
    allow: { ...allow, channels: only.length ? [...new Set([...only, id])] : undefined },
    deny: { ...deny, channels: denied.length ? denied : undefined },
  });
}

/** Without lists and sides that say nothing. */
function lean({ allow, deny }: Access): Access {
  const side = (lists: Access["allow"]) => {
    const said = Object.entries(lists ?? {}).filter(([, value]) => value !== undefined);
    return said.length ? (Object.fromEntries(said) as NonNullable<Access["allow"]>) : undefined;
  };
  const [allowed, denied] = [side(allow), side(deny)];
  return { ...(allowed && { allow: allowed }), ...(denied && { deny: denied }) };
}

/** A rule that says nothing more goes. */
function changeTo(rule: Access, own: Booked<"access"> | undefined): RuleChange {
  if (!rule.allow && !rule.deny && own) return { remove: own.key };
  return { set: "access", rule, key: own?.key };
}
