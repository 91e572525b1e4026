/** Saved styles: a look with a name. */

import { commandOn, optionOn } from "./commands.ts";

const and = (names: readonly string[]) => new Intl.ListFormat("en", { type: "conjunction" }).format(names);
const grouped = (number: number) => number.toLocaleString("en");
const pictures = (count: number) => (count === 1 ? "one picture" : `${count} pictures`);

function day(at: string): string {
  return new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

type On = { platform: string };
type Versioned = { name: string; version: number };

export const styles = {
  named: ({ name, version }: Versioned) => `${name}, v${version}`,
  inStyle: ({ name, version }: Versioned) => `In the style ${name}, v${version}`,
  withOrigin: ({ inStyle, origin }: { inStyle: string; origin: string }) => `${inStyle} · ${origin}`,
  cut: "Beside your words there was no room for all of the style.",
  picturesGone: ({ count }: { count: number }) =>
    count === 1
      ? "One picture of the style was deleted, so it was left out."
      : `${count} pictures of the style were deleted, so they were left out.`,
  unknown: ({ name }: { name: string }) => `There is no style “${name}” here.`,
  modelsOwn: ({ values }: { values: readonly string[] }) => `The model’s own are ${and(values)}.`,
  seeList: "“style list” shows those that are saved; “none” draws without any.",

  saved: ({ name, version }: Versioned) => `The style ${name} is saved, as v${version}.`,
  /** What it keeps. */
  keepsWords: ({ words }: { words: string }) => `How it looks: ${words}`,
  keepsColours: ({ colours }: { colours: readonly string[] }) => `Its colours: ${and(colours)}.`,
  keepsPictures: ({ count }: { count: number }) =>
    `It has ${pictures(count)} to go by, which whoever uses it sends along.`,
  noLook:
    "It says nothing yet of how it looks but by its colours and pictures. Save it once more with words to add that.",
  fourAtMost: ({ most }: { most: number }) => `It keeps ${most} pictures at most, so the oldest went out.`,
  howToUse: ({ name, platform }: On & { name: string }) =>
    `Everybody here can draw in it: “${optionOn(platform, "style", name.replaceAll(" ", "-"))}” behind the words. To make it this channel’s own: “${commandOn(platform, `style use ${name}`)}”.`,

  nameMissing: "Please give the style a name, such as harbour.",
  nameTooLong: ({ length, most }: { length: number; most: number }) =>
    `The name is ${length} characters long; up to ${most} fit.`,
  nameThenWords:
    "Its name stands first, and how it looks behind a colon, as in: style save harbour: muted blues, ink lines.",
  nameSigns: "A name is made of letters, digits, spaces and hyphens.",
  nameOfModels: ({ name }: { name: string }) =>
    `“${name}” means something else already, where a style is asked for. Please choose another name.`,
  wordsTooLong: ({ length, most }: { length: number; most: number }) =>
    `The words are ${grouped(length)} characters long; a style keeps up to ${grouped(most)}.`,
  tooManyPictures: ({ count, most }: { count: number; most: number }) =>
    `That are ${count} pictures; a style keeps up to ${most}.`,
  nothingToSave: "Say how it looks, or name a picture: there is none of yours in this chat yet.",
  tooMany: ({ most }: { most: number }) => `There are ${most} styles here already. Drop one that nobody needs first.`,
  notYours: ({ owner }: { owner: string }) =>
    `That style is ${owner}’s. They can change and drop it, and a moderator can.`,
  privatePicture:
    "That picture is for you alone or stands in another chat, and a style shows what it is made of to everybody here. Draw it here for all to see, and save that.",

  nowOwn: ({ by, name, version, platform }: Versioned & On & { by: string }) =>
    `${by} has made ${name}, v${version}, this channel’s own style: what is drawn here is drawn in it, everywhere within a minute. “${optionOn(platform, "style", "none")}” behind the words leaves it out of one picture, “${commandOn(platform, "style use none")}” takes it away.`,
  noOwn: ({ by }: { by: string }) =>
    `${by} has left this channel without a style of its own. What is drawn here is drawn without one.`,

  listTitle: "Saved styles",
  listEmpty: ({ platform }: On) =>
    `No style is saved here yet. Press More… under a picture, then Save as style; or say “${commandOn(platform, "style save harbour")}”.`,
  listLine: ({ style, words }: { style: string; words: string }) => (words ? `${style}: ${words}` : style),
  listOwn: ({ style }: { style: string }) => `This channel’s own: ${style}`,
  savedBy: ({ by, at }: { by: string; at: string }) => `Saved by ${by}, ${day(at)}.`,
  versions: ({ all }: { all: readonly string[] }) => `Versions: ${all.join("; ")}.`,
  version: ({ version, by, at }: { version: number; by: string; at: string }) => `v${version} by ${by}, ${day(at)}`,
  card: ({ name, colours, count }: { name: string; colours: readonly string[]; count: number }) =>
    [
      `The style ${name}`,
      ...(colours.length ? [`its colours ${and(colours)}`] : []),
      ...(count ? [`and ${pictures(count)}`] : []),
    ].join(", "),
  dropped: ({ name }: { name: string }) =>
    `The style ${name} is dropped, with all its versions. Pictures that were drawn in it stay, and channels that had it as their own draw without one.`,

  formTitle: "Save as style",
  formName: "What it is called",
  formNameHint: "harbour",
  formWords: "How it looks (optional)",
  formWordsHint: "soft watercolour, wide skies, much white",
  formSend: "Save",
  help: ({ command }: { command: string }) =>
    `“${command} save harbour” keeps the look of a picture under a name, for all here; “${command} list” shows what there is.`,
};
