import type { Canvas } from "./canvas.ts";
import type { Colour } from "./colour.ts";
import { css, lighter, mix } from "./colour.ts";

/** Where a subject stands: the middle of its foot, its height in pixels, and the side from which the light comes. */
export type Place = { x: number; y: number; tall: number; lightFrom: -1 | 1 };

export type Draw = (canvas: Canvas, place: Place) => string;

/** Draws in a space of its own, 100 high, the foot's middle at 0 0 and y downwards; the light comes from the left in it. */
export function inPlace({ x, y, tall, lightFrom }: Place, ...parts: string[]): string {
  const scale = tall / 100;
  return `<g transform="translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${(scale * -lightFrom).toFixed(4)} ${scale.toFixed(4)})">${parts.join("")}</g>`;
}

export function shape(d: string, colour: Colour, opacity = 1): string {
  return `<path d="${d}" fill="${css(colour, opacity)}"/>`;
}

export function line(d: string, colour: Colour, width: number): string {
  return `<path d="${d}" stroke="${css(colour)}" stroke-width="${width}" fill="none" stroke-linecap="round" stroke-linejoin="round"/>`;
}

export function disc(x: number, y: number, radius: number, colour: Colour): string {
  return `<circle cx="${x}" cy="${y}" r="${radius}" fill="${css(colour)}"/>`;
}

/** A fill that runs from light on the left to shadow on the right. */
export function rounded(id: string, colour: Colour, depth = 20): string {
  return (
    `<defs><linearGradient id="${id}"><stop offset="0" stop-color="${css(lighter(colour, depth * 0.5))}"/><stop offset="0.35" stop-color="${css(colour)}"/>` +
    `<stop offset="1" stop-color="${css(lighter(colour, -depth))}"/></linearGradient></defs>`
  );
}

/** The scene's light on a thing of this colour: darker and bluer at night, warmer in the evening. */
export function lit({ scene: { mood } }: Canvas, colour: Colour): Colour {
  return mix(colour, mood.dark ? mood.top : mood.horizon, mood.dark ? 0.34 : 0.08);
}
