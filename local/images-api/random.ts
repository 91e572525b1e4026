/** Numbers from 0 to 1 that are the same for the same words. */
export type Random = () => number;

/** mulberry32, seeded with an FNV-1a hash of the words: small, fast and good enough to paint with. */
export function randomOf(words: string): Random {
  let state = 0x811c9dc5;
  for (const byte of Buffer.from(words)) state = Math.imul(state ^ byte, 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function between(random: Random, least: number, most: number): number {
  return least + random() * (most - least);
}

export function pick<Value>(random: Random, values: readonly [Value, ...Value[]]): Value {
  return values[Math.floor(random() * values.length)] ?? values[0];
}
