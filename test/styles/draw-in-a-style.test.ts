import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { startScriptedImages } from "../fakes/scripted-images.ts";
import type { ScriptedCall, ScriptedImages } from "../fakes/scripted-images.ts";
import { announceAtOnce, openCore, until } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { acceptRequest } from "../../src/ask/accept.ts";
import { deletePicture } from "../../src/ask/cancel-and-delete.ts";
import { requestOfPress } from "../../src/ask/go-on.ts";
import { readJob } from "../../src/jobs/job.ts";
import type { Asker, ImageRequest, Source } from "../../src/request/request.ts";
import { dropStyle, saveStyle } from "../../src/styles/style-book.ts";
import { useNoStyle, useStyle } from "../../src/styles/own-style.ts";
import { spoken } from "../words/spoken.ts";

let azurite: Azurite;
let images: ScriptedImages;
let core: Core;
beforeAll(async () => {
  [azurite, images] = await Promise.all([startAzurite(), startScriptedImages()]);
  core = await openCore(azurite.connectionString, images.origin);
  core.work();
});
afterAll(async () => {
  await core.stop();
  await Promise.all([azurite.stop(), images.stop()]);
});

let channels = 0;
function openChannel(): Asker {
  channels += 1;
  return { platform: "test", workspace: `guild ${channels}`, channel: "7", user: "2", name: "Ada" };
}

async function take(by: Asker, change: Partial<ImageRequest> = {}) {
  const accepted = await acceptRequest({ ...core.request(), askedBy: by, ...change }, core.settings, core.azure);
  if (accepted.outcome === "accepted") await announceAtOnce(accepted, core);
  return accepted;
}

/** What the image service was asked, and what stood in the chat in the end. */
async function draw(by: Asker, change: Partial<ImageRequest> = {}) {
  const accepted = await take(by, change);
  if (accepted.outcome !== "accepted") throw new Error(`not accepted: ${JSON.stringify(accepted)}`);
  const before = images.calls.length;
  const told = await core.told(accepted.job.id);
  const calls = images.calls.slice(before - 1).filter(({ path }) => path.includes("/images/"));
  return { ...told, waiting: spoken(accepted.reply), call: calls.at(-1) as ScriptedCall };
}

const save = (name: string, by: Asker, { words, references = [] }: { words?: string; references?: Source[] } = {}) =>
  saveStyle(name, { by, at: new Date(0).toISOString(), event: randomUUID(), words, references }, () => true, {
    azure: core.azure,
  });

async function saved(name: string, by: Asker, more: Parameters<typeof save>[2] = {}) {
  const saving = await save(name, by, more);
  if (!("saved" in saving)) throw new Error("not saved");
  return saving.saved;
}

describe("a picture in a saved style", () => {
  it("shows the person's own words and says the style apart, while the model reads both", async () => {
    const by = openChannel();
    await save("Harbour", by, { words: "soft watercolour" });
    const { job, reply, waiting, call } = await draw(by, { options: { style: "harbour" } });
    expect(call.parameters.prompt).toBe("a lighthouse\n\nStyle: soft watercolour");
    expect(job.request).toMatchObject({ prompt: "a lighthouse", options: {}, style: { name: "Harbour", version: 1 } });
    expect(waiting.origin).toBe("In the style Harbour, v1");
    expect(reply.origin).toBe("In the style Harbour, v1");
    expect(reply.quotes[0]?.words).toBe("a lighthouse");
    expect(reply.facts).toContainEqual({ name: "Saved style", value: "Harbour, v1" });
  });

  it("sends references along as pictures where the model edits, and words alone where it does not", async () => {
    const by = openChannel();
    const { job } = await draw(by);
    await save("harbour", by, { words: "soft", references: [{ from: "drawn", picture: { job: job.id, place: 1 } }] });
    const edited = await draw(by, { options: { style: "harbour" } });
    expect(edited.call.path).toContain("/images/edits");
    expect(edited.call.parameters.prompt).toContain("references for style alone");
    expect(edited.call.parameters.size).toBe("1024x1024");
    const plain = await draw(by, { options: { style: "harbour", model: "dall-e-3" } });
    expect(plain.call.path).toContain("/images/generations");
    expect(plain.call.parameters.prompt).toBe("a lighthouse\n\nStyle: soft");
  });

  it("leaves out a reference that was deleted, and says so", async () => {
    const by = openChannel();
    const { job } = await draw(by);
    await save("harbour", by, { words: "soft", references: [{ from: "drawn", picture: { job: job.id, place: 1 } }] });
    await deletePicture({ ref: `${job.id}.1`, by, isModerator: false, signal: AbortSignal.timeout(5000) }, core.azure);
    await until(async () => (await readJob(job.id, core.azure))?.job.pictures[0]?.state === "deleted");
    const { call, reply } = await draw(by, { options: { style: "harbour" } });
    expect(call.path).toContain("/images/generations");
    expect(call.parameters.prompt).toBe("a lighthouse\n\nStyle: soft");
    expect(reply.paragraphs).toContain("One picture of the style was deleted, so it was left out.");
  });

  it("stays in its version with what goes on from the picture, whatever becomes of the style", async () => {
    const by = openChannel();
    const style = await saved("harbour", by, { words: "soft" });
    const { job } = await draw(by, { options: { style: "harbour" } });
    await save("harbour", by, { words: "hard" });
    const dropped = await dropStyle(style, { by, mayChange: () => true }, core.azure);
    expect(dropped).toMatchObject({ versions: [{ version: 2 }, { version: 1 }] });
    const pressed = { ref: `${job.id}.1`, by, change: "again", id: `test-${randomUUID()}` } as const;
    const asked = await requestOfPress(
      { ...pressed, address: { platform: "test", job: pressed.id } },
      core.settings,
      core.azure,
    );
    if (!("request" in asked)) throw new Error("nothing to draw");
    const again = await draw(by, asked.request);
    expect(again.call.parameters.prompt).toBe("a lighthouse\n\nStyle: soft");
    expect(again.reply.origin).toBe("In the style harbour, v1 · Again");
  });

  it("is asked for by a name that is there: else it is said which is near, with all other faults", async () => {
    const by = openChannel();
    await save("harbour", by);
    const accepted = await take(by, { options: { style: "harbor", count: "9" } });
    if (accepted.outcome !== "declined") throw new Error("accepted");
    const { paragraphs } = spoken(accepted.reply);
    expect(paragraphs.join("\n")).toMatch(/There is no style “harbor” here. Did you mean “harbour”\?.*“style list”/);
    expect(paragraphs.join("\n")).toContain("“9” pictures");
    const [revise] = accepted.reply.actions;
    expect(revise).toMatchObject({ do: "revise", words: "a lighthouse --style harbor" });
  });

  it("is the model's own word where that is one", async () => {
    const by = openChannel();
    const { call } = await draw(by, { options: { style: "natural", model: "dall-e-3" } });
    expect(call.parameters).toMatchObject({ style: "natural", prompt: "a lighthouse" });
  });
});

describe("a channel's own style", () => {
  it("goes into every request there and nowhere else, visibly, until it is taken away", async () => {
    const by = openChannel();
    await useStyle(await saved("harbour", by, { words: "soft" }), by, core.azure);
    const { call, reply } = await draw(by);
    expect(call.parameters.prompt).toBe("a lighthouse\n\nStyle: soft");
    expect(reply.origin).toBe("In the style harbour, v1");
    expect((await draw({ ...by, channel: "8" })).call.parameters.prompt).toBe("a lighthouse");
    await useNoStyle(by, core.azure);
    expect((await draw(by)).call.parameters.prompt).toBe("a lighthouse");
  });

  it("can be left out of one request, and then out of what goes on from it", async () => {
    const by = openChannel();
    await useStyle(await saved("harbour", by, { words: "soft" }), by, core.azure);
    const { call, job, reply } = await draw(by, { options: { style: "none" } });
    expect(call.parameters.prompt).toBe("a lighthouse");
    expect(reply.origin).toBeUndefined();
    expect(job.request.style).toBeNull();
    const pressed = { ref: `${job.id}.1`, by, change: "again", id: `test-${randomUUID()}` } as const;
    const asked = await requestOfPress(
      { ...pressed, address: { platform: "test", job: pressed.id } },
      core.settings,
      core.azure,
    );
    if (!("request" in asked)) throw new Error("nothing to draw");
    expect((await draw(by, asked.request)).call.parameters.prompt).toBe("a lighthouse");
  });

  it("goes into a brainstorm's ideas there, also into those that go on from a picture", async () => {
    const by = openChannel();
    const { job } = await draw(by);
    await useStyle(await saved("harbour", by, { words: "soft" }), by, core.azure);
    const parent = { job: job.id, place: 1, change: "like" } as const;
    const brainstorm = { session: "0".repeat(32), round: 2, idea: 1 };
    expect((await draw(by, { parent, brainstorm })).call.parameters.prompt).toBe("a lighthouse\n\nStyle: soft");
    expect((await draw(by, { parent })).call.parameters.prompt).toBe("a lighthouse");
  });

  it("is nobody's any more once it is dropped", async () => {
    const by = openChannel();
    const style = await saved("harbour", by, { words: "soft" });
    await useStyle(style, by, core.azure);
    await dropStyle(style, { by, mayChange: () => true }, core.azure);
    expect((await draw(by)).call.parameters.prompt).toBe("a lighthouse");
  });
});
