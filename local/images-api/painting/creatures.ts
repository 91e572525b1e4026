import { between } from "../random.ts";
import { at, byDetail } from "./canvas.ts";
import type { Canvas } from "./canvas.ts";
import { css, lighter, mix } from "./colour.ts";
import type { Colour } from "./colour.ts";
import { disc, inPlace, line, lit, rounded, shape } from "./place.ts";
import type { Draw } from "./place.ts";

export const drawCat: Draw = (canvas, place) => {
  const { mood } = canvas.scene;
  const fur = lit(canvas, mix(mood.accent, [28, 40, 30], 0.55));
  const rim = lighter(mix(fur, mood.sun, 0.5), 10);
  const eye: Colour = [88, 80, 62];
  return inPlace(
    place,
    rounded("fur", fur, 16),
    line("M20 -4C44 -2 46 -30 32 -38C27 -42 24 -36 28 -34", lighter(fur, -6), 6),
    `<path d="M-20 0C-28 -22 -16 -50 -6 -58L12 -58C22 -44 30 -20 24 0z" fill="url(#fur)"/>`,
    `<path d="M-20 -62C-23 -78 -20 -90 -19 -96L-8 -86C-2 -89 6 -89 11 -86L21 -96C23 -88 25 -76 22 -64C18 -48 -14 -48 -20 -62z" fill="url(#fur)"/>`,
    shape("M-16.500 -83L-17.500 -91L-10.500 -85zM18.500 -83L19.500 -91L13 -85z", [348, 42, 66]),
    line("M-20 -2C-27 -22 -16 -46 -8 -55M-21 -66C-22 -78 -20 -88 -19 -94", rim, 1.2),
    `<ellipse cx="-8" cy="-71" rx="4.200" ry="4.800" fill="${css(eye)}"/><ellipse cx="11" cy="-71" rx="4.200" ry="4.800" fill="${css(eye)}"/>`,
    `<ellipse cx="-8" cy="-71" rx="1.300" ry="4.200" fill="#111"/><ellipse cx="11" cy="-71" rx="1.300" ry="4.200" fill="#111"/>`,
    shape("M-0.500 -63h4l-2 2.600z", [348, 46, 60]),
    line(
      "M1.500 -60.400v2M1.500 -58.400q-3 2.500 -5.500 0.500M1.500 -58.400q3 2.500 5.500 0.500",
      lighter(fur, -14),
      0.8,
    ),
    line("M-8 -60L-30 -63M-8 -58.500L-29 -56M11 -60L33 -63M11 -58.500L32 -56", rim, 0.5),
    line("M-6 0v-20M8 0v-20", lighter(fur, -9), 1),
    line(strokes(canvas, "fur", { left: -16, right: 20, top: -48, bottom: -6 }), lighter(fur, 4), 0.5),
  );
};

function strokes(
  canvas: Canvas,
  layer: string,
  box: { left: number; right: number; top: number; bottom: number },
): string {
  const random = canvas.chance(layer);
  return Array.from({ length: Math.round(byDetail(canvas, 0, 24, 150)) }, () => {
    const [x, y] = [between(random, box.left, box.right), between(random, box.top, box.bottom)];
    return `M${at(x, y)}l${at(between(random, -1, 1), between(random, 1.5, 4))}`;
  }).join("");
}

export const drawFox: Draw = (canvas, place) => {
  const { mood } = canvas.scene;
  const fur = lit(canvas, mix(mood.accent, [24, 78, 48], 0.6));
  const pale = lit(canvas, [36, 40, 90]);
  const dark = lighter(fur, -26);
  return inPlace(
    place,
    rounded("coat", fur, 14),
    shape("M36 -40C60 -46 82 -30 84 -8C72 -14 60 -12 46 -24z", fur),
    shape("M76 -25C82 -19 85 -12 84 -8C78 -11 74 -13 68 -14z", pale),
    line("M-26 -26L-30 -1M-16 -26L-17 -1M30 -28L36 -1M38 -30L27 -1", dark, 6),
    `<path d="M-34 -46C-20 -56 24 -56 42 -44C48 -32 40 -20 30 -20L-22 -20C-36 -24 -40 -36 -34 -46z" fill="url(#coat)"/>`,
    shape("M-28 -34C-20 -22 -8 -20 4 -20L-22 -20C-30 -24 -32 -30 -28 -34z", pale),
    `<path d="M-28 -44C-24 -58 -30 -68 -30 -84L-40 -72C-46 -74 -52 -72 -56 -70L-62 -80C-64 -70 -63 -64 -66 -58L-80 -44C-74 -38 -64 -40 -58 -38C-48 -34 -36 -36 -28 -44z" fill="url(#coat)"/>`,
    shape("M-80 -44C-74 -38 -64 -40 -58 -38C-52 -36 -46 -36 -40 -38C-50 -46 -60 -48 -80 -44z", pale),
    disc(-79, -44.5, 2.4, [230, 20, 10]),
    disc(-59, -57, 2, [230, 20, 10]),
    disc(-59.6, -57.6, 0.7, [0, 0, 100]),
    line(strokes(canvas, "coat", { left: -26, right: 36, top: -48, bottom: -30 }), lighter(fur, 4), 0.5),
  );
};

/** A figure from behind, with a coat and a scarf that carry the accent, and a long shadow. */
export const drawPerson: Draw = (canvas, place) => {
  const { mood } = canvas.scene;
  const coat = lit(canvas, mood.accent);
  const dark = lighter(mood.near, mood.dark ? 6 : -6);
  return inPlace(
    place,
    shape("M-9 0L60 16L74 13L9 -1z", mood.near, 0.4),
    rounded("coat", coat),
    line("M-5 -30L-6 -2M5 -30L6 -2", dark, 7),
    shape("M-12 0q5 -5 10 -1v1zM12 0q-5 -5 -10 -1v1z", lighter(dark, -3)),
    `<path d="M-11 -72C-16 -54 -17 -38 -16 -22L16 -22C17 -38 16 -54 11 -72C5 -76 -5 -76 -11 -72z" fill="url(#coat)"/>`,
    line("M-12 -68C-20 -56 -21 -46 -19 -38M12 -68C20 -56 21 -46 19 -38", lighter(coat, -7), 5.4),
    disc(0, -84, 9.4, lit(canvas, [26, 48, 62])),
    shape(
      "M-10 -83C-12 -98 12 -98 10 -83C10 -78 7 -75 6 -74C4 -80 -4 -80 -6 -74C-7 -75 -10 -78 -10 -83z",
      lit(canvas, [24, 40, 18]),
    ),
    shape("M-10 -75Q0 -69 10 -75L10 -70Q0 -64 -10 -70zM6 -69L26 -60L24 -54L5 -65z", lighter(coat, 20)),
    line("M0 -66V-24", lighter(coat, -12), 0.8),
  );
};

export const drawRobot: Draw = (canvas, place) => {
  const { mood } = canvas.scene;
  const metal = lit(canvas, mix([204, 18, 70], mood.accent, 0.18));
  const dark = lighter(metal, -34);
  const rivets = [-21, -7, 7, 21].flatMap((x) => [disc(x, -54, 0.9, dark), disc(x, -22, 0.9, dark)]);
  return inPlace(
    place,
    rounded("metal", metal, 24),
    line("M-12 -18V-4M12 -18V-4", dark, 6),
    shape("M-22 0v-4q8 -5 16 0v4zM6 0v-4q8 -5 16 0v4z", metal),
    line("M-26 -50C-42 -48 -42 -34 -38 -26M26 -50C42 -52 44 -66 40 -74", dark, 5),
    disc(-38, -24, 5, metal),
    disc(40, -76, 5, metal),
    `<rect x="-26" y="-58" width="52" height="41" rx="8" fill="url(#metal)"/>`,
    `<rect x="-14" y="-49" width="28" height="18" rx="3" fill="${css(dark)}"/>`,
    line("M-10 -40h5l3 -5l4 9l3 -4h6", mood.accent, 1.4),
    `<rect x="-4" y="-64" width="8" height="8" fill="${css(dark)}"/>`,
    `<rect x="-22" y="-92" width="44" height="30" rx="11" fill="url(#metal)"/>`,
    `<rect x="-17" y="-86" width="34" height="17" rx="8" fill="${css([220, 40, 12])}"/>`,
    disc(-8, -77.5, 4.6, [178, 100, 68]),
    disc(8, -77.5, 4.6, [178, 100, 68]),
    disc(-6.6, -79, 1.5, [0, 0, 100]),
    disc(9.4, -79, 1.5, [0, 0, 100]),
    line("M0 -92v-6", dark, 1.6),
    disc(0, -100, 3, mood.accent),
    ...(canvas.detail > 0 ? rivets : []),
  );
};

export const drawWhale: Draw = (canvas, place) => {
  const { mood } = canvas.scene;
  const skin = lit(canvas, mix(mood.accent, [212, 42, 36], 0.7));
  const spray = css(lighter(mood.horizon, 6), 0.75);
  return inPlace(
    place,
    rounded("skin", skin, 16),
    `<path d="M-30 -66Q-34 -92 -46 -94M-30 -66Q-30 -92 -30 -100M-30 -66Q-26 -92 -14 -94" stroke="${spray}" stroke-width="2.600" fill="none" stroke-linecap="round"/>`,
    `<path d="M-72 -8C-76 -46 -44 -64 -12 -60C28 -56 48 -34 66 -36C70 -48 62 -58 56 -66C68 -66 76 -58 80 -50C86 -58 96 -60 104 -56C98 -46 92 -38 82 -32C70 -14 44 0 8 4L-50 4z" fill="url(#skin)"/>`,
    shape("M-72 -10C-52 -20 -24 -14 0 -4C12 0 20 2 22 3L-50 5z", lighter(skin, 42)),
    line("M-68 -6C-50 -13 -28 -9 -8 0M-62 -1C-48 -6 -34 -4 -20 2", lighter(skin, 22), 1),
    disc(-46, -26, 2.6, [220, 40, 8]),
    disc(-46.8, -26.8, 0.8, [0, 0, 100]),
    shape("M-10 -8C-2 -2 4 10 18 14C22 6 14 -6 6 -10z", lighter(skin, -6)),
    `<path d="M-96 6q12 -7 24 0t24 0t24 0t24 0t24 0t24 0t24 0t24 0" stroke="${spray}" stroke-width="2" fill="none"/>`,
  );
};

/** A flock across the sky rather than one bird in one place. */
export const drawBirds: Draw = (canvas, { x, y, tall }) => {
  const random = canvas.chance("birds");
  const ink = canvas.scene.mood.dark ? lighter(canvas.scene.mood.horizon, 10) : lighter(canvas.scene.mood.near, -4);
  const birds = Array.from({ length: 13 }, (_, index) => {
    const wing = tall * between(random, 0.07, 0.2);
    const [cx, cy] = [x + tall * 1.5 * (random() - 0.5) * 1.6, y - tall * random()];
    const lift = wing * between(random, 0.25, 0.6);
    return `M${at(cx - wing, cy - lift)}Q${at(cx - wing * 0.4, cy - lift * 1.3, cx, cy)}Q${at(cx + wing * 0.4, cy - lift * 1.3, cx + wing, cy - lift * (index % 2 ? 1 : 0.6))}Q${at(cx + wing * 0.4, cy - lift * 0.8, cx, cy + wing * 0.16)}Q${at(cx - wing * 0.4, cy - lift * 0.8, cx - wing, cy - lift)}Z`;
  });
  return shape(birds.join(""), ink);
};
