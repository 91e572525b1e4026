import sharp from "sharp";
import { COLOUR_NAMES } from "./colour-names.ts";

export type Colour = { hex: string; name: string };

export const MOST_COLOURS = 5;

/** So many pixels on a side are looked at. */
const EDGE = 96;
/** A colour that covers less is a detail. */
const LEAST_SHARE = 0.03;
/** Closer than that, two colours are one to the eye; a distance in Oklab. */
const SAME = 0.07;
const ROUNDS = 8;

type Point = [number, number, number];

/** The colours that a picture is mostly made of, the one that covers most first, no two of one name. Throws where it cannot be decoded. */
export async function readPalette(picture: Buffer): Promise<Colour[]> {
  const { data, info } = await sharp(picture)
    .autoOrient()
    .flatten({ background: "#fff" })
    .toColourspace("srgb")
    .resize(EDGE, EDGE, { fit: "inside" })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const points: Point[] = [];
  for (let at = 0; at + 2 < data.length; at += info.channels) {
    const [red = 0, green = 0, blue = 0] = info.channels < 3 ? Array(3).fill(data[at]) : data.subarray(at, at + 3);
    points.push(oklab([red, green, blue]));
  }
  const clusters = gather(points, spreadOver(points)).toSorted((one, other) => other.count - one.count);
  const colours = new Map<string, Colour>();
  for (const { centre, count } of clusters) {
    const name = nameOf(centre);
    if (count / points.length >= LEAST_SHARE && !colours.has(name)) colours.set(name, { hex: hexOf(centre), name });
  }
  return [...colours.values()].slice(0, MOST_COLOURS);
}

/** Where to begin: the most common colour, then each time the one that most pixels are far from what there is. No chance in it. */
function spreadOver(points: Point[]): Point[] {
  const counts = new Map<string, { point: Point; count: number }>();
  for (const point of points) {
    const key = point.map((value) => Math.round(value * 20)).join();
    const present = counts.get(key);
    if (present) present.count += 1;
    else counts.set(key, { point, count: 1 });
  }
  const centres: Point[] = [];
  while (centres.length < MOST_COLOURS + 2) {
    const weight = ({ point, count }: { point: Point; count: number }) => {
      const nearest = Math.min(1, ...centres.map((centre) => distance(centre, point)));
      return nearest < SAME ? 0 : nearest * nearest * count;
    };
    const [best] = [...counts.values()].toSorted((one, other) => weight(other) - weight(one));
    if (!best || !weight(best)) break;
    centres.push(best.point);
  }
  return centres;
}

/** k-means. */
function gather(points: Point[], begin: Point[]): { centre: Point; count: number }[] {
  let clusters = begin.map((centre) => ({ centre, count: 0 }));
  for (let round = 0; round < ROUNDS; round += 1) {
    const sums = clusters.map(() => ({ sum: [0, 0, 0] as Point, count: 0 }));
    for (const point of points) {
      const own = sums[nearestOf(clusters, point)];
      if (!own) continue;
      own.count += 1;
      own.sum = [own.sum[0] + point[0], own.sum[1] + point[1], own.sum[2] + point[2]];
    }
    clusters = sums
      .filter(({ count }) => count)
      .map(({ sum, count }) => ({ centre: [sum[0] / count, sum[1] / count, sum[2] / count], count }));
  }
  return clusters;
}

function nearestOf(clusters: { centre: Point }[], point: Point): number {
  let best = 0;
  let least = Infinity;
  for (const [index, { centre }] of clusters.entries()) {
    const far = distance(centre, point);
    if (far < least) [best, least] = [index, far];
  }
  return best;
}

const named = Object.entries(COLOUR_NAMES).map(([name, hex]) => ({ name, point: oklab(bytesOf(hex)) }));

function nameOf(point: Point): string {
  const far = ({ point: [lightness, a, b] }: { point: Point }) =>
    Math.hypot(lightness - point[0], HUE * (a - point[1]), HUE * (b - point[2]));
  const [first] = named.toSorted((one, other) => far(one) - far(other));
  return first?.name ?? "";
}

/** A name says more of a colour's hue than of how light it is. */
const HUE = 2;

function distance(one: Point, other: Point): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

function bytesOf(hex: string): Point {
  const number = Number.parseInt(hex.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

/** Björn Ottosson's Oklab: equal distances look about equally far. */
function oklab(bytes: Point): Point {
  const [red, green, blue] = bytes.map((byte) => {
    const value = byte / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as Point;
  const long = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const medium = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const short = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
    1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
    0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
  ];
}

function hexOf([lightness, a, b]: Point): string {
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
  ];
  const bytes = linear.map((value) => {
    const light = value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
    return Math.min(255, Math.max(0, Math.round(255 * light)));
  });
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
