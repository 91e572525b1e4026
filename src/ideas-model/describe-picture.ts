import { z } from "zod";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { askIdeasModel } from "./call-ideas-model.ts";
import type { IdeasAnswer, OnPaid } from "./call-ideas-model.ts";
import { DESCRIPTION } from "./instructions.ts";
import { usableText } from "./usable-text.ts";

export type Description = {
  /** To draw one like it from. */
  words: string;
  /** For whoever cannot see it. */
  alternative: string;
};

const MOST_WORDS = 1500;
const MOST_ALTERNATIVE = 500;

/** Describes a picture, which is a JPEG of at most 1024 pixels. Never throws. */
export async function describePicture(
  {
    jpeg,
    language,
    ...ask
  }: { jpeg: Buffer; language: string; askerHash?: string; signal?: AbortSignal; onPaid?: OnPaid },
  settings: Pick<Settings, "images" | "ideas" | "times">,
  azure: Pick<Azure, "credential">,
): Promise<IdeasAnswer<Description>> {
  const answer = await askIdeasModel(
    {
      ...ask,
      about: "description",
      instructions: DESCRIPTION,
      given: { language },
      picture: jpeg,
      answer: z.object({ words: z.string(), alternative: z.string() }),
      mostTokens: 1000,
    },
    settings,
    azure,
  );
  if (answer.outcome !== "answered") return answer;
  const words = usableText(answer.value.words, MOST_WORDS);
  const alternative = usableText(answer.value.alternative, MOST_ALTERNATIVE);
  return words && alternative ? { ...answer, value: { words, alternative } } : { outcome: "silent" };
}
