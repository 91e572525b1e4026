import { channelsNamed, peopleNamed } from "../jobs/names.ts";
import { listSums } from "../purse/sums.ts";
import type { FormField, FormValues } from "../replies/form.ts";
import { oneOf } from "../replies/form.ts";
import type { Budget } from "../rules.ts";
import type { Said, Text } from "../words/said.ts";
import { easelPanels, ruleFaults, usage } from "../words/sentences.ts";
import { MOST_CHOICES } from "./panel.ts";
import type { Visit } from "./panel.ts";
import { idsIn, textIn } from "./read-fields.ts";
import { channelOf } from "./standing-rules.ts";
import type { Stand } from "./rights.ts";

/** Whom a rule is for. */
export type Scoped = Pick<Budget, "scope" | "platform" | "id">;

type Known = { value: string; name: Text }[];
export type KnownIds = { people: Known; channels: Known };

/** Who and what has spent lately, to choose from where a platform has no picker of its own. */
export async function knownIds({ sight: { within }, visit, rooms: { azure } }: Stand): Promise<KnownIds> {
  const { by, signal } = visit;
  const of = { period: "month", at: new Date(), within } as const;
  const [people, channels] = await Promise.all([
    listSums("person", of, azure, signal),
    listSums("channel", of, azure, signal),
  ]);
  const persons = people.flatMap(({ scope }) => (scope.kind === "person" ? [scope.person] : [])).slice(0, MOST_CHOICES);
  const places = channels.flatMap(({ scope }) => (scope.kind === "channel" ? [scope] : [])).slice(0, MOST_CHOICES);
  const [named, called] = await Promise.all([
    peopleNamed(persons, azure, signal),
    channelsNamed(places, azure, signal),
  ]);
  return {
    people: [...named.values()]
      .filter(({ platform }) => platform === by.platform)
      .map(({ id, name }) => ({ value: id, name })),
    channels: places
      .filter(({ platform }) => platform === by.platform)
      .map(({ id }) => {
        const name = called.get(id)?.name;
        return { value: id, name: name ? usage.channelNamed({ name }) : usage.channelUnnamed({ id }) };
      }),
  };
}

export function pickField(
  of: "channels" | "roles" | "people",
  {
    id,
    label,
    most,
    known = [],
    chosen = [],
  }: { id: string; label: Said; most: number; known?: Known; chosen?: string[] },
): FormField {
  return { id, kind: "pick", of, label, most, known, chosen, hint: easelPanels.pickIdsHint, isRequired: false };
}

/** The choice of whom a rule is for, with a picker for each kind that it may name one of. */
export function scopeFields(
  { label, present, known }: { label: Said; present?: Scoped; known: KnownIds },
  { sight, visit: { by } }: Stand,
): FormField[] {
  const isHere = sight.within !== undefined;
  const choices = [
    ...(isHere
      ? [{ value: "workspace", name: easelPanels.thisWorkspace({ platform: by.platform }) }]
      : [
          { value: "bot", name: easelPanels.everybody },
          { value: "workspace", name: easelPanels.eachWorkspace },
        ]),
    { value: "person", name: easelPanels.eachPerson },
    { value: "one-person", name: easelPanels.scopeOnePerson },
    { value: "channel", name: easelPanels.eachChannel },
    { value: "this-channel", name: easelPanels.scopeThisChannel },
    { value: "one-channel", name: easelPanels.scopeOneChannel },
  ];
  const ids = present?.id === undefined ? [] : [present.id];
  const chosen = present && (present.id === undefined ? present.scope : `one-${present.scope}`);
  const isChoice = choices.some(({ value }) => value === chosen);
  return [
    oneOf("scope", label, choices, isChoice ? chosen : choices[0]?.value),
    pickField("people", {
      id: "person",
      label: easelPanels.pickPerson,
      most: 1,
      known: known.people,
      chosen: present?.scope === "person" ? ids : [],
    }),
    pickField("channels", {
      id: "channel",
      label: easelPanels.pickChannel,
      most: 1,
      known: known.channels,
      chosen: present?.scope === "channel" ? ids : [],
    }),
  ];
}

/** What was chosen there; what is missing is added to `faults`. */
export function readScope(values: FormValues, { by }: Visit, faults: Said[]): Scoped {
  const { platform } = by;
  const one = (field: string, missing: Said) => {
    const [id] = idsIn(values, field);
    if (id === undefined) faults.push(missing);
    return { platform: platform as Scoped["platform"], id: id ?? "" };
  };
  switch (textIn(values, "scope")) {
    case "bot":
      return { scope: "bot" };
    case "person":
      return { scope: "person" };
    case "channel":
      return { scope: "channel" };
    case "this-channel":
      return { scope: "channel", platform: platform as Scoped["platform"], id: channelOf(by) };
    case "one-person":
      return { scope: "person", ...one("person", ruleFaults.personMissing) };
    case "one-channel":
      return { scope: "channel", ...one("channel", ruleFaults.channelMissing) };
    default:
      return { scope: "workspace" };
  }
}
