import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { ChatReply } from "../../src/replies/reply.ts";
import type { Address } from "../../src/request/request.ts";
import type { Fault } from "../fakes/microsoft/exchange.ts";
import { badRequest, refusals, throttled } from "../fakes/microsoft/refusals.ts";
import { textsIn, worlds } from "./open-world.ts";
import type { World } from "./open-world.ts";
import { finished, labels, refused } from "../../src/words/sentences.ts";

const open = worlds("file");
const connector = "smba.trafficmanager.net";

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
  actions: [{ do: "open", label: labels.openOriginal, url: picture.url }],
  forAskerOnly: false,
};

let world: World;
beforeAll(async () => {
  world = await open();
});
let address: Address;
let place: string;
beforeEach(async () => {
  // A thread of its own for each test.
  const turn = await world.teams.say("imagine a lighthouse", { conversation: "channel" });
  place = turn.conversationId;
  address = await vi.waitFor(async () => {
    const [job] = await world.jobs(place);
    if (typeof job?.address.activityId !== "string")
      throw new Error("the record does not say where the waiting card stands");
    return job.address;
  }, 30_000);
  world.microsoft.log.splice(0);
});
const without = (changes: Record<string, string | null>): Address => ({ ...address, ...changes });
const calls = () => world.microsoft.log.filter(({ segments }) => segments[3] === place);
const methods = () => calls().map(({ method }) => method);
const standing = () => world.microsoft.activities(place);
const fail = (fault: Fault, times = 1) => onTestFinished(world.microsoft.fail({ host: connector }, fault, times));

test("the picture takes the waiting card's place, in its thread, and the AI label arrives", async () => {
  const [waiting] = standing();
  expect(await world.send(address, drawn)).toMatchObject({ delivered: true, address: { activityId: waiting?.id } });
  expect(standing()).toMatchObject([
    { id: waiting?.id, changes: 1, channelData: { feedbackLoop: { type: "default" } } },
  ]);
  expect(textsIn(standing()[0]?.attachments)).toContain("Here it is");
  // What reached the connector, not what was handed to an SDK.
  const sent = JSON.parse(calls()[0]?.text ?? "") as { entities: unknown };
  expect(sent.entities).toEqual([
    {
      type: "https://schema.org/Message",
      "@type": "Message",
      "@context": "https://schema.org",
      additionalType: ["AIGeneratedContent"],
    },
  ]);
});

test("sent again, it is still one message", async () => {
  await world.send(address, drawn);
  await world.send(address, drawn);
  expect(standing()).toHaveLength(1);
});

test.each([null, "1600000000000"])(
  "where no waiting card stands (%s), it is a new message, and later ones replace that",
  async (activityId) => {
    const delivery = await world.send(without({ activityId }), drawn);
    expect(standing()).toHaveLength(2);
    expect(delivery).toMatchObject({ delivered: true, address: { activityId: standing()[1]?.id } });
    if (delivery.delivered && delivery.address) await world.send(delivery.address, drawn);
    expect(standing()).toHaveLength(2);
  },
);

describe("a connector that is busy", () => {
  test.each([
    throttled(1),
    refusals.preconditionFailed,
    refusals.badGateway,
    refusals.serviceUnavailable,
    refusals.gatewayTimeout,
  ])("is asked again at once ($status)", async (refusal) => {
    fail(refusal);
    const began = Date.now();
    expect(await world.send(address, drawn)).toMatchObject({ delivered: true });
    expect(methods()).toEqual(["PUT", "PUT"]);
    const waited = (calls()[1]?.at ?? 0) - (calls()[0]?.at ?? 0);
    expect(waited).toBeGreaterThanOrEqual(1000);
    expect(Date.now() - began).toBeLessThan(4000);
  });

  test("for long is left to a later try, not before the time it names", async () => {
    fail(throttled(40), Infinity);
    const began = Date.now();
    const delivery = await world.send(address, drawn);
    expect(delivery).toMatchObject({ delivered: false, because: "PUT 429 Throttled" });
    expect(delivery).toHaveProperty("againInSeconds", expect.closeTo(45, -1));
    expect(Date.now() - began).toBeLessThan(5000);
    expect(methods()).toEqual(["PUT"]);
  });

  test("twice, and then out of service, is ridden out in place", async () => {
    fail(throttled(1), 2);
    fail(refusals.serviceUnavailable);
    const began = Date.now();
    expect(await world.send(address, drawn)).toMatchObject({ delivered: true });
    expect(methods()).toEqual(["PUT", "PUT", "PUT", "PUT"]);
    expect(Date.now() - began).toBeLessThan(9000);
  });

  test("until a date is asked again after it", async () => {
    fail({ status: 429, headers: { "retry-after": new Date(Date.now() + 3000).toUTCString() } });
    expect(await world.send(address, drawn)).toMatchObject({ delivered: true });
    const waited = (calls()[1]?.at ?? 0) - (calls()[0]?.at ?? 0);
    expect(waited).toBeGreaterThan(1500);
  });

  test("or broken is tried later, not in place", async () => {
    fail(refusals.internalError);
    const delivery = await world.send(address, drawn);
    expect(delivery).toMatchObject({ delivered: false, againInSeconds: expect.any(Number) });
    expect(delivery).not.toHaveProperty("isRefused");
    expect(methods()).toEqual(["PUT"]);
  });

  test.each(["1000000000000", "Wed, 01 Jan 2099 00:00:00 GMT"])(
    "until %s is asked again in some minutes",
    async (until) => {
      fail({ status: 429, headers: { "retry-after": until } });
      const delivery = await world.send(address, drawn);
      expect(delivery).toMatchObject({ delivered: false, againInSeconds: expect.any(Number) });
      expect("againInSeconds" in delivery && delivery.againInSeconds).toBeLessThan(800);
    },
  );
});

test("a change of what stands brings nobody a new message where that is gone", async () => {
  const gone = without({ activityId: "1600000000000" });
  const delivery = await world.send(gone, { ...drawn, onlyInPlace: true });
  expect(delivery).toEqual({ delivered: false, because: "PUT 404 ActivityNotFoundInConversation" });
});

test("the answer to a thread whose first message is gone stands in the channel", async () => {
  const chat = place.replace(/;.*/, "");
  onTestFinished(world.microsoft.fail({ path: /messageid/ }, refusals.activityNotFound, Infinity));
  const before = world.microsoft.activities(chat).length;
  expect(await world.send(address, drawn)).toMatchObject({ delivered: true, address: { conversationId: chat } });
  expect(world.microsoft.activities(chat)).toHaveLength(before + 1);
});

describe("an answer that is lost on the way", () => {
  test.each(["cut", "lose"] as const)("%s: is no second message at once", async (fault) => {
    fail(fault);
    expect(await world.send(without({ activityId: null }), drawn)).toMatchObject({
      delivered: false,
      againInSeconds: expect.any(Number),
    });
    expect(methods()).toEqual(["POST"]);
  });
  test("hang: is given up in time", async () => {
    fail("hang");
    const began = Date.now();
    expect(await world.send(address, drawn)).toMatchObject({ delivered: false, againInSeconds: expect.any(Number) });
    expect(Date.now() - began).toBeLessThan(12_000);
  });
});

describe("for good and quietly", () => {
  test.each([
    ["MessageWritesBlocked", refusals.messageWritesBlocked],
    ["BotNotInConversationRoster", refusals.botNotInConversationRoster],
    ["BotDisabledByAdmin", refusals.botDisabledByAdmin],
    ["ConversationBlockedByUser", refusals.conversationBlockedByUser],
  ])("%s", async (code, refusal) => {
    fail(refusal, Infinity);
    const before = world.printed().length;
    expect(await world.send(address, drawn)).toEqual({ delivered: false, because: `PUT 403 ${code}` });
    expect(methods()).toEqual(["PUT"]);
    expect(world.printed().slice(before)).not.toMatch(/"level":[56]0/);
  });
});

describe("a card that is too large", () => {
  test("for the connector of the day comes smaller, with the way to the picture", async () => {
    fail(refusals.messageSizeTooBig);
    expect(await world.send(address, drawn)).toMatchObject({ delivered: true });
    const [message] = standing();
    expect(JSON.stringify(message)).not.toContain('"Image"');
    expect(JSON.stringify(message)).toContain(picture.url);
  });

  test("for both, however small, is tried whole again, later", async () => {
    onTestFinished(world.microsoft.fail({ host: connector }, refusals.messageSizeTooBig, Infinity));
    expect(await world.send(address, drawn)).toEqual({
      delivered: false,
      because: "POST 413 MessageSizeTooBig",
      againInSeconds: expect.any(Number),
      isRefused: true,
    });
    expect(methods()).toEqual(["PUT", "PUT", "POST", "POST"]);
  });

  test("or bad for it, too", async () => {
    fail(badRequest("BadSyntax", "Bad card."));
    expect(await world.send(address, drawn)).toMatchObject({ delivered: true });
    expect(JSON.stringify(standing())).not.toContain('"Image"');
  });
});

describe("our token goes nowhere else", () => {
  test.each([
    "https://smba.trafficmanager.net.evil.example/teams/",
    "http://127.0.0.1:9/",
    "https://evil.example/?x=smba.trafficmanager.net",
  ])("an address that leads to %s is never called", async (serviceUrl) => {
    expect(await world.send(without({ serviceUrl }), drawn)).toMatchObject({ delivered: false });
    expect(calls()).toEqual([]);
  });

  test("a redirect is not followed", async () => {
    fail({ status: 307, headers: { location: "https://login.botframework.com/steal" } }, Infinity);
    expect(await world.send(address, drawn)).toMatchObject({ delivered: false });
    expect(world.microsoft.log.some(({ path }) => path.includes("steal"))).toBe(false);
  });

  test("what is no address of Teams is refused", async () => {
    expect(await world.send({ platform: "teams" }, drawn)).toEqual({
      delivered: false,
      because: "the address is not one of Teams",
    });
  });
});

describe("an answer for one person among others", () => {
  const aside: ChatReply = {
    ...drawn,
    mood: "declined",
    title: refused.title,
    pictures: [],
    forAskerOnly: true,
    actions: [{ do: "revise", label: labels.revise, job: "teams-1", words: "a lighthouse" }],
  };

  test("is targeted, and what stood there for all is deleted", async () => {
    const delivery = await world.send(address, aside);
    expect(methods()).toEqual(["POST", "DELETE"]);
    expect(standing()).toMatchObject([{ targeted: true, recipient: { id: expect.stringMatching(/^29:/) } }]);
    expect(delivery).toMatchObject({ delivered: true, address: { targeted: true, activityId: standing()[0]?.id } });
    if (delivery.delivered && delivery.address) await world.send(delivery.address, drawn);
    expect(standing()).toMatchObject([{ targeted: true, changes: 1 }]);
  });

  test("is no targeted one where nobody else reads", async () => {
    const turn = await world.teams.say("imagine a lighthouse");
    const [job] = await world.jobs(turn.conversationId);
    if (job) await world.send(job.address, aside);
    expect(world.microsoft.activities(turn.conversationId)).toMatchObject([{ targeted: false, changes: 1 }]);
  });

  test("that Teams is too busy for leaves what stands there, and comes later, once", async () => {
    fail(throttled(40));
    expect(await world.send(address, aside)).toMatchObject({ delivered: false, againInSeconds: expect.any(Number) });
    expect(standing()).toMatchObject([{ targeted: false, changes: 0 }]);
    await world.send(address, aside);
    expect(standing()).toMatchObject([{ targeted: true }]);
  });

  test("is told to all without a reason where what stands there cannot go", async () => {
    onTestFinished(world.microsoft.fail({ method: "DELETE" }, refusals.internalError, Infinity));
    expect(await world.send(address, aside)).toMatchObject({ delivered: true, address: { targeted: true } });
    const [forAll] = standing().filter(({ targeted }) => !targeted);
    expect(textsIn(forAll)).toEqual(expect.arrayContaining([expect.stringContaining("No picture came of this one")]));
    expect(JSON.stringify(forAll?.attachments)).not.toMatch(/lighthouse|Revise/);
  });

  test.each([
    ["help", { role: "word", mood: "help", actions: [], quotes: [] }, "Please revise your words"],
    [
      "a word",
      { role: "word", mood: "declined", title: undefined, paragraphs: ["That is not yours."], actions: [], quotes: [] },
      "That is not yours.",
    ],
    ["a picture", { role: "word", mood: "help", pictures: [picture] }, "I cannot show that to you alone here"],
  ] satisfies [string, Partial<ChatReply>, string][])(
    "%s is told to all as far as it is theirs to read, where nobody can be told alone",
    async (_, changes, said) => {
      onTestFinished(
        world.microsoft.fail({ method: "POST", text: /"recipient"/ }, refusals.activityNotFound, Infinity),
      );
      await world.send(without({ activityId: null }), { ...aside, ...changes });
      const texts = textsIn(standing().at(-1)?.attachments).join("\n");
      expect(texts).toContain(said);
      expect(texts).not.toContain("a lighthouse");
    },
  );

  test("waits in silence where nobody can be told alone", async () => {
    onTestFinished(world.microsoft.fail({ method: "POST", text: /"recipient"/ }, refusals.activityNotFound, Infinity));
    const waiting = { ...aside, role: "progress", mood: "waiting" } as const;
    expect(await world.send(without({ activityId: null }), waiting)).toMatchObject({ delivered: false });
    expect(standing()).toHaveLength(1);
  });
});

test("what stands in a card that a person sent is not written to", async () => {
  expect(await world.send({ ...address, inserted: true }, drawn)).toEqual({ delivered: true });
  expect(calls()).toEqual([]);
});

test("a message that another will follow soon is given up soon", async () => {
  fail(throttled(3), Infinity);
  const began = Date.now();
  expect(await world.send(address, { ...drawn, role: "progress", mood: "waiting" })).toMatchObject({
    delivered: false,
  });
  expect(Date.now() - began).toBeLessThan(9000);
});

test("an address that was kept before there were targeted messages still leads somewhere", async () => {
  const { targeted: _, inserted: __, nowJob: ___, ...old } = address;
  expect(await world.send(old, drawn)).toMatchObject({ delivered: true });
});

test("works in another process than the one that read the request", async () => {
  await world.restart();
  expect(await world.send(address, drawn)).toMatchObject({ delivered: true });
  expect(standing()).toHaveLength(1);
});

test("where the bot was really removed, nothing can be delivered", async () => {
  await world.teams.uninstall({ conversation: "channel" });
  expect(await world.send(address, drawn)).toEqual({
    delivered: false,
    because: "PUT 403 BotNotInConversationRoster",
  });
});
