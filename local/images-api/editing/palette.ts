import { open } from "./raster.ts";
import type { Raster } from "./raster.ts";
import { colourOf, lighter } from "../painting/colour.ts";
import type { Colour, Rgb } from "../painting/colour.ts";
import type { Mood } from "../painting/scene.ts";

const SIDE = 12;

/** The picture's own colours, and from where its light comes, as a part of its width. */
export type Palette = { mood: Mood; sunAt: number };

export async function paletteOf(picture: Raster, accent?: Colour): Promise<Palette> {
  const data = await open(picture).resize({ width: SIDE, height: SIDE, fit: "fill" }).removeAlpha().raw().toBuffer();
  const cells = Array.from({ length: SIDE * SIDE }, (_, cell): Rgb => [
    (data[cell * 3] ?? 0) / 255,
    (data[cell * 3 + 1] ?? 0) / 255,
    (data[cell * 3 + 2] ?? 0) / 255,
  ]);
  const rows = (from: number, to: number) => colourOf(meanOf(cells.slice(from * SIDE, to * SIDE)));
  const all = cells.map(colourOf);
  const [, , lightness] = colourOf(meanOf(cells));
  const lit = (side: (column: number) => boolean) =>
    all.filter((_, cell) => side(cell % SIDE)).reduce((sum, [, , light]) => sum + light, 0);
  const dark = lightness < 34;
  return {
    sunAt: lit((column) => column < SIDE / 2) >= lit((column) => column >= SIDE / 2) ? 0.25 : 0.75,
    mood: {
      top: rows(0, 2),
      middle: rows(2, 5),
      horizon: rows(5, 7),
      sun: lighter(brightest(all), 8),
      far: rows(6, 8),
      near: lighter(rows(9, 12), dark ? -2 : -8),
      accent: accent ?? strongest(all),
      dark,
    },
  };
}

function meanOf(cells: Rgb[]): Rgb {
  const mean = (channel: 0 | 1 | 2) => cells.reduce((sum, cell) => sum + cell[channel], 0) / cells.length;
  return [mean(0), mean(1), mean(2)];
}

function brightest(colours: Colour[]): Colour {
  return colours.reduce((one, other) => (other[2] > one[2] ? other : one));
}

/** The one that stands out, and a little stronger. */
function strongest(colours: Colour[]): Colour {
  const strength = ([, saturation, lightness]: Colour) => saturation * (1 - Math.abs(lightness - 50) / 60);
  const [hue, saturation] = colours.reduce((one, other) => (strength(other) > strength(one) ? other : one));
  return [hue, Math.max(46, saturation), 50];
}
