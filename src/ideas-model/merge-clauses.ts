import { z } from "zod";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { askIdeasModel } from "./call-ideas-model.ts";
import type { OnPaid } from "./call-ideas-model.ts";
import { YES_AND } from "./instructions.ts";
import { usableText } from "./usable-text.ts";

export type Clauses = {
  idea: string;
  clauses: readonly string[];
  askerHash?: string;
  signal?: AbortSignal;
  onPaid?: OnPaid;
};

/** An idea and what others have added to it, as one text of at most `most` characters; nothing where the model gives none. Never throws. */
export async function mergeClauses(
  { idea, clauses, ...ask }: Clauses,
  most: number,
  settings: Pick<Settings, "images" | "ideas" | "times">,
  azure: Pick<Azure, "credential">,
): Promise<string | undefined> {
  const answer = await askIdeasModel(
    {
      ...ask,
      about: "yes and",
      instructions: YES_AND,
      given: { idea, clauses },
      answer: z.object({ words: z.string() }),
      mostTokens: 1500,
    },
    settings,
    azure,
  );
  return answer.outcome === "answered" ? usableText(answer.value.words, most) : undefined;
}
