import { between, pick, randomOf } from "../random.ts";
import type { Random } from "../random.ts";
import { mix, saturated } from "./colour.ts";
import type { Colour } from "./colour.ts";

export const SUBJECTS = {
  lighthouse: /\b(light ?houses?|leuchtturm|beacon)\b/,
  castle: /\b(castles?|palace|fortress|schloss|burg|cathedral|temple|tower)\b/,
  house: /\b(houses?|cottage|cabin|hut|barn|village|home|haus)\b/,
  robot: /\b(robots?|android|droid|machine|mech|cyborg)\b/,
  cat: /\b(cats?|kittens?|katze|lynx|tiger|lion|panther)\b/,
  fox: /\b(fox(es)?|dogs?|pupp(y|ies)|wolf|wolves|hund|horses?|deer|animals?|otter|cow|hares?|rabbits?|bunn(y|ies))\b/,
  person:
    /\b(man|woman|girl|boy|person|people|child|astronauts?|knight|wizard|witch|king|queen|samurai|detective|chef|developer|engineer)\b/,
  rocket: /\b(rockets?|spaceships?|space ?craft|shuttle|starship)\b/,
  balloon: /\b(balloons?|airships?|zeppelin)\b/,
  boat: /\b(boats?|ships?|sail(s|ing|boat)?|yacht|pirates?|schiff)\b/,
  whale: /\b(whales?|fish(es)?|dolphins?|shark|octopus)\b/,
  book: /\b(books?|library|novel|reading|bücher|buch|pages?)\b/,
  tree: /\b(trees?|oak|willow|cherry|blossoms?|bonsai|baum)\b/,
  flowers: /\b(flowers?|roses?|tulips?|garden|meadow|sunflowers?|lavender|blumen)\b/,
  birds: /\b(birds?|seagulls?|crows?|ravens?|owls?|eagle|flock|phoenix)\b/,
  dragon: /\b(dragons?|wyverns?|drache)\b/,
  umbrella: /\b(umbrellas?|parasols?)\b/,
  sofa: /\b(sofas?|couch(es)?|armchairs?)\b/,
  kite: /\bkites?\b/,
  hat: /\b(hats?|caps?)\b/,
  car: /\b(cars?|automobiles?|taxis?)\b/,
  planet: /\b(planets?|space|galaxy|saturn|mars|cosmos|cosmic|universe)\b/,
} as const;
export type Subject = keyof typeof SUBJECTS;

export type Mood = {
  top: Colour;
  middle: Colour;
  horizon: Colour;
  sun: Colour;
  far: Colour;
  near: Colour;
  accent: Colour;
  dark: boolean;
};

const MOODS = {
  day: moodOf([
    [211, 72, 50],
    [200, 76, 70],
    [46, 70, 90],
    [48, 100, 88],
    [205, 38, 64],
    [152, 42, 22],
    [8, 82, 56],
  ]),
  golden: moodOf([
    [212, 46, 46],
    [30, 82, 70],
    [42, 100, 84],
    [46, 100, 90],
    [268, 24, 58],
    [276, 34, 15],
    [12, 86, 55],
  ]),
  dusk: moodOf(
    [
      [243, 52, 20],
      [312, 42, 44],
      [20, 94, 66],
      [28, 100, 80],
      [274, 34, 42],
      [250, 46, 9],
      [342, 80, 60],
    ],
    true,
  ),
  night: moodOf(
    [
      [230, 62, 8],
      [224, 56, 18],
      [202, 52, 36],
      [50, 44, 92],
      [220, 42, 25],
      [228, 56, 6],
      [42, 100, 64],
    ],
    true,
  ),
  dawn: moodOf([
    [218, 58, 62],
    [336, 58, 82],
    [44, 94, 90],
    [46, 100, 95],
    [318, 24, 68],
    [262, 30, 24],
    [350, 74, 60],
  ]),
  storm: moodOf(
    [
      [216, 24, 18],
      [210, 18, 38],
      [192, 22, 64],
      [50, 30, 86],
      [208, 20, 38],
      [200, 28, 9],
      [44, 94, 60],
    ],
    true,
  ),
  winter: moodOf([
    [212, 48, 66],
    [204, 52, 82],
    [24, 62, 93],
    [40, 90, 96],
    [214, 32, 74],
    [214, 34, 88],
    [356, 70, 52],
  ]),
} as const;
type MoodName = keyof typeof MOODS;

const MOOD_WORDS: [MoodName, RegExp][] = [
  ["night", /\b(night|midnight|moon|moonlit|stars?|starry|space|galaxy|nacht|planets?|aurora|neon)\b/],
  ["storm", /\b(storm|rain|rainy|thunder|lightning|fog|foggy|mist|gloomy|dark|sturm)\b/],
  ["winter", /\b(snow|snowy|winter|ice|icy|frozen|arctic|schnee)\b/],
  ["dusk", /\b(dusk|evening|twilight|cyberpunk|synthwave|abend|purple)\b/],
  ["golden", /\b(sunset|golden|autumn|fall|warm|desert|herbst)\b/],
  ["dawn", /\b(dawn|morning|sunrise|spring|pastel|morgen)\b/],
  ["day", /\b(day|sunny|sun|summer|noon|bright|beach|sommer)\b/],
];

const COLOURS: [RegExp, Colour][] = [
  [/\b(red|crimson|scarlet|rot)\b/, [358, 82, 50]],
  [/\borange\b/, [26, 92, 54]],
  [/\b(yellow|gold|gelb)\b/, [48, 96, 56]],
  [/\b(green|emerald|grün)\b/, [140, 62, 40]],
  [/\b(turquoise|teal|cyan)\b/, [178, 72, 42]],
  [/\b(blue|azure|blau)\b/, [214, 84, 52]],
  [/\b(purple|violet|lila)\b/, [276, 62, 52]],
  [/\b(pink|rosa|magenta)\b/, [330, 82, 66]],
  [/\b(white|silver)\b/, [210, 16, 92]],
  [/\b(black|schwarz)\b/, [230, 18, 14]],
];

export type Land = "mountains" | "forest" | "city" | "dunes" | "hills";

const LAND_WORDS: [Land, RegExp][] = [
  [
    "city",
    /\b(city|cities|skyline|street|town|skyscrapers?|office|tokyo|berlin|london|paris|new york|stadt|cyberpunk|neon)\b/,
  ],
  ["mountains", /\b(mountains?|alps|peaks?|cliffs?|volcano|canyon|valley|berge?|fjord|matterhorn|storm)\b/],
  ["forest", /\b(forests?|woods?|jungle|pines?|fox(es)?|wald|bear|autumn)\b/],
  ["dunes", /\b(desert|dunes?|sand|beach|mars|camel|wüste|egypt)\b/],
];

export type Scene = {
  mood: Mood;
  land: Land;
  water: boolean;
  subjects: Subject[];
  stars: boolean;
  rain: boolean;
  snow: boolean;
  /** Where the sun or the moon stands, as parts of the picture's width and height. */
  sun: { x: number; y: number };
  horizon: number;
};

/** What the words ask for, and, where they ask for nothing, what chance takes that is the same for the same words. */
export function readScene(prompt: string, style: string | undefined, seed: string): Scene {
  const words = prompt.toLowerCase();
  const random = randomOf(seed);
  const chance = pick<MoodName>(random, ["day", "golden", "dusk", "dawn", "golden"]);
  const name = MOOD_WORDS.find(([, pattern]) => pattern.test(words))?.[0] ?? chance;
  const land =
    LAND_WORDS.find(([, pattern]) => pattern.test(words))?.[0] ?? pick<Land>(random, ["mountains", "hills", "forest"]);
  const subjects = readSubjects(words, random);
  const water = /\b(sea|ocean|lake|river|water|waves?|coast|beach|harbou?r|island|bay|meer|fjord|venice)\b/.test(words);
  const needsWater = subjects.some((subject) => ["lighthouse", "boat", "whale"].includes(subject));
  return {
    mood: coloured(MOODS[name], words, style),
    land,
    water: water || needsWater,
    subjects,
    stars: MOODS[name].dark && name !== "storm",
    rain: /\b(rain|rainy|storm|thunder|sturm)\b/.test(words),
    snow: name === "winter",
    sun: { x: between(random, 0.22, 0.78), y: between(random, 0.16, 0.4) },
    horizon: between(random, 0.56, 0.66),
  };
}

/** The mood that is named first in the table, if any is named. */
export function moodIn(words: string): Mood | undefined {
  const name = MOOD_WORDS.find(([, pattern]) => pattern.test(words))?.[0];
  return name && MOODS[name];
}

export function colourIn(words: string): Colour | undefined {
  return COLOURS.find(([pattern]) => pattern.test(words))?.[1];
}

function readSubjects(words: string, random: Random): Subject[] {
  const named = (Object.keys(SUBJECTS) as Subject[]).filter((subject) => SUBJECTS[subject].test(words));
  return named.length ? named.slice(0, 3) : [pick<Subject>(random, ["balloon", "tree", "house", "birds"])];
}

/** The first colour that is named becomes the accent and tints the sky; `vivid` and `natural` turn all colours up or down. */
function coloured(mood: Mood, words: string, style: string | undefined): Mood {
  const named = colourIn(words);
  const strength = style === "vivid" ? 1.4 : style === "natural" ? 0.5 : 1.1;
  const change = (colour: Colour, tint: number) => saturated(named ? mix(colour, named, tint) : colour, strength);
  return {
    ...mood,
    top: change(mood.top, 0.06),
    middle: change(mood.middle, 0.1),
    horizon: change(mood.horizon, 0.06),
    sun: change(mood.sun, 0),
    far: change(mood.far, 0.1),
    near: change(mood.near, 0.08),
    accent: change(named ?? mood.accent, 0),
  };
}

/** A row of the table above, in the order of the type. */
function moodOf(colours: readonly [Colour, Colour, Colour, Colour, Colour, Colour, Colour], dark = false): Mood {
  const [top, middle, horizon, sun, far, near, accent] = colours;
  return { top, middle, horizon, sun, far, near, accent, dark };
}
