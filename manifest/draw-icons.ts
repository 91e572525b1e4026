import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";

const folder = join(import.meta.dirname, "icons");

/** Full of colour to the corners and without transparency: Teams cuts its own round corners. */
export async function drawColorIcon(): Promise<Buffer> {
  return sharp(await readFile(join(folder, "color.svg")))
    .flatten()
    .removeAlpha()
    .png({ compressionLevel: 9 })
    .toBuffer();
}

/** Every pixel pure white; how much of it shows is left to the transparency, also where an edge is smoothed. */
export async function drawOutlineIcon(): Promise<Buffer> {
  const drawn = await sharp(await readFile(join(folder, "outline.svg")))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const white = drawn.data.map((value, index) => (index % 4 === 3 ? value : 255));
  return sharp(white, { raw: drawn.info }).png({ compressionLevel: 9 }).toBuffer();
}

if (import.meta.main) {
  await writeFile(join(folder, "color.png"), await drawColorIcon());
  await writeFile(join(folder, "outline.png"), await drawOutlineIcon());
  console.log("Drawn: manifest/icons/color.png and outline.png");
}
