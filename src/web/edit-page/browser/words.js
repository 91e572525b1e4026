// @ts-check
import { find } from "./find.js";
/** @import { Sentences } from "../../../words/said.ts" */

/**
 * What the page says by itself, in the language that it came in. What the server says comes with its answers.
 *
 * @type {Sentences["editScript"]}
 */
const texts = JSON.parse(find("edit", HTMLFormElement).dataset.sentences ?? "{}");

/**
 * A text with its values, which stand in braces.
 *
 * @param {string} text
 * @param {Record<string, number>} values
 */
function fill(text, values) {
  return text.replaceAll(/\{(\w+)\}/g, (_, name) => (values[name] ?? 0).toLocaleString(document.documentElement.lang));
}

/** @param {number} share */
const percentOf = (share) => Math.round(share * 100);

export const words = {
  ...texts,
  share: (/** @type {number} */ share) => {
    const percent = percentOf(share);
    if (percent >= 100) return texts.allPainted;
    return percent < 1 ? texts.littlePainted : fill(texts.somePainted, { percent });
  },
  brushSize: (/** @type {number} */ percent) => fill(texts.brushSize, { percent }),
  brushAt: (/** @type {number} */ across, /** @type {number} */ down) =>
    fill(texts.brushAt, { across: percentOf(across), down: percentOf(down) }),
  tooLong: (/** @type {number} */ length, /** @type {number} */ most) =>
    fill(texts.tooLong, { length, most, excess: length - most }),
  left: (/** @type {number} */ length, /** @type {number} */ most) => fill(texts.left, { length, most }),
};
