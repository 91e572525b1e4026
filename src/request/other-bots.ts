/**
 * Options that people bring along from another bot, by what they are for there. Midjourney's are meant, see its
 * "Parameter List"; those that have a name here as well (`--ar`, `--quality`, `--style`) are no strangers.
 */
const OPTIONS = {
  version: ["v", "version", "niji"],
  without: ["no"],
  strength: ["s", "stylize", "stylise", "c", "chaos", "w", "weird", "exp", "raw", "p", "profile", "personalize"],
  detail: ["q", "hd"],
  repeat: ["r", "repeat"],
  seed: ["seed", "sameseed"],
  reference: ["sref", "cref", "oref", "iw", "sw", "cw", "ow", "sv"],
  pace: ["fast", "relax", "turbo", "draft", "stop", "tile", "video", "motion", "loop", "uplight", "upbeta", "test"],
} as const;

export type Habit = keyof typeof OPTIONS;

const HABITS = new Map<string, Habit>(
  Object.entries(OPTIONS).flatMap(([habit, names]) => names.map((name) => [name, habit as Habit])),
);

/** What somebody wants by an option that another bot has, however its dashes and letters are written. */
export function habitOf(typed: string): Habit | undefined {
  return HABITS.get(typed.replace(/^[-—–]{1,3}/, "").toLowerCase());
}

const NUMBER = /^[\s=:]+\d[\d.]*(?=\s|$)/;
const VALUES: Record<Habit, RegExp> = {
  version: /^[\s=:]+(?:niji\s+)?\d[\d.]*(?=\s|$)/i,
  // All that stands before the next option: `--no people, cars`.
  without: /^[\s=:]+(?:(?!(?:--|[—–])[a-z]).)*/is,
  strength: /^[\s=:]+(?:\d[\d.]*|(?=[a-z]*\d)[a-z0-9]{5,20})(?=\s|$)/i,
  detail: NUMBER,
  repeat: NUMBER,
  seed: NUMBER,
  reference: /^(?:[\s=:]+(?:https?:\/\/\S+|\d[\d.:]*|random)(?=\s|$))+/i,
  pace: NUMBER,
};

/** What follows such an option without the value that belongs to it. */
export function withoutValue(habit: Habit, rest: string): string {
  return rest.replace(VALUES[habit], "");
}
