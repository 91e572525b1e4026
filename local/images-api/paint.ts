import { createHash } from "node:crypto";
import sharp from "sharp";
import type { Sharp } from "sharp";
import { pixels } from "../../src/models.ts";
import type { EditPictures } from "./edit-pictures.ts";
import { editPicture } from "./editing/edit-picture.ts";
import { paletteOf } from "./editing/palette.ts";
import { open, rasterOf } from "./editing/raster.ts";
import { detailOf, makeCanvas } from "./painting/canvas.ts";
import type { Canvas } from "./painting/canvas.ts";
import { paintCaption } from "./painting/caption.ts";
import { paintAir, paintGround, paintWater } from "./painting/ground.ts";
import { paintFarLand } from "./painting/land.ts";
import { readScene } from "./painting/scene.ts";
import { paintSky } from "./painting/sky.ts";
import { paintSubjects } from "./painting/subjects.ts";
import type { Order, PictureFormat } from "./parameters.ts";

export type Paint = (order: Order, number: number, input?: EditPictures) => Promise<Buffer>;

/** Paints what an order asks for. The same order gives the same picture; `number` tells the pictures of one call apart. */
export async function paintPicture(order: Order, number: number, input?: EditPictures): Promise<Buffer> {
  const edges = pixels(order.size) ?? { width: 1024, height: 1024 };
  const seed = `${order.prompt} ${number}`;
  const detail = detailOf(order.quality);
  const transparent = order.background === "transparent";
  if (input && !input.isLike) {
    const edited = open(await editPicture(input, { prompt: order.prompt, seed, detail, edges }));
    return encode(transparent ? edited : edited.flatten(), order);
  }
  const scene = readScene(order.prompt, order.style, seed);
  if (input) scene.mood = (await paletteOf(await rasterOf(sharp(input.pictures[0])))).mood;
  const canvas = makeCanvas(drawingEdges(edges), detail, scene, seed);
  const svg = await paintScene(canvas, order.prompt, transparent);
  const whole = await enlarge(sharp(Buffer.from(svg)), edges, canvas);
  return encode(transparent ? whole : whole.flatten(), order);
}

/** A picture of one colour, by the same rules: for whoever looks at none, a tenth of the work for all who handle it. */
export const paintPlainly: Paint = (order, number) => {
  const edges = pixels(order.size) ?? { width: 1024, height: 1024 };
  const [r = 0, g = 0, b = 0] = createHash("sha256").update(`${order.prompt} ${number}`).digest();
  const background = { r, g, b, alpha: order.background === "transparent" ? 0.5 : 1 };
  const picture = sharp({ create: { ...edges, channels: 4, background } });
  return encode(order.background === "transparent" ? picture : picture.removeAlpha(), order);
};

type Edges = { width: number; height: number };

/** The SVG renderer takes far more than twice as long for twice the pixels: very large pictures are drawn smaller and enlarged. */
const MOST_DRAWN_PIXELS = 2_000_000;

function drawingEdges({ width, height }: Edges): Edges {
  const scale = Math.min(1, Math.sqrt(MOST_DRAWN_PIXELS / (width * height)));
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

/** Asked to resize an SVG, sharp would have it drawn at the larger size: so it is drawn first. */
async function enlarge(drawn: Sharp, edges: Edges, { width, height }: Edges): Promise<Sharp> {
  if (edges.width === width && edges.height === height) return drawn;
  const data = await drawn.ensureAlpha().raw().toBuffer();
  return sharp(data, { raw: { width, height, channels: 4 } }).resize({ ...edges, fit: "fill" });
}

async function paintScene(canvas: Canvas, prompt: string, transparent: boolean): Promise<string> {
  const { width, height, scene } = canvas;
  const ground = paintGround(canvas);
  const { behindGround, onGround } = paintSubjects(canvas, ground.ridge);
  const land = [paintSky(canvas), paintFarLand(canvas), scene.water ? paintWater(canvas) : ""];
  const parts = transparent
    ? [behindGround, onGround]
    : [...land, behindGround, ground.painted, onGround, paintAir(canvas), await paintCaption(canvas, prompt)];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${parts.join("")}</svg>`;
}

function encode(picture: Sharp, { format, compression }: Order): Promise<Buffer> {
  if (format === "png") return picture.png({ compressionLevel: 6 }).toBuffer();
  return picture.toFormat(format, { quality: Math.max(1, compression) }).toBuffer();
}

/** A partial picture: the whole one, the more blurred the further it is from done. */
export async function coarsen(bytes: Buffer, format: PictureFormat, degree: number): Promise<Buffer> {
  const { width, height } = await sharp(bytes).metadata();
  const small = await sharp(bytes)
    .resize(Math.max(8, Math.round(width / (12 * degree))))
    .png()
    .toBuffer();
  return sharp(small).resize(width, height, { fit: "fill", kernel: "cubic" }).toFormat(format).toBuffer();
}
