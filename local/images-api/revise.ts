import type { Order } from "./parameters.ts";
import { moodIn } from "./painting/scene.ts";
import { pick, randomOf } from "./random.ts";

const LIGHTS = [
  "soft morning light",
  "the warm light of a late afternoon",
  "a clear, even daylight",
  "the glow of dusk",
] as const;
const VIEWS = [
  "seen from a slight distance",
  "seen from eye level",
  "in a wide, calm composition",
  "close to the viewer",
] as const;

/** DALL-E 3 draws from its own, richer version of the words, and says so. The same words give the same version. */
export function revisePrompt({ prompt, style }: Order): string {
  const words = prompt.trim().replace(/[.!?\s]+$/, "");
  const random = randomOf(words);
  const manner =
    style === "natural"
      ? "The colours are muted and true to life, and nothing is exaggerated."
      : "The colours are rich and vibrant, with strong contrasts that give the scene depth.";
  const light = moodIn(words.toLowerCase()) ? "the light of that very hour" : pick(random, LIGHTS);
  const view = pick(random, VIEWS);
  return `Create a detailed picture of the following: ${words}. The scene lies in ${light}, ${view}, with careful attention to texture and background. ${manner}`;
}
