/** What the model is told beside somebody's words, when the first picture is a sketch. English, as image models understand it best. */
const FROM_SKETCH =
  "The first picture is a rough sketch by hand. Make of it a finished, detailed picture of what it is meant to show. Keep its " +
  "layout and composition: what is in it, where, how large, and what is before what. Words and arrows in it are notes on what " +
  "is meant: follow them, and do not draw them. Leave the paper or board, its edge, its lines and whatever lies around it away.";

export const SKETCH_CHARACTERS = FROM_SKETCH.length + 2;

/** As many renderings as somebody gets of a sketch who says nothing of it. */
export const RENDERINGS = 3;

export function sketchPrompt(words: string): string {
  return `${words}\n\n${FROM_SKETCH}`;
}
