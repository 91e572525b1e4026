/** What to say to an option of another bot's, most often Midjourney's. */
export type ForeignKind =
  | "version"
  | "without"
  | "strength"
  | "look"
  | "quality"
  | "seed"
  | "reference"
  | "pattern"
  | "speed"
  | "edges"
  | "other";

/** What stands behind it and belongs to it. `rest`: all words up to the next option. */
export type ForeignValue = "nothing" | "number" | "rest" | "addresses" | "codes" | "low or high";

type Foreign = { kind: ForeignKind; takes: ForeignValue };

const named = (kind: ForeignKind, takes: ForeignValue, names: string) =>
  names.split(" ").map((name): [string, Foreign] => [name, { kind, takes }]);

const FOREIGN = new Map<string, Foreign>([
  ...named("version", "number", "v version niji"),
  ...named("without", "rest", "no neg negative negative-prompt"),
  ...named("strength", "number", "s stylize stylise c chaos w weird exp creativity cfg cfg-scale guidance steps"),
  ...named("look", "nothing", "raw test testp creative uplight upbeta upanime"),
  ...named("quality", "number", "q"),
  ...named("seed", "number", "seed sameseed"),
  ...named("reference", "addresses", "cref sref oref iref image"),
  ...named("reference", "number", "iw cw sw ow sv"),
  ...named("pattern", "nothing", "tile"),
  ...named("speed", "nothing", "fast relax relaxed turbo draft stealth public"),
  ...named("edges", "number", "width height h"),
  ...named("other", "number", "stop bs"),
  ...named("other", "codes", "p profile personalize"),
  ...named("other", "low or high", "motion"),
  ...named("other", "nothing", "video loop hd"),
  ...named("other", "addresses", "end"),
]);

/** The option of another bot's that has this name. */
export function foreignOption(name: string): Foreign | undefined {
  return FOREIGN.get(name.toLowerCase());
}

/**
 * Those that take a number: telephones write a dash for `--`, and people write one before a word, but hardly before such a
 * name and a number.
 */
export const NUMBERED = [...FOREIGN].flatMap(([name, { takes }]) => (takes === "number" ? [name] : []));

/** An option that was not ours as it was typed, dashes and all: its name, and what stood behind it. */
export function readUnknown(typed: string): { name: string; value?: string } {
  const [, name = typed, value] = /^[-—–]{0,3}(\S+)(?: (.+))?$/s.exec(typed) ?? [];
  return { name, value };
}
