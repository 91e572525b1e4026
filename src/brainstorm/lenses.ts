import { createHash } from "node:crypto";
import type { Sentences } from "../words/said.ts";

/** As it stands in records; `lensNames` of a language says it to people. */
export type LensName = keyof Sentences["lensNames"];

/** A way of looking at a topic, so that two pictures of it are no two of the same. */
export type Lens = {
  name: LensName;
  dimension: Dimension;
  /** What is said of a topic. */
  text: string;
  says: (topic: string) => string;
};

/** For image models, and English as they understand it best. Each text goes on from a topic as well as from “Show it”. */
const TABLE = {
  medium: {
    linocut: "as a linocut print in two inks, with visible carving marks",
    watercolour: "as a loose watercolour on rough paper, with the white of the paper left open",
    clay: "as a hand-made clay scene from a stop-motion film, with fingerprints in the clay",
    charcoal: "as a bold charcoal drawing with smudged shadows",
    "paper-collage": "as a collage of cut and torn coloured paper",
    "travel-poster": "as a flat, screen-printed travel poster without any lettering",
  },
  viewpoint: {
    "birds-eye": "from straight above, as a bird would see it",
    "ants-eye": "from the ground, looking steeply up at it",
    "close-up": "as an extreme close-up of its most telling detail",
    cutaway: "as a cutaway that opens it up and shows what goes on inside",
    "through-a-window": "seen through a window from a dim room, framed by it",
  },
  scale: {
    miniature: "as a tiny model that stands in the palm of a hand",
    giant: "as something gigantic that towers over a small town",
    multitude: "with hundreds of it, all alike but one",
    "lone-figure": "very small and alone in a vast, empty landscape",
  },
  mood: {
    serene: "in a calm, quiet mood, with much empty space",
    playful: "in a playful, mischievous mood, in the middle of some harmless trouble",
    mysterious: "in a mysterious mood, with most of it only guessed at",
    triumphant: "in a moment of triumph, heroic and larger than life",
    wistful: "in a wistful mood, as something that is remembered fondly",
  },
  metaphor: {
    machine: "as an intricate machine of gears, pipes and levers that does the same thing",
    garden: "as a garden in which every part of it is a plant",
    voyage: "as a voyage by ship across open water",
    "board-game": "as a board game laid out on a table, with its pieces in play",
    creature: "as a friendly creature that nobody has seen before",
  },
  material: {
    glass: "made of blown glass, with light falling through it",
    wood: "carved from light wood, with its grain showing",
    wool: "knitted and felted from thick wool",
    origami: "folded from a single sheet of paper",
    "stone-and-moss": "hewn from old stone that moss has grown over",
    ice: "sculpted from clear ice on a cold morning",
  },
  era: {
    manuscript: "in a medieval illuminated manuscript, with gold leaf and an ornamented border",
    fresco: "in a faded ancient wall painting with cracked plaster",
    "art-deco": "in the elegant geometry of the 1920s, with brass and black",
    "space-age": "in the optimistic space-age style of the 1960s",
    "far-future": "in a far and hopeful future, long after us",
  },
  light: {
    "golden-hour": "in the low, warm light of the last hour before sunset",
    moonlight: "by moonlight, in deep blue with silver edges",
    neon: "in the neon light of a rainy city night, with reflections on the ground",
    candlelight: "by the light of a single candle, with the rest in darkness",
    fog: "in thick morning fog that swallows everything behind it",
  },
  palette: {
    "two-colours": "in only two flat colours that clash on purpose",
    pastel: "in soft pastel colours, with hardly any contrast",
    "one-red": "in black and white with a single thing in bright red",
    earth: "in earth colours of ochre, rust and clay",
  },
  moment: {
    "just-before": "in the moment just before it happens, with everybody holding their breath",
    "just-after": "in the moment just after it happened, with its traces everywhere",
    "first-day": "on its very first day, brand-new and a little clumsy",
    "years-later": "many years later, worn, mended and loved",
    "turning-point": "at the turning point of its story, when everything changes at once",
  },
  place: {
    underwater: "deep under water, among corals and curious fish",
    kitchen: "on a kitchen table, among the breakfast things",
    "outer-space": "adrift in outer space, with a planet in the distance",
    market: "in the middle of a crowded street market",
  },
  form: {
    blueprint: "as a technical blueprint with fine white lines on blue, without any lettering",
    "field-guide": "as a plate in an old field guide, with its parts drawn side by side",
    "comic-panels": "as three comic panels that tell what happens, without any lettering",
    emblem: "as a simple emblem of few shapes that would still read at the size of a coin",
  },
} as const satisfies Record<string, Partial<Record<LensName, string>>>;
export type Dimension = keyof typeof TABLE;

export const LENSES: readonly Lens[] = Object.entries(TABLE).flatMap(([dimension, lenses]) =>
  Object.entries(lenses).map(([name, text]) => ({
    name: name as LensName,
    dimension: dimension as Dimension,
    text,
    says: (topic: string) => sayOf(topic, text),
  })),
);

/** Longer topics are whole sentences, which nothing is hung onto. */
const LONG_TOPIC = 160;

function sayOf(topic: string, text: string): string {
  const bare = topic.trim().replace(/[\s.,;:]{1,20}$/, "");
  const isLong = bare.length > LONG_TOPIC || bare.includes("\n") || /[!?]$/.test(bare);
  return isLong ? `${topic.trim()}\n\nShow it ${text}.` : `${bare}, ${text}`;
}

/**
 * So many lenses of which no two are alike, and no two of one dimension as long as there are others. The same seed gives the
 * same ones. `taken` names those that the session has looked through, which come again only when all others are used up.
 */
export function lensesFor(count: number, seed: string, taken: readonly string[] = []): Lens[] {
  const chosen: Lens[] = [];
  const order = new Map(LENSES.map((lens) => [lens, draw(`${seed}/${lens.name}`)]));
  const often = (lens: Lens) => taken.filter((name) => name === lens.name).length;
  const inDimension = (lens: Lens) => chosen.filter(({ dimension }) => dimension === lens.dimension).length;
  const before = (lens: Lens) => dimensionsOf(taken).filter((dimension) => dimension === lens.dimension).length;
  while (chosen.length < Math.min(count, LENSES.length)) {
    const [next] = LENSES.filter((lens) => !chosen.includes(lens)).toSorted(
      (one, other) =>
        often(one) - often(other) ||
        inDimension(one) - inDimension(other) ||
        before(one) - before(other) ||
        (order.get(one) ?? 0) - (order.get(other) ?? 0),
    );
    if (next) chosen.push(next);
  }
  return chosen;
}

function dimensionsOf(names: readonly string[]): Dimension[] {
  return names.flatMap((name) => LENSES.find((lens) => lens.name === name)?.dimension ?? []);
}

function draw(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0);
}
