// @ts-check
import { find } from "./find.js";
import { words } from "./words.js";
/** @import { Size } from "./painting.js" */

/** @typedef {{ erase: boolean; radius: number }} Brush */

const STEP = 3;

/**
 * What the tools say the brush is. Its size is a share of the picture's shorter edge.
 *
 * @param {Size} picture
 * @param {{ changed: () => void; say: (sentence: string) => void }} page
 */
export function openBrush(picture, { changed, say }) {
  const size = find("size", HTMLInputElement);
  const erase = find("erase", HTMLInputElement);
  const paint = find("paint", HTMLInputElement);
  const tellSize = () => size.setAttribute("aria-valuetext", words.brushSize(size.valueAsNumber));
  size.addEventListener("input", () => {
    tellSize();
    changed();
  });
  for (const tool of [paint, erase]) tool.addEventListener("change", changed);
  tellSize();
  return {
    /** @returns {Brush} */
    now: () => ({
      erase: erase.checked,
      radius: (Math.min(picture.width, picture.height) * size.valueAsNumber) / 200,
    }),
    /** @param {1 | -1} direction */
    resize(direction) {
      size.valueAsNumber += direction * STEP;
      tellSize();
      changed();
      say(words.brushSize(size.valueAsNumber));
    },
    exchange() {
      const next = erase.checked ? paint : erase;
      next.checked = true;
      changed();
      say(erase.checked ? words.erasing : words.painting);
    },
  };
}
