/** Longer than any name of ours, so that what is compared is never long. */
const LONGEST = 40;

/** In a name of six letters or more; in a shorter one, one. */
const MOST_SLIPS = 2;

/**
 * The name that somebody most likely meant: misspelt by a letter or two, or only begun. Nothing where none is close, and no
 * name that differs in its digits alone, which is another version and not a slip.
 */
export function nearestName<Name extends string>(typed: string, names: readonly Name[]): Name | undefined {
  const word = typed.trim().toLowerCase();
  if (!word || word.length > LONGEST) return undefined;
  const letters = (text: string) => text.toLowerCase().replaceAll(/\d/g, "");
  const [best] = names
    .filter((name) => !/\d/.test(name) || letters(name) !== letters(word))
    .map((name) => ({ name, distance: distanceOf(word, name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= (Math.min(name.length, word.length) < 6 ? 1 : MOST_SLIPS))
    .toSorted((one, other) => one.distance - other.distance);
  return best?.name ?? names.find((name) => word.length >= 3 && name.toLowerCase().startsWith(word));
}

/** Letters to add, drop, change or swap with their neighbour (optimal string alignment). */
function distanceOf(one: string, other: string): number {
  let [before, row]: number[][] = [[], Array.from({ length: other.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const change = one[i - 1] === other[j - 1] ? 0 : 1;
      const swap = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      next[j] = Math.min(
        at(row, j) + 1,
        at(next, j - 1) + 1,
        at(row, j - 1) + change,
        swap ? at(before, j - 2) + 1 : Infinity,
      );
    }
    [before, row] = [row, next];
  }
  return at(row, other.length);
}

const at = (row: number[] | undefined, index: number) => row?.[index] ?? Infinity;
