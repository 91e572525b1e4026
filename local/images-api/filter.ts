import type { ModelName, Provider } from "../../src/models.ts";
import { MODELS } from "../../src/models.ts";
import type { Answer } from "./answer.ts";

export type BlockStage = "prompt" | "picture";

export type Block = { stage: BlockStage; category: Category };

type Category = "hate" | "self_harm" | "sexual" | "violence" | "jailbreak" | "public_figures" | "copyright";

/**
 * Ordinary words that the filter reacts to. The real filters judge meaning; this one is crude on purpose and the same every
 * time, so that a person who tries it, and a test, know what will happen.
 */
const PROMPT_WORDS: [Category, string[]][] = [
  [
    "violence",
    ["blood", "bloody", "kill", "killing", "killed", "murder", "gore", "corpse", "beheaded", "torture", "massacre"],
  ],
  ["sexual", ["nude", "naked", "porn", "erotic", "topless"]],
  ["hate", ["nazi", "swastika", "racist", "genocide"]],
  ["self_harm", ["suicide", "self-harm", "hang himself", "hang herself"]],
  ["jailbreak", ["ignore previous instructions", "ignore all previous instructions"]],
  [
    "public_figures",
    [
      "taylor swift",
      "elon musk",
      "donald trump",
      "joe biden",
      "barack obama",
      "angela merkel",
      "tom cruise",
      "beyoncé",
    ],
  ],
];

/** What a model starts to draw and the look at the result then stops. */
const PICTURE_WORDS: [Category, string[]][] = [
  [
    "copyright",
    ["mickey mouse", "donald duck", "pikachu", "super mario", "spider-man", "batman", "hello kitty", "darth vader"],
  ],
  [
    "copyright",
    ["nike logo", "nike swoosh", "coca-cola logo", "apple logo", "adidas logo", "mcdonald's logo", "starbucks logo"],
  ],
];

export function findBlock(prompt: string): Block | undefined {
  const find = (stage: BlockStage, words: [Category, string[]][]): Block | undefined => {
    const found = words.find(([, list]) => list.some((word) => speaksOf(prompt, word)));
    return found && { stage, category: found[0] };
  };
  return find("prompt", PROMPT_WORDS) ?? find("picture", PICTURE_WORDS);
}

/** What is left when every word that the filter reacts to is gone: nothing where that is only little words. */
export function withoutBlockedWords(prompt: string): string {
  const all = [...PROMPT_WORDS, ...PICTURE_WORDS].flatMap(([, words]) => words);
  let text = prompt.replaceAll("’", "'");
  for (const word of all.toSorted((one, other) => other.length - one.length))
    text = text.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}'-])${word}(?![\\p{L}\\p{N}'-])`, "giu"), " ");
  text = text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/\s([,.])/g, "$1")
    .trim();
  return /\p{L}{4}/u.test(text) ? text : "";
}

function speaksOf(prompt: string, word: string): boolean {
  const words = ` ${prompt
    .toLowerCase()
    .replaceAll("’", "'")
    .replace(/[^\p{L}\p{N}'-]+/gu, " ")} `;
  return words.includes(` ${word} `);
}

/** The answer to a block, as the provider words it for this kind of model. */
export function blockedAnswer(block: Block, model: ModelName, provider: Provider, requestId: string): Answer {
  const dallE = MODELS[model].answersWith !== "base64";
  if (dallE) return provider === "azure" ? azureDallE(block) : openaiDallE(block);
  return provider === "azure" ? azureGptImage(requestId) : openaiGptImage(block, requestId);
}

function azureDallE({ stage, category }: Block): Answer {
  if (stage === "picture") {
    const message = "Generated image was filtered as a result of our safety system.";
    return { status: 400, body: { created: now(), error: { code: "contentFilter", message } } };
  }
  const error = {
    code: "content_policy_violation",
    inner_error: { code: "ResponsibleAIPolicyViolation", content_filter_results: promptFilterNotes(category) },
    message:
      "Your request was rejected as a result of our safety system. Your prompt may contain text that is not allowed by our safety system.",
    type: "invalid_request_error",
  };
  return { status: 400, body: { error } };
}

/** OpenAI's words for a stopped DALL-E picture are not on record: the picture stage speaks of the rewritten prompt instead. */
function openaiDallE({ stage }: Block): Answer {
  const start = "Your request was rejected as a result of our safety system. ";
  const message =
    stage === "prompt"
      ? `${start}Your prompt may contain text that is not allowed by our safety system.`
      : `${start}Image descriptions generated from your prompt may contain text that is not allowed by our safety system. If you believe this was done in error, your request may succeed if retried, or by adjusting your prompt.`;
  return {
    status: 400,
    body: { error: { code: "content_policy_violation", message, param: null, type: "invalid_request_error" } },
  };
}

/** No category and no stage: prompt, reference picture and result all answer like this. */
function azureGptImage(requestId: string): Answer {
  const message = `Your request was rejected by the safety system. If you believe this is an error, contact us at Azure support ticket and include the request ID ${requestId}.`;
  return {
    status: 400,
    body: { error: { message, type: "image_generation_user_error", param: null, code: "moderation_blocked" } },
  };
}

function openaiGptImage({ stage, category }: Block, requestId: string): Answer {
  const moderation_details = {
    moderation_stage: stage === "prompt" ? "input" : "output",
    categories: [category.replace("_", "-")],
  };
  const error = { type: "image_generation_user_error", code: "moderation_blocked", moderation_details };
  // The guide shows the prompt's block without a message; that of a picture has been seen with one.
  if (stage === "prompt") return { status: 400, body: { error } };
  const message = `Your request was rejected by the safety system. If you believe this is an error, contact us at help.openai.com and include the request ID ${requestId}. safety_violations=[${moderation_details.categories.join(",")}].`;
  return { status: 400, body: { error: { message, param: null, ...error } } };
}

type Note = { filtered: boolean; severity?: string; detected?: boolean };

/** What Azure notes on a prompt, in a block and beside a picture that was drawn. */
export function promptFilterNotes(category?: Category): Record<string, Note> {
  const notes: Record<string, Note> = { ...pictureFilterNotes(), profanity: { detected: false, filtered: false } };
  if (category === "jailbreak") notes.jailbreak = { detected: true, filtered: true };
  else if (category && category in notes) notes[category] = { filtered: true, severity: "medium" };
  return notes;
}

export function pictureFilterNotes(): Record<string, Note> {
  const safe = { filtered: false, severity: "safe" };
  return { hate: safe, self_harm: safe, sexual: safe, violence: safe };
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
