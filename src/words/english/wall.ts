import { commandOn } from "./commands.ts";

const and = (names: readonly string[]) => new Intl.ListFormat("en", { type: "conjunction" }).format(names);

/** “Mia”, “Mia and Bo”, “Mia, Bo, Ada and 4 others”. Teams does not always send a name. */
type Names = { names: readonly string[]; count: number };
const people = ({ names, count }: Names) => {
  const more = count - names.length;
  const others = more > 0 ? [more === 1 ? "1 other" : `${more.toLocaleString("en")} others`] : [];
  return and([...names.map((name) => name || "somebody"), ...others]);
};
const start = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

type On = { platform: string };

/** What the people of a channel keep. */
export const wall = {
  title: "The wall",
  kept: ({ platform }: On) =>
    `It is on this channel’s wall now. “${commandOn(platform, "wall")}” shows all that hangs there, and the same button once more takes it off.`,
  keptToo: ({ platform, ...others }: Names & On) =>
    `You keep it now as well, beside ${people(others)}. “${commandOn(platform, "wall")}” shows all that hangs on this channel’s wall.`,
  stillKept: (others: Names) =>
    `You do not keep it any more. ${start(people(others))} still ${others.count === 1 ? "does" : "do"}, so it stays on the wall.`,
  isOff: "It is off the wall.",
  wasOff: "It was off the wall already.",
  takeOff: "Take it off the wall",
  notYours: "Only the person who asked for it, or a moderator, can take it off the wall for all.",
  isPrivate:
    "This picture is for you alone, so it stays off the channel’s wall. Draw it for all to see, and it can hang there.",
  elsewhere: "This picture is from another channel. Press Keep there, and it hangs on that channel’s wall.",
  empty: "Nothing hangs on this channel’s wall yet. Keep, behind More… under a picture, puts it there.",
  noMore: "There is nothing more on the wall.",
  line: ({ number, words, ...keepers }: Names & { number: number; words: string }) =>
    `${number}. ${words} (kept by ${people(keepers)})`,
  newestOnly: "This wall is too large to be looked through whole: here is the newest of it.",
  newest: "Newest first",
  most: "Most kept first",
  openPage: "Open the wall’s page",
};

/** The page of a wall. */
export const wallPage = {
  title: "The wall",
  intro: "What the people of a channel keep of the pictures that Easel drew there.",
  empty: "Nothing hangs here any more.",
  order: "Order",
  pages: "Pages of the wall",
  newest: "Newest first",
  most: "Most kept first",
  newer: "Back",
  older: "Further",
  pageNumber: ({ number }: { number: number }) => `Page ${number}`,
  askedBy: ({ name }: { name: string }) => `Asked by ${name || "somebody"}`,
  keptBy: (keepers: Names) => `Kept by ${people(keepers)}`,
  newestOnly: "It is too large to be looked through whole: here is the newest of it.",
};
