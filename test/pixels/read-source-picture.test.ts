import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import type { Sharp } from "sharp";
import { describe, expect, it, onTestFinished } from "vitest";
import { readEditPictures } from "../../local/images-api/edit-pictures.ts";
import { MOST_SOURCE_BYTES, readSourcePicture, SourceFault } from "../../src/pixels/read-source-picture.ts";
import type { SourcePicture } from "../../src/pixels/read-source-picture.ts";

/** Red at the top left, blue elsewhere: shows which way up it is, and whether its colours are right. */
function flag(width = 96, height = 64, alpha = 1): Sharp {
  const pixels = Array.from({ length: width * height }, (_, index) =>
    index % width < width / 2 && index < (width * height) / 2 ? [224, 16, 16, 255] : [16, 32, 200, alpha * 255],
  );
  return sharp(Buffer.from(pixels.flat()), { raw: { width, height, channels: 4 } });
}

const noise = (width: number, height: number) =>
  sharp({
    create: { width, height, channels: 3, background: "#000", noise: { type: "gaussian", mean: 128, sigma: 60 } },
  });

const opaque = (width?: number, height?: number) => flag(width, height).removeAlpha();

/** What the service refuses is read out of its stand-in, which judges as Azure does. */
async function serviceTakes(bytes: Buffer, type: string): Promise<boolean> {
  const pictures = [new File([new Uint8Array(bytes)], "a", { type })];
  const surface = { name: "azure v1", provider: "azure", operation: "edits" } as const;
  const read = readEditPictures({ parameters: {}, pictures }, "gpt-image-2", surface);
  return read.then(
    () => true,
    () => false,
  );
}

async function taken(bytes: Buffer): Promise<SourcePicture> {
  const read = await readSourcePicture(bytes);
  if ("fault" in read) throw new Error(JSON.stringify(read.fault));
  return read;
}

async function faultOf(bytes: Buffer): Promise<SourceFault | undefined> {
  const read = await readSourcePicture(bytes);
  if (!("fault" in read)) return undefined;
  // What a job record holds is read back as it was written.
  return SourceFault.parse(JSON.parse(JSON.stringify(read.fault)));
}

async function colourAt(bytes: Buffer, left: number, top: number): Promise<number[]> {
  const spot = sharp(bytes).extract({ left: left - 2, top: top - 2, width: 5, height: 5 });
  const { channels } = await sharp(await spot.png().toBuffer()).stats();
  return channels.map(({ mean }) => Math.round(mean));
}

const isNear = (actual: number[], expected: number[], distance: number) =>
  actual.length === expected.length &&
  actual.every((value, index) => Math.abs(value - (expected[index] ?? 0)) <= distance);

// Files of the outside world that sharp does not write.

const PNG_SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");

function chunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

function withChunk(png: Buffer, type: string, data: Buffer): Buffer {
  // Behind IHDR, which always has the same length.
  return Buffer.concat([png.subarray(0, 33), chunk(type, data), png.subarray(33)]);
}

/** A whole PNG of one colour, one bit a pixel: 20,000 by 20,000 pixels are 49 KB. */
function hugePng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const rows = deflateSync(Buffer.alloc(height * (1 + Math.ceil(width / 8))));
  return Buffer.concat([PNG_SIGNATURE, chunk("IHDR", header), chunk("IDAT", rows), chunk("IEND")]);
}

async function apng(frames: number): Promise<Buffer> {
  const control = Buffer.alloc(8);
  control.writeUInt32BE(frames, 0);
  return withChunk(await opaque().png().toBuffer(), "acTL", control);
}

/** `marker` and what follows, as the first segment. */
function withSegment(jpeg: Buffer, marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 0xff]);
  return Buffer.concat([jpeg.subarray(0, 2), head, data, jpeg.subarray(2)]);
}

/** Before IEND, which always has the same length. */
function withLastChunks(png: Buffer, ...chunks: [string, Buffer][]): Buffer {
  return Buffer.concat([png.subarray(0, -12), ...chunks.map(([type, data]) => chunk(type, data)), png.subarray(-12)]);
}

/** A segment with a secret behind the data of the first scan. */
function betweenScans(jpeg: Buffer, marker: number): Buffer {
  let at = jpeg.indexOf(Buffer.from([0xff, 0xda])) + 2;
  while (jpeg[at] !== 0xff || jpeg[at + 1] === 0) at += 1;
  const segment = withSegment(jpeg.subarray(0, 2), marker, Buffer.from("Exif\0\0SECRET")).subarray(2);
  return Buffer.concat([jpeg.subarray(0, at), segment, jpeg.subarray(at)]);
}

/** The first chunk of that type with another checksum. */
function withWrongChecksum(png: Buffer, type: string): Buffer {
  const bytes = Buffer.from(png);
  const at = bytes.indexOf(type);
  const checksum = at + 4 + bytes.readUInt32BE(at - 4);
  bytes.writeUInt32BE((bytes.readUInt32BE(checksum) ^ 1) >>> 0, checksum);
  return bytes;
}

/** Two frames in one file, as a phone's portrait mode writes them. */
async function multiPicture(): Promise<Buffer> {
  const jpeg = await opaque().jpeg().toBuffer();
  return Buffer.concat([withSegment(jpeg, 0xe2, Buffer.from("MPF\0MM\0*\0\0\0\b", "latin1")), jpeg]);
}

/** As phones write them; the method is not in sharp's types yet. */
function withGainMap(): Promise<Buffer> {
  return (opaque() as Sharp & { withGainMap(): Sharp }).withGainMap().jpeg().toBuffer();
}

const frames = async () => [await opaque().png().toBuffer(), await opaque().negate().png().toBuffer()];
const half = (bytes: Buffer) => bytes.subarray(0, bytes.length / 2);
const ftyp = (major: string, ...others: string[]) =>
  Buffer.concat([
    Buffer.from([0, 0, 0, 16 + 4 * others.length]),
    Buffer.from(`ftyp${major}\0\0\0\0${others.join("")}`, "latin1"),
    Buffer.alloc(64),
  ]);

describe("taken byte for byte", () => {
  it.each([
    ["a PNG", () => opaque().png()],
    ["a PNG with transparency", () => flag(96, 64, 0.5).png()],
    ["a JPEG", () => opaque().jpeg()],
    ["a progressive JPEG", () => opaque().jpeg({ progressive: true })],
  ])("%s that is fine as it stands", async (_, make) => {
    const bytes = await make().toBuffer();
    const read = await taken(bytes);
    expect(read.picture.equals(bytes)).toBe(true);
    expect(read).toMatchObject({ width: 96, height: 64, mediaType: bytes[0] === 0xff ? "image/jpeg" : "image/png" });
    expect(await serviceTakes(bytes, read.mediaType)).toBe(true);
  });

  it("what was made fit before: nothing gets worse from edit to edit", async () => {
    const first = await taken(await opaque().withMetadata({ orientation: 6 }).jpeg().toBuffer());
    expect((await taken(first.picture)).picture.equals(first.picture)).toBe(true);
    const second = await taken(await opaque().webp().toBuffer());
    expect((await taken(second.picture)).picture.equals(second.picture)).toBe(true);
  });
});

describe("made fit", () => {
  const red = [224, 16, 16];
  const grey = [112, 112, 112];
  type Fit = { mediaType: string; colour: number[]; distance: number };
  const jpeg = { mediaType: "image/jpeg", colour: red, distance: 12 };
  const png = { mediaType: "image/png", colour: red, distance: 12 };
  it.each<[string, () => Promise<Buffer>, Fit]>([
    ["CMYK JPEG", () => opaque().toColourspace("cmyk").jpeg().toBuffer(), { ...jpeg, distance: 40 }],
    ["greyscale JPEG", () => opaque().toColourspace("b-w").jpeg().toBuffer(), { ...jpeg, colour: grey }],
    ["JPEG with more frames", multiPicture, jpeg],
    // The test's own picture is converted to more light first, and its base is darker then.
    ["JPEG with a gain map", withGainMap, { ...jpeg, colour: [174, 10, 8] }],
    ["JPEG with wide colours", () => opaque().withIccProfile("p3").jpeg().toBuffer(), jpeg],
    ["PNG with a palette", () => opaque().png({ palette: true }).toBuffer(), png],
    ["greyscale PNG", () => opaque().toColourspace("b-w").png().toBuffer(), { ...png, colour: grey }],
    ["PNG of 16 bits", () => opaque().toColourspace("rgb16").png().toBuffer(), png],
    ["PNG with one frame", () => apng(1), png],
    ["PNG without its last bytes", async () => (await opaque().png().toBuffer()).subarray(0, -12), png],
    ["WebP", () => opaque().webp().toBuffer(), png],
    ["still GIF", () => opaque().gif().toBuffer(), { ...png, colour: [...red, 255] }],
    ["WebP with transparency", () => flag(96, 64, 0.5).webp().toBuffer(), { ...png, colour: [...red, 255] }],
  ])("a %s", async (_, make, { mediaType, colour, distance }) => {
    const bytes = await make();
    const read = await taken(bytes);
    expect(read.picture.equals(bytes)).toBe(false);
    expect(read).toMatchObject({ mediaType, width: 96, height: 64 });
    expect(await serviceTakes(read.picture, mediaType)).toBe(true);
    const { format, space, depth, icc, exif, hasAlpha, isPalette } = await sharp(read.picture).metadata();
    expect({ format: `image/${format}`, space, depth, icc, exif, hasAlpha, isPalette }).toEqual({
      format: mediaType,
      space: "srgb",
      depth: "uchar",
      icc: undefined,
      exif: undefined,
      hasAlpha: colour.length === 4,
      isPalette: false,
    });
    expect([await colourAt(read.picture, 12, 12), colour]).toSatisfy(([is = [], be = []]) => isNear(is, be, distance));
  });

  it("by need: these the service refuses as they come", async () => {
    expect(await serviceTakes(await opaque().toColourspace("cmyk").jpeg().toBuffer(), "image/jpeg")).toBe(false);
    expect(await serviceTakes(await multiPicture(), "image/jpeg")).toBe(false);
    expect(await serviceTakes(await withGainMap(), "image/jpeg")).toBe(false);
    expect(await serviceTakes(await opaque().png({ palette: true }).toBuffer(), "image/png")).toBe(false);
  });

  it.each([
    ["PNG", () => flag(96, 64, 0).png()],
    ["PNG with a palette", () => flag(96, 64, 0).png({ palette: true })],
    ["grey PNG", () => flag(96, 64, 0).greyscale().toColourspace("b-w").png()],
    ["WebP", () => flag(96, 64, 0).webp()],
    ["GIF", () => flag(96, 64, 0).gif()],
  ])("a %s keeps what is transparent in it", async (_, make) => {
    const { picture, mediaType } = await taken(await make().toBuffer());
    expect(mediaType).toBe("image/png");
    expect((await colourAt(picture, 84, 56))[3]).toBe(0);
    expect((await colourAt(picture, 12, 12))[3]).toBe(255);
  });

  it.each([
    [1, "top left"],
    [2, "top right"],
    [3, "bottom right"],
    [4, "bottom left"],
    [5, "top left"],
    [6, "top right"],
    [7, "bottom right"],
    [8, "bottom left"],
  ])("turned upright from orientation %i", async (orientation, corner) => {
    for (const type of ["jpeg", "png", "webp"] as const) {
      const { picture, width, height } = await taken(
        await opaque().withMetadata({ orientation }).toFormat(type).toBuffer(),
      );
      expect([width, height]).toEqual(orientation < 5 ? [96, 64] : [64, 96]);
      const { width: seen, height: high, orientation: left } = await sharp(picture).metadata();
      expect({ seen, high, left }).toEqual({ seen: width, high: height, left: undefined });
      for (const place of ["top left", "top right", "bottom left", "bottom right"]) {
        const at = [place.endsWith("left") ? 10 : width - 10, place.startsWith("top") ? 10 : height - 10] as const;
        const [red = 0] = await colourAt(picture, ...at);
        expect([place, red > 128]).toEqual([place, place === corner]);
      }
    }
  });

  it.each<[string, () => Promise<Buffer>]>([
    [
      "EXIF in a JPEG",
      () =>
        opaque()
          .withExif({ IFD0: { Artist: "SECRET" } })
          .jpeg()
          .toBuffer(),
    ],
    [
      "EXIF in a PNG",
      () =>
        opaque()
          .withExif({ IFD0: { Artist: "SECRET" } })
          .png()
          .toBuffer(),
    ],
    [
      "EXIF in a WebP",
      () =>
        opaque()
          .withExif({ IFD0: { Artist: "SECRET" } })
          .webp()
          .toBuffer(),
    ],
    ["XMP in a JPEG", () => opaque().withXmp("<x:xmpmeta>SECRET</x:xmpmeta>").jpeg().toBuffer()],
    ["a comment in a JPEG", async () => withSegment(await opaque().jpeg().toBuffer(), 0xfe, Buffer.from("SECRET"))],
    ["a thumbnail", async () => withSegment(await opaque().jpeg().toBuffer(), 0xe0, Buffer.from("JFIF\0SECRETxxxxxx"))],
    ["bytes behind a JPEG", async () => Buffer.concat([await opaque().jpeg().toBuffer(), Buffer.from("SECRET")])],
    ["a note in a PNG", async () => withChunk(await opaque().png().toBuffer(), "tEXt", Buffer.from("a\0SECRET"))],
    ["a strange piece of a PNG", async () => withChunk(await opaque().png().toBuffer(), "caBX", Buffer.from("SECRET"))],
    ["bytes behind a PNG", async () => Buffer.concat([await opaque().png().toBuffer(), Buffer.from("SECRET")])],
    [
      "a fat gamma",
      async () => withChunk(await opaque().png().toBuffer(), "gAMA", Buffer.from("\0\0\u00b1\u008fSECRET", "latin1")),
    ],
    [
      "a second run of pixels in a PNG",
      async () =>
        withLastChunks(await opaque().png().toBuffer(), ["pHYs", Buffer.alloc(9)], ["IDAT", Buffer.from("SECRET")]),
    ],
    [
      "bytes behind the pixels of a PNG",
      async () => withLastChunks(await opaque().png().toBuffer(), ["IDAT", Buffer.from("SECRET")]),
    ],
    [
      "a comment between the scans of a JPEG",
      async () => betweenScans(await opaque().jpeg({ progressive: true }).toBuffer(), 0xfe),
    ],
    [
      "EXIF between the scans of a JPEG",
      async () => betweenScans(await opaque().jpeg({ progressive: true }).toBuffer(), 0xe1),
    ],
  ])("%s is taken out", async (_, make) => {
    const bytes = await make();
    expect(bytes.includes("SECRET")).toBe(true);
    const { picture, width, height } = await taken(bytes);
    expect(picture.includes("SECRET")).toBe(false);
    expect([width, height]).toEqual([96, 64]);
  });
});

describe("damaged in its frame and whole in its pixels", () => {
  it.each<[string, () => Promise<Buffer>]>([
    [
      "a PNG with a wrong checksum of its pixels",
      async () => withWrongChecksum(await opaque().png().toBuffer(), "IDAT"),
    ],
    [
      "a PNG with a wrong checksum of its header",
      async () => withWrongChecksum(await opaque().png().toBuffer(), "IHDR"),
    ],
    ["a PNG without its last chunk", async () => (await opaque().png().toBuffer()).subarray(0, -12)],
    ["a PNG that breaks off in its last checksum", async () => (await opaque().png().toBuffer()).subarray(0, -14)],
    ["a JPEG without its last two bytes", async () => (await opaque().jpeg().toBuffer()).subarray(0, -2)],
    ["a JPEG without its last byte", async () => (await opaque().jpeg().toBuffer()).subarray(0, -1)],
    [
      "a progressive JPEG without its end",
      async () => (await opaque().jpeg({ progressive: true }).toBuffer()).subarray(0, -2),
    ],
  ])("%s is taken, and sent on without the damage", async (_, make) => {
    const read = await taken(await make());
    expect(await serviceTakes(read.picture, read.mediaType)).toBe(true);
    expect(isNear(await colourAt(read.picture, 10, 10), [224, 16, 16], 12)).toBe(true);
    await sharp(read.picture, { failOn: "warning" }).raw().toBuffer();
  });
});

describe("reduced to what a model draws at most", () => {
  it.each([
    ["a 12 megapixel photograph", 4000, 3000, [3325, 2494]],
    ["a square", 3000, 3000, [2880, 2880]],
    ["a wide one", 16_384, 1024, [3840, 240]],
    ["a tall one", 1000, 12_000, [320, 3840]],
  ])("%s", async (_, width, height, expected) => {
    for (const type of ["jpeg", "png"] as const) {
      const bytes = await sharp({ create: { width, height, channels: 3, background: "#369" } })
        .toFormat(type)
        .toBuffer();
      const read = await taken(bytes);
      expect([read.width, read.height]).toEqual(expected);
      const { width: seen, height: high } = await sharp(read.picture).metadata();
      expect([seen, high]).toEqual(expected);
    }
  });

  it.each([
    ["as many pixels", 3840, 2160],
    ["a longer edge, but fewer pixels", 8000, 200],
  ])("not with %s", async (_, width, height) => {
    const bytes = await sharp({ create: { width, height, channels: 3, background: "#369" } })
      .png()
      .toBuffer();
    expect((await taken(bytes)).picture.equals(bytes)).toBe(true);
  });

  it("a PNG of nearly 50 MB, which stays under them", async () => {
    const raw = { width: 4060, height: 4060, channels: 3 } as const;
    const bytes = await sharp(randomBytes(3 * 4060 * 4060), { raw })
      .png({ compressionLevel: 0 })
      .toBuffer();
    expect(bytes.length).toSatisfy((length: number) => length > 49_000_000 && length < MOST_SOURCE_BYTES);
    const { picture } = await taken(bytes);
    expect(picture.length).toBeLessThan(MOST_SOURCE_BYTES);
  });
});

describe("refused", () => {
  it("what has 60 MB, whatever it is", async () => {
    const fault = { fault: "source too large", bytes: 60_000_000, limit: 50_000_000 };
    expect(await faultOf(Buffer.alloc(60_000_000))).toEqual(fault);
    // The service wants less than 50 MB.
    expect(await faultOf(Buffer.alloc(50_000_000))).toMatchObject({ fault: "source too large" });
    expect(await faultOf(Buffer.alloc(49_999_999))).toMatchObject({ fault: "source not a picture" });
    expect(await faultOf(Buffer.concat([await opaque().png().toBuffer(), Buffer.alloc(50_000_000)]))).toMatchObject({
      fault: "source too large",
    });
  });

  it.each<[string, () => Buffer | Promise<Buffer>]>([
    ["nothing", () => Buffer.alloc(0)],
    ["three bytes of a JPEG", () => Buffer.from([0xff, 0xd8, 0xff])],
    ["text", () => Buffer.from("This is no picture, it is only called picture.png.")],
    ["text that begins like a bitmap", () => Buffer.from("BMW builds cars, and this is a text about them.")],
    [
      "a page with a drawing in it",
      () => Buffer.from('<!DOCTYPE html><html><body><svg width="9"></svg></body></html>'),
    ],
    ["XML that is no drawing", () => Buffer.from('<?xml version="1.0"?><feed><entry>svg</entry></feed>')],
    ["zeros", () => Buffer.alloc(1000)],
  ])("%s, as no picture", async (_, make) => {
    expect(await faultOf(await make())).toEqual({ fault: "source not a picture" });
  });

  it.each<[string, () => Promise<Buffer> | Buffer]>([
    ["text behind the signature of a PNG", () => Buffer.concat([PNG_SIGNATURE, Buffer.from("and then only words")])],
    ["half a PNG", async () => half(await noise(96, 64).png().toBuffer())],
    ["half an interlaced PNG", async () => half(await noise(96, 64).png({ progressive: true }).toBuffer())],
    ["half a JPEG", async () => half(await noise(96, 64).jpeg().toBuffer())],
    ["a JPEG without its last bytes", async () => (await noise(96, 64).jpeg().toBuffer()).subarray(0, -40)],
    ["half a progressive JPEG", async () => half(await noise(96, 64).jpeg({ progressive: true }).toBuffer())],
    ["half a GIF", async () => half(await noise(96, 64).gif().toBuffer())],
    ["half a WebP", async () => half(await noise(96, 64).webp().toBuffer())],
    ["a PNG with a hole", async () => (await noise(96, 64).png().toBuffer()).fill(0x5a, 3000, 3100)],
    ["a PNG that breaks off in its last pixels", async () => (await noise(96, 64).png().toBuffer()).subarray(0, -40)],
  ])("%s, as damaged", async (_, make) => {
    expect(await faultOf(await make())).toEqual({ fault: "source damaged" });
  });

  it.each<[string, string, () => Buffer | Promise<Buffer>]>([
    ["HEIC", "of a phone", () => ftyp("heic", "heic")],
    ["HEIC", "that names no codec", () => ftyp("mif1", "miaf")],
    ["HEIC", "that names its codec later", () => ftyp("mif1", "miaf", "heix")],
    ["AVIF", "as sharp writes it", () => opaque().avif().toBuffer()],
    ["AVIF", "that names its codec later", () => ftyp("mif1", "miaf", "avif")],
    ["TIFF", "as sharp writes it", () => opaque().tiff().toBuffer()],
    ["SVG", "alone", () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"/>')],
    ["SVG", "in 16 bits", () => Buffer.from('\uFEFF<svg xmlns="http://www.w3.org/2000/svg"/>', "utf16le")],
    [
      "SVG",
      "behind a prologue",
      () => Buffer.from('\uFEFF<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'),
    ],
    ["PDF", "", () => Buffer.from("%PDF-1.7\n%and so on for a while")],
    ["BMP", "", () => Buffer.concat([Buffer.from("BM"), Buffer.alloc(12), Buffer.from([40]), Buffer.alloc(60)])],
    ["Photoshop", "", () => Buffer.concat([Buffer.from("8BPS\0\x01"), Buffer.alloc(40)])],
    ["JPEG XL", "", () => Buffer.concat([Buffer.from("ff0a", "hex"), Buffer.alloc(40)])],
    ["video", "MP4", () => ftyp("isom", "iso2", "avc1", "mp41")],
    ["video", "QuickTime", () => ftyp("qt  ")],
    ["video", "WebM", () => Buffer.concat([Buffer.from("1a45dfa3", "hex"), Buffer.alloc(40)])],
    ["camera raw", "of Canon", () => ftyp("crx ", "crx ", "isom")],
  ])("%s %s, by its name", async (kind, _, make) => {
    expect(await faultOf(await make())).toEqual({ fault: "source kind refused", kind });
  });

  it.each<[string, () => Promise<Buffer>]>([
    [
      "GIF",
      async () =>
        sharp(await frames(), { join: { animated: true } })
          .gif()
          .toBuffer(),
    ],
    [
      "WebP",
      async () =>
        sharp(await frames(), { join: { animated: true } })
          .webp()
          .toBuffer(),
    ],
    ["PNG", () => apng(2)],
  ])("a %s that moves", async (_, make) => expect(await faultOf(await make())).toEqual({ fault: "source animated" }));

  it.each([
    [1, 1],
    [15, 400],
    [400, 15],
  ])("%i×%i pixels, as too small", async (width, height) => {
    const bytes = await sharp({ create: { width, height, channels: 3, background: "#369" } })
      .png()
      .toBuffer();
    expect(await faultOf(bytes)).toEqual({ fault: "source too small", width, height, least: 16 });
  });

  it("but not 16×16 pixels", async () =>
    expect(await taken(await opaque(16, 16).png().toBuffer())).toMatchObject({ width: 16, height: 16 }));

  it.each([
    ["20,000 pixels long", 20_000, 100, 16_384],
    ["20,000 pixels high", 100, 20_000, 16_384],
    ["a bomb", 20_000, 20_000, 7094],
    ["with too many pixels", 10_000, 8000, 7931],
  ])("%s, with the longest edge that would do for its shape", async (_, width, height, most) => {
    const bytes = hugePng(width, height);
    expect(await faultOf(bytes)).toEqual({ fault: "source too wide", width, height, most });
  });

  it("a bomb of a JPEG and of a GIF", async () => {
    const jpeg = await opaque().jpeg().toBuffer();
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    jpeg.writeUInt16BE(60_000, frame + 5);
    jpeg.writeUInt16BE(60_000, frame + 7);
    expect(await faultOf(jpeg)).toEqual({ fault: "source too wide", width: 60_000, height: 60_000, most: 7094 });
    const gif = await sharp({ create: { width: 60, height: 20_000, channels: 3, background: "#369" } })
      .gif()
      .toBuffer();
    expect(await faultOf(gif)).toEqual({ fault: "source too wide", width: 60, height: 20_000, most: 16_384 });
  });
});

it("many large ones at once take the memory of one", async () => {
  const folder = mkdtempSync(join(tmpdir(), "easel-sources-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "large.gif");
  const large = { width: 8192, height: 6144, channels: 3, background: "#369" } as const;
  writeFileSync(file, await sharp({ create: large }).gif({ effort: 1 }).toBuffer());
  const script = join(folder, "read.ts");
  const source = join(import.meta.dirname, "../../src/pixels/read-source-picture.ts");
  writeFileSync(
    script,
    `import { readFileSync } from "node:fs";
     import { readSourcePicture } from ${JSON.stringify(source)};
     const bytes = readFileSync(${JSON.stringify(file)});
     const read = await Promise.all(Array.from({ length: Number(process.argv[2]) }, () => readSourcePicture(bytes)));
     console.log(JSON.stringify({ widths: read.map(({ width }) => width), peak: process.resourceUsage().maxRSS / 1000 }));`,
  );
  const run = (count: number) =>
    JSON.parse(spawnSync(process.execPath, [script, String(count)], { encoding: "utf8" }).stdout) as {
      widths: number[];
      peak: number;
    };
  const [one, three] = [run(1), run(3)];
  expect(three.widths).toEqual([3325, 3325, 3325]);
  // Each alone takes about 250 MB; what is given back is not at once the system's again.
  expect(three.peak).toBeLessThan(one.peak + 200);
});
