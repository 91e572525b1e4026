import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { drawFamilyTree } from "../../src/pixels/draw-family-tree.ts";

const square = (colour: string) =>
  sharp({ create: { width: 60, height: 60, channels: 3, background: colour } })
    .png()
    .toBuffer();

const [RED, GREEN, BLUE] = ["#e00000", "#00c000", "#0000e0"];

async function tree(before: number, after: number) {
  const relatives = async (count: number, first: number, colour: string) => {
    const picture = await square(colour);
    return Array.from({ length: count }, (_, index) => ({ picture, number: first + index }));
  };
  return drawFamilyTree({
    before: await relatives(before, 1, RED),
    current: { picture: await square(GREEN), number: before + 1 },
    after: await relatives(after, before + 2, BLUE),
  });
}

/** Stretches of one colour on a line across the tree, from left to right. */
async function stretches(bytes: Buffer, y: number, isWanted: (r: number, g: number, b: number) => boolean) {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const found: [number, number][] = [];
  for (let x = 0; x < info.width; x += 1) {
    const at = 3 * (Math.round(y) * info.width + x);
    if (!isWanted(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0)) continue;
    const last = found.at(-1);
    if (last && x - last[1] <= 3) last[1] = x;
    else found.push([x, x]);
  }
  return found.filter(([from, to]) => to - from > 20);
}

/** How many pictures of a colour stand side by side in each row of the tree that has some, from the top on. */
async function rows(bytes: Buffer, height: number, isWanted: (r: number, g: number, b: number) => boolean) {
  const counts: number[] = [];
  for (let y = 0; y < height; y += 12) counts.push((await stretches(bytes, y, isWanted)).length);
  const runs = counts.filter((count, index) => count !== counts[index - 1]);
  return runs.filter((count) => count > 0);
}

const isRed = (r: number, g: number, b: number) => r > 180 && g < 60 && b < 60;
const isGreen = (r: number, g: number, b: number) => g > 150 && r < 60 && b < 60;
const isBlue = (r: number, g: number, b: number) => b > 180 && r < 60 && g < 60;
const isAmber = (r: number, g: number, b: number) => r > 220 && g > 130 && g < 210 && b < 110;

describe("a family tree", () => {
  it.each([
    { before: 1, after: 0, below: [] },
    { before: 0, after: 2, below: [2] },
    { before: 2, after: 5, below: [5] },
    { before: 3, after: 9, below: [5, 4] },
    { before: 6, after: 10, below: [5, 5] },
  ])("of $before before and $after after: in rows, above, middle, below, and small enough", async (family) => {
    const { bytes, width, height } = await tree(family.before, family.after);
    expect([width, height <= 1024, bytes.length <= 1_000_000]).toEqual([1024, true, true]);
    expect(Math.max(0, ...(await rows(bytes, height, isRed)))).toBe(family.before);
    expect(Math.max(...(await rows(bytes, height, isGreen)))).toBe(1);
    // The lines between the rows end each; two rows of as many are told apart by that.
    const found = await rows(bytes, height, isBlue);
    expect(found.length ? Math.max(...found) : 0).toBe(family.below[0] ?? 0);
    if (new Set(family.below).size > 1) expect(found.at(-1)).toBe(family.below[1]);
  });

  it("joins what is before to the picture, and that to what is after", async () => {
    const { bytes, height } = await tree(3, 3);
    const joints: number[] = [];
    for (let y = 0; y < height; y += 1)
      if ((await stretches(bytes, y, isAmber)).some(([from, to]) => to - from > 100)) joints.push(y);
    const bars = joints.filter((y, index) => y - (joints[index - 1] ?? -10) > 1);
    // The bend into the picture, its frame above and below, and the bar from which the others hang.
    expect(bars).toHaveLength(4);
  });

  it("has a grey tile for what cannot be decoded, and no room for a larger family", async () => {
    const current = { picture: Buffer.from("no picture"), number: 1 };
    const { bytes } = await drawFamilyTree({
      before: [],
      current,
      after: [{ picture: await square(BLUE), number: 2 }],
    });
    expect((await sharp(bytes).metadata()).format).toBe("jpeg");
    await expect(tree(7, 0)).rejects.toThrow(RangeError);
    await expect(tree(0, 11)).rejects.toThrow(RangeError);
  });
});
