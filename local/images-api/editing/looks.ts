import sharp from "sharp";
import type { Blend } from "sharp";
import { css, lighter, mix } from "../painting/colour.ts";
import type { Colour } from "../painting/colour.ts";
import { between, randomOf } from "../random.ts";
import type { Mood } from "../painting/scene.ts";
import type { Look } from "./asked-change.ts";
import { open, rasterOf, svgOf } from "./raster.ts";
import type { Edges, Raster } from "./raster.ts";

/** A median of a very large picture takes longer than anybody waits for it: what is larger is done smaller, and enlarged. */
const MOST_PIXELS = 1_200_000;

/** The whole picture in another manner. */
export async function inLook(picture: Raster, look: Look): Promise<Raster> {
  const { width, height } = picture;
  const scale = Math.sqrt(MOST_PIXELS / (width * height));
  if (scale >= 1) return LOOKS[look](picture);
  const size = { width: Math.round(width * scale), height: Math.round(height * scale), fit: "fill" } as const;
  const small = await LOOKS[look](await rasterOf(open(picture).resize(size)));
  const kernel = look === "pixels" ? "nearest" : "cubic";
  return rasterOf(open(small).resize({ width, height, fit: "fill", kernel }));
}

const LOOKS: Record<Look, (picture: Raster) => Promise<Raster>> = {
  pencil: async (picture) => {
    const grey = await rasterOf(open(picture).greyscale());
    const soft = await rasterOf(
      open(grey)
        .negate({ alpha: false })
        .blur(strokeOf(picture) * 2.2),
    );
    const drawn = await over(grey, soft, "colour-dodge");
    return rasterOf(
      open(await withGrain(drawn, 16))
        .tint("#efe9dc")
        .linear(2, -236),
    );
  },
  mono: (picture) => rasterOf(open(picture).greyscale().linear(1.18, -18)),
  watercolour: async (picture) => {
    const pools = await rasterOf(
      open(picture)
        .median(oddOf(strokeOf(picture) * 3.2))
        .modulate({ saturation: 1.2 }),
    );
    const pale = await rasterOf(open(pools).linear(0.72, 74));
    const wet = await over(pale, await edgesOf(pools, 0.3), "multiply");
    return over(wet, await paper(picture), "multiply");
  },
  oil: async (picture) => {
    const dabs = await rasterOf(
      open(picture)
        .median(oddOf(strokeOf(picture) * 2.6))
        .modulate({ saturation: 1.35 }),
    );
    return rasterOf(open(dabs).sharpen({ sigma: 2.4, m1: 3, m2: 6 }));
  },
  pixels: async (picture) => {
    const cell = Math.max(6, Math.round(Math.min(picture.width, picture.height) / 96));
    const size = {
      width: Math.ceil(picture.width / cell),
      height: Math.ceil(picture.height / cell),
      fit: "fill",
    } as const;
    const coarse = await open(picture)
      .modulate({ saturation: 1.2 })
      .resize(size)
      .png({ palette: true, colours: 32, dither: 0 })
      .toBuffer();
    return rasterOf(
      sharp(coarse).resize({ width: picture.width, height: picture.height, fit: "fill", kernel: "nearest" }),
    );
  },
  poster: async (picture) => {
    const calm = await rasterOf(
      open(picture)
        .median(oddOf(strokeOf(picture) * 1.8))
        .modulate({ saturation: 1.5 }),
    );
    const few = await open(calm).png({ palette: true, colours: 10, dither: 0 }).toBuffer();
    return over(await rasterOf(sharp(few)), await edgesOf(calm, 1.1), "multiply");
  },
  sepia: async (picture) => {
    const grey = await rasterOf(open(picture).greyscale().linear(0.86, 22));
    const brown = await rasterOf(open(grey).tint("#b08a55"));
    return withGrain(brown, 12);
  },
  neon: async (picture) => {
    const dark = await rasterOf(open(picture).modulate({ brightness: 0.72, saturation: 1.5 }).linear(1.2, -22));
    const lit = await over(
      dark,
      await washOf(picture, [
        [190, 95, 45],
        [312, 90, 46],
        [268, 80, 26],
      ]),
      "soft-light",
    );
    return over(lit, await rasterOf(open(lit).blur(strokeOf(picture) * 4)), "screen");
  },
};

/** The same place at another time of the day or in other weather. */
export async function inMood(picture: Raster, mood: Mood, words: string): Promise<Raster> {
  const colours = [mood.top, mood.middle, mood.horizon, mood.near];
  const washed = mood.dark ? await darkened(picture, colours) : await brightened(picture, colours);
  return over(washed, await rasterOf(sharp(svgOf(picture, weather(picture, mood, words)))), "over");
}

async function darkened(picture: Raster, colours: Colour[]): Promise<Raster> {
  const pale = await rasterOf(open(picture).modulate({ brightness: 0.8, saturation: 0.45 }));
  const shade = colours.map((colour) => lighter(colour, 26));
  return over(pale, await washOf(picture, shade), "multiply", 0.92);
}

async function brightened(picture: Raster, colours: Colour[]): Promise<Raster> {
  const fresh = await rasterOf(open(picture).modulate({ brightness: 1.04, saturation: 0.92 }));
  return over(fresh, await washOf(picture, colours), "soft-light", 0.9);
}

/** What was there in shades of one colour, where it has colour at all. */
export async function inColour(picture: Raster, colour: Colour): Promise<Raster> {
  const tinted = await rasterOf(open(picture).modulate({ brightness: 1.04 }).tint(hex(colour)));
  return over(tinted, await washOf(picture, [colour]), "soft-light", 0.7);
}

function weather({ width, height }: Edges, mood: Mood, words: string): string {
  const unit = Math.min(width, height) / 100;
  const random = randomOf(words);
  const scatter = (count: number, draw: (x: number, y: number) => string) =>
    Array.from({ length: count }, () => draw(random() * width, random() * height)).join("");
  if (/\b(snow\w*|winter|ic[ey]|frozen|arctic)\b/.test(words))
    return `<g fill="#fff" opacity="0.9">${scatter(320, (x, y) => `<circle cx="${x}" cy="${y}" r="${unit * between(random, 0.15, 0.6)}"/>`)}</g>`;
  if (/\b(rain\w*|storm\w*|thunder)\b/.test(words))
    return `<g stroke="#dfe8f2" opacity="0.5" stroke-width="${unit * 0.16}">${scatter(320, (x, y) => `<path d="M${x} ${y}l${-unit * 1.2} ${unit * 5}"/>`)}</g>`;
  if (!/\b(night|midnight|stars?|starry|space|galaxy)\b/.test(words)) return "";
  const stars = scatter(160, (x, y) => {
    const up = y * 0.42;
    return `<circle cx="${x}" cy="${up}" r="${unit * between(random, 0.1, 0.3)}" opacity="${(1 - up / (height * 0.45)).toFixed(2)}"/>`;
  });
  return `<g fill="${css(lighter(mood.sun, 6))}">${stars}</g>`;
}

/** Colours from the top to the foot. */
function washOf(edges: Edges, colours: readonly Colour[]): Promise<Raster> {
  const stops = colours.map(
    (colour, index) => `<stop offset="${index / Math.max(1, colours.length - 1)}" stop-color="${css(colour)}"/>`,
  );
  const content = `<defs><linearGradient id="wash" x1="0" y1="0" x2="0" y2="1">${stops.join("")}</linearGradient></defs><rect width="100%" height="100%" fill="url(#wash)"/>`;
  return rasterOf(sharp(svgOf(edges, content)));
}

async function over(base: Raster, top: Raster, how: Blend, opacity = 1): Promise<Raster> {
  const { width, height } = top;
  const faded =
    opacity < 1
      ? await open(top)
          .composite([
            {
              input: Buffer.from([0, 0, 0, Math.round(opacity * 255)]),
              raw: { width: 1, height: 1, channels: 4 },
              tile: true,
              blend: "dest-in",
            },
          ])
          .raw()
          .toBuffer()
      : top.data;
  return rasterOf(open(base).composite([{ input: faded, raw: { width, height, channels: 4 }, blend: how }]));
}

/** Dark lines where colours meet, on white. */
function edgesOf(picture: Raster, strength: number): Promise<Raster> {
  const kernel = [-1, -1, -1, -1, 8, -1, -1, -1, -1];
  return rasterOf(
    open(picture)
      .removeAlpha()
      .greyscale()
      .blur(Math.max(0.5, strokeOf(picture) * 0.4))
      .convolve({ width: 3, height: 3, kernel })
      .linear(strength * 4, 0)
      .negate()
      .blur(0.6),
  );
}

/** How broad a stroke is: as much of every picture. */
function strokeOf({ width, height }: Edges): number {
  return Math.min(width, height) / 512;
}

function oddOf(size: number): number {
  return Math.max(3, Math.round(size / 2) * 2 + 1);
}

async function withGrain(picture: Raster, sigma: number): Promise<Raster> {
  return over(picture, await noise(picture, sigma), "soft-light");
}

function paper(edges: Edges): Promise<Raster> {
  return noise(edges, 14, 238);
}

/** The same grain each time: chance of sharp's own would paint the same order in two ways. */
async function noise({ width, height }: Edges, sigma: number, mean = 128): Promise<Raster> {
  const side = 256;
  const random = randomOf("grain");
  const grain = Buffer.alloc(side * side * 4, 255);
  for (let pixel = 0; pixel < side * side; pixel += 1) {
    const tone = mean + (random() + random() + random() - 1.5) * sigma * 2;
    grain.fill(Math.max(0, Math.min(255, tone)), pixel * 4, pixel * 4 + 3);
  }
  const tile = { input: grain, raw: { width: side, height: side, channels: 4 as const }, tile: true };
  const empty = sharp({ create: { width, height, channels: 4, background: "#808080" } });
  return rasterOf(empty.composite([tile]));
}

function hex(colour: Colour): string {
  const [hue, saturation, lightness] = mix(colour, colour, 0);
  return `hsl(${hue.toFixed(0)}, ${saturation.toFixed(0)}%, ${lightness.toFixed(0)}%)`;
}
