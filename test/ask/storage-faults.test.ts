import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { acceptRequest } from "../../src/ask/accept.ts";
import { changeAddress, readAddress } from "../../src/jobs/line.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import { readJob } from "../../src/jobs/job.ts";
import { hideTicket, putTicket, takeTickets } from "../../src/jobs/tickets.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { drawn, json, startScriptedImages } from "../fakes/scripted-images.ts";
import type { ScriptedImages } from "../fakes/scripted-images.ts";
import { startStorageProxy } from "../fakes/storage-proxy.ts";
import type { StorageProxy } from "../fakes/storage-proxy.ts";
import { SHORT_HOLD } from "../times.ts";
import { announceAtOnce, openCore, until } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { spoken } from "../words/spoken.ts";

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

let images: ScriptedImages;
let storage: StorageProxy;
let core: Core;
beforeEach(async () => {
  images = await startScriptedImages();
  storage = await startStorageProxy(azurite);
  core = await openCore(storage.connectionString, images.origin);
});
afterEach(async () => {
  await core.stop();
  await storage.stop();
  await images.stop();
});

const always = 1_000_000;

describe("accepting, while storage fails at one step", () => {
  const address = { platform: "test", activityId: "the waiting message" };
  /** The second time that a record is written, it says where the waiting message stands. */
  const ofAddress = { call: "PUT job", from: 2 };

  it("is not undone by a step that can be made up for", async () => {
    storage.fail(ofAddress, { status: 503 }, 3);
    const asked = core.request();
    const accepted = await acceptRequest(asked, core.settings, core.azure);
    expect(accepted.outcome).toBe("accepted");
    if (accepted.outcome === "accepted") await announceAtOnce(accepted, core, { ...address, job: asked.id });
    core.work();
    await core.told(asked.id);
    expect(images.calls).toHaveLength(1);
  });

  it("writes down where the waiting message stands, though the first answers are a gateway's", async () => {
    const failed = storage.fail(ofAddress, { status: 504 }, 2);
    const accepted = await acceptRequest(core.request(), core.settings, core.azure);
    if (accepted.outcome !== "accepted") throw new Error("not accepted");
    await announceAtOnce(accepted, core, address);
    expect(await readAddress(accepted.job.id, core.azure)).toMatchObject(address);
    const written = await until(async () => {
      const file = await readJob(accepted.job.id, core.azure);
      return file?.job.address.activityId !== undefined && file.job.address;
    });
    expect(written).toMatchObject(address);
    expect(failed.met).toHaveLength(2);
  });

  it("declines once more what was declined before, for nobody may have said it, and what was taken stays taken", async () => {
    const wrong = { ...core.request(), options: { count: "99" } };
    expect(await acceptRequest(wrong, core.settings, core.azure)).toMatchObject({ outcome: "declined" });
    const again = await acceptRequest(wrong, core.settings, core.azure);
    expect(again).toMatchObject({ outcome: "declined", because: "limits" });
    const right = core.request();
    await acceptRequest(right, core.settings, core.azure);
    const later = await acceptRequest({ ...right, options: { count: "99" } }, core.settings, core.azure);
    expect(later).toEqual({ outcome: "known" });
  });

  it("blames storage for no fault of its own", async () => {
    const broken = { ...core.request(), options: { size: 7 as never } };
    await expect(acceptRequest(broken, core.settings, core.azure)).rejects.toThrow(TypeError);
  });

  it("finds a record that was written although the answer to that was lost", async () => {
    storage.fail({ method: "PUT", path: /\/jobs\// }, "lose", 1);
    const accepted = await acceptRequest(core.request(), core.settings, core.azure, 1500);
    expect(accepted.outcome).toBe("accepted");
  });

  it("does not say that nothing was drawn where it cannot know", async () => {
    storage.fail({ method: "PUT", path: /\/jobs\// }, "lose", always);
    storage.fail({ method: "GET", path: /\/jobs\// }, "hang", always);
    const asked = core.request();
    const accepted = await acceptRequest(asked, core.settings, core.azure, 1000);
    expect(accepted).toMatchObject({ outcome: "declined", reply: { mood: "sorry", forAskerOnly: false } });
    if (accepted.outcome === "declined")
      expect(spoken(accepted.reply).paragraphs.join()).not.toContain("Nothing was drawn");
  });

  it("leaves nothing behind of what was declined", async () => {
    storage.fail({ method: "PUT", path: /\/jobs\// }, { status: 503 }, always);
    const accepted = await acceptRequest(core.request(), core.settings, core.azure);
    expect(accepted).toMatchObject({ outcome: "declined" });
    // Counts what is hidden too.
    expect((await core.azure.queue.getProperties()).approximateMessagesCount).toBe(0);
  });
});

it("a single page of a proxy's in front of any call of a request changes nothing", async () => {
  const records = ["POST ticket", "PUT job", "PUT pace", "POST transaction"];
  const calls = [...records, "PUT picture", "PUT preview", "PUT history", "DELETE ticket"];
  for (const call of calls) storage.fail({ call }, { page: 504 });
  const asked = core.request();
  const accepted = await acceptRequest(asked, core.settings, core.azure);
  const address = { platform: "test", job: asked.id, message: "the waiting one" };
  if (accepted.outcome === "accepted") await announceAtOnce(accepted, core, address);
  core.work();
  await core.told(asked.id);
  expect(core.chat.at(-1)?.address.message).toBe("the waiting one");
});

describe("a job under way", () => {
  it("stays with its worker when a renewal of the hold hangs", async () => {
    const { times } = core.settings;
    const withShortHold = { ...times, jobs: { ...times.jobs, ...SHORT_HOLD } };
    core = await openCore(storage.connectionString, images.origin, {}, withShortHold);
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    images.play(async (call, response) => {
      await held;
      await drawn()(call, response);
    });
    core.work();
    const id = await core.accept();
    await until(() => images.calls.length === 1);
    const hung = storage.fail({ call: "hide ticket" }, "hang", 1);
    // Another replica, straight on the same storage, that would take the job over.
    core.work(connectAzure({ ...core.settings, storage: { connectionString: azurite.connectionString } }));
    const renewals = () => storage.calls.filter(({ name, status }) => name === "hide ticket" && status === 204);
    const before = renewals().length;
    // The first hold has come to its end by then, and another one after it.
    await until(() => renewals().length > before + 4);
    release();
    const { job } = await core.told(id);
    expect(hung.met).toHaveLength(1);
    expect(images.calls).toHaveLength(1);
    expect(job.pictures[0]?.lostCalls).toBe(0);
  }, 90_000);

  it("answers at the address that was learned last, however late", async () => {
    core.work();
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    images.play(async (call, response) => {
      await held;
      await drawn()(call, response);
    });
    const id = await core.accept();
    await until(() => images.calls.length === 1);
    await changeAddress(id, { platform: "test", job: id, message: "the waiting one" }, core.azure);
    release();
    await core.told(id);
    expect(core.chat.at(-1)?.address.message).toBe("the waiting one");
  });

  it("writes its answer into the message that said that it waits", async () => {
    const { origin } = images;
    await images.stop();
    core.deliver = () => ({ delivered: true, address: { platform: "test", job: "x", message: "new" } });
    core.work();
    await core.accept();
    await until(() => core.chat.length === 1);
    images = await startScriptedImages(drawn(), Number(new URL(origin).port));
    await until(() => core.chat.some(({ reply }) => reply.mood === "finished"));
    expect(core.chat.at(-1)?.address.message).toBe("new");
  });

  it("forgets that the service was away as soon as it answers anything", async () => {
    const { origin } = images;
    await images.stop();
    core.work();
    const id = await core.accept();
    await until(async () => (await readJob(id, core.azure))?.job.waitingSince !== undefined);
    images = await startScriptedImages(
      json(429, { error: { message: "retry after 2 seconds" } }),
      Number(new URL(origin).port),
    );
    await until(async () => (await readJob(id, core.azure))?.job.pictures[0]?.rateLimits === 1);
    expect((await readJob(id, core.azure))?.job.waitingSince).toBeUndefined();
  });

  it("counts rate limits and faults of the service apart", async () => {
    images.play((call, response) => {
      const script =
        call.number <= 2
          ? json(429, { error: { message: "retry after 0.1 seconds" } })
          : call.number === 3
            ? json(500, {})
            : drawn();
      return script(call, response);
    });
    core.work();
    const { reply } = await core.told(await core.accept());
    expect(reply.mood).toBe("finished");
    expect(images.calls).toHaveLength(4);
  });

  it("lets another model's jobs go first while one model's turn is far off", async () => {
    core.settings.concurrency = 1;
    images.play((call, response) =>
      (call.parameters.model === "pictures" ? json(429, { error: { message: "retry after 60 seconds" } }) : drawn())(
        call,
        response,
      ),
    );
    core.work();
    await core.accept();
    await until(() => images.calls.length === 1);
    const { reply } = await core.told(await core.accept({ model: "dall-e-3" }), 15);
    expect(reply.mood).toBe("finished");
  });

  it("is no reason to wait for storage when the process is to end and nothing is paid", async () => {
    const worker = core.work();
    const failed = storage.fail({ method: "PUT", path: /pace\.json/ }, { status: 503 }, always);
    await core.accept();
    await until(() => failed.met.length > 3);
    const stopped = worker.stop().then(() => "stopped");
    expect(await Promise.race([stopped, pause(10_000, "still there")])).toBe("stopped");
    expect(images.calls).toHaveLength(0);
  });
});

it("apologises for a record that nobody can read, and sets it aside", async () => {
  // Of a version that is not this one, whose process has died.
  const { id, address, ...request } = core.request();
  const record = { version: 1, id, address, request, order: { model: "a-model-of-tomorrow" } };
  await core.azure.container.getBlockBlobClient(`jobs/${id}.json`).uploadData(Buffer.from(JSON.stringify(record)));
  await putTicket(id, core.azure);
  for (let times = 0; times < 11; times++) {
    const [ticket] = await takeTickets(1, 5, core.azure, AbortSignal.timeout(5000));
    if (!ticket) throw new Error("no ticket");
    await hideTicket(ticket, 0, core.azure);
  }
  core.work();
  await until(() => core.chat.some(({ reply }) => reply.mood === "sorry"));
  expect(images.calls).toHaveLength(0);
}, 60_000);
