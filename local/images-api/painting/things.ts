import { between } from "../random.ts";
import { paintBook } from "./buildings.ts";
import { at, byDetail } from "./canvas.ts";
import { css, lighter, mix } from "./colour.ts";
import type { Colour } from "./colour.ts";
import { disc, inPlace, line, lit, rounded, shape } from "./place.ts";
import type { Draw } from "./place.ts";

export const drawRocket: Draw = (canvas, place) => {
  const { mood } = canvas.scene;
  const hull = lit(canvas, [210, 16, 92]);
  const fin = lit(canvas, mood.accent);
  const flame = (length: number, colour: Colour) =>
    `<path d="M-7 -16Q-9 ${length * 0.4} 0 ${length}Q9 ${length * 0.4} 7 -16z" fill="${css(colour, 0.9)}"/>`;
  return inPlace(
    { ...place, y: place.y - place.tall * 0.15 },
    `<g transform="rotate(18 0 -50)">`,
    rounded("hull", hull),
    flame(34, [18, 96, 56]),
    flame(20, [46, 100, 66]),
    shape("M-12 -46L-27 -18L-11 -20zM12 -46L27 -18L11 -20z", fin),
    `<path d="M-13 -16C-18 -48 -14 -80 0 -100C14 -80 18 -48 13 -16z" fill="url(#hull)"/>`,
    shape("M-9.500 -82C-6 -92 -2 -97 0 -100C2 -97 6 -92 9.500 -82Q0 -78 -9.500 -82z", fin),
    disc(0, -62, 7, fin),
    disc(0, -62, 5, [200, 70, 30]),
    disc(-1.6, -63.6, 1.6, [196, 80, 84]),
    line("M-14.500 -34Q0 -30 14.500 -34M-13.500 -22Q0 -18 13.500 -22", lighter(hull, -22), 0.8),
    `</g>`,
  );
};

export const drawBalloon: Draw = (canvas, place) => {
  const { mood } = canvas.scene;
  const cloth = lit(canvas, mood.accent);
  const other = lit(canvas, [42, 60, 90]);
  const gores = [32, 22, 11].map(
    (half, index) =>
      `<path d="M0 -98C${-half * 1.35} -96 ${-half * 1.3} -52 ${-half * 0.24} -30H${half * 0.24}C${half * 1.3} -52 ${half * 1.35} -96 0 -98z" fill="${css(index % 2 ? other : cloth)}"/>`,
  );
  return inPlace(
    place,
    `<defs><radialGradient id="bulge" cx="0.3" cy="0.3" r="0.85"><stop offset="0" stop-color="#fff" stop-opacity="0.35"/><stop offset="0.5" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#001" stop-opacity="0.4"/></radialGradient></defs>`,
    ...gores,
    `<path d="M0 -98C-43 -96 -42 -52 -8 -30H8C42 -52 43 -96 0 -98z" fill="url(#bulge)"/>`,
    line("M-7 -30L-5 -14M7 -30L5 -14M0 -30V-14", lighter(mood.near, 10), 0.6),
    shape("M-6 -14h12l-1.500 10h-9z", lit(canvas, [30, 52, 40])),
    line("M-5.600 -11h11.200M-5.200 -8h10.400", lit(canvas, [30, 52, 28]), 0.7),
    shape("M-2 -30Q0 -38 2 -30z", [40, 100, 66]),
  );
};

export const drawBoat: Draw = (canvas, place) => {
  const { mood } = canvas.scene;
  const hull = lit(canvas, mix(mood.accent, [18, 50, 28], 0.35));
  const sail = lit(canvas, [42, 44, 93]);
  return inPlace(
    place,
    rounded("sail", sail, 14),
    line("M0 -10V-98", lighter(hull, -14), 1.8),
    `<path d="M3 -94C26 -70 34 -40 34 -18L3 -18z" fill="url(#sail)"/>`,
    shape("M-3 -86C-10 -60 -20 -36 -28 -18L-3 -18z", lighter(sail, -7)),
    line("M4 -72H19M4 -52H27M4 -34H32", lighter(sail, -14), 0.6),
    shape("M0 -98l-11 3l11 3z", lit(canvas, mood.accent)),
    shape("M-38 -14H42C38 -4 30 2 24 2H-24C-32 2 -36 -6 -38 -14z", hull),
    shape("M-38 -14H42L40.500 -10.500H-37z", lighter(hull, 22)),
    `<path d="M-46 3q9 -5 18 0t18 0t18 0t18 0t18 0" stroke="${css(lighter(mood.horizon, 6), 0.7)}" stroke-width="1.500" fill="none"/>`,
    `<path d="M-30 4L-8 40L6 26L24 4z" fill="${css(lighter(hull, -8), 0.22)}"/>`,
  );
};

/** A stack of books with an open one on top. */
export const drawBooks: Draw = (canvas, place) => {
  const random = canvas.chance("books");
  const covers: Colour[] = [canvas.scene.mood.accent, [214, 52, 38], [152, 38, 34], [276, 32, 40]];
  const stack = covers.map((cover, index) => {
    const shift = between(random, -4, 4);
    return paintBook(
      canvas,
      lit(canvas, cover),
      { left: shift - 38, right: shift + 38, bottom: -index * 15, thick: 15 },
      index % 2 === 1,
    );
  });
  const paper = lit(canvas, [42, 46, 90]);
  const lines = Array.from({ length: Math.round(byDetail(canvas, 2, 5, 9)) }, (_, index) => {
    const part = (index + 1) / (Math.round(byDetail(canvas, 2, 5, 9)) + 1);
    return `M${-37 + part * 4} ${-70 - part * 24}Q-18 ${-79 - part * 20} -5 ${-66 - part * 24}M${37 - part * 4} ${-70 - part * 24}Q18 ${-79 - part * 20} 5 ${-66 - part * 24}`;
  });
  return inPlace(
    place,
    ...stack,
    shape("M-42 -66L-36 -98L0 -90L36 -98L42 -66L0 -59z", lit(canvas, [18, 46, 30])),
    shape("M0 -61Q-18 -74 -40 -67L-34 -98Q-16 -104 0 -90z", paper),
    shape("M0 -61Q18 -74 40 -67L34 -98Q16 -104 0 -90z", lighter(paper, -7)),
    line(lines.join(""), lighter(paper, -32), 0.9),
  );
};

/** A trunk that forks, and foliage in clumps: dark ones first, lit ones over them. */
export const drawTree: Draw = (canvas, place) => {
  const { mood } = canvas.scene;
  const random = canvas.chance("tree");
  const bark = lit(canvas, [22, 34, 22]);
  const leaf = lit(canvas, mix(mood.accent, [122, 46, 34], mood.dark ? 0.5 : 0.25));
  const clump = (spread: number, colour: Colour, radius: number) =>
    Array.from({ length: Math.round(byDetail(canvas, 14, 60, 240)) }, () => {
      const angle = random() * Math.PI * 2;
      const far = Math.sqrt(random()) * spread;
      const size = radius * between(random, 0.6, 1.3) * byDetail(canvas, 1.7, 1, 0.62);
      const [x, y] = [Math.cos(angle) * far * 1.15, -70 + Math.sin(angle) * far * 0.8];
      return `<circle cx="${at(x - (30 - spread) * 0.5)}" cy="${at(y - (32 - spread) * 0.4)}" r="${at(size)}" fill="${css(lighter(colour, between(random, -4, 4)))}"/>`;
    }).join("");
  return inPlace(
    place,
    line("M0 0Q3 -26 0 -48M0 -34L-16 -58M1 -40L16 -62M0 -46L-4 -70", bark, 5),
    shape("M-9 1Q-3 -8 -3 -30L3 -30Q4 -8 10 1z", bark),
    clump(32, lighter(leaf, -12), 6),
    clump(28, leaf, 5),
    clump(20, lighter(mix(leaf, mood.sun, 0.2), 8), 3.6),
  );
};

/** A bed of flowers across the foreground. */
export const drawFlowers: Draw = (canvas, { x, y, tall }) => {
  const { mood } = canvas.scene;
  const random = canvas.chance("flowers");
  const colours: Colour[] = [
    mood.accent,
    lighter(mood.accent, 16),
    [48, 92, 62],
    [(mood.accent[0] + 300) % 360, 62, 64],
  ];
  const flowers = Array.from({ length: Math.round(byDetail(canvas, 12, 26, 44)) }, (_, index) => {
    const [fx, high] = [x + (random() - 0.5) * tall * 3.6, tall * between(random, 0.25, 0.8)];
    const [foot, head] = [y + tall * between(random, 0.1, 0.45), y + tall * 0.3 - high];
    const size = tall * between(random, 0.05, 0.1);
    const colour = lit(canvas, colours[index % colours.length] ?? mood.accent);
    const petals = Array.from({ length: 6 }, (_, petal) => {
      const angle = (petal / 6) * Math.PI * 2;
      return `<circle cx="${at(fx + Math.cos(angle) * size * 0.72)}" cy="${at(head + Math.sin(angle) * size * 0.72)}" r="${at(size * 0.56)}" fill="${css(lighter(colour, petal % 2 ? 0 : 5))}"/>`;
    });
    const stem = line(
      `M${at(fx, foot)}Q${at(fx + size, (foot + head) / 2, fx, head)}`,
      lit(canvas, [118, 42, 30]),
      tall * 0.014,
    );
    return (
      stem +
      petals.join("") +
      disc(Number(fx.toFixed(1)), Number(head.toFixed(1)), Number((size * 0.42).toFixed(1)), [42, 84, 50])
    );
  });
  return flowers.join("");
};
