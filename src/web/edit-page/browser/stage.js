// @ts-check
import { find } from "./find.js";
/** @import { Brush } from "./brush.js" */
/** @import { Size, Stroke } from "./painting.js" */

/**
 * The picture with what is painted over it. `cursor` is where the brush is, in pixels of the picture.
 *
 * @typedef {{
 *   size: Size;
 *   strokes: Stroke[];
 *   cursor: { x: number; y: number };
 *   brush: () => Brush;
 *   ended: (stroke: Stroke) => void;
 * }} Board
 */

/** Both may stand over any picture: one of the two is seen. */
const STRIPES = ["#e3008c", "#ffd1ee"];
const STRIPE_PIXELS = 5;

/**
 * Draws strokes as they come, and takes them from mouse, pen and finger.
 *
 * @param {Board} board
 */
export function openStage(board) {
  const canvas = find("painting", HTMLCanvasElement);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser gives no canvas");
  const stage = find("stage", HTMLElement);
  const { width, height } = board.size;
  stage.style.setProperty("--ratio", String(width / height));

  const redraw = () => {
    const { width: shownWidth, height: shownHeight } = canvas.getBoundingClientRect();
    canvas.width = Math.max(1, Math.round(shownWidth * devicePixelRatio));
    canvas.height = Math.max(1, Math.round(shownHeight * devicePixelRatio));
    context.setTransform(canvas.width / width, 0, 0, canvas.height / height, 0, 0);
    context.strokeStyle = stripes(context, canvas.width / width);
    for (const stroke of board.strokes) draw(context, stroke);
  };
  new ResizeObserver(redraw).observe(canvas);

  const showRing = () => placeRing(board);
  listenToPointers(canvas, board, {
    draw: (stroke, from) => draw(context, stroke, from),
    redraw,
    showRing,
  });
  return { canvas, redraw, showRing, draw: (/** @type {Stroke} */ stroke, from = 0) => draw(context, stroke, from) };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} scale
 */
function stripes(context, scale) {
  const edge = STRIPE_PIXELS * 2;
  const tile = document.createElement("canvas");
  [tile.width, tile.height] = [edge, edge];
  const paint = tile.getContext("2d");
  const pattern = paint && context.createPattern(tile, "repeat");
  if (!paint || !pattern) return STRIPES[0] ?? "";
  STRIPES.forEach((colour, index) => {
    paint.fillStyle = colour;
    paint.fillRect(0, index * STRIPE_PIXELS, edge, STRIPE_PIXELS);
  });
  const fresh = context.createPattern(tile, "repeat") ?? pattern;
  fresh.setTransform(new DOMMatrix().rotate(45).scale(1 / scale));
  return fresh;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Stroke} stroke
 * @param {number} [from] Index of the point that is drawn already.
 */
function draw(context, { erase, radius, points }, from = 0) {
  context.globalCompositeOperation = erase ? "destination-out" : "source-over";
  context.lineWidth = radius * 2;
  context.lineCap = "round";
  context.lineJoin = "round";
  const [x = 0, y = 0] = points.slice(from, from + 2);
  context.beginPath();
  context.moveTo(x, y);
  // A line without length is not drawn by every browser.
  if (from + 2 >= points.length) context.lineTo(x + 0.01, y);
  for (let index = from + 2; index < points.length; index += 2)
    context.lineTo(points[index] ?? x, points[index + 1] ?? y);
  context.stroke();
}

/** @param {Board} board */
function placeRing({ size, cursor, brush }) {
  const ring = find("ring", HTMLElement);
  const { erase, radius } = brush();
  ring.hidden = false;
  ring.classList.toggle("erases", erase);
  ring.style.left = `${(cursor.x / size.width) * 100}%`;
  ring.style.top = `${(cursor.y / size.height) * 100}%`;
  ring.style.width = `${((radius * 2) / size.width) * 100}%`;
}

/**
 * A second finger means that somebody zooms: then the stroke that the first one began was not meant.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Board} board
 * @param {{ draw: (stroke: Stroke, from: number) => void; redraw: () => void; showRing: () => void }} show
 */
function listenToPointers(canvas, board, { draw, redraw, showRing }) {
  /** @type {Set<number>} */
  const down = new Set();
  /** @type {Stroke | undefined} */
  let stroke;

  const moveTo = (/** @type {PointerEvent} */ event) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    board.cursor.x = round(((event.clientX - left) / width) * board.size.width);
    board.cursor.y = round(((event.clientY - top) / height) * board.size.height);
    // A finger covers it.
    if (event.pointerType === "touch") find("ring", HTMLElement).hidden = true;
    else showRing();
  };
  const abandon = () => {
    if (!stroke) return;
    board.strokes.splice(board.strokes.indexOf(stroke), 1);
    stroke = undefined;
    redraw();
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    if (event.isPrimary) down.clear();
    down.add(event.pointerId);
    if (down.size > 1) return abandon();
    canvas.setPointerCapture(event.pointerId);
    moveTo(event);
    stroke = { ...board.brush(), points: [board.cursor.x, board.cursor.y] };
    board.strokes.push(stroke);
    draw(stroke, 0);
  });
  canvas.addEventListener("pointermove", (event) => {
    const coalesced = event.getCoalescedEvents?.() ?? [];
    for (const each of coalesced.length ? coalesced : [event]) {
      moveTo(each);
      if (!stroke || !down.has(event.pointerId)) continue;
      stroke.points.push(board.cursor.x, board.cursor.y);
      draw(stroke, stroke.points.length - 4);
    }
  });
  canvas.addEventListener("pointerup", (event) => {
    down.delete(event.pointerId);
    if (!stroke || down.size) return;
    const ended = stroke;
    stroke = undefined;
    board.ended(ended);
  });
  canvas.addEventListener("pointercancel", (event) => {
    down.delete(event.pointerId);
    abandon();
  });
  canvas.addEventListener("pointerleave", () => {
    if (!canvas.matches(":focus-visible")) find("ring", HTMLElement).hidden = true;
  });
  canvas.addEventListener("contextmenu", (event) => down.size && event.preventDefault());
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 100) / 100;
}
