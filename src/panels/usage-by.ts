import { channelsNamed, peopleNamed } from "../jobs/names.ts";
import { MODELS } from "../models.ts";
import { listSums } from "../purse/sums.ts";
import { PERIODS } from "../rules.ts";
import type { Period } from "../purse/periods.ts";
import type { Scope } from "../purse/payer.ts";
import type { ReplyAction } from "../replies/reply.ts";
import type { Said } from "../words/said.ts";
import { easelPanels, usage } from "../words/sentences.ts";
import type { Rooms } from "./panel.ts";
import { forAdmins, sightOf } from "./rights.ts";
import type { Stand } from "./rights.ts";
import { notForYou } from "./not-for-you.ts";
import { panelOf, spentIn, toPanel } from "./usage.ts";

export const KINDS = ["person", "channel", "model", "workspace"] as const;
export type Kind = (typeof KINDS)[number];

/** In a message there is room for so many. */
const MOST_LINES = 20;

export type NamedSum = { scope: Scope; name: Said | string; id: string; dollars: number; pictures: number };

/** Who or what was the dearest in a period: `usage-by.here.person.month`. */
export const usageByPanel = forAdmins(async ([kindWord, periodWord], stand) => {
  const { sight } = stand;
  const { where } = sight;
  const kind = KINDS.find((each) => each === kindWord);
  const per = PERIODS.find((each) => each === periodWord);
  if (!kind || !per || (kind === "workspace" && sight.within)) return notForYou();
  const sums = await namedSums({ kind, per, most: MOST_LINES }, stand);
  const lines = sums.listed.map(({ name, dollars, pictures }, index) =>
    usage.line({ number: index + 1, name, dollars, pictures }),
  );
  const text = lines.length
    ? [...lines, ...(sums.others.count ? [usage.others(sums.others)] : []), usage.total(sums.total)]
    : [usage.nothing];
  const title = sight.within ? usage.by({ kind, per }) : usage.byOfBot({ kind, per });
  const kinds = KINDS.filter((each) => each !== kind && (each !== "workspace" || !sight.within));
  return {
    show: panelOf(title, text, [
      ...kinds.map((each) => toPanel(usage.byKind({ kind: each }), `usage-by.${where}.${each}.${per}`)),
      ...PERIODS.filter((each) => each !== per).map((each) =>
        toPanel(usage.period({ per: each }), `usage-by.${where}.${kind}.${each}`),
      ),
      toPanel(usage.days, `usage-days.${where}`),
      toPanel(usage.csv, `usage-csv.${where}.${per}`),
      ...otherSight((other) => `usage-by.${other}.${kind === "workspace" ? "person" : kind}.${per}`, stand),
      toPanel(easelPanels.back, "usage"),
    ]),
  };
});

/** From one place to all places and back, for whoever may look at both. */
export function otherSight(panel: (where: string) => string, { sight, visit, rooms }: Stand): ReplyAction[] {
  const other = sight.where === "here" ? "bot" : "here";
  if (!sightOf(other, visit, rooms.settings)) return [];
  return [toPanel(other === "bot" ? usage.everywhere : usage.here, panel(other))];
}

type Wanted = { kind: Kind; per: Period; most: number };
type NamedSums = {
  listed: NamedSum[];
  others: { count: number; dollars: number; pictures: number };
  total: { dollars: number; pictures: number };
};

/** The dearest first, with their names as far as they are known. */
export async function namedSums({ kind, per, most }: Wanted, stand: Stand): Promise<NamedSums> {
  const { sight, visit, rooms } = stand;
  const { within } = sight;
  const { azure } = rooms;
  const { signal } = visit;
  const sums = await listSums(kind, { within, period: per, at: new Date() }, azure, signal);
  const shown = sums.slice(0, most);
  const nameOf = await namer(
    shown.map(({ scope }) => scope),
    azure,
    signal,
  );
  const listed = shown.map(({ scope, sum }) => ({ scope, ...nameOf(scope), ...spentIn(sum) }));
  const rest = sums.slice(most).map(({ sum }) => sum);
  const add = (all: { dollars: number; pictures: number }[]) =>
    all.reduce<{ dollars: number; pictures: number }>(
      (one, other) => ({ dollars: one.dollars + other.dollars, pictures: one.pictures + other.pictures }),
      { dollars: 0, pictures: 0 },
    );
  return { listed, others: { count: rest.length, ...add(rest) }, total: add(sums.map(({ sum }) => sum)) };
}

async function namer(
  scopes: readonly Scope[],
  azure: Rooms["azure"],
  signal: AbortSignal,
): Promise<(scope: Scope) => { name: Said | string; id: string }> {
  const people = await peopleNamed(
    scopes.flatMap((scope) => (scope.kind === "person" ? [scope.person] : [])),
    azure,
    signal,
  );
  const channels = await channelsNamed(
    scopes.flatMap((scope) => (scope.kind === "channel" ? [scope] : [])),
    azure,
    signal,
  );
  return (scope) => {
    switch (scope.kind) {
      case "person": {
        const { person } = scope;
        return { name: people.get(person)?.name ?? usage.somebody({ person }), id: person };
      }
      case "channel": {
        const { id } = scope;
        const name = channels.get(id)?.name;
        return { name: name ? usage.channelNamed({ name }) : usage.channelUnnamed({ id }), id };
      }
      case "model":
        return { name: modelName(scope.model), id: scope.model };
      case "workspace":
        return { name: usage.workspaceUnnamed({ platform: scope.platform, id: scope.id }), id: scope.id };
      case "bot":
        return { name: usage.ofBot, id: "" };
    }
  };
}

function modelName(model: string): Said | string {
  const ideas = /^ideas:(.+)$/.exec(model)?.[1];
  if (ideas) return usage.ideasModel({ name: ideas });
  const known = Object.entries(MODELS).find(([name]) => name === model)?.[1];
  return known?.label ?? model;
}
