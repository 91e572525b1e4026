import { randomBytes } from "node:crypto";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { drawContactSheet } from "../../src/pixels/draw-contact-sheet.ts";
import type { Tile } from "../../src/pixels/draw-contact-sheet.ts";

const drawSheet = async (tiles: Tile[]) => (await drawContactSheet(tiles)).bytes;

const flat = (width: number, height: number, background: string, channels: 3 | 4 = 3) =>
  sharp({ create: { width, height, channels, background } }).png().toBuffer();

const tilesOf = async (count: number, background = "#000"): Promise<Tile[]> => {
  const picture = await flat(80, 80, background);
  return Array.from({ length: count }, (_, index) => ({ picture, number: index + 1 }));
};

type Colour = [number, number, number];

/** Pixels of a sheet by place. */
async function look(sheet: Buffer): Promise<{ width: number; height: number; at: (x: number, y: number) => Colour }> {
  const { data, info } = await sharp(sheet).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number): Colour => {
    const start = 3 * (Math.round(y) * info.width + Math.round(x));
    return [data[start] ?? -1, data[start + 1] ?? -1, data[start + 2] ?? -1];
  };
  return { width: info.width, height: info.height, at };
}

const isNear = (one: Colour, other: Colour, distance = 30) =>
  one.every((value, index) => Math.abs(value - (other[index] ?? 0)) <= distance);

const GREY: Colour = [0x7b, 0x7f, 0x86];
const BED: Colour = [0x3a, 0x3d, 0x43];
const AMBER: Colour = [0xff, 0xb0, 0x2e];

describe("a contact sheet", () => {
  it.each([
    [1, 1, 1],
    [2, 2, 1],
    [3, 2, 2],
    [5, 3, 2],
    [9, 3, 3],
    [12, 4, 3],
    [16, 4, 4],
  ])("of %i pictures has %i columns and %i rows", async (count, columns, rows) => {
    const sheet = await drawSheet(await tilesOf(count, "#00c000"));
    const { format, width, height } = await sharp(sheet).metadata();
    expect(format).toBe("jpeg");
    expect([width <= 1024, width > 1000, height <= 1024]).toEqual([true, true, true]);
    const { at } = await look(sheet);
    const green = Array.from({ length: columns * rows }, (_, index) => {
      const [column, row] = [index % columns, Math.floor(index / columns)];
      return isNear(at(((column + 0.5) * width) / columns, ((row + 0.7) * height) / rows), [0, 192, 0]);
    });
    expect(green).toEqual(green.map((_, index) => index < count));
  });

  it("shows the pictures in their order", async () => {
    const hues: Colour[] = [
      [200, 0, 0],
      [0, 200, 0],
      [0, 0, 200],
      [200, 200, 0],
    ];
    const tiles = await Promise.all(
      hues.map(async (hue, index) => ({ picture: await flat(50, 50, `rgb(${hue.join(",")})`), number: index + 1 })),
    );
    const { width, height, at } = await look(await drawSheet(tiles));
    const places = [0, 1, 2, 3].map((index) =>
      at((0.25 + (index % 2) / 2) * width, (0.3 + Math.floor(index / 2) / 2) * height),
    );
    expect(places.map((colour, index) => isNear(colour, hues[index] ?? GREY))).toEqual([true, true, true, true]);
  });

  it.each([
    ["a wide picture whole, with room above and below", 900, 300],
    ["a tall picture whole, with room on both sides", 300, 900],
    ["a strip", 3000, 16],
    ["a small picture, enlarged", 16, 8],
  ])("shows %s", async (_, width, height) => {
    const blue = {
      input: await flat(Math.ceil(width / 4), height, "#0000c0"),
      left: Math.floor((width * 3) / 4),
      top: 0,
    };
    const left = sharp({ create: { width, height, channels: 3, background: "#c00000" } });
    const picture = await left.composite([blue]).png().toBuffer();
    const sheet = await look(await drawSheet([{ picture, number: 1 }]));
    const scale = 996 / Math.max(width, height);
    const edgeX = (sheet.width - width * scale) / 2;
    const edgeY = (sheet.height - height * scale) / 2;
    const middle = sheet.height / 2;
    expect(isNear(sheet.at(edgeX + 8, middle), [192, 0, 0])).toBe(true);
    expect(isNear(sheet.at(sheet.width - edgeX - 8, middle), [0, 0, 192])).toBe(true);
    const beyond = width > height ? sheet.at(500, edgeY - 10) : sheet.at(edgeX - 10, 500);
    expect(isNear(beyond, BED, 12)).toBe(true);
  });

  it("turns a phone's picture upright, and sets a transparent one on checkers", async () => {
    const turned = await sharp(await flat(300, 100, "#00c000"))
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const clear = await flat(200, 200, "#0000", 4);
    const { at } = await look(
      await drawSheet([
        { picture: turned, number: 1 },
        { picture: clear, number: 2 },
      ]),
    );
    expect([isNear(at(260, 480), [0, 192, 0]), isNear(at(60, 300), BED, 12)]).toEqual([true, true]);
    const shades = Array.from({ length: 64 }, (_, index) => at(700 + index, 300)[0]);
    expect([Math.max(...shades) > 245, Math.min(...shades) < 230 && Math.min(...shades) > 205]).toEqual([true, true]);
  });

  it("frames the current picture, and no other", async () => {
    const tiles = await tilesOf(9);
    const picked = tiles.map((tile, index): Tile => (index === 4 ? { ...tile, mark: "current" } : tile));
    const framed = await look(await drawSheet(picked));
    const third = framed.width / 3;
    // Along the middle of each tile, from one edge of the sheet to the other.
    const crossings = [0, 1, 2].map((row) =>
      Array.from({ length: framed.width }, (_, x) => x)
        .filter((x) => isNear(framed.at(x, (row + 0.6) * third), AMBER, 60))
        .map((x) => Math.round(x / third)),
    );
    expect(crossings.map((row) => [...new Set(row)])).toEqual([[], [1, 2], []]);
    const plain = await look(await drawSheet(tiles));
    expect(Array.from({ length: 1022 }, (_, x) => isNear(plain.at(x, 1.6 * third), AMBER, 60))).not.toContain(true);
  });

  it("numbers each picture, every number with a look of its own", async () => {
    const corners: [number, Buffer][] = [];
    const picture = await flat(80, 80, "#000");
    for (const first of [1, 17, 33, 49, 65, 81, 84]) {
      const tiles = Array.from({ length: 16 }, (_, index) => ({ picture, number: first + index }));
      const sheet = await drawSheet(tiles);
      for (const [index, { number }] of tiles.entries()) {
        const [left, top] = [14 + (index % 4) * 252, 14 + Math.floor(index / 4) * 252];
        const corner = sharp(sheet).extract({ left, top, width: 96, height: 68 }).greyscale().raw();
        corners.push([number, await corner.toBuffer()]);
      }
    }
    expect(new Set(corners.map(([number]) => number)).size).toBe(99);
    const alike: string[] = [];
    for (const [one, its] of corners) {
      for (const [other, others] of corners) {
        const apart = its.reduce((sum, value, index) => sum + Math.abs(value - (others[index] ?? 0)), 0) / its.length;
        if (apart < 3 !== (one === other)) alike.push(`${one} and ${other}: ${apart.toFixed(1)}`);
      }
      // Large enough to be read on a phone, which shows the sheet at a third of its size.
      if (its.filter((value) => value > 200).length < 250) alike.push(`${one} is too faint`);
    }
    expect(alike).toEqual([]);
  });

  it("has a grey tile for what cannot be shown, with its number", async () => {
    const whole = await flat(200, 200, "#c00000");
    const tiles: Tile[] = [Buffer.from("no picture"), Buffer.alloc(0), whole.subarray(0, whole.length / 2), whole].map(
      (picture, index) => ({ picture, number: index + 1 }),
    );
    const { at, width } = await look(await drawSheet(tiles));
    const half = width / 2;
    const middles = [at(250, 400), at(250 + half, 400), at(250, 400 + half), at(250 + half, 400 + half)];
    expect(middles.map((colour) => isNear(colour, GREY, 12))).toEqual([true, true, true, false]);
    expect(isNear(at(20 + half, 30), GREY, 12)).toBe(false);
  });

  it("stays under 1 MB over noise", async () => {
    const specks = randomBytes(996 * 996 * 3).map((value) => (value < 128 ? 0 : 255));
    const picture = await sharp(specks, { raw: { width: 996, height: 996, channels: 3 } })
      .png()
      .toBuffer();
    expect((await drawSheet([{ picture, number: 1 }])).length).toBeLessThanOrEqual(1_000_000);
  });

  it.each([0, 17])("is not drawn of %i pictures", async (count) => {
    await expect(drawSheet(await tilesOf(count))).rejects.toThrow(RangeError);
  });
});
