import { css, lighter, mix } from "./colour.ts";
import type { Colour } from "./colour.ts";
import { disc, inPlace, line, lit, rounded, shape } from "./place.ts";
import type { Draw } from "./place.ts";

/** Above all what people ask for when they change a picture. */

export const drawUmbrella: Draw = (canvas, place) => {
  const cloth = lit(canvas, canvas.scene.mood.accent);
  const wood = lit(canvas, [26, 46, 30]);
  return inPlace(
    place,
    rounded("cloth", cloth, 22),
    line("M0 -88V-12Q0 2 -9 2Q-17 2 -17 -7", wood, 3),
    `<path d="M-52 -50C-50 -84 -28 -96 0 -96C28 -96 50 -84 52 -50Q43 -60 34 -51Q26 -60 17 -51Q8 -60 0 -51Q-8 -60 -17 -51Q-26 -60 -34 -51Q-43 -60 -52 -50z" fill="url(#cloth)"/>`,
    shape("M0 -96C-12 -88 -17 -72 -17 -51Q-26 -60 -34 -51C-32 -76 -18 -92 0 -96z", lighter(cloth, 9), 0.7),
    shape("M0 -96C12 -88 17 -72 17 -51Q8 -60 0 -51z", lighter(cloth, -8), 0.6),
    line("M0 -96C-12 -88 -17 -72 -17 -51M0 -96C12 -88 17 -72 17 -51M0 -96V-51", lighter(cloth, -16), 0.8),
    line("M0 -96v-5", wood, 2.4),
  );
};

export const drawSofa: Draw = (canvas, place) => {
  const cloth = lit(canvas, canvas.scene.mood.accent);
  const cushion = (left: number) =>
    `<rect x="${left}" y="-42" width="52" height="20" rx="6" fill="${css(lighter(cloth, 8))}"/>` +
    `<rect x="${left}" y="-78" width="52" height="38" rx="7" fill="${css(lighter(cloth, 3))}"/>`;
  const arm = (left: number, colour: Colour) =>
    `<rect x="${left}" y="-58" width="20" height="50" rx="9" fill="${css(colour)}"/>`;
  return inPlace(
    place,
    rounded("sofa", cloth, 18),
    shape("M-56 -8h5l-2 9h-3zM51 -8h5v9h-3z", lit(canvas, [24, 40, 22])),
    `<rect x="-62" y="-84" width="124" height="70" rx="12" fill="url(#sofa)"/>`,
    cushion(-53),
    cushion(1),
    `<rect x="-62" y="-24" width="124" height="16" rx="4" fill="${css(lighter(cloth, -8))}"/>`,
    arm(-74, lighter(cloth, 6)),
    arm(54, lighter(cloth, -9)),
    line("M-50 -22H-4M4 -22H50M0 -76V-24", lighter(cloth, -16), 0.8),
  );
};

export const drawKite: Draw = (canvas, place) => {
  const { mood } = canvas.scene;
  const cloth = lit(canvas, mood.accent);
  const other = lit(canvas, [46, 86, 62]);
  const bow = (x: number, y: number) =>
    shape(`M${x} ${y}l-6 -3v6zM${x} ${y}l6 -3v6z`, lit(canvas, [(mood.accent[0] + 150) % 360, 60, 54]));
  return inPlace(
    place,
    line("M4 -38C-10 -26 16 -20 2 -8C-8 0 8 6 20 4", lighter(mood.near, 20), 0.9),
    bow(1, -28),
    bow(8, -16),
    bow(1, -5),
    shape("M0 -100L-28 -72L4 -72z", cloth),
    shape("M0 -100L30 -72L4 -72z", other),
    shape("M-28 -72L4 -38L4 -72z", lighter(other, -8)),
    shape("M30 -72L4 -38L4 -72z", lighter(cloth, -9)),
    line("M0 -100L4 -38M-28 -72H30", lighter(cloth, -24), 1),
  );
};

export const drawHat: Draw = (canvas, place) => {
  const felt = lit(canvas, mix(canvas.scene.mood.accent, [30, 30, 22], 0.3));
  return inPlace(
    place,
    rounded("felt", felt, 20),
    `<ellipse cx="0" cy="-10" rx="58" ry="13" fill="${css(lighter(felt, -8))}"/>`,
    `<ellipse cx="0" cy="-13" rx="58" ry="12" fill="url(#felt)"/>`,
    `<path d="M-33 -14C-34 -48 -30 -72 -20 -76C-8 -80 -4 -70 2 -72C12 -78 24 -78 29 -66C34 -52 33 -30 33 -14Q0 -2 -33 -14z" fill="url(#felt)"/>`,
    shape("M-33.500 -26Q0 -13 33.500 -26L33 -14Q0 -2 -33 -14z", lit(canvas, [20, 30, 14])),
    line("M-20 -76C-10 -66 2 -66 2 -72", lighter(felt, -14), 1.4),
  );
};

export const drawDragon: Draw = (canvas, place) => {
  const { mood } = canvas.scene;
  const scales = lit(canvas, mix(mood.accent, [152, 46, 30], 0.4));
  const wing = lit(canvas, mix(mood.accent, [16, 60, 40], 0.35));
  const wingShape =
    "C-14 -72 -34 -92 -58 -98C-51 -88 -50 -80 -53 -73C-45 -76 -40 -70 -40 -61C-32 -66 -26 -60 -24 -51C-18 -56 -10 -52 -4 -44z";
  const spikes = [-44, -32, -20, 16, 28].map((x, index) => `M${x} ${-41 - index * 1.5}l4 -8l4 8z`).join("");
  return inPlace(
    place,
    rounded("scales", scales, 18),
    `<g transform="translate(16 -2) scale(-0.86 0.92)">${shape(`M-4 -44${wingShape}`, lighter(wing, -12))}</g>`,
    shape(spikes, lighter(scales, -12)),
    `<path d="M-56 -26C-42 -46 -20 -52 0 -47C20 -42 34 -52 46 -68C52 -76 62 -78 70 -73L80 -69C80 -65 76 -63 71 -63L62 -60C58 -44 42 -29 16 -27C-8 -25 -30 -25 -46 -13C-56 -5 -70 -12 -80 -2C-78 -14 -66 -16 -56 -26z" fill="url(#scales)"/>`,
    shape("M-80 -2l-11 1l7 -9z", lighter(scales, -8)),
    shape("M62 -76l-6 -9l10 7z", lit(canvas, [40, 30, 80])),
    line("M0 -32l-5 14l7 3M22 -32l2 13l8 2", lighter(scales, -6), 4),
    shape(`M-4 -44${wingShape}`, wing),
    line(
      "M-4 -44C-20 -66 -40 -86 -58 -98M-4 -44C-20 -58 -36 -68 -53 -73M-4 -44C-14 -54 -26 -60 -40 -61",
      lighter(wing, -16),
      1.2,
    ),
    disc(67, -71, 1.7, [46, 96, 62]),
    disc(67.4, -71, 0.7, [0, 0, 6]),
    shape("M80 -67C90 -72 98 -66 106 -68C100 -62 104 -58 96 -57C90 -56 84 -60 80 -67z", [30, 96, 58], 0.92),
    shape("M80 -67C88 -69 92 -65 97 -65C92 -61 86 -60 80 -67z", [50, 100, 72]),
  );
};

export const drawCar: Draw = (canvas, place) => {
  const paint = lit(canvas, canvas.scene.mood.accent);
  const glass = lit(canvas, [204, 40, 76]);
  const wheel = (x: number) =>
    disc(x, -14, 14, lit(canvas, [230, 10, 12])) +
    disc(x, -14, 7, lit(canvas, [210, 6, 66])) +
    disc(x, -14, 2.5, [0, 0, 20]);
  return inPlace(
    place,
    rounded("body", paint, 16),
    shape("M-46 -46C-38 -68 -26 -76 -8 -76H20C36 -76 46 -62 54 -46z", lighter(paint, -6)),
    shape("M-38 -48C-32 -64 -24 -70 -8 -70H0V-48zM5 -70H19C32 -70 40 -60 46 -48H5z", glass),
    `<path d="M-84 -20C-84 -38 -74 -44 -46 -48H54C74 -46 86 -38 86 -22C86 -14 82 -13 78 -13H-78C-82 -13 -84 -15 -84 -20z" fill="url(#body)"/>`,
    shape("M-84 -26h9c3 0 3 6 0 6h-9z", [48, 96, 78]),
    shape("M86 -28h-7c-3 0 -3 6 0 6h7z", [2, 84, 50]),
    line("M2 -47V-16M-70 -30H74", lighter(paint, -14), 0.9),
    wheel(-48),
    wheel(50),
  );
};

export const drawMoon: Draw = (canvas, place) => {
  const { sun } = canvas.scene.mood;
  const face = lighter(mix(sun, [50, 40, 90], 0.5), 2);
  const crater = lighter(face, -12);
  return inPlace(
    place,
    rounded("face", face, 14),
    `<circle cx="0" cy="-50" r="48" fill="url(#face)"/>`,
    disc(-16, -64, 10, crater),
    disc(14, -40, 13, crater),
    disc(20, -72, 6, crater),
    disc(-22, -32, 7, crater),
  );
};

export const drawSun: Draw = (_, place) => {
  const rays = Array.from({ length: 12 }, (_ray, index) => {
    const angle = (index / 12) * Math.PI * 2;
    const end = (far: number, turn = 0) =>
      `${(Math.cos(angle + turn) * far).toFixed(1)} ${(Math.sin(angle + turn) * far - 50).toFixed(1)}`;
    return `M${end(32, -0.13)}L${end(49)}L${end(32, 0.13)}z`;
  });
  return inPlace(
    place,
    shape(rays.join(""), [40, 98, 60], 0.9),
    rounded("sun", [48, 100, 66], 12),
    `<circle cx="0" cy="-50" r="29" fill="url(#sun)"/>`,
  );
};

export const drawRainbow: Draw = (_, place) => {
  const hues = [0, 28, 52, 125, 205, 245, 280];
  const arcs = hues.map((hue, index) => {
    const radius = 96 - index * 5.4;
    return `<path d="M${-radius} 0A${radius} ${radius} 0 0 1 ${radius} 0" stroke="${css([hue, 88, 62], 0.78)}" stroke-width="5.800" fill="none"/>`;
  });
  return inPlace(place, ...arcs);
};
