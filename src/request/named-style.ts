import { MODELS } from "../models.ts";
import { optionsTyped } from "./read-words.ts";
import type { ImageRequest } from "./request.ts";

/** Leaves the channel's own style out of one request. */
export const NO_STYLE = "none";

/** What models themselves understand as a style: no saved one has such a name. */
export const MODEL_STYLES: ReadonlySet<string> = new Set(Object.values(MODELS).flatMap(({ styles }) => styles));

/** The saved style that somebody means, or `none`; nothing where they name none, or a model's own word. */
export function styleNamed({ style }: ImageRequest["options"]): string | undefined {
  const word = style?.trim();
  return word && !MODEL_STYLES.has(word.toLowerCase()) ? word : undefined;
}

/** What is left to be checked without storage: whether there is a saved style of that name is looked up. */
export function withoutNamedStyle<Asked extends { options: ImageRequest["options"] }>(request: Asked): Asked {
  if (!styleNamed(request.options)) return request;
  const { style: _style, ...options } = request.options;
  return { ...request, options };
}

/** What a form begins with where a request is to be mended: a name that no style has has no field, and is changed in the words. */
export function wordsToRevise({ prompt, options }: Pick<ImageRequest, "prompt" | "options">): string {
  const style = styleNamed(options);
  return style ? optionsTyped({ prompt, options: { style }, unknownOptions: [] }) : prompt;
}
