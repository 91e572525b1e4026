import { localize, tick } from "./clock.js";
import { morph } from "./morph.js";

const APART_MILLISECONDS = 5000;
const ASK_MILLISECONDS = 10_000;
/** So many times the page asks for itself before it tries to be told again. */
const ASKED_BETWEEN = 6;

const board = document.getElementById("board");
const apart = document.getElementById("apart");

localize(board);
tick(board);
setInterval(() => tick(board), 1000);
if (board.dataset.events) listen();

/** The server tells what changes, as long as it is not over. */
function listen() {
  const address = new URL(board.dataset.events, location.href);
  address.searchParams.set("seen", board.dataset.version);
  const source = new EventSource(address);
  source.addEventListener("open", beInTouch);
  source.addEventListener("board", ({ data, lastEventId }) => show(data, lastEventId));
  source.addEventListener("over", () => {
    source.close();
    beInTouch();
    board.classList.remove("is-live");
  });
  source.addEventListener("error", () => {
    beApart();
    if (source.readyState === EventSource.CLOSED) ask(ASKED_BETWEEN);
  });
}

/** Where the server has no place for another listener. */
function ask(times) {
  setTimeout(() => void askAndGoOn(times), ASK_MILLISECONDS);
}

async function askAndGoOn(times) {
  const events = await askOnce().catch(() => "apart");
  if (events === "apart") beApart();
  else beInTouch();
  if (events === "") return;
  if (times > 1) ask(times - 1);
  else listen();
}

async function askOnce() {
  const response = await fetch(location.href, { cache: "no-store" });
  if (!response.ok) return "apart";
  const page = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("board");
  if (page.dataset.version !== board.dataset.version) show(page.innerHTML, page.dataset.version);
  board.className = page.className;
  return page.dataset.events;
}

function show(html, version) {
  const template = document.createElement("template");
  template.innerHTML = html;
  localize(template.content);
  const focused = document.activeElement;
  morph(board, template.content);
  // Moving a part to another place takes the focus from what is in it.
  if (focused !== document.activeElement && board.contains(focused)) focused.focus({ preventScroll: true });
  board.dataset.version = version;
  tick(board);
}

let waiting;

/** A connection that is cut is mostly there again within a moment. */
function beApart() {
  waiting ??= setTimeout(() => {
    apart.hidden = false;
  }, APART_MILLISECONDS);
}

function beInTouch() {
  clearTimeout(waiting);
  waiting = undefined;
  apart.hidden = true;
}
