import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { readAskedChange } from "../../local/images-api/editing/asked-change.ts";
import { paintPicture } from "../../local/images-api/paint.ts";
import type { Order } from "../../local/images-api/parameters.ts";

const EDGE = 512;
const order: Order = {
  model: "gpt-image-2",
  prompt: "a castle on a hill at sunset",
  count: 1,
  size: "512x512",
  quality: "low",
  background: "opaque",
  format: "png",
  compression: 100,
  answer: "b64_json",
};

let castle: Buffer;
let mask: Buffer;
/** Upper right, an eighth of a picture in from its edges. */
const hole = { left: 288, top: 48, width: 160, height: 192 };
beforeAll(async () => {
  castle = await paintPicture(order, 0);
  const opaque = sharp({ create: { width: EDGE, height: EDGE, channels: 4, background: "#000" } });
  const clear = sharp({ create: { width: hole.width, height: hole.height, channels: 4, background: "#fff" } });
  const input = await clear.png().toBuffer();
  mask = await opaque
    .composite([{ input, left: hole.left, top: hole.top, blend: "dest-out" }])
    .png()
    .toBuffer();
});

const edit = (prompt: string, more: { mask?: Buffer; isLike?: boolean } = {}) =>
  paintPicture({ ...order, prompt }, 0, { pictures: [castle], ...more });

type Pixel = { x: number; y: number; now: number[]; change: number };

/** Every pixel that is another one than before, and by how much. */
async function changes(edited: Buffer): Promise<Pixel[]> {
  const [before, after] = await Promise.all(
    [castle, edited].map((bytes) => sharp(bytes).removeAlpha().raw().toBuffer()),
  );
  return Array.from({ length: EDGE * EDGE }, (_, pixel): Pixel => {
    const of = (bytes?: Buffer) => [0, 1, 2].map((channel) => bytes?.[pixel * 3 + channel] ?? 0);
    const [one, now] = [of(before), of(after)];
    const change = Math.max(...one.map((tone, channel) => Math.abs(tone - (now[channel] ?? 0))));
    return { x: pixel % EDGE, y: Math.floor(pixel / EDGE), now, change };
  }).filter(({ change }) => change > 0);
}

describe("an edit of a marked place", () => {
  test("paints what is asked for into it, whole and large, and changes nothing elsewhere", async () => {
    const changed = await changes(await edit("a hot air balloon", { mask }));
    const [xs, ys] = [changed.map(({ x }) => x), changed.map(({ y }) => y)];
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    // Nothing touches the edge, where it would look cut off.
    expect([left > hole.left, right < hole.left + hole.width - 1]).toEqual([true, true]);
    expect([top > hole.top, bottom < hole.top + hole.height - 1]).toEqual([true, true]);
    expect(bottom - top).toBeGreaterThan(hole.height * 0.75);
  });

  test("lights it as the picture is lit, unless the words name a colour", async () => {
    const colours = async (prompt: string) => {
      const painted = (await changes(await edit(prompt, { mask }))).filter(({ change }) => change > 40);
      return (
        painted.filter(({ now: [red = 0, green = 0, blue = 0] }) => blue > red + 40 && blue > green + 40).length /
        painted.length
      );
    };
    expect(await colours("a blue kite")).toBeGreaterThan(0.3);
    expect(await colours("a kite")).toBeLessThan(0.05);
  });

  test("gives it a soft edge where all of it changes", async () => {
    const changed = await changes(await edit("in pencil", { mask }));
    const at = (depth: number) => {
      const row = changed.filter(({ y }) => y === hole.top + depth);
      return row.reduce((sum, { change }) => sum + change, 0) / hole.width;
    };
    expect(at(1)).toBeLessThan(at(20) / 4);
  });

  test("takes away what stands there", async () => {
    const spread = async (bytes: Buffer) => {
      const { channels } = await sharp(
        await sharp(bytes).extract({ left: 64, top: 160, width: 160, height: 160 }).toBuffer(),
      ).stats();
      return channels.slice(0, 3).reduce((sum, { stdev }) => sum + stdev, 0);
    };
    const over = Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512"><path fill-rule="evenodd" d="M0 0H512V512H0zM32 128h224v224h-224z"/></svg>`,
    );
    const without = await edit("remove the castle", { mask: await sharp(over).png().toBuffer() });
    expect(await spread(without)).toBeLessThan((await spread(castle)) / 1.5);
  });
});

describe("an edit of the whole picture", () => {
  test.each([
    "as a watercolour",
    "in pencil",
    "black and white",
    "an oil painting",
    "pixel art",
    "as a comic",
    "a vintage photo",
    "neon",
  ])("shows the look that is asked for: %s", async (prompt) => {
    const changed = (await changes(await edit(prompt))).filter(({ y, change }) => y < EDGE * 0.85 && change > 6);
    expect(changed.length).toBeGreaterThan(EDGE * EDGE * 0.2);
  });

  test("adds a thing and leaves the rest", async () => {
    const changed = (await changes(await edit("a red sofa"))).filter(({ y }) => y < EDGE * 0.85);
    expect(changed.length).toBeGreaterThan(2000);
    expect(changed.length).toBeLessThan(EDGE * EDGE * 0.2);
  });

  test("paints another of its kind where the words are its own", async () => {
    const like = await edit(order.prompt, { isLike: true });
    expect((await changes(like)).length).toBeGreaterThan(0);
    expect(like.equals(await edit(order.prompt))).toBe(false);
  });
});

test.each([
  ["a dragon flying over the towers", { thing: "dragon" }],
  ["replace the cat with a fox", { thing: "fox" }],
  ["turn the sea into a garden", { thing: "flowers" }],
  ["a red umbrella in her hand", { thing: "umbrella" }],
  ["make the fox blue", { thing: undefined, colour: [214, 84, 52] }],
  ["as a watercolour", { thing: undefined, look: "watercolour" }],
  ["remove the tree", { removes: true }],
] as const)("“%s” asks for that", (words, change) => {
  expect(readAskedChange(words)).toMatchObject(change);
});
