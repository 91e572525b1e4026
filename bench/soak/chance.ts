/** Chance that can be had once more: the same seed gives the same throws, in the order in which they are asked for. */
export type Chance = {
  /** From 0 up to 1. */
  throw(): number;
  happens(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  /** A chance of its own, so that how often one part asks does not change what another gets. */
  part(name: string): Chance;
};

/** mulberry32, by Tommy Ettinger: small, and good enough to choose by. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    throw: next,
    happens: (probability) => next() < probability,
    pick<Item>(items: readonly Item[]): Item {
      const index = Math.floor(next() * items.length);
      if (index >= items.length) throw new Error("there is nothing to pick from");
      return items[index] as Item;
    },
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    part: (name) => chanceOf(Buffer.from(name).reduce((sum, byte) => Math.imul(sum, 31) + byte, seed)),
  };
}
