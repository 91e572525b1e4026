// @ts-check
import { words } from "./words.js";

/**
 * What came back. Status 0: nobody was reached.
 *
 * @typedef {{ status: number; said: string[]; secondsLeft?: number; againInSeconds?: number; picture?: Blob }} Answered
 */

/** Longer than the server itself is patient with storage and the chat. */
const OPEN_MILLISECONDS = 30_000;
const SEND_MILLISECONDS = 120_000;

/**
 * Binds the link to this browser. Asked again with the same secret it is the same, so that an answer may get lost.
 *
 * @param {string} key
 * @param {string} secret
 */
export function open(key, secret) {
  const headers = { "content-type": "application/json" };
  return ask("open", key, { method: "POST", headers, body: JSON.stringify({ secret }) }, OPEN_MILLISECONDS);
}

/** How often it is sent while the server is busy with another form, which it says. */
const MOST_TIMES = 10;
const LONGEST_PAUSE_SECONDS = 5;

/** @param {string} key */
export function bringPicture(key) {
  return ask("picture", key, {}, SEND_MILLISECONDS);
}

/**
 * @param {string} key
 * @param {string} text
 * @param {Blob | undefined} mask
 */
export async function send(key, text, mask) {
  const body = new FormData();
  body.set("words", text);
  if (mask) body.set("mask", mask, "mask.png");
  for (let times = 1; ; times += 1) {
    const answered = await ask("send", key, { method: "POST", body }, SEND_MILLISECONDS);
    if (answered.status !== 429 || times === MOST_TIMES) return answered;
    const seconds = Math.min(LONGEST_PAUSE_SECONDS, Math.max(1, answered.againInSeconds ?? 1));
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}

/**
 * @param {string} what
 * @param {string} key
 * @param {RequestInit} init
 * @param {number} milliseconds
 * @returns {Promise<Answered>}
 */
async function ask(what, key, init, milliseconds) {
  try {
    const signal = AbortSignal.timeout(milliseconds);
    const response = await fetch(`edit/${what}?key=${key}`, { ...init, signal, credentials: "same-origin" });
    const { status } = response;
    if (response.headers.get("content-type")?.startsWith("image/"))
      return { status, said: [], picture: await response.blob() };
    // What stands between here and the server may answer with a page of its own.
    const body = await response.json().catch(() => ({}));
    const said = Array.isArray(body.said) ? body.said.map(String) : status === 200 ? [] : [words.notUnderstood];
    const againInSeconds = Number(response.headers.get("retry-after")) || undefined;
    return { status, said, secondsLeft: Number(body.secondsLeft) || undefined, againInSeconds };
  } catch {
    // No connection, no answer in time, or an answer that was cut: the browser tells them apart by its own words alone.
    return { status: 0, said: [words.notReached] };
  }
}
