import { between } from "../random.ts";
import type { Random } from "../random.ts";
import { at, byDetail } from "./canvas.ts";
import type { Canvas } from "./canvas.ts";
import { css, lighter, mix, saturated } from "./colour.ts";
import type { Colour } from "./colour.ts";

/** Heights of a ridge at equal steps across the picture, y downwards. */
export type Ridge = number[];

/** The land from far to near, without the ground that the subjects stand on. */
export function paintFarLand(canvas: Canvas): string {
  const { scene, height } = canvas;
  const layers = scene.land === "city" ? 3 : byDetail(canvas, 2, 3, 4);
  return Array.from({ length: Math.round(layers) }, (_, index) => {
    const part = index / Math.round(layers);
    // Haze takes the colour out of what is far; half of it is given back.
    const colour = saturated(mix(mix(scene.mood.far, scene.mood.horizon, 0.3), scene.mood.near, part * 0.72), 1.7);
    const y = height * (scene.horizon - 0.02 + part * (scene.water ? 0.03 : 0.14));
    if (scene.land === "city") return paintSkyline(canvas, index, y, colour);
    return paintRange(canvas, index, y, colour);
  }).join("");
}

function paintRange(canvas: Canvas, index: number, y: number, colour: Colour): string {
  const { scene, unit } = canvas;
  const tall = { mountains: 26 - index * 5, forest: 9, dunes: 7, hills: 11 - index, city: 0 }[scene.land] * unit;
  const random = canvas.chance(`range ${index}`);
  const ridge = scene.land === "mountains" ? jagged(canvas, random, { y, tall }) : rolling(canvas, random, { y, tall });
  const parts = [paintBelow(canvas, ridge, colour, `range${index}`)];
  if (scene.land === "mountains") parts.push(paintSlopes(canvas, ridge, colour, random));
  if (scene.land === "forest") parts.push(paintFirs(canvas, ridge, lighter(colour, -4), random));
  return parts.join("");
}

/** Midpoint displacement: peaks within peaks. More detail adds smaller ones and leaves the big ones where they are. */
function jagged(canvas: Canvas, random: Random, { y, tall }: { y: number; tall: number }): Ridge {
  let ridge: Ridge = Array.from({ length: 9 }, () => y - tall * random() ** 1.4);
  let rough = tall * 0.34;
  for (let step = 0; step < byDetail(canvas, 1, 4, 6); step++) {
    ridge = ridge.flatMap((value, index) => {
      const next = ridge[index + 1];
      return next === undefined ? [value] : [value, (value + next) / 2 + between(random, -rough, rough)];
    });
    rough *= 0.5;
  }
  return ridge;
}

function rolling(canvas: Canvas, random: Random, { y, tall }: { y: number; tall: number }): Ridge {
  const waves = Array.from({ length: 4 }, (_, index) => ({
    length: (index + 1) * between(random, 1.2, 3),
    phase: random() * 7,
    height: tall / (index + 1.4),
  }));
  const steps = Math.round(byDetail(canvas, 12, 60, 120));
  return Array.from({ length: steps + 1 }, (_, index) => {
    const x = index / steps;
    return (
      y -
      tall * 0.3 -
      waves.reduce((sum, wave) => sum + Math.sin(x * wave.length * 3.1 + wave.phase) * wave.height * 0.42, 0)
    );
  });
}

export function rollingGround(canvas: Canvas, layer: string, line: { y: number; tall: number }): Ridge {
  return rolling(canvas, canvas.chance(layer), line);
}

export function heightAt(ridge: Ridge, part: number): number {
  const place = Math.min(ridge.length - 1, Math.max(0, part * (ridge.length - 1)));
  const [left = 0, right = left] = [ridge[Math.floor(place)], ridge[Math.ceil(place)]];
  return left + (right - left) * (place - Math.floor(place));
}

/** Fills everything under a ridge, paler towards the bottom, where the haze lies. */
export function paintBelow({ width, height, scene }: Canvas, ridge: Ridge, colour: Colour, id: string): string {
  const points = ridge.map((y, index) => `L${at((index / (ridge.length - 1)) * width, y)}`).join("");
  const foot = mix(colour, scene.mood.horizon, scene.mood.dark ? 0.12 : 0.3);
  return (
    `<defs><linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${css(colour)}"/><stop offset="1" stop-color="${css(foot)}"/></linearGradient></defs>` +
    `<path d="M0 ${height}${points}L${width} ${height}Z" fill="url(#${id})"/>`
  );
}

/** Light and shadow on a mountain: the side away from the sun is dark, high peaks bear snow, fine strokes run down the slopes. */
function paintSlopes(canvas: Canvas, ridge: Ridge, colour: Colour, random: Random): string {
  const { width, unit, scene } = canvas;
  const [shade, snow]: [string[], string[]] = [[], []];
  for (const peak of peaksOf(ridge, unit * 3)) {
    const away = scene.sun.x * width > peak.at * width ? -1 : 1;
    const foot = away > 0 ? peak.right : peak.left;
    const low = heightAt(ridge, foot);
    shade.push(
      `${follow(canvas, ridge, peak.at, foot)}${zigzag(canvas, { x: foot, y: low }, { x: peak.at, y: peak.y }, random)}Z`,
    );
    if (peak.fall < unit * 7) continue;
    const cap = (side: number) => peak.at + (side - peak.at) * between(random, 0.22, 0.34);
    const [left, right] = [cap(peak.left), cap(peak.right)];
    snow.push(
      `${follow(canvas, ridge, left, right)}${zigzag(canvas, { x: right, y: heightAt(ridge, right) }, { x: left, y: heightAt(ridge, left) }, random)}Z`,
    );
  }
  const strokes = Array.from({ length: Math.round(byDetail(canvas, 0, 60, 700)) }, () => {
    const part = random();
    const y = heightAt(ridge, part) + unit * between(random, 0, 16);
    return `M${at(part * width, y)}l${at(unit * between(random, -0.8, 0.8), unit * between(random, 0.6, 2))}`;
  });
  return (
    `<path d="${shade.join("")}" fill="${css(mix(lighter(colour, -12), scene.mood.near, 0.15), 0.5)}"/>` +
    `<path d="${snow.join("")}" fill="${css(mix(lighter(scene.mood.horizon, 8), [210, 20, 97], 0.5), 0.62)}"/>` +
    `<path d="${strokes.join("")}" stroke="${css(lighter(colour, -12), 0.35)}" stroke-width="${unit * 0.14}" fill="none"/>`
  );
}

type Peak = { at: number; y: number; left: number; right: number; fall: number };

/** Peaks with the valleys beside them, as parts of the width; small bumps are passed over. */
function peaksOf(ridge: Ridge, least: number): Peak[] {
  const points = Array.from({ length: 33 }, (_, index) => ({ part: index / 32, y: heightAt(ridge, index / 32) }));
  const walk = (from: number, step: 1 | -1) => {
    let index = from;
    while ((points[index + step]?.y ?? -1) >= (points[index]?.y ?? 0)) index += step;
    return points[index] ?? { part: 0, y: 0 };
  };
  return points.flatMap(({ part, y }, index) => {
    const [left, right] = [walk(index, -1), walk(index, 1)];
    const fall = Math.max(left.y, right.y) - y;
    return left.part < part && right.part > part && fall > least
      ? [{ at: part, y, left: left.part, right: right.part, fall }]
      : [];
  });
}

function follow({ width }: Canvas, ridge: Ridge, from: number, to: number): string {
  const steps = 24;
  return Array.from({ length: steps + 1 }, (_, index) => {
    const part = from + ((to - from) * index) / steps;
    return `${index ? "L" : "M"}${at(part * width, heightAt(ridge, part))}`;
  }).join("");
}

/** An uneven line back, below the ridge: the edge between light and shadow, or the lower edge of the snow. */
function zigzag(
  { width, unit }: Canvas,
  from: { x: number; y: number },
  to: { x: number; y: number },
  random: Random,
): string {
  const steps = 6;
  return Array.from({ length: steps - 1 }, (_, index) => {
    const part = (index + 1) / steps;
    const [x, y] = [from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part];
    const sag = Math.sin(part * Math.PI) * Math.abs(from.x - to.x) * width * 0.2;
    return `L${at(x * width + unit * between(random, -0.6, 0.6), y + sag + (index % 2 ? -1 : 1) * unit * 0.8)}`;
  }).join("");
}

/** A row of firs along a ridge, in one path. */
export function paintFirs(canvas: Canvas, ridge: Ridge, colour: Colour, random: Random): string {
  const { width, unit } = canvas;
  const tiers = Math.round(byDetail(canvas, 1, 3, 5));
  const firs = Array.from({ length: Math.round(byDetail(canvas, 40, 90, 150)) }, () => {
    const part = random();
    const tall = unit * between(random, 3, 8.5);
    const [x, y] = [part * width, heightAt(ridge, part) + unit * 0.6];
    return Array.from({ length: tiers }, (_, tier) => {
      const top = y - tall * (1 - (tier / tiers) * 0.75);
      const bottom = y - tall * (1 - (tier + 1) / tiers) * 0.75;
      const half = tall * (0.1 + (0.14 * (tier + 1)) / tiers);
      return `M${at(x, top)}L${at(x + half, bottom)}L${at(x - half, bottom)}Z`;
    }).join("");
  });
  return `<path d="${firs.join("")}" fill="${css(colour)}"/>`;
}

/** Houses side by side, with lit windows. */
function paintSkyline(canvas: Canvas, index: number, y: number, colour: Colour): string {
  const { width, height, unit, scene } = canvas;
  const random = canvas.chance(`skyline ${index}`);
  const [blocks, windows]: string[][] = [[], []];
  for (let x = -unit * 2; x < width;) {
    const [wide, tall] = [
      unit * between(random, 4, 10),
      unit * (between(random, 8, 20) + 20 * random() ** 3 * (index + 0.4) - index * 4),
    ];
    blocks?.push(`M${at(x, height)}L${at(x, y - tall)}L${at(x + wide, y - tall)}L${at(x + wide, height)}Z`);
    if (random() > 0.6)
      blocks?.push(`M${at(x + wide * 0.48, y - tall)}v${at(-unit * 5 * random())}h${at(unit * 0.4)}V${at(y - tall)}Z`);
    const gap = unit * (canvas.detail > 1 ? 1.1 : 1.8);
    for (let top = y - tall + gap; top < y + unit * 4 && canvas.detail > 0; top += gap) {
      for (let left = x + gap * 0.7; left < x + wide - gap; left += gap) {
        if (random() < (scene.mood.dark ? 0.45 : 0.25))
          windows?.push(`M${at(left, top)}h${at(gap * 0.45)}v${at(gap * 0.5)}h${at(-gap * 0.45)}Z`);
      }
    }
    x += wide * between(random, 0.85, 1.05);
  }
  const light = scene.mood.dark ? css(scene.mood.accent, 0.35 + index * 0.2) : css(lighter(scene.mood.horizon, 4), 0.3);
  return `<path d="${blocks?.join("")}" fill="${css(colour)}"/><path d="${windows?.join("")}" fill="${light}"/>`;
}
