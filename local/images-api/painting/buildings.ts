import { between } from "../random.ts";
import { byDetail } from "./canvas.ts";
import type { Canvas } from "./canvas.ts";
import { css, lighter, saturated } from "./colour.ts";
import type { Colour } from "./colour.ts";
import { disc, inPlace, line, lit, rounded, shape } from "./place.ts";
import type { Draw, Place } from "./place.ts";

const wall: Colour = [38, 30, 92];
const glass: Colour = [46, 100, 74];

export const drawLighthouse: Draw = (canvas, place) => {
  const { mood } = canvas.scene;
  const stripe = lit(canvas, mood.accent);
  const white = lit(canvas, wall);
  const tower = [0, 1, 2, 3, 4].map((index) => {
    const [top, bottom] = [-78 + index * 15.6, -78 + (index + 1) * 15.6];
    const half = (y: number) => 7.5 + ((y + 78) / 78) * 5.5;
    const id = index % 2 ? "band" : "stripe";
    return `<path d="M${-half(top)} ${top}H${half(top)}L${half(bottom)} ${bottom}H${-half(bottom)}Z" fill="url(#${id})"/>`;
  });
  const windows = [-66, -44, -22].map((y) =>
    shape(`M-1.6 ${y + 5}v-4a1.6 1.6 0 0 1 3.2 0v4z`, mood.dark ? glass : lighter(mood.near, 8)),
  );
  return (
    paintBeam(canvas, place) +
    inPlace(
      place,
      rounded("stripe", stripe),
      rounded("band", white),
      ...tower,
      ...windows,
      shape("M-3 0v-8a3 3 0 0 1 6 0v8z", lighter(mood.near, 2)),
      paintLantern(canvas),
    )
  );
};

/** The tower is a stack of books: what `a lighthouse made of books` asks for. */
export const drawBookLighthouse: Draw = (canvas, place) => {
  const random = canvas.chance("book tower");
  const books: string[] = [];
  const covers: Colour[] = [
    canvas.scene.mood.accent,
    [214, 52, 38],
    [152, 38, 34],
    [34, 62, 46],
    [276, 32, 40],
    [190, 44, 40],
    [18, 46, 34],
  ];
  for (let bottom = 0, index = 0; bottom > -77; index++) {
    const thick = between(random, 4.6, 8.2);
    const half = 8.6 + ((bottom + 80) / 80) * 7 + between(random, -1.1, 1.1);
    const shift = between(random, -1.3, 1.3);
    const cover = lit(canvas, covers[(index + Math.floor(random() * 2)) % covers.length] ?? canvas.scene.mood.accent);
    books.push(paintBook(canvas, cover, { left: shift - half, right: shift + half, bottom, thick }, index % 3 === 1));
    bottom -= thick;
  }
  return paintBeam(canvas, place) + inPlace(place, ...books, paintLantern(canvas));
};

/** A lying book, its spine or its pages towards us. */
export function paintBook(
  canvas: Canvas,
  cover: Colour,
  edges: { left: number; right: number; bottom: number; thick: number },
  pages: boolean,
): string {
  const { left, right, bottom, thick } = edges;
  const [wide, top] = [right - left, bottom - thick];
  const paper = lit(canvas, [42, 46, 88]);
  const gold = lit(canvas, [44, 78, 62]);
  const body = `<rect x="${left}" y="${top}" width="${wide}" height="${thick}" rx="${thick * 0.16}" fill="${css(cover)}"/>`;
  const shadow = `<rect x="${left + wide * 0.6}" y="${top}" width="${wide * 0.4}" height="${thick}" rx="${thick * 0.16}" fill="${css(lighter(cover, -14), 0.55)}"/>`;
  if (pages) {
    const inset = thick * 0.17;
    const sheets = Array.from(
      { length: Math.round(byDetail(canvas, 1, 3, 6)) },
      (_, index) => top + inset + ((index + 1) * (thick - 2 * inset)) / (Math.round(byDetail(canvas, 1, 3, 6)) + 1),
    );
    return (
      body +
      `<rect x="${left + inset}" y="${top + inset}" width="${wide}" height="${thick - 2 * inset}" fill="${css(paper)}"/>` +
      line(sheets.map((y) => `M${left + inset} ${y}H${right + inset * 0.7}`).join(""), lighter(paper, -18), 0.16) +
      `<rect x="${left + wide * 0.66}" y="${top + inset}" width="${wide * 0.34 + inset}" height="${thick - 2 * inset}" fill="${css(lighter(paper, -40), 0.3)}"/>`
    );
  }
  const bands = [0.14, 0.2, 0.8, 0.86].map((part) => `M${left + wide * part} ${top + 0.3}V${bottom - 0.3}`).join("");
  const title = `M${left + wide * 0.36} ${top + thick * 0.5}H${left + wide * 0.64}`;
  return body + shadow + (canvas.detail > 0 ? line(bands, gold, 0.5) + line(title, gold, thick * 0.16) : "");
}

function paintLantern(canvas: Canvas): string {
  const { mood } = canvas.scene;
  const iron = lighter(mood.near, mood.dark ? 10 : 2);
  return [
    shape("M-10 -78h20v-2.4h-20z", iron),
    line("M-9.4 -80.4v-4M-5 -80.4v-4M5 -80.4v-4M9.4 -80.4v-4M-9.8 -84.4H9.8", iron, 0.6),
    shape("M-5.2 -80.4h10.4v-10.6h-10.4z", glass),
    `<circle cx="0" cy="-86" r="${mood.dark ? 17 : 10}" fill="url(#lamp)"/>`,
    `<defs><radialGradient id="lamp"><stop offset="0" stop-color="${css([50, 100, 96])}"/><stop offset="0.3" stop-color="${css(glass, 0.8)}"/><stop offset="1" stop-color="${css(glass, 0)}"/></radialGradient></defs>`,
    line("M-5.2 -80.4v-10.6M0 -80.4v-10.6M5.2 -80.4v-10.6", iron, 0.5),
    shape("M-6.8 -90.6H6.8Q5 -97 0 -98.4Q-5 -97 -6.8 -90.6z", lit(canvas, mood.accent)),
    line("M0 -98v-3.4", iron, 0.7),
  ].join("");
}

/** Two cones of light, plain at night and only hinted at by day. */
function paintBeam({ scene: { mood }, width }: Canvas, { x, y, tall }: Place): string {
  const lamp = y - tall * 0.86;
  const [reach, spread] = [width * 1.1, tall * 0.3];
  const strength = mood.dark ? 0.6 : 0.16;
  const beam = (way: number) =>
    `<path d="M${x} ${lamp}L${x + way * reach} ${lamp - spread - tall * 0.1}V${lamp + spread - tall * 0.1}Z" fill="url(#beam${way > 0 ? "R" : "L"})"/>`;
  const gradient = (id: string, from: number, to: number) =>
    `<linearGradient id="${id}" gradientUnits="userSpaceOnUse" x1="${from}" y1="0" x2="${to}" y2="0"><stop offset="0" stop-color="${css(glass, strength)}"/><stop offset="0.75" stop-color="${css(glass, 0)}"/></linearGradient>`;
  return `<defs>${gradient("beamR", x, x + reach)}${gradient("beamL", x, x - reach)}</defs>${beam(1)}${beam(-1)}`;
}

export const drawCastle: Draw = (canvas, place) => {
  const { mood } = canvas.scene;
  const stone = lit(canvas, saturated([mood.far[0], 22, 62], 1));
  const roof = lit(canvas, mood.accent);
  const window = mood.dark ? glass : lighter(stone, -34);
  const tower = (x: number, half: number, tall: number, crown: boolean) =>
    `<rect x="${x - half}" y="${-tall}" width="${half * 2}" height="${tall}" fill="url(#stone)"/>` +
    (crown
      ? shape(
          `M${x - half - 1} ${-tall}H${x + half + 1}v-3h-${half * 0.5}v2h-${half * 0.5}v-2h-${half * 0.6}v2h-${half * 0.4}z`,
          stone,
        )
      : shape(`M${x - half - 1.4} ${-tall}H${x + half + 1.4}L${x} ${-tall - half * 3.4}z`, roof) +
        line(`M${x} ${-tall - half * 3.4}v-4`, lighter(roof, -20), 0.5) +
        shape(`M${x} ${-tall - half * 3.4 - 4}l5 1.4l-5 1.4z`, roof)) +
    [0.3, 0.55, 0.8].map((part) => shape(`M${x - 1} ${-tall * part}v-3.6a1 1 0 0 1 2 0v3.6z`, window)).join("");
  const bricks = Array.from({ length: Math.round(byDetail(canvas, 0, 26, 120)) }, (_, index) => {
    const random = canvas.chance(`brick ${index}`);
    return `M${between(random, -33, 30)} ${between(random, -30, -2)}h${between(random, 1, 3)}`;
  });
  return inPlace(
    place,
    rounded("stone", stone, 16),
    tower(0, 7, 66, false),
    `<rect x="-34" y="-34" width="68" height="34" fill="url(#stone)"/>`,
    shape(`M-34 -34${"v-4h4v4h4".repeat(8)}z`, lighter(stone, 3)),
    line(bricks.join(""), lighter(stone, -14), 0.4),
    tower(-33, 6, 50, false),
    tower(33, 6, 50, false),
    tower(-16, 5, 44, false),
    tower(17, 5, 47, false),
    shape("M-6 0v-12a6 6 0 0 1 12 0v12z", lighter(mood.near, 1)),
  );
};

export const drawHouse: Draw = (canvas, place) => {
  const { mood } = canvas.scene;
  const white = lit(canvas, wall);
  const roof = lit(canvas, mood.accent);
  const window = mood.dark ? glass : ([206, 40, 66] as const);
  const pane = (x: number, y: number) =>
    shape(`M${x} ${y}h10v12h-10z`, window) +
    line(`M${x + 5} ${y}v12M${x} ${y + 6}h10M${x} ${y}h10v12h-10z`, lighter(white, -34), 0.8);
  const smoke = [0, 1, 2, 3].map(
    (index) =>
      `<circle cx="${24 + index * 5}" cy="${-98 - index * 11}" r="${4 + index * 2.4}" fill="${css(mood.horizon, 0.4 - index * 0.08)}"/>`,
  );
  const tiles = Array.from(
    { length: Math.round(byDetail(canvas, 0, 4, 9)) },
    (_, index) => -60 - index * (34 / Math.round(byDetail(canvas, 1, 4, 9))),
  );
  return inPlace(
    place,
    rounded("wall", white),
    ...smoke,
    shape("M18 -70h10v-24h-10z", lighter(roof, -16)),
    `<path d="M-40 0V-54L0 -86L40 -54V0z" fill="url(#wall)"/>`,
    shape("M-48 -52L0 -94L48 -52L43 -47L0 -84L-43 -47z", roof),
    line(tiles.map((y) => `M${-(y + 94) * 1.16} ${y}H${(y + 94) * 1.16}`).join(""), lighter(roof, -12), 0.01),
    shape("M-7 0v-24a7 7 0 0 1 14 0v24z", lighter(roof, -20)),
    pane(-30, -34),
    pane(20, -34),
    disc(0, -62, 5, window),
    disc(4, -13, 1, [46, 80, 60]),
  );
};
