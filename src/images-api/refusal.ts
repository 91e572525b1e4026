/** Why a filter says no, as far as a person needs to know to revise. Details would teach how to get around the filter. */
export const REFUSAL_REASONS = [
  "violence",
  "sexual",
  "hate",
  "self-harm",
  "real person",
  "protected",
  "unknown",
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** What was stopped; absent where the answer does not tell. */
export type Stage = "prompt" | "picture";

/**
 * What a refusal can name that a person has a say in, by the names of the Images API. Any other parameter is Easel's own
 * affair, and nobody is to change anything.
 */
export const REFUSED_OPTIONS = [
  "size",
  "quality",
  "style",
  "background",
  "n",
  "model",
  "image",
  "mask",
  "prompt",
] as const;
export type RefusedOption = (typeof REFUSED_OPTIONS)[number];

const REASON_WORDS: Record<Exclude<RefusalReason, "unknown">, string[]> = {
  violence: ["violence", "violent", "weapon", "gore"],
  sexual: ["sexual", "nudity", "minors"],
  hate: ["hate", "harassment", "profanity", "extremism"],
  "self-harm": ["self_harm", "selfharm", "self harm"],
  "real person": ["public_figure", "celebrity", "real_person", "likeness", "deceptive"],
  protected: ["protected", "copyright", "trademark", "character", "logo", "third_party", "similarity"],
};

/** The provider's category names are an open list; one that is not recognised is `unknown`, and the log keeps its name. */
export function reasonOf(categories: readonly string[]): RefusalReason {
  for (const category of categories) {
    const name = category.toLowerCase().replaceAll("-", "_");
    for (const reason of REFUSAL_REASONS) {
      if (reason !== "unknown" && REASON_WORDS[reason].some((word) => name.includes(word))) return reason;
    }
  }
  return "unknown";
}
