import type { Component } from "./records.ts";
import { componentKind } from "./wire.ts";

/** How many values a field takes. A checkbox group takes all of its options unless it says otherwise. */
export function rangeOf({ type, min_values, max_values, options = [] }: Component): { least: number; most: number } {
  const most = type === componentKind.checkboxGroup ? options.length : 1;
  return { least: min_values ?? 1, most: max_values ?? most };
}

/** What a client lets a person send: what is offered, nothing twice, as many as are allowed. */
export function checkChosen(field: Component, chosen: string[], { mayBeEmpty }: { mayBeEmpty: boolean }): string[] {
  const { custom_id, options } = field;
  const strange = options && chosen.find((one) => !options.some(({ value }) => value === one));
  if (strange !== undefined) throw new Error(`${custom_id} does not offer ${strange}`);
  if (new Set(chosen).size < chosen.length) throw new Error(`${custom_id} takes nothing twice`);
  if (chosen.length === 0 && mayBeEmpty) return chosen;
  const { least, most } = rangeOf(field);
  if (chosen.length === 0 && least > 0) throw new Error(`${custom_id} must be answered`);
  if (chosen.length < least || chosen.length > most) {
    throw new Error(`${custom_id} takes ${least} to ${most}, and not ${chosen.length}`);
  }
  return chosen;
}

/** What is chosen already when a person first sees the field: of people, roles and channels by their ids. */
export function presetOf({ options = [], default_values: picked }: Component): string[] {
  if (picked) return picked.map(({ id }) => id);
  return options.filter((option) => option.default === true).map(({ value }) => value);
}
