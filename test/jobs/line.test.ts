import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startImagesApi } from "../../local/images-api/images-api.ts";
import type { ImagesApi } from "../../local/images-api/images-api.ts";
import { acceptRequest } from "../../src/ask/accept.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import { jobsInLine } from "../../src/jobs/line.ts";
import { readWishes } from "../../src/jobs/wishes.ts";
import { readJob } from "../../src/jobs/job.ts";
import { textOfRef } from "../../src/request/request.ts";
import { cancelled, failed } from "../../src/words/sentences.ts";
import { cancelJob, deletePicture } from "../../src/ask/cancel-and-delete.ts";
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
  core = await openCore(azurite.connectionString, images.url, { IMAGE_CONCURRENCY: "1" });
});
afterEach(async () => {
  images.release();
  await core.stop();
  await images.stop();
});

const person = (user: string) => ({ platform: "test", channel: "1", user, name: user });
const moderator = { by: person("mia"), isModerator: true };

/** Puts a request in line and says its id and the waiting message. */
async function ask(user: string, words: string, azure = core.azure): Promise<{ id: string; said: string }> {
  const id = `test-${randomUUID()}`;
  const request = { ...core.request({}, id), prompt: words, askedBy: person(user) };
  const accepted = await acceptRequest(request, core.settings, azure);
  if (accepted.outcome !== "accepted") throw new Error("not accepted");
  await announceAtOnce(accepted, { settings: core.settings, azure });
  return { id, said: spoken(accepted.reply).paragraphs.join(" ") };
}

const drawnWords = () => images.calls.map(({ prompt }) => prompt);
const last = (job: string) => core.chat.findLast((message) => message.job === job)?.reply;

describe("people take turns", () => {
  it("one person's many requests do not keep the others waiting", async () => {
    for (let number = 1; number <= 5; number += 1) await ask("ada", `ada ${number}`);
    const bob = await ask("bob", "bob 1");
    const bobToo = await ask("bob", "bob 2");
    const cleo = await ask("cleo", "cleo 1");
    // Ada's first goes before Bob's first, Ada's second before Bob's second.
    expect(bob.said).toContain("One request is before yours");
    expect(bobToo.said).toContain("About 3 requests are before yours");
    expect(cleo.said).toContain("About 2 requests are before yours");
    core.work();
    await until(() => images.calls.length === 8);
    expect(drawnWords()).toEqual(["ada 1", "bob 1", "cleo 1", "ada 2", "bob 2", "ada 3", "ada 4", "ada 5"]);
    expect(new Set(drawnWords()).size).toBe(8);
  });

  it("also where one person asks for many at once", async () => {
    await Promise.all(Array.from({ length: 8 }, (_, index) => ask("ada", `ada ${index}`)));
    expect((await ask("bob", "bob 1")).said).toContain("One request is before yours");
    const turns = jobsInLine(core.azure).map(({ job }) => job.turn);
    expect(new Set(turns).size).toBe(8);
  });

  it("each of two replicas keeps the order of its own, and each job is drawn once", async () => {
    const other = connectAzure(core.settings);
    for (let number = 1; number <= 4; number += 1) await ask("ada", `ada ${number}`, number % 2 ? core.azure : other);
    await ask("bob", "bob 1");
    core.work();
    core.work(other);
    await until(() => core.chat.filter(({ reply }) => reply.mood === "finished").length === 5);
    expect(new Set(drawnWords()).size).toBe(5);
    expect(drawnWords()).toHaveLength(5);
    expect(drawnWords().indexOf("bob 1")).toBeLessThan(drawnWords().indexOf("ada 3"));
  });
});

describe("the place in line", () => {
  it("is kept true as the line moves, without a flood of messages", async () => {
    images.hold();
    core.work();
    const first = await ask("ada", "first");
    await until(() => images.calls.length === 1);
    await ask("bob", "second");
    await ask("cleo", "third");
    const fourth = await ask("dora", "fourth");
    expect(fourth.said).toContain("About 3 requests");
    const fifth = await ask("eve", "fifth");
    const sixth = await ask("finn", "sixth");
    await cancelJob({ job: fifth.id, ...moderator }, core.azure);
    // Whoever waits longer is told before.
    await until(() => last(sixth.id)?.paragraphs.join(" ").includes("About 4 requests"), 20);
    expect(core.chat.filter(({ job }) => job === fourth.id)).toHaveLength(0);
    await cancelJob({ job: first.id, ...moderator }, core.azure);
    // The second is now the one that is drawn.
    await until(() => last(fourth.id)?.paragraphs.join(" ").includes("About 2 requests"));
    expect(core.chat.filter(({ job }) => job === fourth.id)).toHaveLength(1);
    images.release();
    await until(() => last(fourth.id)?.mood === "finished");
    // The answer stands a moment before the job leaves the line.
    await until(() => jobsInLine(core.azure).length === 0);
  });

  it("says so when the image service makes everybody wait", async () => {
    const error = { code: "429", message: "Try again in 70 seconds." };
    images.next({ status: 429, headers: {}, body: { error } });
    core.work();
    const { id } = await ask("ada", "first");
    await until(() => last(id)?.paragraphs.join(" ").includes("I go on in about"));
    expect(last(id)).toMatchObject({ mood: "waiting", actions: [{ do: "cancel" }] });
  });

  it("comes with the expected wait once it is known how long these options take", async () => {
    expect((await ask("ada", "first")).said).not.toContain("ready");
    core.work();
    await until(() => core.chat.some(({ reply }) => reply.mood === "finished"));
    await until(async () => (await ask("bob", "second")).said.includes("It should be ready in about 5 seconds"));
  });
});

describe("cancelling", () => {
  it("before the drawing costs nothing, and does not wait for a turn", async () => {
    images.hold();
    core.work();
    await ask("ada", "first");
    await until(() => images.calls.length === 1);
    const { id } = await ask("bob", "second");
    const said = (await cancelJob({ job: id, by: person("bob"), isModerator: false }, core.azure)).said;
    expect(said).toEqual(cancelled.done);
    await until(() => last(id)?.title === "Cancelled");
    expect(last(id)?.paragraphs).toEqual(["Nothing was drawn, so it costs nothing."]);
    expect(last(id)?.actions).toMatchObject([{ do: "revise", words: "second" }]);
    images.release();
    await until(() => core.chat.some(({ reply }) => reply.mood === "finished"));
    expect(drawnWords()).toEqual(["first"]);
  });

  it("during the drawing breaks the call off and says so", async () => {
    images.hold();
    core.work();
    const { id } = await ask("ada", "first");
    await until(() => images.calls.length === 1);
    await cancelJob({ job: id, ...moderator }, core.azure);
    await until(() => last(id)?.title === "Cancelled");
    expect(last(id)?.paragraphs.join(" ")).toMatch(/mia has cancelled this.*may charge for it/);
    await until(() => images.calls[0]?.clientLeft === true);
    images.release();
    const next = await ask("bob", "second");
    await until(() => last(next.id)?.mood === "finished");
    expect(drawnWords()).toEqual(["first", "second"]);
    expect((await readJob(id, core.azure))?.job).toMatchObject({ cancelledBy: { name: "mia", isAsker: false } });
  });

  it("is noticed by a worker on another machine", async () => {
    images.hold();
    const other = connectAzure(core.settings);
    core.work(other);
    const { id } = await ask("ada", "first", other);
    await until(() => images.calls.length === 1);
    expect((await cancelJob({ job: id, ...moderator }, core.azure)).said).toEqual(cancelled.done);
    await until(() => last(id)?.title === "Cancelled");
  });

  it("keeps what was drawn already", async () => {
    core.work();
    const request = { ...core.request({ count: "2" }), prompt: "two [[slow:1]]", askedBy: person("ada") };
    const accepted = await acceptRequest(request, core.settings, core.azure);
    if (accepted.outcome !== "accepted") throw new Error("not accepted");
    await announceAtOnce(accepted, core);
    await until(() => images.calls.some(({ outcome }) => outcome === "drawn"));
    images.hold();
    await cancelJob({ job: request.id, by: person("ada"), isModerator: false }, core.azure);
    await until(() => last(request.id)?.mood === "finished");
    images.release();
    expect(last(request.id)?.pictures.length).toBeGreaterThan(0);
  });

  it("is for the asker and moderators of the place alone", async () => {
    const { id } = await ask("ada", "first");
    const said = async (user: string, isModerator: boolean, channel = "1") =>
      spoken(await cancelJob({ job: id, by: { ...person(user), channel }, isModerator }, core.azure)).said;
    expect(await said("bob", false)).toContain("Only the person who asked");
    expect(await said("bob", true, "elsewhere")).toContain("Only the person who asked");
    core.work();
    await until(() => last(id)?.mood === "finished");
    expect(await said("ada", false)).toContain("done already");
  });

  it("tells nobody but its asker that what is for one alone exists", async () => {
    const request = { ...core.request(), private: true, askedBy: person("ada") };
    await acceptRequest(request, core.settings, core.azure);
    const by = person("mia");
    for (const job of [request.id, "test-never-was"]) {
      expect(await cancelJob({ job, by, isModerator: true }, core.azure)).toEqual({ said: failed.goneJob });
      const press = { ref: textOfRef({ job, place: 1 }), by, isModerator: true };
      expect(await deletePicture(press, core.azure)).toEqual({ said: failed.gonePicture });
    }
    expect(await cancelJob({ job: request.id, by: person("ada"), isModerator: false }, core.azure)).toEqual({
      said: cancelled.asked,
    });
  });

  it("too late is told honestly, and leaves nothing behind", async () => {
    const release = Promise.withResolvers<void>();
    core.deliver = async () => {
      await release.promise;
      return { delivered: true };
    };
    core.work();
    const { id } = await ask("ada", "first");
    await until(() => images.calls.length === 1);
    // The picture is there, and its answer on the way: another replica does not know that yet.
    await until(() => last(id)?.mood === "finished");
    const elsewhere = connectAzure(core.settings);
    const said = cancelJob({ job: id, by: person("ada"), isModerator: false }, elsewhere);
    release.resolve();
    expect(spoken(await said).said).toMatch(/done already|If it is done before/);
    await until(() => jobsInLine(core.azure).length === 0);
    await until(async () => (await readWishes(core.azure)).length === 0);
    expect(last(id)?.mood).toBe("finished");
  });

  it("is not lost when the process dies right after it", async () => {
    const { id } = await ask("ada", "first");
    // Nobody hears the bell.
    await cancelJob({ job: id, by: person("ada"), isModerator: false }, core.azure);
    core.work();
    await until(() => last(id)?.title === "Cancelled");
    expect(images.calls).toHaveLength(0);
  });
});
