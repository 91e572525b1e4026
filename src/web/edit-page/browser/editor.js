// @ts-check
import { openBrush } from "./brush.js";
import { find } from "./find.js";
import { listenToKeys } from "./keyboard.js";
import { recall, remember } from "./left-off.js";
import { maskPng } from "./mask-png.js";
import { rasterize, shareOf } from "./painting.js";
import * as server from "./server.js";
import { openStage } from "./stage.js";
import { words } from "./words.js";
/** @import { Answered } from "./server.js" */
/** @import { Board } from "./stage.js" */

const form = find("edit", HTMLFormElement);
const text = find("words", HTMLTextAreaElement);
const sendButton = find("send", HTMLButtonElement);
const undoButton = find("undo", HTMLButtonElement);
const clearButton = find("clear", HTMLButtonElement);
const { key = "", picture = "", width, height, mostWords } = form.dataset;
const size = { width: Number(width), height: Number(height) };
/** Made here, so that opening can be asked again where its answer was lost; afterwards it is in the cookie alone. */
const secret = Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) =>
  byte.toString(16).padStart(2, "0"),
).join("");

const brush = openBrush(size, { changed: () => stage.showRing(), say: speak });
/** @type {Board} */
const board = {
  size,
  strokes: [],
  cursor: { x: size.width / 2, y: size.height / 2 },
  brush: brush.now,
  ended: ({ erase }) => changed(erase ? words.erased : words.painted),
};
const stage = openStage(board);
let share = 0;
let sending = false;

listenToKeys(board, {
  ...stage,
  say: speak,
  commands: {
    "+": () => brush.resize(1),
    "=": () => brush.resize(1),
    "-": () => brush.resize(-1),
    _: () => brush.resize(-1),
    e: () => brush.exchange(),
    u: undo,
  },
});
undoButton.addEventListener("click", undo);
clearButton.addEventListener("click", clear);
document.addEventListener("keydown", (event) => {
  const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";
  if (!isUndo || event.target === text) return;
  event.preventDefault();
  undo();
});
text.addEventListener("input", () => {
  judgeWords(false);
  keep();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void submit();
});

showExtent();
if (document.visibilityState === "visible") void begin();
// A browser may fetch a page ahead, and nobody has opened it yet.
else document.addEventListener("visibilitychange", () => void begin(), { once: true });

async function begin() {
  const opened = await server.open(key, secret);
  if (opened.status !== 200) return showTrouble(opened);
  const brought = await server.bringPicture(key);
  if (!brought.picture) return showTrouble(brought);
  const image = find("picture", HTMLImageElement);
  image.src = URL.createObjectURL(brought.picture);
  try {
    await image.decode();
  } catch {
    return showTrouble({ status: 0, said: [words.pictureNotShown] });
  }
  image.hidden = false;
  find("stage", HTMLElement).classList.add("ready");
  find("loading", HTMLElement).hidden = true;
  restore();
  warnBeforeTheEnd(opened.secondsLeft ?? 0);
}

/** @param {Answered} answered */
function showTrouble({ status, said }) {
  const isOver = [403, 404, 410].includes(status);
  if (isOver) {
    const note = document.createElement("section");
    note.className = "card closed";
    note.setAttribute("role", "alert");
    note.append(...paragraphs(said));
    form.replaceWith(note);
    return;
  }
  const loading = find("loading", HTMLElement);
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = words.tryAgain;
  again.addEventListener("click", () => {
    loading.textContent = words.bringing;
    void begin();
  });
  loading.replaceChildren(said.join(" "), again);
  speak(said.join(" "));
}

function restore() {
  const leftOff = recall(picture);
  if (!leftOff) return;
  board.strokes.push(...leftOff.strokes);
  if (!text.value) text.value = leftOff.words;
  stage.redraw();
  showExtent();
  say("said", [words.restored]);
}

/** @param {number} seconds */
function warnBeforeTheEnd(seconds) {
  setTimeout(() => say("said", [words.soonOver]), Math.max(0, seconds - 120) * 1000);
}

/** @param {string} what */
function changed(what) {
  showExtent();
  keep();
  speak(`${what} ${find("extent", HTMLElement).textContent}`);
}

function keep() {
  remember(picture, { strokes: board.strokes, words: text.value });
}

function undo() {
  if (!board.strokes.pop()) return;
  stage.redraw();
  changed(words.undone);
}

/** One stroke that erases everything, so that it can be taken back. */
function clear() {
  const radius = Math.hypot(size.width, size.height);
  board.strokes.push({ erase: true, radius, points: [size.width / 2, size.height / 2] });
  stage.redraw();
  changed(words.cleared);
}

function showExtent() {
  share = shareOf(board.strokes, size);
  find("extent", HTMLElement).textContent = share ? words.share(share) : words.nothingPainted;
  for (const [button, isOff] of [
    [undoButton, !board.strokes.length],
    [clearButton, !share],
  ]) {
    if (!(button instanceof HTMLButtonElement)) continue;
    // A button that goes while it has the focus would take the focus with it.
    if (isOff && document.activeElement === button) stage.canvas.focus();
    button.disabled = Boolean(isOff);
  }
}

async function submit() {
  if (sending || !judgeWords(true)) return;
  sending = true;
  sendButton.setAttribute("aria-disabled", "true");
  sendButton.textContent = words.sending;
  say("faults", []);
  say("said", []);
  const sent = { strokes: board.strokes.length, words: text.value };
  const mask = share ? await maskPng(rasterize(board.strokes, size), size) : undefined;
  const { status, said } = await server.send(key, sent.words, mask);
  if (status === 200) {
    say("said", said);
    if (sent.strokes === board.strokes.length && sent.words === text.value)
      remember(picture, { strokes: [], words: "" });
  } else say("faults", status === 0 ? [words.notSent] : said);
  sendButton.textContent = words.send;
  sendButton.removeAttribute("aria-disabled");
  sending = false;
}

/**
 * Words that are too long are not cut: nobody would see what went.
 *
 * @param {boolean} isSent
 * @returns {boolean}
 */
function judgeWords(isSent) {
  const most = Number(mostWords);
  const length = text.value.trim().length;
  const fault = length > most ? words.tooLong(length, most) : isSent && !length ? words.missing : "";
  const count = find("count", HTMLElement);
  count.hidden = length < most * 0.8 || length > most;
  count.textContent = words.left(length, most);
  const note = find("words-fault", HTMLElement);
  note.hidden = !fault;
  note.textContent = fault;
  if (fault) text.setAttribute("aria-invalid", "true");
  else text.removeAttribute("aria-invalid");
  if (fault && isSent) {
    text.focus();
    speak(fault);
  }
  return !fault;
}

/**
 * @param {"said" | "faults"} where
 * @param {string[]} sentences
 */
function say(where, sentences) {
  const place = find(where, HTMLElement);
  place.replaceChildren(...paragraphs(sentences));
  if (sentences.length) place.scrollIntoView({ block: "nearest" });
}

/** @param {string[]} sentences */
function paragraphs(sentences) {
  return sentences.map((sentence) => {
    const paragraph = document.createElement("p");
    paragraph.textContent = sentence;
    return paragraph;
  });
}

/**
 * For who does not see it.
 *
 * @param {string} sentence
 */
function speak(sentence) {
  find("spoken", HTMLElement).textContent = sentence;
}
