import { colourIn, moodIn, SUBJECTS } from "../painting/scene.ts";
import type { Mood } from "../painting/scene.ts";
import type { Colour } from "../painting/colour.ts";
import type { Thing } from "../painting/subjects.ts";

/** What words ask of a picture that is there. Nothing at all: the words name nothing that can be painted. */
export type AskedChange = {
  thing?: Thing;
  look?: Look;
  mood?: Mood;
  colour?: Colour;
  removes: boolean;
  comesCloser: boolean;
};

const LOOKS = {
  pencil: /\b(pencil|sketch(ed)?|line art|charcoal|ink drawing|drawing)\b/,
  mono: /\b(black[ -]and[ -]white|monochrome|gr[ae]y ?scale|noir)\b/,
  watercolour: /\b(water ?-?colou?rs?|aquarelle|gouache)\b/,
  oil: /\b(oil[ -]?paint\w*|in oils?|impressionis\w*|van gogh|brush ?strokes|painterly)\b/,
  pixels: /\b(pixels?|pixel[ -]art|pixelated|8-?bit|16-?bit|mosaic)\b/,
  poster: /\b(poster|pop[ -]art|comic|cartoon|flat|vector|anime|manga|stencil|linocut|woodcut)\b/,
  sepia: /\b(sepia|vintage|old photo\w*|antique|retro|faded)\b/,
  neon: /\b(neon|cyberpunk|synthwave|vaporwave)\b/,
} as const;
export type Look = keyof typeof LOOKS;

const SKY_THINGS = { moon: /\bmoon\b/, sun: /\bsun\b/, rainbow: /\brainbows?\b/ } as const;

/** What stands behind one of these says where, and not what. */
const WHERE =
  /\b(over|above|under|below|beneath|beside|behind|next to|near|on|onto|in|into|at|between|by|instead of|in place of|in front of|to the|where|inside|from|across)\b/;
/** `replace the cat with a fox`, `turn the sea into a meadow` */
const BECOMES = /\b(?:with|into|to be(?:come)?)\b(.*)$/;
const CHANGES_WHAT_IS_THERE =
  /^(please )?(make|turn|change|recolou?r|let|give|as|in|more|less|warmer|cooler|brighter|darker)\b/;

export function readAskedChange(prompt: string): AskedChange {
  const words = prompt.toLowerCase().replaceAll(/\s+/g, " ").trim();
  const look = (Object.keys(LOOKS) as Look[]).find((name) => LOOKS[name].test(words));
  return {
    thing: thingIn(words),
    look,
    mood: look === "neon" ? undefined : moodIn(words),
    colour: colourIn(words),
    removes: /\b(remove|erase|delete|without|get rid|take (away|out)|no more|empty)\b/.test(words),
    comesCloser: /\b(bigger|larger|closer|close-up|zoom)\b/.test(words),
  };
}

/** The thing that is asked for: the one that is named first, and before it is said where. */
function thingIn(words: string): Thing | undefined {
  const [, becomes] = BECOMES.exec(words) ?? [];
  const whatBecomes = becomes === undefined ? undefined : firstThing(becomes);
  if (whatBecomes) return whatBecomes;
  if (CHANGES_WHAT_IS_THERE.test(words)) return undefined;
  const [what = ""] = words.split(WHERE);
  return firstThing(what) ?? (what.trim() ? undefined : firstThing(words));
}

function firstThing(words: string): Thing | undefined {
  const { planet: _planet, ...subjects } = SUBJECTS;
  const found = Object.entries({ ...subjects, ...SKY_THINGS }).flatMap(([name, pattern]) => {
    const at = pattern.exec(words)?.index;
    return at === undefined ? [] : [{ name: name as Thing, at }];
  });
  return found.toSorted((one, other) => one.at - other.at)[0]?.name;
}
