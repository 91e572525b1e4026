const and = (names: readonly string[]) => new Intl.ListFormat("en", { type: "conjunction" }).format(names);
const counted = (count: number, one: string, many: string) =>
  count === 1 ? `one ${one}` : `${count.toLocaleString("en")} ${many}`;

/** What stands in the channel when a brainstorm is over. */
export const recap = {
  title: ({ topic }: { topic: string }) => `What came of “${topic}”`,
  decision: ({ words, names }: { words: string; names: readonly string[] }) =>
    names.length ? `It is “${words}”, an idea of ${and(names)}.` : `It is “${words}”.`,
  several: ({ words }: { words: readonly string[] }) => `${and(words.map((one) => `“${one}”`))} are level at the top.`,
  open: "Nothing was chosen. All pictures are still there to go on from.",
  chosenIsDeleted: "What was chosen has been deleted since.",
  came: ({ pictures, rounds }: { pictures: number; rounds: number }) =>
    `${counted(pictures, "picture", "pictures")} in ${counted(rounds, "round", "rounds")}`,
  pictures: "Drawn",
  people: "Ideas from",
  names: ({ all }: { all: readonly string[] }) => and(all),
  cost: "Cost",
  altText: ({ words }: { words: string }) => `The winner: ${words}`,
  page: "See all of it",
  slides: "As slides",
};
