import type { OnPaid } from "../ideas-model/call-ideas-model.ts";
import { proposeDirections } from "../ideas-model/propose-directions.ts";
import { MODELS } from "../models.ts";
import type { ModelName } from "../models.ts";
import { personOf } from "../request/request.ts";
import type { Asker } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { shorten } from "../words/shorten.ts";
import { lensesFor } from "./lenses.ts";
import type { Lens, LensName } from "./lenses.ts";

/** What Easel brings itself to a round: `words` for the board, `prompt` to draw from. */
export type Direction = { words: string; prompt: string; lens: LensName; isByModel: boolean };

export type AskedDirections = {
  topic: string;
  count: number;
  /** The session and the round: after a kill the same lenses come again. */
  seed: string;
  /** Lenses that the session has looked through. */
  taken: readonly string[];
  /** The one that will draw; the installation's first unless said. */
  model?: ModelName;
  /** Whom it is for. */
  by?: Asker;
  signal?: AbortSignal;
  onPaid?: OnPaid;
};

/** So that a board of eight stays readable. */
export const MOST_BOARD_WORDS = 200;

/**
 * Directions that differ on purpose: each through a lens of its own, put into words by the model for ideas if there is one, and
 * else by the table. Never throws, and may say something else the next time.
 */
export async function directionsFor(
  asked: AskedDirections,
  settings: Settings,
  azure: Pick<Azure, "credential">,
): Promise<Direction[]> {
  const lenses = lensesFor(asked.count, asked.seed, asked.taken);
  if (!lenses.length) return [];
  const proposal = {
    topic: asked.topic,
    looks: lenses.map(({ name, text }) => ({ name, text })),
    most: MOST_MODEL_CHARACTERS,
    askerHash: asked.by && personOf(asked.by),
    signal: asked.signal,
    onPaid: asked.onPaid,
  };
  const ideas = settings.ideas ? await proposeDirections(proposal, settings, azure) : new Map<string, string>();
  return lenses.map((lens) => byModel(lens, ideas.get(lens.name)) ?? byTable(lens, asked, settings));
}

/** Far below what any model draws from. */
const MOST_MODEL_CHARACTERS = 900;

function byModel({ name }: Lens, idea: string | undefined): Direction | undefined {
  return idea === undefined
    ? undefined
    : { words: shorten(idea, MOST_BOARD_WORDS), prompt: idea, lens: name, isByModel: true };
}

function byTable(lens: Lens, { topic, model }: AskedDirections, settings: Settings): Direction {
  return {
    words: within(lens, topic.replaceAll(/\s+/g, " "), MOST_BOARD_WORDS).replaceAll(/\s+/g, " "),
    prompt: within(lens, topic, promptLimit(settings, model)),
    lens: lens.name,
    isByModel: false,
  };
}

/** More than the longest lens adds to a topic. */
const LENS_CHARACTERS = 120;

/** A topic gives way to the lens: without that, all pictures of a long one would be the same. */
function within({ says }: Lens, topic: string, most: number): string {
  const whole = says(topic);
  return whole.length <= most ? whole : says(shorten(topic, most - LENS_CHARACTERS));
}

export function promptLimit({ models, images }: Settings, model?: ModelName): number {
  return MODELS[model ?? models[0].name].promptLimit[images.provider];
}
