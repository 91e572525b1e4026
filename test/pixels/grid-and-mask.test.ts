import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { readEditPictures } from "../../local/images-api/edit-pictures.ts";
import { CELLS, drawGrid, maskOfCells, readMask } from "../../src/pixels/grid-and-mask.ts";
import { SourceFault } from "../../src/pixels/read-source-picture.ts";

type Size = { width: number; height: number };

const flat = ({ width, height }: Size, background: string, channels: 3 | 4 = 3) =>
  sharp({ create: { width, height, channels, background } });

async function channel(bytes: Buffer, name: "alpha" | "red"): Promise<(x: number, y: number) => number> {
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return (x, y) => data[4 * (y * info.width + x) + (name === "alpha" ? 3 : 0)] ?? -1;
}

/** What the service refuses is read out of its stand-in, which judges as Azure does. */
async function serviceTakes(mask: Buffer, size: Size): Promise<boolean> {
  const png = (bytes: Buffer) => new File([new Uint8Array(bytes)], "a.png", { type: "image/png" });
  const picture = png(await flat(size, "#369").png().toBuffer());
  const surface = { name: "azure v1", provider: "azure", operation: "edits" } as const;
  const read = readEditPictures({ parameters: {}, pictures: [picture], mask: png(mask) }, "gpt-image-2", surface);
  return read.then(
    () => true,
    () => false,
  );
}

it("sixteen cells in reading order", () => {
  expect(CELLS.join(" ")).toBe("A1 B1 C1 D1 A2 B2 C2 D2 A3 B3 C3 D3 A4 B4 C4 D4");
});

describe("a mask of cells", () => {
  it.each([
    { width: 1024, height: 1024 },
    { width: 1023, height: 767 },
    { width: 17, height: 3001 },
  ])("is free in those cells alone, at $width×$height", async (size) => {
    const cells = ["B1", "D2", "A4"];
    const mask = await maskOfCells(cells, size);
    const { width, height, hasAlpha, format } = await sharp(mask).metadata();
    expect({ width, height, hasAlpha, format }).toEqual({ ...size, hasAlpha: true, format: "png" });
    expect(await serviceTakes(mask, size)).toBe(true);
    const alpha = await channel(mask, "alpha");
    const wrong: string[] = [];
    for (let y = 0; y < size.height; y += 1) {
      for (let x = 0; x < size.width; x += 1) {
        // The cell in which the pixel's middle lies: no pixel is left between two cells.
        const column = "ABCD"[Math.floor((4 * (x + 0.5)) / size.width)];
        const cell = `${column}${Math.floor((4 * (y + 0.5)) / size.height) + 1}`;
        if (alpha(x, y) !== (cells.includes(cell) ? 0 : 255)) wrong.push(`${cell} at ${x}, ${y}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("of all cells is free everywhere", async () => {
    const mask = await maskOfCells([...CELLS], { width: 100, height: 70 });
    const { channels } = await sharp(mask).stats();
    expect(channels[3]).toMatchObject({ min: 0, max: 0 });
  });

  it.each([[["E1"]], [["A1", "A5"]], [["a1"]], [["A1,B1"]], [[]]])("is not made of %j", async (cells) => {
    await expect(maskOfCells(cells, { width: 100, height: 100 })).rejects.toThrow(RangeError);
  });
});

describe("a mask that was painted or brought", () => {
  const size = { width: 64, height: 48 };
  /** Transparent in the left half. */
  const halfFree = (free = 0, kept = 255) => {
    const pixels = Array.from({ length: size.width * size.height }, (_, index) =>
      index % size.width < 32 ? [9, 99, 200, free] : [200, 99, 9, kept],
    );
    return sharp(Buffer.from(pixels.flat()), { raw: { ...size, channels: 4 } });
  };
  const faultOf = async (bytes: Buffer, expected = size) => {
    const read = await readMask(bytes, expected);
    return "fault" in read ? SourceFault.parse(JSON.parse(JSON.stringify(read.fault))) : undefined;
  };

  it.each([
    ["as a canvas writes it", () => halfFree().png()],
    ["with a palette", () => halfFree().png({ palette: true })],
    ["in grey", () => halfFree().toColourspace("b-w").png()],
    ["of 16 bits", () => halfFree().toColourspace("rgb16").png()],
    ["interlaced", () => halfFree().png({ progressive: true })],
    ["with soft edges", () => halfFree(127, 128).png()],
    ["that a phone would turn", () => halfFree().withMetadata({ orientation: 3 }).png()],
  ])("%s", async (_, make) => {
    const read = await readMask(await make().toBuffer(), size);
    if ("fault" in read) throw new Error(read.fault.fault);
    expect(await serviceTakes(read.mask, size)).toBe(true);
    const { width, height, isPalette, depth, orientation } = await sharp(read.mask).metadata();
    expect({ width, height, isPalette, depth, orientation }).toEqual({ ...size, isPalette: false, depth: "uchar" });
    const alpha = await channel(read.mask, "alpha");
    expect([alpha(0, 0), alpha(31, 47), alpha(32, 0), alpha(63, 47)]).toEqual([0, 0, 255, 255]);
    // Of the picture under the paint nothing is told.
    expect((await channel(read.mask, "red"))(63, 47)).toBe(0);
  });

  it("with a single free pixel", async () => {
    const pixel = { input: await flat({ width: 1, height: 1 }, "#000").png().toBuffer(), left: 63, top: 47 };
    const mask = await flat(size, "#000", 4)
      .composite([{ ...pixel, blend: "dest-out" }])
      .png()
      .toBuffer();
    const read = await readMask(mask, size);
    expect(read).toHaveProperty("mask");
    if ("mask" in read) expect((await channel(read.mask, "alpha"))(63, 47)).toBe(0);
  });

  it.each<[string, SourceFault, () => Promise<Buffer>]>([
    ["in which nothing is free", { fault: "mask empty" }, () => halfFree(255).png().toBuffer()],
    ["in which all is more kept than free", { fault: "mask empty" }, () => halfFree(128).png().toBuffer()],
    ["without transparency", { fault: "mask without alpha" }, () => halfFree().removeAlpha().png().toBuffer()],
    ["of another kind", { fault: "mask not png" }, () => halfFree().webp().toBuffer()],
    ["that is a JPEG", { fault: "mask not png" }, () => halfFree().jpeg().toBuffer()],
    ["that is text", { fault: "mask not png" }, async () => Buffer.from("This is mask.png, or so they say.")],
    ["of nothing", { fault: "mask not png" }, async () => Buffer.alloc(0)],
    ["that was cut off", { fault: "mask not png" }, async () => (await halfFree().png().toBuffer()).subarray(0, 120)],
    [
      "of 60 MB",
      { fault: "source too large", bytes: 60_000_000, limit: 50_000_000 },
      async () => Buffer.alloc(60_000_000),
    ],
    [
      "of another size",
      { fault: "mask size", width: 48, height: 64, expected: size },
      () => flat({ width: 48, height: 64 }, "#0000", 4).png().toBuffer(),
    ],
  ])("refused: one %s", async (_, fault, make) => expect(await faultOf(await make())).toEqual(fault));

  it("refused: a bomb, by its header", async () => {
    const png = await halfFree().png().toBuffer();
    // 20,000 by 20,000 pixels, and none of them there: to decode it would be to fail.
    const header = await flat({ width: 20_000, height: 16 }, "#0000", 4).png().toBuffer();
    const bomb = Buffer.concat([header.subarray(0, 33), png.subarray(33)]);
    expect(await faultOf(bomb)).toEqual({ fault: "mask size", width: 20_000, height: 16, expected: size });
  });
});

describe("the grid", () => {
  it.each([
    ["a square", { width: 1024, height: 1024 }, [1024, 1024]],
    ["a wide picture", { width: 1536, height: 1024 }, [1024, 683]],
    ["a tall picture", { width: 1024, height: 3072 }, [341, 1024]],
    ["a large picture", { width: 3840, height: 2160 }, [1024, 576]],
    ["a tiny picture, enlarged", { width: 16, height: 16 }, [1024, 1024]],
    ["a strip, stretched so that its cells keep room for a name", { width: 6000, height: 16 }, [1024, 320]],
    ["a strip on end", { width: 16, height: 6000 }, [320, 1024]],
  ])("over %s", async (_, size, expected) => {
    const grid = await drawGrid(await flat(size, "#369").png().toBuffer());
    const { format, width, height } = await sharp(grid).metadata();
    expect([format, width, height]).toEqual(["jpeg", ...expected]);
  });

  it("stays under 1 MB over noise", async () => {
    const specks = randomBytes(1024 * 1024 * 3).map((value) => (value < 128 ? 0 : 255));
    const picture = sharp(specks, { raw: { width: 1024, height: 1024, channels: 3 } });
    expect((await drawGrid(await picture.png().toBuffer())).length).toBeLessThanOrEqual(1_000_000);
  });

  it.each([
    ["black", 255],
    ["white", 0],
    ["#777", 255],
    ["#777", 0],
  ])("can be seen on %s", async (background, other) => {
    const seen = await channel(
      await drawGrid(await flat({ width: 800, height: 800 }, background).png().toBuffer()),
      "red",
    );
    const around = (x: number, y: number) =>
      Array.from({ length: 81 }, (_, index) => seen(x - 4 + (index % 9), y - 4 + Math.floor(index / 9)));
    const isThere = (x: number, y: number) => around(x, y).some((value) => Math.abs(value - other) < 60);
    for (const quarter of [256, 512, 768]) {
      for (const middle of [190, 440, 700, 950]) {
        expect([quarter, middle, isThere(quarter, middle), isThere(middle, quarter)]).toEqual([
          quarter,
          middle,
          true,
          true,
        ]);
      }
    }
    // Between the lines the picture is as it was.
    expect(isThere(128, 190)).toBe(false);
  });

  it("names each cell in its own corner, column by letter and row by number", async () => {
    const grid = await drawGrid(await flat({ width: 1024, height: 1024 }, "black").png().toBuffer());
    const glyph = (cell: string, part: "letter" | "number") => {
      const index = CELLS.indexOf(cell);
      const left = (index % 4) * 256 + (part === "letter" ? 10 : 68);
      const spot = { left, top: Math.floor(index / 4) * 256 + 12, width: 56, height: 78 };
      return sharp(grid).extract(spot).greyscale().raw().toBuffer();
    };
    const distance = (one: Buffer, other: Buffer) =>
      one.reduce((sum, value, index) => sum + Math.abs(value - (other[index] ?? 0)), 0) / one.length;
    for (const cell of CELLS) {
      const [column = "", row = ""] = cell;
      for (const other of "ABCD") {
        const apart = distance(await glyph(cell, "letter"), await glyph(`${other}1`, "letter"));
        expect([cell, other, apart < 5]).toEqual([cell, other, other === column]);
      }
      for (const other of "1234") {
        const apart = distance(await glyph(cell, "number"), await glyph(`A${other}`, "number"));
        expect([cell, other, apart < 5]).toEqual([cell, other, other === row]);
      }
    }
  });

  it("has names that can be read", async () => {
    const seen = await channel(
      await drawGrid(await flat({ width: 1024, height: 1024 }, "black").png().toBuffer()),
      "red",
    );
    // Places in a letter's own box, from its top left to its bottom right corner, where it has ink and where it has none.
    const places: Record<string, { ink: [number, number][]; none: [number, number][] }> = {
      A: {
        ink: [
          [0.5, 0.05],
          [0.02, 1],
          [0.98, 1],
          [0.5, 0.66],
        ],
        none: [
          [0, 0],
          [1, 0],
          [0.5, 0.95],
        ],
      },
      B: {
        ink: [
          [0.05, 0],
          [0.05, 1],
          [0.4, 0.475],
        ],
        none: [
          [0.4, 0.25],
          [0.4, 0.75],
        ],
      },
      C: {
        ink: [
          [0.5, 0],
          [0.03, 0.5],
          [0.5, 1],
        ],
        none: [
          [0, 0],
          [0, 1],
          [0.97, 0.5],
          [0.5, 0.5],
        ],
      },
      D: {
        ink: [
          [0.05, 0],
          [0.05, 1],
          [0.97, 0.5],
        ],
        none: [
          [0.45, 0.5],
          [1, 0],
          [1, 1],
        ],
      },
      1: {
        ink: [
          [0.6, 0.02],
          [0.6, 0.5],
          [0.6, 1],
        ],
        none: [
          [0.05, 0.5],
          [0.05, 1],
          [1, 0.5],
        ],
      },
      2: {
        ink: [
          [0.06, 1],
          [0.95, 1],
          [0.5, 0],
        ],
        none: [
          [0.05, 0.6],
          [0.95, 0.75],
        ],
      },
      3: {
        ink: [
          [0.5, 0],
          [0.5, 0.47],
          [0.95, 0.72],
          [0.5, 1],
        ],
        none: [
          [0.05, 0.45],
          [0.1, 0.65],
        ],
      },
      4: {
        ink: [
          [0.03, 0.69],
          [0.5, 0.69],
          [0.7, 0.5],
          [0.7, 1],
        ],
        none: [
          [0.1, 0.1],
          [0.2, 1],
        ],
      },
    };
    const wrong: string[] = [];
    for (const [index, cell] of CELLS.entries()) {
      for (const [position, letter] of cell.split("").entries()) {
        const left = (index % 4) * 256 + 21 + position * 56.25;
        const top = Math.floor(index / 4) * 256 + 21;
        const shade = ([x, y]: [number, number]) => seen(Math.round(left + x * 37.5), Math.round(top + y * 60));
        const { ink, none } = places[letter] ?? { ink: [], none: [] };
        wrong.push(...ink.filter((place) => shade(place) < 200).map((place) => `${cell}: no ink at ${place.join()}`));
        wrong.push(...none.filter((place) => shade(place) > 60).map((place) => `${cell}: ink at ${place.join()}`));
      }
    }
    expect(wrong).toEqual([]);
  });

  it("shows what is transparent on checkers, and a phone's picture upright", async () => {
    const clear = await channel(
      await drawGrid(await flat({ width: 1024, height: 1024 }, "#0000", 4).png().toBuffer()),
      "red",
    );
    const shades = new Set(Array.from({ length: 40 }, (_, index) => Math.round(clear(140 + index, 180) / 20)));
    expect([...shades].some((shade) => shade > 12) && [...shades].some((shade) => shade < 12)).toBe(true);
    const red = { input: await flat({ width: 150, height: 200 }, "#c00000").png().toBuffer(), left: 0, top: 0 };
    const lying = flat({ width: 300, height: 200 }, "#0000c0").composite([red]);
    const grid = await drawGrid(await lying.withMetadata({ orientation: 6 }).jpeg().toBuffer());
    expect(await sharp(grid).metadata()).toMatchObject({ width: 683, height: 1024 });
    const upright = await channel(grid, "red");
    expect([upright(640, 200) > 150, upright(130, 900) < 50]).toEqual([true, true]);
  });

  it("needs no fonts on the machine", async () => {
    const region = join(import.meta.dirname, "../../src/pixels/grid-and-mask.ts");
    const script =
      `import { drawGrid } from ${JSON.stringify(region)}; import { readFileSync } from "node:fs"; ` +
      `process.stdout.write((await drawGrid(readFileSync(0))).toString("base64"));`;
    const picture = await flat({ width: 640, height: 480 }, "#369").png().toBuffer();
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      input: picture,
      encoding: "utf8",
      env: { ...process.env, FONTCONFIG_FILE: "/nowhere/fonts.conf", FONTCONFIG_PATH: "/nowhere" },
    });
    expect(stdout).toBe((await drawGrid(picture)).toString("base64"));
  });

  it("of bytes that are no picture throws", async () => {
    await expect(drawGrid(Buffer.from("This is no picture at all."))).rejects.toThrow(/unsupported/);
  });
});
