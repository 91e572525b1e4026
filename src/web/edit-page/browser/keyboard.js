// @ts-check
import { find } from "./find.js";
import { words } from "./words.js";
/** @import { Stroke } from "./painting.js" */
/** @import { Board } from "./stage.js" */

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const TOLD_AFTER_MILLISECONDS = 400;

/**
 * Painting without a pointer: the arrows move the brush, by half its size.
 *
 * @param {Board} board
 * @param {{
 *   canvas: HTMLCanvasElement;
 *   draw: (stroke: Stroke, from?: number) => void;
 *   showRing: () => void;
 *   say: (sentence: string) => void;
 *   commands: Record<string, () => void>;
 * }} page `commands` by the keys that give them.
 */
export function listenToKeys(board, { canvas, draw, showRing, say, commands }) {
  /** @type {Stroke | undefined} */
  let stroke;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let telling;

  const paintHere = () => {
    const { x, y } = board.cursor;
    if (stroke) stroke.points.push(x, y);
    else board.strokes.push((stroke = { ...board.brush(), points: [x, y] }));
    draw(stroke, Math.max(0, stroke.points.length - 4));
  };
  const end = () => {
    if (!stroke) return;
    const ended = stroke;
    stroke = undefined;
    board.ended(ended);
  };
  const move = (/** @type {[number, number]} */ [x, y], /** @type {boolean} */ paints) => {
    const { cursor, size } = board;
    const { radius } = board.brush();
    if (paints && !stroke) paintHere();
    cursor.x = Math.min(size.width, Math.max(0, cursor.x + x * radius));
    cursor.y = Math.min(size.height, Math.max(0, cursor.y + y * radius));
    if (paints) paintHere();
    showRing();
    clearTimeout(telling);
    telling = setTimeout(
      () => say(words.brushAt(cursor.x / size.width, cursor.y / size.height)),
      TOLD_AFTER_MILLISECONDS,
    );
  };

  /** The key that is held down to paint a line. @type {string} */
  let held = "";
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    const command = commands[event.key.toLowerCase()];
    const paints = event.key === " " || event.key === "Enter";
    if (!arrow && !command && !paints) return;
    event.preventDefault();
    if (arrow) return move(arrow, event.shiftKey || held !== "");
    end();
    if (command) return command();
    if (event.repeat) return;
    held = event.key;
    paintHere();
    showRing();
  });
  canvas.addEventListener("keyup", ({ key }) => {
    if (key === held) held = "";
    if (key === "Shift" || key === " " || key === "Enter") end();
  });
  canvas.addEventListener("focus", () => canvas.matches(":focus-visible") && showRing());
  canvas.addEventListener("blur", () => {
    held = "";
    end();
    find("ring", HTMLElement).hidden = true;
  });
}
