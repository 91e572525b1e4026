import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { StandingActivity } from "../fakes/microsoft/conversations.ts";
import { forgeries } from "../fakes/microsoft/forgeries.ts";
import { refusals, throttled } from "../fakes/microsoft/refusals.ts";
import type { Turn } from "../fakes/microsoft/teams-client.ts";
import { startWorld, untilTrue } from "./world.ts";
import type { Bot, World } from "./world.ts";

let world: World;
let bot: Bot;
beforeAll(async () => {
  world = await startWorld();
  bot = await world.startBot();
});
afterAll(() => world.stop());

let callsBefore = 0;
let person = 0;
let user = "";
beforeEach(() => {
  callsBefore = world.images.calls.length;
  // A person, and so a chat, of its own for each test: Teams' pace is per thread.
  user = `Ada ${++person}`;
});
const callsSince = () => world.images.calls.slice(callsBefore);
const standing = ({ conversationId }: Pick<Turn, "conversationId">) => world.microsoft.activities(conversationId);
const textOf = (activity: StandingActivity | undefined) => JSON.stringify(activity ?? null);
const isPicture = (activity: StandingActivity) =>
  textOf(activity).includes('"Image"') && /"(All again|Open original)"/.test(textOf(activity));
/** The finished one: a waiting message may show it in the making. */
const untilPicture = (turn: Turn) =>
  untilTrue(
    () => standing(turn).find((activity) => isPicture(activity) && !/on (its|their) way/.test(textOf(activity))),
    25,
  );
const untilText = (turn: Turn, words: string) =>
  untilTrue(() => standing(turn).find((activity) => textOf(activity).includes(words)));

type Element = {
  type: string;
  url?: string;
  altText?: string;
  items?: Element[];
  columns?: Element[];
  body?: Element[];
  images?: Element[];
};
function imagesOf(activity: StandingActivity): Element[] {
  const walk = (element: Element): Element[] => [
    ...(element.type === "Image" ? [element] : []),
    ...[element.body, element.items, element.columns, element.images].flatMap((inner) => (inner ?? []).flatMap(walk)),
  ];
  return (activity.attachments ?? []).flatMap(({ content }) => walk(content as Element));
}

describe("imagine", () => {
  it.each(["personal", "groupChat", "channel"] as const)(
    "ends the turn at once, and the placeholder becomes the card in the same %s thread",
    async (conversation) => {
      world.images.hold();
      const turn = await bot.teams.say("imagine a lighthouse made of books --size wide —quality hd --model dall-e-3", {
        conversation,
        user,
      });
      expect(turn.status).toBe(200);
      expect(turn.milliseconds).toBeLessThan(5000);
      const placeholder = await untilTrue(() => standing(turn)[0]);
      world.images.release();
      const card = await untilPicture(turn);
      expect(card.id).toBe(placeholder.id);
      expect(standing(turn)).toHaveLength(1);
      expect(textOf(card)).toContain("a lighthouse made of books");
      expect(callsSince()).toHaveLength(1);
      expect(callsSince()[0]).toMatchObject({
        deployment: "dalle3",
        prompt: "a lighthouse made of books",
        parameters: { size: "1792x1024", quality: "hd" },
      });
      const [image] = imagesOf(card);
      expect(image?.url).toMatch(/^https:\/\/easel\.example\.org\/pictures\/[0-9a-f]{40}-preview\.jpg$/);
      expect(image?.altText?.length).toBeGreaterThan(20);
      const served = await fetch(`http://127.0.0.1:${bot.port}${new URL(image?.url ?? "").pathname}`);
      expect([served.status, served.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
      expect((await served.arrayBuffer()).byteLength).toBeLessThanOrEqual(1_000_000);
      const content = card.attachments?.[0]?.content as { version: string };
      expect(content.version).toBe("1.5");
      expect(JSON.stringify(content).length).toBeLessThan(28 * 1024);
      const labels = (card.entities ?? []).filter(({ type }) => type === "https://schema.org/Message");
      expect(labels).toEqual([expect.objectContaining({ additionalType: ["AIGeneratedContent"] })]);
    },
  );

  it("does not draw again when a person edits a message", async () => {
    const turn = await bot.teams.say("imagine a draft", { user });
    await untilPicture(turn);
    expect((await bot.teams.edit(turn, "imagine a better draft", { user })).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(callsSince()).toHaveLength(1);
  });

  it("keeps a card small whatever the words are", async () => {
    const turn = await bot.teams.say(`imagine ${"🦊🌊 **bold** [link](https://evil.example) ".repeat(500)}`, { user });
    const card = await untilPicture(turn);
    expect(JSON.stringify(card.attachments?.[0]?.content).length).toBeLessThan(28 * 1024);
  });
});

describe("words", () => {
  it.each(["hi", "Hello", "HELP", "help!"])("answers %s", async (word) => {
    const turn = await bot.teams.say(word, { user });
    expect(standing(turn)).toHaveLength(1);
    expect(textOf(standing(turn)[0])).toContain("imagine");
  });
  it("answers anything else in a friendly way, and draws nothing", async () => {
    const turn = await bot.teams.say("what is the weather like?", { user });
    expect(standing(turn)).toHaveLength(1);
    expect(callsSince()).toEqual([]);
  });
  it("answers a bare imagine with a form that draws", async () => {
    const turn = await bot.teams.say("imagine", { user });
    const [form] = standing(turn);
    if (!form) throw new Error("no form");
    const sent = await bot.teams.press("Draw", form, {
      user,
      inputs: { prompt: "a form of life", size: "tall", count: "2" },
    });
    expect(sent.status).toBe(200);
    const card = await untilTrue(() => standing(turn).find(isPicture));
    expect(textOf(card)).toContain("a form of life");
    expect(callsSince()).toHaveLength(2);
  });
  it("says all that is wrong at once", async () => {
    const turn = await bot.teams.say("imagine a cat --size 512x512 --quality ultra --count 9 --upscale 2", { user });
    const text = textOf(standing(turn)[0]);
    for (const words of ["512×512", "ultra", "1 to 4", "upscale"]) expect(text).toContain(words);
    expect(callsSince()).toEqual([]);
  });
  it("welcomes once", async () => {
    await bot.teams.install({ user });
    await bot.teams.install({ user });
    const conversationId = bot.teams.chatId("personal", user);
    await untilTrue(() => world.microsoft.activities(conversationId).length > 0);
    expect(world.microsoft.activities(conversationId)).toHaveLength(1);
  });
});

describe("a card that is pressed where it no longer stands", () => {
  it("leaves the picture that has taken its place, and answers anew", async () => {
    const turn = await bot.teams.say("imagine two knights kill each other --model dall-e-3", { user });
    const card = await untilText(turn, "safety filter");
    await bot.teams.press("Revise", card, { user, inputs: { prompt: "a first picnic" } });
    const first = await untilTrue(() => standing(turn).find((activity) => isPicture(activity)));
    const same = await bot.teams.press("Revise", card, { user, inputs: { prompt: "a first picnic" } });
    expect(JSON.stringify(same.body)).toContain("stands in this chat already");
    await bot.teams.press("Revise", card, { user, inputs: { prompt: "a second picnic" } });
    await untilTrue(() => standing(turn).filter(isPicture).length === 2);
    expect(textOf(standing(turn).find(({ id }) => id === first.id))).toContain("a first picnic");
    expect(callsSince()).toHaveLength(3);
  });
});

describe("help among others", () => {
  it("says that Easel hears what mentions it, and how options are typed", async () => {
    const turn = await bot.teams.say("help", { user, conversation: "groupChat" });
    const text = textOf(standing(turn).at(-1));
    expect(text).toContain("@Easel imagine a lighthouse made of books");
    expect(text).toContain("--size wide --quality");
  });
});

describe("trouble", () => {
  it("waits as Teams asks it to, and delivers", async () => {
    world.images.hold();
    const turn = await bot.teams.say("imagine patience", { user });
    world.microsoft.fail({ method: "PUT" }, throttled(1), 2);
    world.microsoft.fail({ method: "PUT" }, refusals.serviceUnavailable, 1);
    world.images.release();
    await untilPicture(turn);
    expect(standing(turn)).toHaveLength(1);
    expect(callsSince()).toHaveLength(1);
  }, 60_000);

  it("outlives a chat that Teams denies for some seconds: the waiting message becomes the picture", async () => {
    world.images.hold();
    const turn = await bot.teams.say("imagine a lighthouse", { conversation: "channel" });
    const waiting = await untilTrue(() => standing(turn)[0]);
    onTestFinished(world.microsoft.fail({ host: "smba.trafficmanager.net" }, refusals.conversationNotFound, 4));
    world.images.release();
    await untilPicture(turn);
    expect(standing(turn)).toMatchObject([{ id: waiting.id }]);
  });

  it("ends quietly where it was removed", async () => {
    world.images.hold();
    const turn = await bot.teams.say("imagine alone", { user });
    const stopFailing = world.microsoft.fail({ method: "PUT" }, refusals.botNotInConversationRoster, Infinity);
    world.images.release();
    await untilTrue(() => bot.output.some((line) => line.includes("cannot be delivered")));
    const writes = world.microsoft.log.filter(({ method }) => method === "PUT").length;
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(world.microsoft.log.filter(({ method }) => method === "PUT")).toHaveLength(writes);
    stopFailing();
    expect(standing(turn)).toHaveLength(1);
  });

  it("ends its turn in time though Teams does not take the placeholder", async () => {
    world.microsoft.fail({ method: "POST", path: /activities/ }, "hang", 1);
    const turn = await bot.teams.say("imagine silence", { user });
    expect([turn.status, turn.deliveries.length]).toEqual([200, 1]);
    await untilPicture(turn);
    expect(callsSince()).toHaveLength(1);
  });
});

describe("nobody gets in", () => {
  it("refuses every forgery with a 4xx and without a word", async () => {
    for (const { name, ...forgery } of forgeries(world.microsoft)) {
      const turn = await bot.teams.say("imagine a burglar", { user, ...forgery });
      expect([name, turn.status >= 400 && turn.status < 500]).toEqual([name, true]);
      expect((JSON.stringify(turn.body) ?? "").length).toBeLessThan(100);
    }
    expect(callsSince()).toEqual([]);
  });
  it("refuses another tenant", async () => {
    const turn = await bot.teams.say("imagine a guest", { user, tenant: "11111111-2222-4333-8444-555555555555" });
    expect(turn.status).toBe(403);
    expect(callsSince()).toEqual([]);
  });
  it.each([
    ["no JSON", "{", "application/json", 400],
    ["an empty object", "{}", "application/json", 400],
    ["a list", "[]", "application/json", 400],
    ["a body without end", `{"type":"message","text":"${"x".repeat(3_000_000)}"}`, "application/json", 413],
  ])("refuses %s", async (_, body, type, status) => {
    const response = await fetch(`http://127.0.0.1:${bot.port}/api/messages`, {
      method: "POST",
      body,
      headers: { "content-type": type, authorization: `Bearer ${world.microsoft.channelToken()}` },
    });
    expect(response.status).toBe(status);
  });
});
