/**
 * Letters of our own: SVG text needs fonts on the machine, and a bare server has none. Lines without width, in a box of
 * 10 by 16.
 */
const STROKES: Record<string, string> = {
  A: "M0 16L5 0L10 16M1.9 10.6H8.1",
  B: "M.5 0V16H5.5A4.2 4.2 0 0 0 5.5 7.6H.5M5 7.6A3.8 3.8 0 0 0 5 0H.5",
  C: "M9.6 3.5C8.8 1.3 7.2 0 5.2 0C2.2 0 .3 3.2 .3 8C.3 12.8 2.2 16 5.2 16C7.2 16 8.8 14.7 9.6 12.5",
  $: "M9.2 3.4C8.6 1.4 7 .2 5 .2C2.5 .2 .8 1.8 .8 4C.8 6.2 2.3 7.2 5 8C7.8 8.8 9.4 9.9 9.4 12.1C9.4 14.3 7.6 15.8 5 15.8C2.7 15.8 1.1 14.6 .6 12.5M5 -2V18",
  ".": "M5 15.9V16",
  D: "M.5 0V16H4.2C7.8 16 9.7 13 9.7 8C9.7 3 7.8 0 4.2 0Z",
  0: "M5 0C1.9 0 .5 3.2 .5 8C.5 12.8 1.9 16 5 16C8.1 16 9.5 12.8 9.5 8C9.5 3.2 8.1 0 5 0Z",
  1: "M2 3.4L6 0V16",
  2: "M.7 4C1 1.5 2.8 0 5 0C7.5 0 9.3 1.6 9.3 4.2C9.3 6.5 8 8.2 .6 16H9.6",
  3: "M.8 2.8C1.7 1 3.2 0 5 0C7.4 0 9 1.5 9 3.8C9 6 7.4 7.5 4.6 7.5C7.8 7.5 9.5 9 9.5 11.6C9.5 14.3 7.6 16 5 16C2.9 16 1.2 15 .4 13",
  4: "M7 16V0L.3 11H10",
  5: "M8.8 0H1.8L1.1 7.2C2 6.3 3.4 5.8 4.8 5.8C7.6 5.8 9.5 7.8 9.5 10.8C9.5 13.9 7.5 16 4.7 16C2.8 16 1.3 15.2 .4 13.6",
  6: "M8.6 1.6C7.8 .6 6.7 0 5.4 0C2.2 0 .5 3.4 .5 8.6C.5 13.4 2.2 16 5.1 16C7.7 16 9.5 14 9.5 11C9.5 8.1 7.8 6.2 5.2 6.2C2.6 6.2 .6 8.2 .6 10.8",
  7: "M.5 0H9.5L3.6 16",
  8: "M5 7.4C2.8 7.4 1.2 5.8 1.2 3.7C1.2 1.5 2.8 0 5 0C7.2 0 8.8 1.5 8.8 3.7C8.8 5.8 7.2 7.4 5 7.4C2.3 7.4 .4 9.2 .4 11.7C.4 14.2 2.3 16 5 16C7.7 16 9.6 14.2 9.6 11.7C9.6 9.2 7.7 7.4 5 7.4Z",
  9: "M1.4 14.4C2.2 15.4 3.3 16 4.6 16C7.8 16 9.5 12.6 9.5 7.4C9.5 2.6 7.8 0 4.9 0C2.3 0 .5 2 .5 5C.5 7.9 2.2 9.8 4.8 9.8C7.4 9.8 9.4 7.8 9.4 5.2",
};
const [BOX_WIDTH, BOX_HEIGHT, SPACE] = [10, 16, 5];

/** Width in pixels of `text` at a height, its outline not counted. */
export function widthOfLettering(text: string, height: number): number {
  return ((text.length * (BOX_WIDTH + SPACE) - SPACE) * height) / BOX_HEIGHT;
}

/** A piece of SVG: white on a dark outline, so that it can be read on any picture. Knows A to D, digits, and what an amount of dollars needs. */
export function lettering(text: string, { x, y, height }: { x: number; y: number; height: number }): string {
  const strokes = text
    .split("")
    .map(
      (letter, index) => `<path d="${STROKES[letter] ?? ""}" transform="translate(${index * (BOX_WIDTH + SPACE)} 0)"/>`,
    );
  const line = (color: string, width: number) =>
    `<g fill="none" stroke="${color}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round">${strokes.join("")}</g>`;
  return `<g transform="translate(${x} ${y}) scale(${height / BOX_HEIGHT})">${line("#111", 6)}${line("#fff", 2.8)}</g>`;
}
