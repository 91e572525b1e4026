/** Refusals that are not known to be final, and what takes long. Each in a thread of its own, and all at once. */
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { ChatReply } from "../../src/replies/reply.ts";
import type { Address } from "../../src/request/request.ts";
import type { Fault } from "../fakes/microsoft/exchange.ts";
import { page, refusals, refuse } from "../fakes/microsoft/refusals.ts";
import { textsIn, worlds } from "./open-world.ts";
import type { World } from "./open-world.ts";
import { finished, labels, refused } from "../../src/words/sentences.ts";

const open = worlds("file");
let world: World;
beforeAll(async () => {
  world = await open();
});

const picture = {
  name: "a.png",
  mediaType: "image/png",
  width: 1024,
  height: 1024,
  bytes: 1,
  url: "https://easel.example/pictures/a.png",
  previewUrl: "https://easel.example/pictures/a-preview.jpg",
  altText: "a lighthouse",
};
const drawn: ChatReply = {
  role: "answer",
  mood: "finished",
  title: finished.title,
  paragraphs: [],
  quotes: [{ label: labels.yourWords, words: "a lighthouse" }],
  pictures: [picture],
  facts: [],
  actions: [],
  forAskerOnly: false,
};
const aside: ChatReply = {
  ...drawn,
  mood: "declined",
  title: refused.title,
  pictures: [],
  forAskerOnly: true,
  actions: [{ do: "revise", label: labels.revise, job: "teams-1", words: "a lighthouse" }],
};

/** A request that waits for its answer, with the faults of its own thread. */
async function ask() {
  const { conversationId: place } = await world.teams.say("imagine a lighthouse", { conversation: "channel" });
  // The turn ends when the job is safe: its message stands, and is known to stand, a moment later.
  const address = await vi.waitFor(
    async (): Promise<Address> => {
      const [job] = await world.jobs(place);
      expect(job?.address.activityId).toEqual(expect.any(String));
      return job?.address ?? { platform: "none" };
    },
    { timeout: 30_000 },
  );
  const path = new RegExp(place.replaceAll(/[^a-z0-9:@;=]/gi, "."));
  const began = world.microsoft.log.length;
  return {
    address,
    send: (reply: ChatReply, how?: { isLast?: boolean }) => world.send(address, reply, how),
    fail: (fault: Fault, times = 1, also: { method?: string; text?: RegExp } = {}) =>
      world.microsoft.fail({ path, ...also }, fault, times),
    standing: () => world.microsoft.activities(place),
    calls: () => world.microsoft.log.slice(began).filter(({ segments }) => segments[3] === place),
    methods: () => world.microsoft.log.slice(began).flatMap((one) => (one.segments[3] === place ? [one.method] : [])),
  };
}

/** What Teams, and what stands before it, has been seen to say of chats that exist. */
const passing: [string, Fault][] = [
  ["ConversationNotFound", refusals.conversationNotFound],
  ["a 403 that nobody knows", refuse(403, "ServiceError", "Unknown")],
  ["a 400 that nobody knows", refuse(400, "BadRequest", "The bot is not part of the conversation roster.")],
  ["a final code under another status", refuse(409, "BotNotInConversationRoster", "Conflict.")],
  ["a token that is not taken", refusals.unauthorized],
  ["a 403 page of a proxy's", page(403)],
  ["a 404 page", page(404)],
  ["a bare 410", { status: 410 }],
  ["a page with 200", page(200)],
  ["a page that says too large", page(413)],
  ["an answer without end", { status: 404, body: "x".repeat(3_000_000) }],
];

describe.concurrent("a refusal that is not known to be final", () => {
  test.each(passing)("%s, of one change, is tried again: the message becomes the picture", async (_, fault) => {
    const { send, fail, standing, methods } = await ask();
    const [waiting] = standing();
    fail(fault);
    expect(await send(drawn)).toMatchObject({ delivered: true });
    expect(methods()).toEqual(["PUT", "PUT"]);
    expect(standing()).toMatchObject([{ id: waiting?.id, changes: 1 }]);
    expect(JSON.stringify(standing())).toContain('"Image"');
  });

  test("of every call for some seconds is outlived in place", async () => {
    const { send, fail, standing } = await ask();
    const [waiting] = standing();
    fail(refusals.conversationNotFound, 4);
    expect(await send(drawn)).toMatchObject({ delivered: true });
    expect(standing()).toMatchObject([{ id: waiting?.id, changes: 1 }]);
  });

  test("of every change leads to a new message, and what stood there goes", async () => {
    const { send, fail, standing } = await ask();
    const [waiting] = standing();
    fail(refusals.conversationNotFound, Infinity, { method: "PUT" });
    const delivery = await send(drawn);
    expect(standing()).toHaveLength(1);
    expect(standing()[0]?.id).not.toBe(waiting?.id);
    expect(delivery).toMatchObject({ delivered: true, address: { activityId: standing()[0]?.id } });
    expect(textsIn(standing())).toContain("Here it is");
  });

  test("of every change, and of deleting for a while, too", async () => {
    const { send, fail, standing } = await ask();
    fail(refusals.notYours, Infinity, { method: "PUT" });
    fail("cut", 1, { method: "DELETE" });
    expect(await send(drawn)).toMatchObject({ delivered: true });
    expect(standing()).toHaveLength(2);
    await vi.waitFor(() => expect(standing()).toHaveLength(1), { timeout: 30_000, interval: 200 });
    expect(textsIn(standing())).toContain("Here it is");
  });

  test("of everything is left to a later try, told apart from trouble, with status, code and ways", async () => {
    const { send, fail, standing } = await ask();
    fail(refusals.conversationNotFound, Infinity);
    expect(await send(drawn)).toEqual({
      delivered: false,
      because: "PUT 404 ConversationNotFound, POST 404 ConversationNotFound",
      againInSeconds: expect.any(Number),
      isRefused: true,
    });
    expect(standing()).toMatchObject([{ changes: 0 }]);
  });

  test("of a word that another will follow brings no second message", async () => {
    const { send, fail, methods } = await ask();
    fail(page(403), Infinity);
    const delivery = await send({ ...drawn, role: "progress", mood: "waiting" });
    expect(delivery).toMatchObject({ delivered: false, againInSeconds: expect.any(Number) });
    expect(new Set(methods())).toEqual(new Set(["PUT"]));
  });

  test("a page with 200 is no new message: it bears no id", async () => {
    const { address, fail } = await ask();
    fail(page(200));
    expect(await world.send({ ...address, activityId: null }, drawn)).toMatchObject({
      delivered: false,
      because: "POST 200 with a page",
      againInSeconds: expect.any(Number),
    });
  });
});

test.concurrent("a page that goes on saying too large brings a smaller card", async () => {
  const { send, fail, standing } = await ask();
  fail(page(413), Infinity, { text: /"Image"/ });
  expect(await send(drawn)).toMatchObject({ delivered: true });
  expect(standing()).toHaveLength(1);
  expect(textsIn(standing())).toContain("Here it is");
  expect(JSON.stringify(standing())).not.toContain('"Image"');
});

test.concurrent("a connector out of service is left to a later try after five, at growing waits", async () => {
  const { send, fail, methods, calls } = await ask();
  fail(refusals.serviceUnavailable, Infinity);
  const delivery = await send(drawn);
  expect(delivery).toMatchObject({ delivered: false, againInSeconds: expect.any(Number) });
  expect("againInSeconds" in delivery && delivery.againInSeconds).toBeLessThan(8);
  expect(methods()).toEqual(["PUT", "PUT", "PUT", "PUT", "PUT"]);
  const [first = 0, second = 0, third = 0, fourth = 0] = calls().map(({ at }) => at);
  expect(second - first).toBeLessThan(third - second);
  expect(third - second).toBeLessThan(fourth - third);
});

describe.concurrent("an answer for one person among others", () => {
  test("stands once, though what stands there for all cannot go for a while", async () => {
    const { send, fail, standing } = await ask();
    for (const method of ["DELETE", "PUT"]) fail(refusals.internalError, 1, { method });
    expect(await send(aside)).toMatchObject({ delivered: true, address: { targeted: true } });
    expect(standing()).toHaveLength(2);
    await vi.waitFor(() => expect(standing()).toMatchObject([{ targeted: true }]), { timeout: 30_000, interval: 100 });
  });

  test("that Teams refuses with what nobody knows comes later, and at last is told to all without its reason", async () => {
    const { send, fail, standing } = await ask();
    fail(page(403), Infinity, { method: "POST", text: /"recipient"/ });
    expect(await send(aside)).toMatchObject({ delivered: false, isRefused: true });
    expect(standing()).toMatchObject([{ targeted: false, changes: 0 }]);
    expect(await send(aside, { isLast: true })).toMatchObject({ delivered: true });
    expect(textsIn(standing()).join()).toContain("No picture came of this one");
    expect(JSON.stringify(standing()[0]?.attachments)).not.toMatch(/lighthouse|Revise/);
  });
});
