import sharp from "sharp";
import { withoutBlockedWords } from "../images-api/filter.ts";
import { pick, randomOf } from "../images-api/random.ts";
import type { Chat } from "./chat-parameters.ts";

/** What the stand-in says: JSON by the schema that it was given. */
export async function writeAnswer({ schema, given, picture }: Chat): Promise<string> {
  const asked = Object.keys(schema.properties ?? {});
  if (asked.includes("directions")) return JSON.stringify({ directions: directionsOf(given) });
  if (asked.includes("wordings")) return JSON.stringify({ wordings: wordingsOf(textOf(given.words)) });
  if (asked.includes("alternative") && picture) return JSON.stringify(await descriptionOf(picture));
  if (asked.includes("words")) return JSON.stringify({ words: merged(given) });
  return "This stand-in knows what Easel asks it, and nothing else.";
}

const TWISTS = [
  "held up by many hands",
  "with a small boat in front of it",
  "with birds all around it",
  "on a hill above a town",
  "beside a tree that is older than it",
  "reflected in a lake",
  "with a cat asleep in it",
  "under a sky full of stars",
] as const;

function directionsOf({ topic, looks }: Record<string, unknown>): { look: string; words: string }[] {
  const list = Array.isArray(looks) ? (looks as Record<string, unknown>[]) : [];
  const random = randomOf(textOf(topic));
  const start = Math.floor(random() * TWISTS.length);
  return list.map(({ name, text }, index) => {
    const twist = TWISTS[(start + index) % TWISTS.length];
    return { look: textOf(name), words: `${textOf(topic).trim().slice(0, 300)}, ${twist}, ${textOf(text)}` };
  });
}

function merged({ idea, clauses }: Record<string, unknown>): string {
  const others = Array.isArray(clauses) ? clauses.map(textOf) : [];
  return [textOf(idea), ...others].map((text) => text.trim().replace(/[.,;:]+$/, "")).join(", and with it ");
}

const GENTLER = [
  "as a gentle picture from a children's book",
  "as toys on a nursery floor",
  "as a quiet scene afterwards, with nobody hurt",
] as const;

function wordingsOf(words: string): string[] {
  const harmless = withoutBlockedWords(words);
  return harmless ? GENTLER.map((way) => `${harmless}, ${way}`) : [];
}

/** It sees shape, light and colour, and no more. */
async function descriptionOf(jpeg: Buffer): Promise<{ words: string; alternative: string }> {
  const picture = sharp(jpeg);
  const { width, height } = await picture.metadata();
  const { dominant, channels } = await picture.stats();
  const light = channels.slice(0, 3).reduce((sum, { mean }) => sum + mean, 0) / 3;
  const shape = width > height ? "wide" : width < height ? "tall" : "square";
  const hour = light < 85 ? "at night" : light < 170 ? "at dusk" : "in bright daylight";
  const colour = colourOf(dominant);
  const subject = pick(randomOf(`${dominant.r} ${dominant.g} ${dominant.b}`), [
    "a lighthouse",
    "a house",
    "a tree",
    "a boat",
  ]);
  return {
    words: `A ${shape} picture of ${subject} ${hour}, mostly in ${colour}`,
    alternative: `A ${shape} scene ${hour}, mostly ${colour}, as a stand-in for a model sees it.`,
  };
}

function colourOf({ r, g, b }: { r: number; g: number; b: number }): string {
  if (Math.max(r, g, b) - Math.min(r, g, b) < 24) return Math.max(r, g, b) < 90 ? "black" : "grey and white";
  if (r >= g && r >= b) return g > b + 40 ? "orange and gold" : "red";
  return g >= b ? "green" : "blue";
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
