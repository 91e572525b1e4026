import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { strFromU8, unzipSync } from "fflate";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startImagesApi } from "../../local/images-api/images-api.ts";
import type { ImagesApi } from "../../local/images-api/images-api.ts";
import { acceptRequest } from "../../src/ask/accept.ts";
import { beginEdit } from "../../src/ask/begin-edit.ts";
import { deletePicture } from "../../src/ask/cancel-and-delete.ts";
import { doPress } from "../../src/ask/press.ts";
import { beginSession } from "../../src/brainstorm/begin.ts";
import { startSessions } from "../../src/brainstorm/drive.ts";
import { doBoardPress } from "../../src/brainstorm/press-board.ts";
import type { BoardPress } from "../../src/brainstorm/press-board.ts";
import { sessionSender } from "../../src/brainstorm/session-sender.ts";
import { readSession } from "../../src/brainstorm/session.ts";
import { readJob } from "../../src/jobs/job.ts";
import { changeKept } from "../../src/jobs/wall.ts";
import { privacyReply } from "../../src/privacy/privacy-reply.ts";
import { startPrivacy } from "../../src/privacy/run.ts";
import { copyBlob } from "../../src/privacy/asked.ts";
import { personOf } from "../../src/request/request.ts";
import type { Asker, ImageRequest } from "../../src/request/request.ts";
import { saveStyle } from "../../src/styles/style-book.ts";
import { startWorker } from "../../src/work/worker.ts";
import { forgetPerson } from "../../src/privacy/forget.ts";
import { personBehind } from "../../src/privacy/person.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import { startStorageProxy } from "../fakes/storage-proxy.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { announceAtOnce, openCore, until } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { spoken } from "../words/spoken.ts";
import { everythingIn, placesOf } from "./everything.ts";

let azurite: Azurite;
let images: ImagesApi;
let core: Core;
const stops: (() => Promise<void>)[] = [];
beforeAll(async () => {
  [azurite, images] = await Promise.all([startAzurite(), startImagesApi({ latency: 0 })]);
  core = await openCore(azurite.connectionString, images.url);
  const { settings, azure } = core;
  const senders = {
    test: () => Promise.resolve({ delivered: true as const }),
    session: sessionSender(settings, azure),
  };
  const worker = startWorker(settings, azure, senders);
  const boards = { test: { show: delivered, post: delivered, change: delivered } };
  const sessions = startSessions({ settings, azure, boards });
  stops.push(
    () => worker.stop(),
    () => sessions.stop(),
  );
});
afterAll(async () => {
  for (const stop of stops) await stop();
  await Promise.all([azurite.stop(), images.stop()]);
});

const delivered = (address: object) =>
  Promise.resolve({ delivered: true as const, address: { platform: "test", ...address } });

const place = { platform: "test", workspace: "w", channel: "1" };
const ada: Asker = { ...place, user: "user-4711", name: "Ada Lovelace" };
const bob: Asker = { ...place, user: "user-4712", name: "Bob" };
/** The same id on another platform is somebody else. */
const namesake: Asker = { ...ada, platform: "elsewhere", name: "Ada Namesake" };

async function draw(by: Asker, prompt: string, more: Partial<ImageRequest> = {}): Promise<string> {
  const request = { ...core.request(), ...more, prompt, askedBy: by };
  const address = { ...request.address, platform: by.platform === "test" ? "test" : "session" };
  const accepted = await acceptRequest({ ...request, address }, core.settings, core.azure);
  if (accepted.outcome === "accepted") await announceAtOnce(accepted, core);
  return request.id;
}

async function drawn(id: string): Promise<string> {
  await until(async () => (await readJob(id, core.azure))?.job.toldAt !== undefined);
  return `${id}.1`;
}

const asked = (by: Asker) => ({ by, id: `test-${randomUUID()}`, address: { platform: "test" }, isModerator: false });

/** Ada does all that leaves a trace; the session it leaves one in. */
async function leaveTraces(): Promise<string> {
  const { settings, azure } = core;
  const own = await drawn(await draw(ada, "a walrus in a bathtub"));
  await draw(ada, "a walrus", { options: { size: "3x3" } });
  const bobs = await drawn(await draw(bob, "a heron"));
  // Bob goes on from hers, keeps it, and she keeps and deletes his.
  const again = await doPress({ ...asked(bob), does: "again", of: own }, settings, azure);
  if (!("draw" in again)) throw new Error("nothing is drawn from it");
  await drawn(await draw(bob, "a heron in a bathtub", again.draw));
  const member = async (ref: string) => {
    const [job = "", number] = ref.split(".");
    const file = await readJob(job, azure);
    if (!file) throw new Error("no such job");
    return { ref: { job, place: Number(number) }, job: file.job };
  };
  for (const [by, ref] of [
    [bob, own],
    [ada, bobs],
  ] as const)
    await changeKept(await member(ref), { by, event: randomUUID() }, azure);
  await deletePicture({ ref: bobs, by: ada, isModerator: true }, azure);
  await until(async () => (await readJob(bobs.split(".")[0] ?? "", azure))?.job.pictures[0]?.state === "deleted");
  const begun = await beginEdit({ ref: own, by: ada, address: { platform: "test" } }, settings, azure);
  if (!("draft" in begun)) throw new Error("no draft");
  const style = { references: [], words: "in ink", by: ada, at: new Date().toISOString(), event: "e" };
  await saveStyle("harbour", style, () => true, { azure });
  return brainstorm();
}

async function brainstorm(): Promise<string> {
  const { settings, azure } = core;
  const event = randomUUID();
  const options = { ideas: "3" };
  const begun = await beginSession(
    { topic: "a logo for the walrus club", options, unknownOptions: [], by: ada, event, address: { platform: "test" } },
    settings,
    azure,
  );
  if (!("began" in begun)) throw new Error("it did not begin");
  const { id } = begun.began;
  const press = (by: Asker, does: BoardPress["does"], values: BoardPress["values"] = {}) =>
    doBoardPress(
      {
        does,
        values,
        session: id,
        round: 1,
        by,
        isModerator: false,
        at: new Date().toISOString(),
        event: randomUUID(),
      },
      settings,
      azure,
    );
  await press(ada, "add", { words: ["a walrus in a crown"] });
  await press(bob, "add", { words: ["a heron in a hat"] });
  await press(ada, "yes-and", { idea: ["1.2"], words: ["with a walrus moustache"] });
  await press(ada, "draw");
  await until(async () => (await readSession(id, azure))?.session.rounds[0]?.stage === "voting");
  await press(ada, "vote", { ideas: ["1"] });
  return id;
}

it("gives a copy of all that is kept of somebody, and forgets them wherever they stand; others stay", async () => {
  const { settings, azure } = core;
  const session = await leaveTraces();
  const privacy = startPrivacy(settings, azure);
  stops.push(() => privacy.stop());
  const say = async (what: string, by = ada) => privacyReply({ what, by }, settings, azure);
  const theirs = ["user-4711", "Ada Lovelace", personOf(ada), "walrus"];
  expect(placesOf(theirs, await everythingIn(azure)).length).toBeGreaterThan(12);

  const first = await say("look");
  expect(first.actions.map((action) => ("what" in action ? action.what : action.do))).toEqual([
    "show",
    "forget",
    "open",
  ]);
  await say("show");
  const url = await until(async () =>
    (await say("look")).actions.find((action) => action.do === "open" && action.url.endsWith(".zip")),
  );
  const id = ("url" in url ? url.url : "").slice(-44, -4);
  const files = unzipSync(await copyBlob(id, azure).downloadToBuffer());
  const text = (name: string) => strFromU8(files[name] ?? new Uint8Array());
  expect(JSON.parse(text("requests.json"))).toHaveLength(4);
  expect(text("brainstorms.json")).toMatch(/walrus club[^]*walrus in a crown[^]*walrus moustache/);
  expect(text("where-you-are-named.json")).toMatch(/Ada Lovelace[^]*Ada Lovelace/);
  expect(text("lists-drafts-and-styles.json")).toMatch(/harbour/);
  expect(Object.keys(files).filter((name) => name.startsWith("pictures/"))).toHaveLength(3);
  // Nobody else's words go along.
  expect(Object.values(files).some((bytes) => strFromU8(bytes).includes("heron in a hat"))).toBe(false);

  // Only a second press counts, and not a late one.
  const question = await say("forget");
  expect(question.actions).toMatchObject([{ do: "privacy", what: expect.stringMatching(/^sure@\d+$/) }]);
  expect((await say("sure@1000")).actions).toHaveLength(1);
  expect(placesOf(["user-4711"], await everythingIn(azure, /^privacy\/|^copies\//)).length).toBeGreaterThan(5);
  const [sure] = question.actions;
  expect((await say(sure && "what" in sure ? sure.what : "")).paragraphs.map(spoken).join(" ")).toMatch(
    /I am forgetting you/,
  );
  await until(async () => (await say("look")).actions.some((action) => "what" in action && action.what === "forget"));

  expect(placesOf(theirs, await everythingIn(azure, /^ledger\//))).toEqual([]);
  expect(await copyBlob(id, azure).exists()).toBe(false);
  const left = (await readSession(session, azure))?.session;
  expect(
    left?.rounds[0]?.ideas.map(({ words, by, state }) => ({ words, by: by.map(({ name }) => name), state })),
  ).toEqual([
    { words: "…", by: [""], state: "deleted" },
    { words: "a heron in a hat", by: ["Bob", ""], state: "drawn" },
    expect.objectContaining({ state: "deleted" }),
  ]);
  expect(placesOf(["heron", "Bob"], await everythingIn(azure)).length).toBeGreaterThan(4);
});

it("comes to its end whatever call to storage breaks off, and however often", async () => {
  const { settings, azure } = core;
  const carol: Asker = { ...place, user: "user-4713", name: "Carol Shaw" };
  const ref = await drawn(await draw(carol, "a quokka"));
  await draw(bob, "an owl", {
    parent: {
      job: ref.split(".")[0] ?? "",
      place: 1,
      words: "a quokka",
      by: carol.name,
      person: personOf(carol),
      change: "like",
    },
  });
  const proxy = await startStorageProxy(azurite);
  const cut = connectAzure({ ...settings, storage: { connectionString: proxy.connectionString } });
  const since = new Date();
  const worker = startWorker(settings, cut, { test: () => Promise.resolve({ delivered: true as const }) });
  // The SDK tries each call three times.
  for (let [calls, isDone] = [1, false]; !isDone; calls += 1) {
    const fault = proxy.fail({ from: calls }, { cut: calls % 2 ? "after" : "before" }, 3);
    isDone = await forgetPerson(personBehind(carol), since, cut, AbortSignal.timeout(30_000)).catch(() => false);
    fault.end();
    await pause(50);
    expect(calls).toBeLessThan(300);
  }
  await worker.stop();
  await proxy.stop();
  expect(
    placesOf(["user-4713", "Carol Shaw", personOf(carol), "quokka"], await everythingIn(azure, /^ledger\//)),
  ).toEqual([]);
});

it("forgets nobody but whoever presses", async () => {
  const { settings, azure } = core;
  const ref = await drawn(await draw(bob, "an owl"));
  const question = await privacyReply({ what: "forget", by: namesake }, settings, azure);
  const [sure] = question.actions;
  await privacyReply({ what: sure && "what" in sure ? sure.what : "", by: namesake }, settings, azure);
  await until(async () =>
    (await privacyReply({ what: "look", by: namesake }, settings, azure)).actions.some(
      (action) => "what" in action && action.what === "forget",
    ),
  );
  expect((await readJob(ref.split(".")[0] ?? "", azure))?.job.pictures[0]?.state).toBe("kept");
});
