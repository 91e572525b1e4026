import { randomUUID } from "node:crypto";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startImagesApi } from "../../local/images-api/images-api.ts";
import type { ImagesApi } from "../../local/images-api/images-api.ts";
import { acceptRequest } from "../../src/ask/accept.ts";
import { readInput } from "../../src/storage/input-blobs.ts";
import { beginEdit } from "../../src/ask/begin-edit.ts";
import { findPicture, requestOfPress, requestOfRevision, requestOfWords } from "../../src/ask/go-on.ts";
import type { PlainChange } from "../../src/ask/go-on.ts";
import { SourceNotFetched } from "../../src/replies/delivery.ts";
import type { FetchSource, Senders } from "../../src/replies/delivery.ts";
import { requestOfDraft } from "../../src/jobs/drafts.ts";
import { readJob } from "../../src/jobs/job.ts";
import type { Job } from "../../src/jobs/job.ts";
import { readPicture } from "../../src/storage/picture-blobs.ts";
import type { ImageRequest } from "../../src/request/request.ts";
import { deletePicture } from "../../src/ask/cancel-and-delete.ts";
import { startWorker } from "../../src/work/worker.ts";
import type { Worker } from "../../src/work/worker.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { announceAtOnce, openCore, until } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { spoken } from "../words/spoken.ts";

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

let images: ImagesApi;
let core: Core;
beforeEach(async () => {
  images = await startImagesApi({ plainly: true, latency: 0, scenarios: true });
  core = await openCore(azurite.connectionString, images.url);
});
afterEach(async () => {
  await core.stop();
  await images.stop();
});

const ada = { platform: "test", channel: "1", user: "2", name: "Ada" };
const bob = { platform: "test", channel: "1", user: "3", name: "Bob" };

async function ask(request: ImageRequest): Promise<Job> {
  const accepted = await acceptRequest(request, core.settings, core.azure);
  if (accepted.outcome !== "accepted") throw new Error(JSON.stringify(accepted));
  await announceAtOnce(accepted, core);
  return (await core.told(request.id)).job;
}

async function drawn(options: ImageRequest["options"] = {}): Promise<Job> {
  return (await core.told(await core.accept(options))).job;
}

const event = () => {
  const id = `test-${randomUUID()}`;
  return { id, address: { platform: "test", job: id } };
};

async function pressed(change: PlainChange, job: Job, by = bob): Promise<ImageRequest> {
  const read = await requestOfPress({ ref: `${job.id}.1`, by, change, ...event() }, core.settings, core.azure);
  if ("sorry" in read) throw new Error(spoken(read.sorry));
  return read.request;
}

describe("a finished picture is the start of the next", () => {
  it("again: same words, same options, one picture, with its parent", async () => {
    core.work();
    const before = await drawn({ quality: "low", size: "wide", count: "2" });
    const after = await ask(await pressed("again", before));
    expect(after.order).toMatchObject({ prompt: "a lighthouse", quality: "low", size: "1536x1024", count: 1 });
    expect(after.request).toMatchObject({
      askedBy: { name: "Bob" },
      parent: { job: before.id, place: 1, change: "again" },
    });
  });

  it("finish: this very picture, by a model that edits, at its best quality", async () => {
    core.work();
    const { order } = await ask(await pressed("finish", await drawn({ model: "dall-e-3" })));
    expect(order).toMatchObject({ model: "gpt-image-2", quality: "high", prompt: "a lighthouse" });
    expect(images.calls.at(-1)).toMatchObject({ operation: "edits", inputPictures: 1, outcome: "drawn" });
  });

  it("finest: another picture of the same words, at the model's best quality", async () => {
    core.work();
    const { order, request } = await ask(await pressed("finest", await drawn({ model: "dall-e-3" })));
    expect(order).toMatchObject({ model: "dall-e-3", quality: "hd", prompt: "a lighthouse" });
    expect(request).toMatchObject({ parent: { change: "finish" } });
    expect(request.sources).toBeUndefined();
  });

  it("all: as many as there were", async () => {
    core.work();
    const { order } = await ask(await pressed("all", await drawn({ quality: "low", count: "3" })));
    expect(order).toMatchObject({ count: 3 });
  });

  it("more like this: the picture itself goes along, and a model that edits draws from it", async () => {
    core.work();
    const before = await drawn({ model: "dall-e-3", quality: "hd", style: "vivid", size: "wide" });
    const after = await ask(await pressed("like", before));
    expect(after.order).toMatchObject({ model: "gpt-image-2", quality: "high", size: "1536x1024" });
    expect(after.order?.style).toBeUndefined();
    const call = images.calls.at(-1);
    expect(call).toMatchObject({ operation: "edits", inputPictures: 1, outcome: "drawn" });
    const sent = await sharp(call?.inputs?.pictures[0]).raw().toBuffer();
    const kept = await readPicture(before.pictures[0]?.kept?.name ?? "", core.azure);
    expect(sent.equals(await sharp(kept).raw().toBuffer())).toBe(true);
  });

  it("an edit of some cells: what may change is transparent in the mask, and the shape stays", async () => {
    core.work();
    const before = await drawn({ size: "tall" });
    const begun = await beginEdit({ ref: `${before.id}.1`, by: bob, ...event() }, core.settings, core.azure);
    if ("sorry" in begun) throw new Error(spoken(begun.sorry));
    const { id, address } = event();
    const request = requestOfDraft(begun.draft, { id, words: "a boat in front", region: { cells: ["A1", "D4"] } });
    const after = await ask({ ...request, address });
    expect(after.order).toMatchObject({ size: "1024x1536", prompt: "a boat in front" });
    expect(after.request.parent).toMatchObject({ change: "edit", job: before.id });
    const mask = images.calls.at(-1)?.inputs?.mask;
    const { data, info } = await sharp(mask).extractChannel("alpha").raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 1024, height: 1536 });
    const alphaAt = (x: number, y: number) => data[y * info.width + x];
    expect([alphaAt(10, 10), alphaAt(1000, 1500), alphaAt(1000, 10), alphaAt(500, 700)]).toEqual([0, 0, 255, 255]);
  });

  it("again of what was made from a picture is made from it again, and not once that is deleted", async () => {
    core.work();
    const before = await drawn();
    const like = await ask(await pressed("like", before));
    const again = await pressed("again", like);
    expect(again.sources).toEqual([{ from: "drawn", picture: { job: before.id, place: 1 } }]);
    expect((await ask(again)).pictures[0]?.state).toBe("kept");
    await deletePicture({ ref: `${before.id}.1`, by: ada, isModerator: false }, core.azure);
    await until(async () => (await readJob(before.id, core.azure))?.job.pictures[0]?.state === "deleted");
    // No copy of it was left behind that could be drawn from.
    const late = await ask({ ...again, ...event() });
    expect(late.sourceFaults).toEqual([{ fault: "source deleted" }]);
  });

  it("goes on with the model that drew it, and with today's where that is gone", async () => {
    core.work();
    const before = await drawn({ model: "dall-e-3", quality: "hd", style: "natural", size: "wide" });
    expect((await pressed("again", before)).options).toMatchObject({ model: "dall-e-3", quality: "hd" });
    core.settings.models = [{ name: "gpt-image-2", deployment: "pictures" }];
    const again = await ask(await pressed("again", before, ada));
    expect(again.order).toMatchObject({ model: "gpt-image-2", quality: "high", size: "1536x1024" });
    expect((await ask(await pressed("finish", before))).order).toMatchObject({ quality: "high" });
  });

  it("a press that nothing came of does not stand in the way of the next", async () => {
    core.work();
    const before = await drawn();
    await pressed("again", before);
    const again = await until(() => pressed("again", before).catch(() => undefined));
    expect((await ask(again)).pictures[0]?.state).toBe("kept");
  });

  it("other words: the new ones and the options beside them, with the parent", async () => {
    core.work();
    const before = await drawn({ quality: "low" });
    const found = await findPicture({ ref: `${before.id}.1`, by: bob }, core.azure);
    if ("sorry" in found) throw new Error(spoken(found.sorry));
    const asked = { ...event(), by: bob, words: "a lighthouse at night", options: { quality: "medium" } };
    const after = await ask(requestOfWords(found, asked));
    expect(after.order).toMatchObject({ prompt: "a lighthouse at night", quality: "medium" });
    expect(after.request.parent).toMatchObject({ job: before.id, change: "words" });
  });

  it("a refused edit in other words keeps its pictures", async () => {
    core.work();
    const before = await drawn();
    const refused = await ask({ ...(await pressed("like", before)), prompt: "[[blocked:prompt]] no" });
    expect(refused.pictures[0]?.state).toBe("refused");
    const after = await ask(requestOfRevision(refused, { ...event(), by: bob, words: "yes", options: {} }));
    expect(after.pictures[0]?.state).toBe("kept");
    expect(images.calls.at(-1)).toMatchObject({ operation: "edits", prompt: "yes", inputPictures: 1 });
  });

  it("ten clicks at once are one; a click some seconds later is another", async () => {
    core.work();
    const before = await drawn();
    const click = () =>
      requestOfPress({ ref: `${before.id}.1`, by: bob, change: "again", ...event() }, core.settings, core.azure);
    const { times } = core.azure;
    // However long a busy machine needs for ten.
    core.azure.times = { ...times, storage: { ...times.storage, takenSeconds: 60, oneClickSeconds: 60 } };
    const clicks = await Promise.all(Array.from({ length: 10 }, click));
    expect(clicks.filter((click) => "request" in click)).toHaveLength(1);
    const other = await requestOfPress(
      { ref: `${before.id}.1`, by: ada, change: "again", ...event() },
      core.settings,
      core.azure,
    );
    expect(other).toHaveProperty("request");
    const first = clicks.find((click) => "request" in click);
    if (!first || !("request" in first)) throw new Error("no click was taken");
    // The same event once more, as another replica hears it, is the same job.
    const { id, address } = first.request;
    const press = { ref: `${before.id}.1`, by: bob, change: "again", id, address } as const;
    expect(await requestOfPress(press, core.settings, core.azure)).toMatchObject({ request: { id } });
    core.azure.times = times;
    await until(async () => "request" in (await click()));
  });
});

describe("who may", () => {
  const sorryFor = async (ref: string, by = bob) => {
    const found = await findPicture({ ref, by }, core.azure);
    return "sorry" in found ? spoken(found.sorry) : undefined;
  };

  it("nobody from another chat, and with a private picture its asker alone", async () => {
    core.work();
    const open = await drawn();
    const hidden = await ask({ ...core.request(), private: true });
    expect(await sorryFor(`${open.id}.1`)).toBeUndefined();
    expect(await sorryFor(`${open.id}.1`, { ...bob, channel: "other" })).toContain("another chat");
    expect(await sorryFor(`${open.id}.1`, { ...bob, platform: "elsewhere" })).toContain("another chat");
    expect(await sorryFor(`${open.id}.1`, { ...ada, channel: "other" })).toBeUndefined();
    expect(await sorryFor(`${hidden.id}.1`)).toContain("another chat");
    expect(await sorryFor(`${hidden.id}.1`, ada)).toBeUndefined();
    // What its asker makes of it in another chat, nobody there sees.
    const elsewhere = { ...ada, channel: "other" };
    expect((await pressed("again", open, elsewhere)).private).toBe(true);
    expect((await pressed("again", open, bob)).private).toBe(false);
  });

  it.each(["", "nonsense", "test-1.0", "test-1.1.1", "../x.1", "test-1.1"])("no picture is at %j", async (ref) => {
    expect(await sorryFor(ref)).toContain("no longer have");
  });
});

describe("pictures that were brought", () => {
  let worker: Worker | undefined;
  afterEach(async () => worker?.stop());

  const png = (width = 800, height = 600) =>
    sharp({ create: { width, height, channels: 3, background: "#4477aa" } })
      .png()
      .toBuffer();

  async function edited(fetchSource: FetchSource, change: Partial<ImageRequest> = {}) {
    const senders: Senders = {
      test: async (address, reply) => {
        core.chat.push({ job: typeof address.job === "string" ? address.job : "", address, reply: spoken(reply) });
        return { delivered: true };
      },
    };
    worker = startWorker(core.settings, core.azure, senders, { test: fetchSource });
    const request = { ...core.request(), sources: [{ from: "chat", url: "https://chat/1" } as const], ...change };
    const accepted = await acceptRequest(request, core.settings, core.azure);
    if (accepted.outcome === "accepted") await announceAtOnce(accepted, core);
    else return { declined: accepted };
    return core.told(request.id);
  }

  it("are fetched once, checked and kept", async () => {
    const fetched: string[] = [];
    const bytes = await png();
    const result = await edited(async ({ url }) => {
      fetched.push(url);
      return bytes;
    });
    if ("declined" in result) throw new Error("declined");
    expect(fetched).toEqual(["https://chat/1"]);
    expect(result.job.inputs?.pictures).toEqual([`${result.job.id}-1.png`]);
    expect((await readInput(`${result.job.id}-1.png`, core.azure))?.length).toBeGreaterThan(0);
    expect(result.job.order?.size).toMatch(/^\d+x\d+$/);
    const [width = 0, height = 0] = (result.job.order?.size ?? "").split("x").map(Number);
    expect(width / height).toBeCloseTo(4 / 3, 1);
  });

  it("that are wrong are told all at once, and nothing is drawn", async () => {
    const [tiny, text] = [await png(1, 1), Buffer.from("this is no picture at all, whatever it is called")];
    const result = await edited(async ({ url }) => (url.endsWith("1") ? tiny : text), {
      sources: [
        { from: "chat", url: "https://chat/1" },
        { from: "chat", url: "https://chat/2" },
      ],
    });
    if ("declined" in result) throw new Error("declined");
    const said = result.reply.paragraphs.join("\n");
    expect(said).toMatch(/Picture 1: .*1×1/);
    expect(said).toMatch(/Picture 2: .*no picture that can be read/);
    expect(result.reply.quotes[0]?.words).toBe("a lighthouse");
    expect(images.calls).toHaveLength(0);
  });

  it("with a mask of another size are refused in words", async () => {
    const [picture, mask] = [await png(), await png(400, 300)];
    const result = await edited(
      async ({ url }) => (url.endsWith("mask") ? sharp(mask).ensureAlpha(0).png().toBuffer() : picture),
      {
        region: { mask: { from: "chat", url: "https://chat/mask" } },
      },
    );
    if ("declined" in result) throw new Error("declined");
    expect(result.reply.paragraphs.join("\n")).toContain("The mask is 400×300 and the picture 800×600");
    expect(images.calls).toHaveLength(0);
  });

  it("that are larger than a model draws are reduced, and the mask that came along with them", async () => {
    const [picture, alpha] = [await png(4800, 3600), Buffer.alloc(4800 * 3600, 255)];
    // The upper half may change.
    alpha.fill(0, 0, 4800 * 1800);
    const raw = { width: 4800, height: 3600, channels: 1 } as const;
    const mask = await sharp(await png(4800, 3600))
      .joinChannel(alpha, { raw })
      .png()
      .toBuffer();
    const result = await edited(async ({ url }) => (url.endsWith("mask") ? mask : picture), {
      region: { mask: { from: "chat", url: "https://chat/mask" } },
    });
    if ("declined" in result) throw new Error("declined");
    const inputs = images.calls[0]?.inputs;
    const [sent, sentMask] = [await sharp(inputs?.pictures[0]).metadata(), await sharp(inputs?.mask).metadata()];
    expect([sentMask.width, sentMask.height]).toEqual([sent.width, sent.height]);
    expect(sent.width).toBeLessThanOrEqual(3840);
    const { channels } = await sharp(inputs?.mask).stats();
    expect((channels.at(-1)?.mean ?? 0) / 255).toBeCloseTo(0.5, 2);
  });

  it("are asked for again where the chat's host stumbles, and given up where it refuses", async () => {
    let calls = 0;
    const bytes = await png();
    const result = await edited(async () => {
      calls += 1;
      if (calls === 1) throw new SourceNotFetched("status 503");
      return bytes;
    });
    if ("declined" in result) throw new Error("declined");
    expect([calls, result.job.pictures[0]?.state]).toEqual([2, "kept"]);
    // Its address is worth nothing tomorrow: what goes on from it is made from what was kept.
    expect((await pressed("again", result.job, ada)).sources).toEqual([
      { from: "input", name: `${result.job.id}-1.png` },
    ]);
  });

  it("cannot be edited where only DALL·E 3 is set up, and the answer says so", async () => {
    const settings = { ...core.settings, models: [{ name: "dall-e-3", deployment: "dalle3" }] as const };
    const request = { ...core.request(), sources: [{ from: "chat", url: "https://chat/1" } as const] };
    const accepted = await acceptRequest(request, { ...settings, models: [settings.models[0]] }, core.azure);
    expect(accepted.outcome).toBe("declined");
    expect("reply" in accepted && spoken(accepted.reply).paragraphs.join("\n")).toContain("draws from words alone");
  });

  it("are at most sixteen", async () => {
    const sources = Array.from({ length: 17 }, (_, index) => ({ from: "chat", url: `https://chat/${index}` }) as const);
    const result = await edited(async () => png(), { sources });
    expect("declined" in result && JSON.stringify(spoken(result.declined))).toContain("up to 16");
  });
});
