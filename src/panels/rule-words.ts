import { channelsNamed, peopleNamed } from "../jobs/names.ts";
import type { AnyBooked } from "../purse/rule-book.ts";
import { personOf } from "../request/request.ts";
import type { Access, Budget, Limit } from "../rules.ts";
import type { Said, Text } from "../words/said.ts";
import { easelPanels, usage } from "../words/sentences.ts";
import type { Stand } from "./rights.ts";

/** What ids are called, as far as it is known. */
export type Names = { person: (id: string) => Text; channel: (id: string) => Text };

type Ids = { people: string[]; channels: string[] };

/** With what a rule is told: `isHere` of one place. */
export type Telling = { names: Names; platform: string; isHere: boolean };

/** Reads what the ids in these rules are called, on the platform of whoever looks. */
export async function tellingOf(
  rules: readonly AnyBooked[],
  { sight, visit: { by, signal }, rooms: { azure } }: Stand,
): Promise<Telling> {
  const { platform } = by;
  const ids = rules.map(idsIn);
  const hashOf = (user: string) => personOf({ platform, user });
  const [people, channels] = await Promise.all([
    peopleNamed(ids.flatMap((each) => each.people).map(hashOf), azure, signal),
    channelsNamed(
      ids.flatMap((each) => each.channels).map((id) => ({ platform, id })),
      azure,
      signal,
    ),
  ]);
  const names: Names = {
    person: (id) => people.get(hashOf(id))?.name ?? usage.somebody({ person: id.slice(-8) }),
    channel: (id) => {
      const name = channels.get(id)?.name;
      return name ? usage.channelNamed({ name }) : usage.channelUnnamed({ id });
    },
  };
  return { names, platform, isHere: sight.within !== undefined };
}

/** More are not named one by one. */
const MOST_NAMED = 10;

function idsIn({ kind, rule }: AnyBooked): Ids {
  if (kind === "access") {
    const of = (list: "people" | "channels") =>
      [rule.allow, rule.deny].flatMap((side) => side?.[list]?.slice(0, MOST_NAMED).map(bareId) ?? []);
    return { people: of("people"), channels: of("channels") };
  }
  const { scope, id } = rule;
  const ids = id === undefined ? [] : [id];
  return { people: scope === "person" ? ids : [], channels: scope === "channel" ? ids : [] };
}

/** `discord/123` → `123` */
export function bareId(id: string): string {
  return id.slice(id.indexOf("/") + 1);
}

export function whoseSaid(
  { scope, id, platform: named }: Pick<Budget, "scope" | "platform" | "id">,
  { names, platform: ofLooker, isHere }: Telling,
): Said {
  const platform = named ?? ofLooker;
  switch (scope) {
    case "bot":
      return easelPanels.everybody;
    case "workspace":
      if (isHere) return easelPanels.thisWorkspace({ platform });
      return id === undefined
        ? easelPanels.eachWorkspace
        : easelPanels.oneWorkspace({ name: usage.workspaceUnnamed({ platform, id }) });
    case "channel":
      return id === undefined ? easelPanels.eachChannel : easelPanels.oneChannel({ name: names.channel(id) });
    case "person":
      return id === undefined ? easelPanels.eachPerson : easelPanels.onePerson({ name: names.person(id) });
  }
}

export function budgetSaid(budget: Budget, telling: Telling): Said {
  const { per, dollars, pictures, isSoft = false } = budget;
  const amount = usage.amount({ dollars, pictures });
  return easelPanels.whoseBudget({ whose: whoseSaid(budget, telling), amount, per, isSoft });
}

export function limitSaid(limit: Limit, telling: Telling): Said {
  const { mostPictures, mostAtOnce, mostDollars, models, qualities, sizes } = limit;
  const parts = [
    ...(mostPictures === undefined ? [] : [easelPanels.partPictures({ count: mostPictures })]),
    ...(mostAtOnce === undefined ? [] : [easelPanels.partAtOnce({ count: mostAtOnce })]),
    ...(mostDollars === undefined ? [] : [easelPanels.partDollars({ amount: usage.amount({ dollars: mostDollars }) })]),
    ...[models, qualities, sizes].flatMap((values) => (values ? [easelPanels.partOnly({ values })] : [])),
  ];
  return easelPanels.whoseLimit({ whose: whoseSaid(limit, telling), parts });
}

/** A line for each list. */
export function accessSaid({ allow, deny }: Access, { names }: Telling): Said[] {
  const nameOf = {
    workspaces: (id: string): Text => usage.workspaceUnnamed({ platform: id.split("/", 1)[0] ?? "", id: bareId(id) }),
    channels: (id: string) => names.channel(bareId(id)),
    roles: (id: string): Text => easelPanels.role({ id: bareId(id) }),
    people: (id: string) => names.person(bareId(id)),
  };
  const whats = {
    workspaces: easelPanels.inWorkspaces,
    channels: easelPanels.inChannels,
    roles: easelPanels.withRoles,
    people: easelPanels.somePeople,
  };
  const lists = ["workspaces", "channels", "roles", "people"] as const;
  return ([allow, deny] as const).flatMap((side, index) =>
    lists.flatMap((list) => {
      const ids = side?.[list] ?? [];
      if (!ids.length) return [];
      const more = ids.length - MOST_NAMED;
      const named = [
        ...ids.slice(0, MOST_NAMED).map(nameOf[list]),
        ...(more > 0 ? [easelPanels.andMore({ count: more })] : []),
      ];
      return [(index ? easelPanels.denied : easelPanels.allowed)({ what: whats[list], names: named })];
    }),
  );
}
