import sharp from "sharp";
import type { EditPictures } from "../edit-pictures.ts";
import { makeCanvas } from "../painting/canvas.ts";
import type { Detail } from "../painting/canvas.ts";
import { paintCaption } from "../painting/caption.ts";
import { readScene } from "../painting/scene.ts";
import { hangs, paintThing } from "../painting/subjects.ts";
import type { Thing } from "../painting/subjects.ts";
import { pick, randomOf } from "../random.ts";
import { readAskedChange } from "./asked-change.ts";
import type { AskedChange } from "./asked-change.ts";
import { fillFromAround } from "./fill.ts";
import { inColour, inLook, inMood } from "./looks.ts";
import { paletteOf } from "./palette.ts";
import type { Palette } from "./palette.ts";
import { blend, open, rasterOf, svgOf, throughTones } from "./raster.ts";
import type { Edges, Raster } from "./raster.ts";
import { readRegion } from "./region.ts";
import type { Box, Region } from "./region.ts";

type Asked = { prompt: string; seed: string; detail: Detail; edges: Edges };

/**
 * The picture with what the words ask of it: a thing is painted into the place that may change, fitted and in the picture's
 * own colours, a look or a mood comes over it, and outside of that place nothing changes.
 */
export async function editPicture({ pictures, mask }: EditPictures, asked: Asked): Promise<Raster> {
  const fill = { ...asked.edges, fit: "fill" } as const;
  const before = await rasterOf(sharp(pictures[0]).resize(fill));
  const region = await readRegion(mask, asked.edges);
  const change = withSomething(readAskedChange(asked.prompt), asked.seed);
  const after = await changed(before, { change, region, asked });
  return region ? blend(before, after, region.hard) : captioned(after, asked);
}

/** What the picture is, over what stood there: every picture of the stand-in says so. */
async function captioned(picture: Raster, { prompt, seed, detail }: Asked): Promise<Raster> {
  const { width, height } = picture;
  const { mood } = await paletteOf(picture);
  const canvas = makeCanvas({ width, height }, detail, { ...readScene(prompt, undefined, seed), mood }, seed);
  const caption = await paintCaption(canvas, prompt);
  if (!caption) return picture;
  const high = Math.round(canvas.unit * 10);
  const foot = { left: 0, top: height - high, width, height: high };
  const cut = await rasterOf(open(picture).extract(foot));
  const blurred = await rasterOf(open(cut).blur(canvas.unit * 2.5));
  const over = await rasterOf(open(picture).composite([{ ...rawInput(blurred), left: 0, top: foot.top }]));
  return blend(over, await rasterOf(sharp(svgOf(picture, caption))));
}

/** Words that name nothing we can paint bring something all the same. */
function withSomething(change: AskedChange, seed: string): AskedChange {
  const { thing, look, mood, colour, removes, comesCloser } = change;
  if (thing ?? look ?? mood ?? colour) return change;
  if (removes || comesCloser) return change;
  return { removes, comesCloser, thing: pick<Thing>(randomOf(seed), ["balloon", "flowers", "birds", "tree"]) };
}

type Change = { change: AskedChange; region?: Region; asked: Asked };

async function changed(before: Raster, { change, region, asked }: Change): Promise<Raster> {
  const { thing, look, mood, colour, removes, comesCloser } = change;
  const words = asked.prompt.toLowerCase();
  let after = before;
  const isInTheWay = thing !== undefined && !hangs(thing);
  const takeAway = (removes || isInTheWay) && region && (await fillFromAround(before, region.hard, removes));
  if (takeAway) after = await blend(after, takeAway, region.soft);
  if (removes) return after;
  if (thing) after = await withThing(after, thing, { change, region, asked });
  if (look) after = await softly(after, await inLook(after, look), region);
  if (thing) return after;
  if (mood) after = await softly(after, await inMood(after, mood, words), region);
  else if (colour) after = await softly(after, await inColour(after, colour), region);
  return comesCloser && !region ? closer(after) : after;
}

function softly(before: Raster, after: Raster, region: Region | undefined): Promise<Raster> {
  return blend(before, after, region?.soft);
}

async function withThing(picture: Raster, thing: Thing, { change, region, asked }: Change): Promise<Raster> {
  const palette = await paletteOf(picture, change.colour);
  const box = region?.box ?? (await freePlace(picture, thing));
  const drawn = await drawThing(thing, palette, { box, asked });
  const left = Math.round(box.left + (box.width - drawn.width) / 2);
  const stands = !hangs(thing);
  const top = Math.round(
    stands ? box.top + box.height * 0.97 - drawn.height : box.top + (box.height - drawn.height) / 2,
  );
  const shadow = stands ? await shadowUnder(picture, { left, top, ...sizeOf(drawn) }) : undefined;
  const layer = await rasterOf(
    open(await clearLike(picture)).composite([
      ...(shadow ? [rawInput(shadow)] : []),
      { ...rawInput(drawn), left: Math.max(0, left), top: Math.max(0, top) },
    ]),
  );
  return blend(picture, region ? await throughTones(layer, region.hard) : layer);
}

const sizeOf = ({ width, height }: Edges) => ({ width, height });
const rawInput = ({ data, width, height }: Raster) => ({ input: data, raw: { width, height, channels: 4 as const } });
const clearLike = (edges: Edges) =>
  rasterOf(sharp({ create: { ...sizeOf(edges), channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } }));

/** As large as the box lets it be. */
async function drawThing(thing: Thing, palette: Palette, { box, asked }: { box: Box; asked: Asked }): Promise<Raster> {
  const high = Math.round(Math.min(1100, Math.max(240, Math.max(box.width, box.height) * 2.1)));
  const scene = {
    ...readScene(asked.prompt, undefined, asked.seed),
    mood: palette.mood,
    sun: { x: palette.sunAt, y: 0.3 },
  };
  const canvas = makeCanvas({ width: high * 2, height: high }, asked.detail, scene, asked.seed);
  const alone = await sharp(svgOf(canvas, paintThing(canvas, thing)))
    .png({ compressionLevel: 1 })
    .toBuffer();
  const trimmed = await sharp(alone)
    .trim({ background: { r: 0, g: 0, b: 0, alpha: 0 }, threshold: 4 })
    .png({ compressionLevel: 1 })
    .toBuffer();
  const room = { width: Math.max(1, Math.floor(box.width * 0.92)), height: Math.max(1, Math.floor(box.height * 0.92)) };
  return rasterOf(sharp(trimmed).resize({ ...room, fit: "inside" }));
}

/** Soft, and wider than high, where it touches what it stands on. */
async function shadowUnder(picture: Raster, { left, top, width, height }: Box): Promise<Raster> {
  const [x, y] = [left + width / 2, top + height];
  const [wide, flat] = [width * 0.42, Math.max(2, height * 0.045)];
  const ellipse = `<ellipse cx="${x}" cy="${y - flat * 0.6}" rx="${wide}" ry="${flat}" fill="#0a0a14" fill-opacity="0.55"/>`;
  return rasterOf(sharp(svgOf(picture, ellipse)).blur(Math.max(0.5, flat * 0.7)));
}

/** Where there is room for one more thing: in the sky or on the ground, on the side where less is going on. */
async function freePlace(picture: Raster, thing: Thing): Promise<Box> {
  const { width, height } = picture;
  const [wide, high] = [Math.round(width * 0.34), Math.round(height * (hangs(thing) ? 0.34 : 0.4))];
  const top = Math.round(height * (hangs(thing) ? 0.07 : 0.45));
  const places = [0.04, 0.62].map((left) => ({ left: Math.round(width * left), top, width: wide, height: high }));
  const busy = await Promise.all(
    places.map(async (place) => {
      const part = await rasterOf(open(picture).extract(place));
      const { channels } = await open(part).stats();
      return channels.slice(0, 3).reduce((sum, { stdev }) => sum + stdev, 0);
    }),
  );
  const [first, second] = places;
  if (!first || !second) throw new Error("there are two places");
  return (busy[0] ?? 0) <= (busy[1] ?? 0) ? first : second;
}

async function closer(picture: Raster): Promise<Raster> {
  const { width, height } = picture;
  const part = { width: Math.round(width * 0.72), height: Math.round(height * 0.72) };
  const middle = { left: Math.round((width - part.width) / 2), top: Math.round((height - part.height) / 2), ...part };
  const cut = await rasterOf(open(picture).extract(middle));
  return rasterOf(open(cut).resize({ width, height, fit: "fill" }));
}
