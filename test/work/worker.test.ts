import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { acceptRequest } from "../../src/ask/accept.ts";
import { deletePicture } from "../../src/ask/cancel-and-delete.ts";
import type { Delivery } from "../../src/replies/delivery.ts";
import { changeJob, readJob } from "../../src/jobs/job.ts";
import type { Job } from "../../src/jobs/job.ts";
import { findInLine, leaveLine } from "../../src/jobs/line.ts";
import { returnStrandedJobs } from "../../src/jobs/stranded-jobs.ts";
import { putTicket } from "../../src/jobs/tickets.ts";
import { log } from "../../src/log.ts";
import { spentOf } from "../../src/purse/spent.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import { readPicture } from "../../src/storage/picture-blobs.ts";
import { lineLength } from "../fakes/line-length.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { drawn, event, json, paint, startScriptedImages } from "../fakes/scripted-images.ts";
import type { ScriptedImages } from "../fakes/scripted-images.ts";
import { announceAtOnce, openCore, until } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

let images: ScriptedImages;
let core: Core;
beforeEach(async () => {
  images = await startScriptedImages();
  core = await openCore(azurite.connectionString, images.origin);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await core.stop();
  await images.stop().catch(() => undefined);
});

/** As a replica of long ago would have left it. */
async function changeRecord(id: string, change: (job: Job) => void): Promise<void> {
  await changeJob(id, change, core.azure);
}

/** Those whose answer stood in the chat, in order. */
const toldJobs = () => core.chat.filter(({ reply }) => reply.mood !== "waiting").map(({ job }) => job);
const states = (job: Job) => job.pictures.map(({ state }) => state);

describe("the straight line", () => {
  it("draws once, keeps the bytes untouched with a preview, and says where they are", async () => {
    core.work();
    images.play(drawn("A lighthouse by the sea"));
    const { job, reply } = await core.told(await core.accept({ model: "dall-e-3" }));
    expect(images.calls).toHaveLength(1);
    const [picture] = reply.pictures;
    expect(picture).toMatchObject({
      mediaType: "image/png",
      width: 1024,
      height: 1024,
      altText: "a lighthouse. In detail: A lighthouse by the sea",
    });
    expect(picture?.url).toBe(`https://easel.example.org/pictures/${picture?.name}`);
    expect(picture?.name).toMatch(/^[0-9a-f]{40}\.png$/);
    expect(await readPicture(picture?.name ?? "", core.azure)).toHaveLength(picture?.bytes ?? 0);
    expect((await readPicture(picture?.preview ?? "", core.azure))?.readUInt16BE(0)).toBe(0xffd8);
    expect(reply.quotes.map(({ words }) => words)).toEqual(["a lighthouse", "A lighthouse by the sea"]);
    expect(await readJob(job.id, core.azure).then((file) => file?.job.pictures[0]?.kept?.revisedPrompt)).toBe(
      "A lighthouse by the sea",
    );
    await until(async () => (await lineLength(core.azure)) === 0);
  });

  it("writes down the tokens that the service told, and what is left of them when the picture is deleted", async () => {
    core.work();
    const details = { text_tokens: 3, image_tokens: 0 };
    images.play(async (_, response) => {
      const b64_json = (await paint()).toString("base64");
      const usage = { input_tokens: 3, input_tokens_details: details, output_tokens: 296 };
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(event({ type: "image_generation.completed", b64_json, usage }));
    });
    const { job, reply } = await core.told(await core.accept({ quality: "low" }));
    const usage = { textIn: 3, pictureIn: 0, cachedTextIn: 0, cachedPictureIn: 0, textOut: 0, pictureOut: 296 };
    expect(job.pictures[0]?.kept?.usage).toEqual(usage);
    expect(reply.pictures[0]).not.toHaveProperty("usage");
    const spent = { dollars: expect.closeTo(0.008895, 8), isEstimate: false };
    expect(spentOf(job, core.settings)).toEqual(spent);
    await deletePicture({ ref: `${job.id}.1`, by: job.request.askedBy, isModerator: false }, core.azure);
    const after = await until(async () => {
      const file = await readJob(job.id, core.azure);
      return file?.job.pictures[0]?.state === "deleted" && file.job;
    });
    expect(spentOf(after, core.settings)).toEqual(spent);
  });

  it("takes the same event three times for one job", async () => {
    const id = `test-${randomUUID()}`;
    const outcomes = await Promise.all(
      [1, 2, 3].map(() => acceptRequest(core.request({}, id), core.settings, core.azure)),
    );
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(["accepted", "known", "known"]);
    core.work();
    for (const accepted of outcomes) if (accepted.outcome === "accepted") await announceAtOnce(accepted, core);
    await core.told(id);
    expect((await acceptRequest(core.request({}, id), core.settings, core.azure)).outcome).toBe("known");
    const later = await core.accept();
    await core.told(later);
    expect(images.calls).toHaveLength(2);
    expect(toldJobs()).toEqual([id, later]);
  });

  it("works on a job that nobody started because the process died in between", async () => {
    const asked = core.request();
    const accepted = await acceptRequest(asked, core.settings, core.azure);
    expect(accepted.outcome).toBe("accepted");
    core.work();
    await core.told(asked.id, 40);
    expect(images.calls).toHaveLength(1);
  });

  it("shares jobs among replicas: each is drawn and told once", async () => {
    core.work();
    core.work();
    core.work();
    const ids = await Promise.all(Array.from({ length: 12 }, () => core.accept()));
    // A second ticket for each, as after a send whose answer was lost.
    await Promise.all(ids.map((id) => putTicket(id, core.azure)));
    // Where a busy machine lets a hold end, another takes the job over, and that takes as long.
    await Promise.all(ids.map((id) => core.told(id, 100)));
    // Each is seen, and worth nothing.
    await until(async () => (await core.azure.queue.peekMessages()).peekedMessageItems.length === 0);
    await core.told(await core.accept());
    expect(images.calls).toHaveLength(13);
    expect(toldJobs().slice(0, 12).sort()).toEqual([...ids].sort());
  });
});

describe("several pictures", () => {
  it("shows the good ones and explains the other", async () => {
    images.play((call, response) =>
      call.number === 2
        ? json(400, {
            error: { code: "contentFilter", message: "Generated image was filtered as a result of our safety system." },
          })(call, response)
        : drawn()(call, response),
    );
    core.work();
    const { job, reply } = await core.told(await core.accept({ count: "4" }));
    expect(states(job).sort()).toEqual(["kept", "kept", "kept", "refused"]);
    expect(reply.mood).toBe("finished");
    expect(reply.pictures).toHaveLength(3);
    expect(reply.paragraphs.join(" ")).toMatch(/1 of 4 did not come.*filter held back what is missing/);
    expect(images.calls).toHaveLength(4);
  });

  it("asks once when the words themselves are refused, and says it kindly", async () => {
    images.play(
      json(400, {
        error: {
          code: "content_policy_violation",
          message: "Your prompt may contain text that is not allowed by our safety system.",
          inner_error: { content_filter_results: { violence: { filtered: true } } },
        },
      }),
    );
    core.work();
    const { reply } = await core.told(await core.accept({ count: "4" }));
    expect(images.calls).toHaveLength(1);
    expect(reply).toMatchObject({ mood: "declined", forAskerOnly: true, pictures: [] });
    expect(reply.paragraphs.join(" ")).toMatch(/before anything was drawn.*violence/);
    expect(reply.paragraphs.join(" ")).not.toContain("not allowed by our safety system");
    expect(reply.actions).toEqual([expect.objectContaining({ do: "revise", words: "a lighthouse" })]);
  });
});

describe("a service in trouble", () => {
  it("waits as a rate limit says in its text, all replicas together", async () => {
    images.play((call, response) =>
      call.number === 1
        ? json(429, { error: { code: "429", message: "Rate limit is exceeded. Try again in 2 seconds." } })(
            call,
            response,
          )
        : drawn()(call, response),
    );
    core.work();
    const first = await core.accept();
    await until(async () => (await readJob(first, core.azure))?.job.pictures[0]?.rateLimits === 1);
    core.work();
    const second = await core.accept();
    await Promise.all([core.told(first), core.told(second)]);
    const [limited, ...later] = images.calls;
    expect(later).toHaveLength(2);
    for (const call of later) expect(call.at - (limited?.at ?? 0)).toBeGreaterThanOrEqual(1950);
  });

  it("does not hold a job in silence for a day", async () => {
    images.play(json(429, { error: { message: "retry after 86400 seconds" } }, { "retry-after": "86400" }));
    core.work();
    const { reply } = await core.told(await core.accept());
    expect(reply).toMatchObject({ mood: "sorry" });
    expect(reply.paragraphs.join()).toContain("makes us wait too long");
    // Everybody else hears it at once, without a call.
    await core.told(await core.accept());
    expect(images.calls).toHaveLength(1);
  });

  it("asks three times at most when the service has a fault of its own", async () => {
    images.play(json(500, { error: { message: "secret internal text, request id 123" } }));
    core.work();
    const { reply } = await core.told(await core.accept());
    expect(images.calls).toHaveLength(3);
    expect(reply.mood).toBe("sorry");
    expect(JSON.stringify(reply)).not.toMatch(/secret|123/);
    expect(reply.reference).toMatch(/^[0-9A-F]{8}$/);
  });

  it("repeats a call whose answer was lost once, and no more", async () => {
    images.play((_, response) => void response.destroy());
    core.work();
    const { job, reply } = await core.told(await core.accept());
    expect(images.calls).toHaveLength(2);
    expect(job.pictures[0]).toMatchObject({ state: "failed", failure: "answer lost", lostCalls: 2 });
    expect(reply.mood).toBe("sorry");
  });

  it.each<[string, number, object, RegExp]>([
    ["quota", 429, { code: "insufficient_quota" }, /allowance/],
    ["misconfigured", 401, { message: "Access denied" }, /not set up correctly/],
    [
      "bad request",
      400,
      { type: "invalid_request_error", message: "x", param: "size" },
      /did not accept.*DALL·E 3 draws/,
    ],
  ])("never reads as a bad prompt: %s", async (failure, status, error, words) => {
    images.play(json(status, { error }));
    core.work();
    const { job, reply } = await core.told(await core.accept({ model: "dall-e-3", count: "2" }));
    expect(job.pictures[0]).toMatchObject({ state: "failed", failure });
    expect(reply.mood).toBe("sorry");
    expect(reply.paragraphs.join(" ")).toMatch(words);
  });

  it("stops calling for a while when the resource is suspended", async () => {
    images.play(
      json(403, {
        error: {
          code: "Forbidden",
          message:
            "Your resource has been temporarily blocked because we detected behavior that may violate our content policy.",
        },
      }),
    );
    core.work();
    await core.told(await core.accept());
    const { reply } = await core.told(await core.accept({ model: "dall-e-3" }));
    expect(images.calls).toHaveLength(1);
    expect(reply.paragraphs.join()).toContain("closed its door");
  });

  it("waits while the image service is out of reach, says so, and goes on when it is back", async () => {
    await images.stop();
    core.work();
    const id = await core.accept();
    await until(() =>
      core.chat.some(({ reply }) => reply.mood === "waiting" && reply.paragraphs.join().includes("keep trying")),
    );
    images = await startScriptedImages(drawn(), Number(new URL(images.origin).port));
    const { reply } = await core.told(id);
    expect(reply.mood).toBe("finished");
    expect(images.calls).toHaveLength(1);
  });
});

describe("a picture that comes as an address", () => {
  it.each([
    ["cannot be fetched", () => `${images.origin}/gone.png`],
    ["leads inside", () => "http://169.254.169.254/metadata/identity/oauth2/token"],
    ["is not the provider's", () => "https://example.org/picture.png"],
  ])("is never drawn again when it %s", async (_, url) => {
    images.play((call, response) => json(200, { data: [{ url: url() }] })(call, response));
    core.work();
    const { job, reply } = await core.told(await core.accept({ model: "dall-e-3" }));
    expect(job.pictures[0]).toMatchObject({ state: "failed", failure: "not downloaded" });
    expect(reply.paragraphs.join()).toContain("could not fetch it");
    expect(JSON.stringify(reply)).not.toMatch(/https?:/);
    expect(images.calls).toHaveLength(1);
  });
});

describe("jobs that went astray", () => {
  it("answers with an apology what comes back too often", async () => {
    const id = await core.accept();
    // Eleven processes have taken it over and died.
    await findInLine(id, core.azure)?.own.change((job) => void (job.breaks = 11));
    core.work();
    const { job, reply } = await core.told(id);
    expect(job.pictures[0]).toMatchObject({ state: "failed", failure: "broken" });
    expect(reply.mood).toBe("sorry");
    expect(images.calls).toHaveLength(0);
  }, 90_000);

  it("puts an open job back in line when somebody has cleared the queue", async () => {
    const id = await core.accept();
    // Its owner has died as well, and others are busy.
    const other = connectAzure(core.settings);
    await core.azure.queue.clearMessages();
    leaveLine(id, core.azure);
    await putTicket("test-another", other);
    const afterHours = Date.now() + 3 * 3_600_000;
    await returnStrandedJobs(other);
    expect(await lineLength(other)).toBe(1);
    await returnStrandedJobs(other, afterHours);
    await returnStrandedJobs(other, afterHours);
    core.work(other);
    await core.told(id);
    expect(images.calls).toHaveLength(1);
  });
});

describe("storage in trouble", () => {
  it("holds a drawn picture until storage is back, and never draws it again", async () => {
    const said = vi.spyOn(log, "warn");
    images.play(async (call, response) => {
      await azurite.interrupt();
      await drawn()(call, response);
    });
    core.work();
    const id = await core.accept();
    const waits = () => said.mock.calls.filter(([, words]) => String(words).includes("a drawn picture waits"));
    await until(() => waits().length > 2);
    await azurite.resume();
    const { reply } = await core.told(id, 60);
    expect(reply.mood).toBe("finished");
    expect(images.calls).toHaveLength(1);
  }, 90_000);

  it("says that it could not take a request", async () => {
    await azurite.interrupt();
    const accepted = await acceptRequest(core.request(), core.settings, core.azure);
    await azurite.resume();
    expect(accepted).toMatchObject({ outcome: "declined", reply: { mood: "sorry" } });
  });
});

describe("delivery", () => {
  it("is tried again without another drawing", async () => {
    let tries = 0;
    core.deliver = () =>
      ++tries < 3 ? { delivered: false, because: "chat is down", againInSeconds: 1 } : { delivered: true };
    core.work();
    await core.told(await core.accept());
    expect(tries).toBe(3);
    expect(images.calls).toHaveLength(1);
  });

  it("is given up when a platform has refused it for half an hour, after one last try; trouble in between does not count", async () => {
    const refused: Delivery = { delivered: false, because: "403 still", againInSeconds: 1, isRefused: true };
    const answers: Delivery[] = [{ delivered: false, because: "503", againInSeconds: 1 }];
    let gone = true;
    core.deliver = () => (gone ? refused : (answers.shift() ?? { delivered: true }));
    core.work();
    const began = Date.now();
    const id = await core.accept();
    const since = await until(async () => (await readJob(id, core.azure))?.job.refusedSince);
    expect(Date.parse(since)).toBeGreaterThanOrEqual(began);
    gone = false;
    expect((await core.told(id)).job.refusedSince).toBeUndefined();
    gone = true;
    const other = await core.accept();
    await until(async () => (await readJob(other, core.azure))?.job.refusedSince !== undefined);
    await changeRecord(other, (job) => void (job.refusedSince = new Date(Date.now() - 31 * 60_000).toISOString()));
    const job = await until(async () => {
      const file = await readJob(other, core.azure);
      return file?.job.undeliverable !== undefined && file.job;
    });
    expect(job.undeliverable).toBe("403 still");
    expect(core.chat.filter(({ how }) => how?.isLast)).toHaveLength(1);
  });

  it("survives a sender that breaks", async () => {
    let tries = 0;
    core.deliver = () => (++tries === 1 ? Promise.reject(new Error("never foreseen")) : { delivered: true });
    core.work();
    await core.told(await core.accept());
    expect(images.calls).toHaveLength(1);
  });

  it("ends quietly where nobody can be reached any more, and keeps the picture", async () => {
    core.deliver = () => ({ delivered: false, because: "removed" });
    core.work();
    const id = await core.accept();
    const job = await until(async () => {
      const file = await readJob(id, core.azure);
      return file?.job.undeliverable !== undefined && file.job;
    });
    expect(await readPicture(job.pictures[0]?.kept?.name ?? "", core.azure)).toBeDefined();
    await until(async () => (await lineLength(core.azure)) === 0);
  });
});

describe("stopping", () => {
  it("finishes the call under way, and hands the rest to the next", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    images.play(async (call, response) => {
      await held;
      await drawn()(call, response);
    });
    core = await openCore(azurite.connectionString, images.origin, { IMAGE_CONCURRENCY: "1" });
    const first = core.work();
    const [a, b] = [await core.accept(), await core.accept()];
    await until(() => images.calls.length === 1);
    const stopped = first.stop();
    release();
    await stopped;
    const left = await Promise.all([a, b].map((id) => readJob(id, core.azure)));
    expect(left.filter((file) => file?.job.toldAt)).toHaveLength(1);
    core.work();
    await Promise.all([core.told(a), core.told(b)]);
    expect(images.calls).toHaveLength(2);
  });
});
