import { suggestions } from "../words/sentences.ts";
import type { ChatReply } from "./reply.ts";

/** Other words for what was refused, each with a button that draws it: for the asker alone. */
export function suggestionsReply(job: string, words: string[]): ChatReply {
  const numbered = words.map((text, index) => ({ text, number: index + 1 }));
  return {
    role: "word",
    mood: "help",
    title: suggestions.title,
    paragraphs: [suggestions.intro],
    quotes: numbered.map(({ text, number }) => ({ label: suggestions.number({ number }), words: text })),
    pictures: [],
    facts: [],
    actions: numbered.map(({ number }) => ({
      do: "suggested" as const,
      label: suggestions.draw({ number }),
      suggestion: `${job}/${number}`,
    })),
    forAskerOnly: true,
  };
}
