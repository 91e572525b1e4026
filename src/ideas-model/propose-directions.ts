import { z } from "zod";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { askIdeasModel } from "./call-ideas-model.ts";
import type { OnPaid } from "./call-ideas-model.ts";
import { DIRECTIONS } from "./instructions.ts";
import { usableText } from "./usable-text.ts";

export type Proposal = {
  topic: string;
  /** Ways to look at it, each by a name of its own. */
  looks: readonly { name: string; text: string }[];
  /** Characters of each idea. */
  most: number;
  askerHash?: string;
  signal?: AbortSignal;
  onPaid?: OnPaid;
};

const Proposed = z.object({ directions: z.array(z.object({ look: z.string(), words: z.string() })) });

/** An idea by the name of its look, as far as there is a usable one. Never throws. */
export async function proposeDirections(
  { topic, looks, most, ...ask }: Proposal,
  settings: Pick<Settings, "images" | "ideas" | "times">,
  azure: Pick<Azure, "credential">,
): Promise<Map<string, string>> {
  const given = { topic: topic.slice(0, MOST_TOPIC), looks };
  const about = { about: "directions" as const, instructions: DIRECTIONS, answer: Proposed, mostTokens: 2500 };
  const answer = await askIdeasModel({ ...ask, ...about, given }, settings, azure);
  const ideas = new Map<string, string>();
  if (answer.outcome !== "answered") return ideas;
  for (const { look, words } of answer.value.directions) {
    const text = usableText(words, most);
    const isNew = text && ![...ideas.values()].includes(text);
    if (isNew && !ideas.has(look) && looks.some(({ name }) => name === look)) ideas.set(look, text);
  }
  return ideas;
}

/** The beginning of a topic says what it is about. */
const MOST_TOPIC = 4000;
