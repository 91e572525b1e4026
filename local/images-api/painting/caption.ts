import sharp from "sharp";
import type { Canvas } from "./canvas.ts";
import { css, mix } from "./colour.ts";
import type { Colour } from "./colour.ts";

const LABEL = "Easel local stand-in — not a real model";

/** The prompt's first words and what this picture is, at the foot. Nothing on a machine without fonts. */
export async function paintCaption({ width, height, unit, scene }: Canvas, prompt: string): Promise<string> {
  if (!(await canWrite())) return "";
  const words = firstWords(prompt, Math.min(64, Math.floor(width / unit / 1.5)));
  const colour = css(mix(scene.mood.horizon, [40, 30, 97], 0.75), 0.94);
  const shade: Colour = [scene.mood.near[0], 30, 10];
  const text = (size: number, up: number, content: string, opacity: number) =>
    `<text x="${unit * 3.4}" y="${height - unit * up}" font-family="DejaVu Serif, Georgia, serif" font-size="${unit * size}" fill="${colour}" opacity="${opacity}">${escapeXml(content)}</text>`;
  return (
    `<defs><linearGradient id="foot" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${css(shade, 0)}"/><stop offset="1" stop-color="${css(shade, 0.72)}"/></linearGradient></defs>` +
    `<rect y="${height - unit * 16}" width="${width}" height="${unit * 16}" fill="url(#foot)"/>` +
    text(3, 6.6, words, 0.96) +
    text(2.3, 2.9, LABEL, 0.85)
  );
}

/** Scripts that the usual fonts of a server hold; other characters would come out as boxes. */
function firstWords(prompt: string, most: number): string {
  const plain = prompt
    .replace(/[^\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Nd}\s.,:;!?'’"()-]/gu, "")
    .replace(/\s+/g, " ")
    .trim();
  if (plain.length <= most) return plain;
  return `${plain.slice(0, most).replace(/\s+\S*$/, "")}…`;
}

let writable: Promise<boolean> | undefined;

/** Without fonts every letter is the same box, so two different letters tell. */
async function canWrite(): Promise<boolean> {
  writable ??= (async () => {
    const [one, other] = await Promise.all(["W", "i"].map(renderLetter));
    return one !== undefined && other !== undefined && !one.equals(other);
  })();
  return writable;
}

function renderLetter(letter: string): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32"><text x="4" y="24" font-family="serif" font-size="20">${letter}</text></svg>`;
  return sharp(Buffer.from(svg)).raw().toBuffer();
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
