// @ts-check
/** @import { Stroke } from "./painting.js" */

/**
 * What is painted and written stays in this browser until it is sent, also when a phone drops the page or the link has had
 * its time: it comes back with the next link to the same picture.
 *
 * @typedef {{ strokes: Stroke[]; words: string; at: number }} LeftOff
 */

const PREFIX = "easel-edit-";
const LIFE_MILLISECONDS = 6 * 3_600_000;

/**
 * @param {string} picture
 * @returns {LeftOff | undefined}
 */
export function recall(picture) {
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(PREFIX) && !read(name)) localStorage.removeItem(name);
    }
    return read(PREFIX + picture);
  } catch {
    // A browser may keep nothing for a page, and says so with whatever it likes.
    return undefined;
  }
}

/**
 * @param {string} picture
 * @param {Omit<LeftOff, "at">} work
 */
export function remember(picture, { strokes, words }) {
  try {
    if (!strokes.length && !words) return localStorage.removeItem(PREFIX + picture);
    localStorage.setItem(PREFIX + picture, JSON.stringify({ strokes, words, at: Date.now() }));
  } catch {
    // Nothing kept, or no room: the page works all the same.
  }
}

/**
 * @param {string} name
 * @returns {LeftOff | undefined}
 */
function read(name) {
  const kept = parse(localStorage.getItem(name) ?? "");
  if (typeof kept?.words !== "string" || !Array.isArray(kept.strokes) || !kept.strokes.every(isStroke))
    return undefined;
  return Date.now() - kept.at < LIFE_MILLISECONDS ? kept : undefined;
}

/** @param {Stroke | null} stroke */
function isStroke(stroke) {
  return typeof stroke?.radius === "number" && Array.isArray(stroke.points) && stroke.points.every(Number.isFinite);
}

/**
 * Another version of the page, or a hand, may have written what is none of ours.
 *
 * @param {string} text
 * @returns {LeftOff | null}
 */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
