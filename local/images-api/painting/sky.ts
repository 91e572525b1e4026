import { between } from "../random.ts";
import { at, byDetail } from "./canvas.ts";
import type { Canvas } from "./canvas.ts";
import { css, lighter, mix } from "./colour.ts";

/** Everything behind the land: the sky's gradient, sun or moon with its glow, stars, clouds, a planet. */
export function paintSky(canvas: Canvas): string {
  const { width, height, unit, scene } = canvas;
  const { mood, sun } = scene;
  const [x, y] = [sun.x * width, sun.y * height];
  const radius = unit * (mood.dark ? 6 : 8);
  return [
    `<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${css(mood.top)}"/>`,
    `<stop offset="0.42" stop-color="${css(mood.middle)}"/><stop offset="${scene.horizon + 0.04}" stop-color="${css(mood.horizon)}"/></linearGradient>`,
    `<radialGradient id="glow"><stop offset="0" stop-color="${css(mood.sun, 0.85)}"/><stop offset="0.25" stop-color="${css(mood.sun, 0.35)}"/>`,
    `<stop offset="1" stop-color="${css(mood.sun, 0)}"/></radialGradient></defs>`,
    `<rect width="${width}" height="${height}" fill="url(#sky)"/>`,
    scene.stars ? paintStars(canvas) : "",
    `<circle cx="${x}" cy="${y}" r="${radius * 6}" fill="url(#glow)"/>`,
    `<circle cx="${x}" cy="${y}" r="${radius}" fill="${css(mood.sun)}"/>`,
    mood.dark ? paintMoonFace(canvas, { x, y, radius }) : "",
    scene.subjects.includes("planet") ? paintPlanet(canvas) : "",
    paintClouds(canvas),
  ].join("");
}

function paintMoonFace(
  { scene: { mood } }: Canvas,
  { x, y, radius }: { x: number; y: number; radius: number },
): string {
  const shade = css(mix(mood.sun, mood.top, 0.25), 0.6);
  const craters = [
    [-0.35, -0.25, 0.22],
    [0.25, 0.2, 0.28],
    [0.4, -0.4, 0.13],
    [-0.2, 0.5, 0.15],
  ] as const;
  return craters
    .map(([dx, dy, r]) => `<circle cx="${x + dx * radius}" cy="${y + dy * radius}" r="${r * radius}" fill="${shade}"/>`)
    .join("");
}

function paintStars(canvas: Canvas): string {
  const { width, height, unit, scene } = canvas;
  const random = canvas.chance("stars");
  const stars = Array.from({ length: byDetail(canvas, 30, 130, 420) }, () => {
    const y = height * scene.horizon * random() ** 1.3;
    const radius = unit * between(random, 0.07, 0.26);
    return `<circle cx="${at(random() * width)}" cy="${at(y)}" r="${radius.toFixed(2)}" opacity="${between(random, 0.3, 1).toFixed(2)}"/>`;
  });
  return `<g fill="${css(lighter(scene.mood.sun, 6))}">${stars.join("")}</g>`;
}

/** Long flat banks of overlapping ellipses, lit on the side of the sun. */
function paintClouds(canvas: Canvas): string {
  const { width, height, unit, scene } = canvas;
  const { mood } = scene;
  const random = canvas.chance("clouds");
  const banks = byDetail(canvas, 3, 6, 8) + (scene.rain ? 5 : 0);
  return Array.from({ length: Math.round(banks) }, () => {
    const [x, y] = [random() * width, height * between(random, 0.08, scene.horizon - 0.12)];
    const length = unit * between(random, 18, 46);
    const near = 1 - Math.min(1, Math.abs(x / width - scene.sun.x) * 1.6);
    const base = mix(mood.middle, mood.dark ? mood.top : lighter(mood.horizon, 6), mood.dark ? 0.3 : 0.72);
    const colour = mix(base, mood.sun, near * (mood.dark ? 0.16 : 0.5));
    const puffs = Array.from({ length: Math.round(byDetail(canvas, 3, 9, 18)) }, () => {
      const part = random() * 2 - 1;
      const radius = unit * between(random, 1.2, 4.2) * (1 - Math.abs(part) * 0.7);
      const [cx, cy] = [x + part * length * 0.5, y - radius * between(random, 0, 0.55)];
      return `<ellipse cx="${at(cx)}" cy="${at(cy)}" rx="${at(radius * 2.3)}" ry="${at(radius * 0.72)}"/>`;
    });
    return `<g fill="${css(colour)}" opacity="${between(random, 0.2, 0.5).toFixed(2)}">${puffs.join("")}</g>`;
  }).join("");
}

function paintPlanet({ width, height, unit, scene: { mood, sun } }: Canvas): string {
  const [x, y] = [width * (sun.x < 0.5 ? 0.74 : 0.27), height * 0.25];
  const radius = unit * 13;
  const ring = (front: boolean) =>
    `<path d="M${at(x - radius * 1.8, y + radius * 0.35)}A${at(radius * 1.85, radius * 0.5)} -14 0 ${front ? 0 : 1} ${at(x + radius * 1.8, y - radius * 0.5)}" ` +
    `fill="none" stroke="${css(lighter(mood.accent, 18), front ? 0.9 : 0.4)}" stroke-width="${unit * 1.6}"/>`;
  return [
    `<defs><radialGradient id="planet" cx="${sun.x < 0.5 ? 0.3 : 0.7}" cy="0.3" r="0.8"><stop offset="0" stop-color="${css(lighter(mood.accent, 22))}"/>`,
    `<stop offset="0.6" stop-color="${css(mood.accent)}"/><stop offset="1" stop-color="${css(lighter(mood.accent, -38))}"/></radialGradient></defs>`,
    ring(false),
    `<circle cx="${x}" cy="${y}" r="${radius}" fill="url(#planet)"/>`,
    ring(true),
  ].join("");
}
