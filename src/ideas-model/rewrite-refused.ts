import { z } from "zod";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { askIdeasModel } from "./call-ideas-model.ts";
import type { IdeasAnswer, OnPaid } from "./call-ideas-model.ts";
import { OTHER_WORDS } from "./instructions.ts";
import { usableText } from "./usable-text.ts";

export const MOST_REWRITES = 3;
/** Each stands whole in a message with the others. */
const MOST_CHARACTERS = 600;

/** Other wordings of what a filter has refused: a list of three at most, and empty where nothing harmless is left. Never throws. */
export async function rewriteRefused(
  { words, ...ask }: { words: string; askerHash?: string; signal?: AbortSignal; onPaid?: OnPaid },
  settings: Pick<Settings, "images" | "ideas" | "times">,
  azure: Pick<Azure, "credential">,
): Promise<IdeasAnswer<string[]>> {
  const answer = await askIdeasModel(
    {
      about: "other words",
      instructions: OTHER_WORDS,
      given: { words: words.slice(0, MOST_READ) },
      answer: z.object({ wordings: z.array(z.string()) }),
      mostTokens: 1500,
      ...ask,
    },
    settings,
    azure,
  );
  if (answer.outcome !== "answered") return answer;
  const usable = answer.value.wordings.flatMap((text) => usableText(text, MOST_CHARACTERS) ?? []);
  const others = [...new Set(usable)].filter((text) => text !== words.trim());
  return { ...answer, value: others.slice(0, MOST_REWRITES) };
}

const MOST_READ = 8000;
