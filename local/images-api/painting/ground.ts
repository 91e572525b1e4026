import { between } from "../random.ts";
import { at, byDetail } from "./canvas.ts";
import type { Canvas } from "./canvas.ts";
import { css, lighter, mix, saturated } from "./colour.ts";
import { heightAt, paintBelow, paintFirs, rollingGround } from "./land.ts";
import type { Ridge } from "./land.ts";

/** Sea or lake: the sky upside down and darker, waves, and the sun's path on it. */
export function paintWater(canvas: Canvas): string {
  const { width, height, unit, scene } = canvas;
  const { mood, sun } = scene;
  const top = height * (scene.horizon + 0.015);
  const random = canvas.chance("water");
  const far = mix(mood.horizon, mood.middle, 0.45);
  const near = saturated(mix(mood.top, mood.near, mood.dark ? 0.35 : 0.2), 1.3);
  const stroke = (x: number, y: number, long: number) =>
    `M${at(x - long / 2, y)}q${at(long / 4, -unit * 0.25, long / 2, 0)}t${at(long / 2, 0)}`;
  const waves = Array.from({ length: Math.round(byDetail(canvas, 30, 160, 620)) }, () => {
    const depth = random() ** 1.6;
    return stroke(random() * width, top + depth * (height - top), unit * between(random, 1.2, 3 + depth * 9));
  });
  const glitter = Array.from({ length: Math.round(byDetail(canvas, 16, 90, 320)) }, () => {
    const depth = random() ** 1.3;
    const spread = unit * (2 + depth * 15) * between(random, -1, 1) * random();
    return stroke(sun.x * width + spread, top + depth * (height - top), unit * between(random, 0.8, 2 + depth * 5));
  });
  return (
    `<defs><linearGradient id="water" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${css(far)}"/><stop offset="0.35" stop-color="${css(saturated(mix(far, near, 0.6), 1.6))}"/><stop offset="1" stop-color="${css(near)}"/></linearGradient></defs>` +
    `<rect y="${top}" width="${width}" height="${height - top}" fill="url(#water)"/>` +
    `<path d="${waves.join("")}" stroke="${css(lighter(far, 6), 0.32)}" stroke-width="${unit * 0.22}" fill="none" stroke-linecap="round"/>` +
    `<path d="${glitter.join("")}" stroke="${css(mood.sun, 0.72)}" stroke-width="${unit * 0.34}" fill="none" stroke-linecap="round"/>`
  );
}

export type Ground = { ridge: Ridge; painted: string };

/** The piece of ground in front, on which the subjects stand. With water it is a shore that rises to one side. */
export function paintGround(canvas: Canvas): Ground {
  const { width, height, unit, scene } = canvas;
  const { mood } = scene;
  const level = scene.water ? 0.87 : 0.8;
  const flat = rollingGround(canvas, "ground", { y: height * level, tall: unit * 5 });
  const rise = scene.sun.x < 0.5 ? 1 : -1;
  const ridge = flat.map((y, index) => {
    const part = index / (flat.length - 1);
    const side = rise > 0 ? part : 1 - part;
    return scene.water ? y + unit * 9 * (0.62 - side) * 1.4 - unit * 6 * smooth((side - 0.5) * 2.4) : y;
  });
  const random = canvas.chance("grass");
  const blades = Array.from({ length: Math.round(byDetail(canvas, 60, 900, 3000)) }, () => {
    const part = random();
    const y = heightAt(ridge, part) + random() ** 1.5 * (height - heightAt(ridge, part));
    const long = unit * between(random, 0.6, 1.4 + ((y - height * level) / height) * 14);
    return `M${at(part * width, y)}q${at(unit * between(random, -0.3, 0.3), -long * 0.6, unit * between(random, -0.9, 0.9), -long)}`;
  });
  const sand = scene.land === "dunes";
  const base = scene.snow ? lighter(mood.near, 0) : sand ? mix(mood.near, mood.horizon, 0.55) : mood.near;
  const tuft = sand || scene.snow ? lighter(base, -8) : lighter(base, mood.dark ? 9 : 12);
  return {
    ridge,
    painted: [
      scene.land === "forest" ? paintFirs(canvas, ridge, lighter(base, 3), canvas.chance("near firs")) : "",
      paintBelow(canvas, ridge, lighter(base, mood.dark ? 3 : 5), "ground"),
      `<path d="${blades.slice(0, blades.length / 2).join("")}" stroke="${css(tuft, 0.75)}" stroke-width="${unit * 0.2}" fill="none" stroke-linecap="round"/>`,
      `<path d="${blades.slice(blades.length / 2).join("")}" stroke="${css(lighter(base, -7), 0.8)}" stroke-width="${unit * 0.24}" fill="none" stroke-linecap="round"/>`,
    ].join(""),
  };
}

function smooth(part: number): number {
  const inside = Math.min(1, Math.max(0, part));
  return inside * inside * (3 - 2 * inside);
}

/** Rain, snow, and a darker rim that holds the picture together. */
export function paintAir(canvas: Canvas): string {
  const { width, height, unit, scene } = canvas;
  const random = canvas.chance("air");
  const parts: string[] = [];
  if (scene.rain) {
    const drops = Array.from(
      { length: Math.round(byDetail(canvas, 60, 240, 600)) },
      () => `M${at(random() * width, random() * height)}l${at(-unit * 0.7, unit * between(random, 1.5, 3.5))}`,
    );
    parts.push(`<path d="${drops.join("")}" stroke="${css(scene.mood.horizon, 0.3)}" stroke-width="${unit * 0.14}"/>`);
  }
  if (scene.snow) {
    const flakes = Array.from(
      { length: Math.round(byDetail(canvas, 50, 160, 400)) },
      () =>
        `<circle cx="${at(random() * width)}" cy="${at(random() * height)}" r="${at(unit * between(random, 0.12, 0.5))}"/>`,
    );
    parts.push(`<g fill="#fff" opacity="0.85">${flakes.join("")}</g>`);
  }
  parts.push(
    `<defs><radialGradient id="rim" cx="0.5" cy="0.46" r="0.78"><stop offset="0.6" stop-color="${css(scene.mood.near, 0)}"/><stop offset="1" stop-color="${css(lighter(scene.mood.near, -8), 0.5)}"/></radialGradient></defs>`,
    `<rect width="${width}" height="${height}" fill="url(#rim)"/>`,
  );
  return parts.join("");
}
