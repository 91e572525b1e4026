import type { Description } from "../ideas-model/describe-picture.ts";
import type { Asker } from "../request/request.ts";
import { descriptions } from "../words/sentences.ts";
import type { ChatReply } from "./reply.ts";

/** What a picture shows, for whoever asked alone; `name` is where the description is kept. */
export function descriptionReply({ words, alternative }: Description, name: string, asker: Asker): ChatReply {
  return {
    role: "word",
    mood: "help",
    title: descriptions.title,
    paragraphs: [descriptions.intro],
    quotes: [
      { label: descriptions.words, words },
      { label: descriptions.alternative, words: alternative },
    ],
    pictures: [],
    facts: [],
    actions: [{ do: "described", label: descriptions.draw, description: name, words, asker: asker.user }],
    forAskerOnly: true,
  };
}
