import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { startImagesApi } from "../../local/images-api/images-api.ts";
import type { ImagesApi } from "../../local/images-api/images-api.ts";
import { acceptRequest } from "../../src/ask/accept.ts";
import { announce } from "../../src/ask/announce.ts";
import type { Accepted, Announcement } from "../../src/ask/announce.ts";
import { changeAddress, readAddress, takeNext } from "../../src/jobs/line.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import type { Delivery } from "../../src/replies/delivery.ts";
import type { ChatReply } from "../../src/replies/reply.ts";
import type { Address } from "../../src/request/request.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { openCore, until } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";

let azurite: Azurite;
let images: ImagesApi;
let core: Core;

beforeAll(async () => {
  azurite = await startAzurite();
  images = await startImagesApi({ latency: 0 });
});
beforeEach(async () => {
  core = await openCore(azurite.connectionString, images.url);
  onTestFinished(() => core.stop());
});
afterAll(async () => {
  await images.stop();
  await azurite.stop();
});

type Sent = { place: Address; reply: ChatReply };

/** A chat whose waiting messages come when `come` says so, and which takes every answer. */
function chat() {
  const waiting = Promise.withResolvers<Delivery>();
  const sent: Sent[] = [];
  const send = (place: Address, reply: ChatReply): Promise<Delivery> => {
    sent.push({ place, reply });
    return reply.role === "progress" ? waiting.promise : Promise.resolve({ delivered: true });
  };
  return { send, come: waiting.resolve, answers: () => sent.filter(({ reply }) => reply.role === "answer") };
}

async function accepted(): Promise<Accepted> {
  const acceptance = await acceptRequest(core.request(), core.settings, core.azure);
  if (acceptance.outcome !== "accepted") throw new Error("not accepted");
  return acceptance;
}

const goesTo = ({ job }: Accepted) => readAddress(job.id, core.azure);
const isFinished = () => until(() => core.chat.some(({ reply }) => reply.mood === "finished"));

it("a job begins when its waiting message stands, and its answer goes there", async () => {
  const asked = await accepted();
  const { send, come } = chat();
  const announced = announce(asked, { send, milliseconds: 20_000 }, core);
  expect(takeNext(core.azure)).toBeUndefined();
  const address = { ...asked.job.address, message: 1 };
  come({ delivered: true, address });
  expect(await announced).toEqual({ delivered: true, address });
  expect(takeNext(core.azure)?.job.address).toEqual(address);
});

it.each<[string, Announcement["send"]]>([
  ["breaks", () => Promise.reject(new Error("no"))],
  ["is in trouble", () => Promise.resolve({ delivered: false, because: "503", againInSeconds: 5 })],
])("a chat that %s costs the waiting message and nothing else", async (_, send) => {
  const asked = await accepted();
  const orElse = { ...asked.job.address, message: "elsewhere" };
  await announce(asked, { send, milliseconds: 20_000, orElse }, core);
  expect(takeNext(core.azure)?.job.address).toEqual(asked.job.address);
});

it("a chat that takes nothing, now or later, has the answer elsewhere", async () => {
  const asked = await accepted();
  const orElse = { ...asked.job.address, message: "elsewhere" };
  const send = () => Promise.resolve({ delivered: false as const, because: "gone" });
  await announce(asked, { send, milliseconds: 20_000, orElse }, core);
  expect(takeNext(core.azure)?.job.address).toEqual(orElse);
});

it("a job that is announced when the worker has stopped goes to the others at once", async () => {
  await core.work().stop();
  const id = await core.accept();
  core.work(connectAzure(core.settings));
  await core.told(id, 10);
});

describe("a waiting message that comes late", () => {
  async function late(by: Partial<Announcement> = {}) {
    const asked = await accepted();
    const { send, come, answers } = chat();
    expect(await announce(asked, { send, milliseconds: 1, ...by }, core)).toBeUndefined();
    return { asked, come, answers, message: { ...asked.job.address, message: "late" } };
  }

  it("is where the answer goes", async () => {
    const { asked, come, message } = await late();
    come({ delivered: true, address: message });
    await until(async () => (await goesTo(asked))?.message === "late");
    core.work();
    await isFinished();
    expect(core.chat.at(-1)?.address).toEqual(message);
  });

  it("has the answer put into it, in place alone, where it may have come over it", async () => {
    const { asked, come, answers } = await late();
    core.work();
    await isFinished();
    come({ delivered: true });
    const [again] = await until(() => answers().length > 0 && answers());
    expect(again).toMatchObject({ place: asked.job.address, reply: { mood: "finished", onlyInPlace: true } });
  });

  it("has it so too where nobody knows whether it came", async () => {
    const { asked, come, answers } = await late();
    core.work();
    await isFinished();
    come({ delivered: false, because: "the answer was lost", againInSeconds: 5 });
    expect((await until(() => answers()[0])).place).toEqual(asked.job.address);
  });

  it("goes where a word before the answer stands elsewhere already", async () => {
    const taken: Address[] = [];
    const { asked, come, answers, message } = await late({ takeAway: async (address) => void taken.push(address) });
    await changeAddress(asked.job.id, { ...asked.job.address, message: "another" }, core.azure);
    come({ delivered: true, address: message });
    await until(() => taken.length > 0);
    expect([taken, answers()]).toEqual([[message], []]);
    expect((await goesTo(asked))?.message).toBe("another");
  });
});
