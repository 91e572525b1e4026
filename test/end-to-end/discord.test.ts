import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buttonsOf, picturesOf, textOf } from "../fakes/discord/reading.ts";
import type { FakeMessage } from "../fakes/discord/records.ts";
import { startWorld, untilTrue } from "./world.ts";
import type { Bot, World } from "./world.ts";

let world: World;
let bot: Bot;
beforeAll(async () => {
  world = await startWorld({ discord: { rateLimits: false } });
  bot = await world.startBot();
  await world.discord.untilConnected();
});
afterAll(() => world.stop());
afterEach(() => expect(world.discord.violations).toEqual([]));

let callsBefore = 0;
beforeEach(() => {
  callsBefore = world.images.calls.length;
});
const callsSince = () => world.images.calls.slice(callsBefore);
/** The answer: pictures in the making do not count. */
const hasPicture = (message: FakeMessage) =>
  picturesOf(message).length > 0 && buttonsOf(message).every(({ label }) => label !== "Cancel");
const imagine = (options: Record<string, string | number | boolean>, occasion: object = {}) =>
  world.discord.command({ name: "imagine", options, ...occasion });

describe("/imagine", () => {
  it("is acknowledged first, and becomes a picture that lasts in the same message", async () => {
    const asked = await imagine({ prompt: "a lighthouse made of books", model: "dall-e-3" });
    expect((await asked.answered()).type).toBe(5);
    const message = await asked.untilOriginal(hasPicture, 20);
    const [picture] = picturesOf(message);
    const text = textOf(message);
    const [call] = callsSince();
    expect(text).toContain("a lighthouse made of books");
    expect(text).toContain("DALL·E 3");
    expect(text).toContain("1024×1024");
    expect(picture?.alt?.length).toBeGreaterThan(20);
    expect(text.replaceAll("**", "")).toContain(picture?.alt?.slice(0, 60));
    expect(call).toMatchObject({ deployment: "dalle3" });
    expect(callsSince()).toHaveLength(1);
    const open = buttonsOf(message).find(({ label }) => label === "Open original");
    expect(open?.url).toMatch(/^https:\/\/easel\.example\.org\/pictures\/[0-9a-f]{40}\.png$/);
    const kept = await fetch(`http://127.0.0.1:${bot.port}${new URL(open?.url ?? "").pathname}`);
    expect(Buffer.from(await kept.arrayBuffer()).equals(Buffer.from(picture?.bytes ?? []))).toBe(true);
    expect(world.discord.messages(asked.channelId).filter(({ id }) => id === message.id)).toHaveLength(1);
  });

  it("shows several pictures as one gallery", async () => {
    const asked = await imagine({ prompt: "four lighthouses", count: 4 });
    const message = await asked.untilOriginal(hasPicture, 30);
    expect(picturesOf(message)).toHaveLength(4);
    expect(buttonsOf(message).filter(({ url }) => url)).toHaveLength(4);
    expect(callsSince()).toHaveLength(4);
  });

  it("is one job however often Discord delivers the event", async () => {
    const asked = await imagine({ prompt: "three times the same" }, { times: 3 });
    await asked.untilOriginal(hasPicture, 20);
    expect(callsSince()).toHaveLength(1);
    expect(asked.followups()).toEqual([]);
  });

  it("shows a smaller picture where the original is too large for Discord", async () => {
    const asked = await imagine({ prompt: "a storm [[big]]" });
    const message = await asked.untilOriginal(hasPicture, 30);
    const [picture] = picturesOf(message);
    expect(picture?.bytes?.length).toBeLessThan(10 * 1024 * 1024);
    const url = buttonsOf(message).find((button) => button.url)?.url ?? "";
    const kept = await fetch(`http://127.0.0.1:${bot.port}${new URL(url).pathname}`);
    expect((await kept.arrayBuffer()).byteLength).toBeGreaterThan(13_000_000);
  });

  it.each([
    "@everyone <@123456789012345678> <@&123456789012345678> <#1>",
    "# heading\n- list\n> quote ``` code ``` **bold** [link](https://example.org)",
    "https://example.org/x <t:0:R> </imagine:1> <:emoji:1>",
    "مرحبا \u202eevil\u202c עולם",
    "🎨🖼️👩‍👩‍👧‍👦",
  ])("shows hostile words literally: %s", async (prompt) => {
    const asked = await imagine({ prompt });
    const message = await asked.untilOriginal(hasPicture, 20);
    expect(message.pinged).toEqual({ users: [], roles: [], everyone: false });
    expect(callsSince()[0]?.prompt).toBe(prompt);
  });

  it("works in direct messages, and as a user's own app where the bot is not", async () => {
    const direct = await imagine({ prompt: "alone" }, { guild: null });
    await direct.untilOriginal(hasPicture, 20);
    const elsewhere = await imagine(
      { prompt: "abroad" },
      { authorizingIntegrationOwners: { 1: world.discord.asker.id } },
    );
    await elsewhere.untilOriginal(hasPicture, 20);
  });

  it("keeps a private one private", async () => {
    const asked = await imagine({ prompt: "a secret garden", private: true });
    const message = await asked.untilOriginal(hasPicture, 20);
    expect(message.ephemeralFor).toBe(asked.user.id);
    expect(world.discord.messages(asked.channelId).map(textOf).join()).not.toContain("a secret garden");
  });
});

describe("limits", () => {
  it("says privately what is wrong, all of it, and never asks the model", async () => {
    const asked = await imagine({ prompt: "x".repeat(5000), model: "dall-e-3", quality: "high" }, {});
    const message = await asked.untilOriginal((shown) => textOf(shown).includes("4,000"), 10);
    expect(message.ephemeralFor).toBe(asked.user.id);
    expect(textOf(message)).toContain("nearest is hd");
    expect(callsSince()).toHaveLength(0);
    // Nothing is lost: the words come back in a form.
    const revise = buttonsOf(message).find(({ label }) => label === "Revise");
    const pressed = await world.discord.button({ message, customId: revise?.customId ?? "" });
    expect((await pressed.answered()).type).toBe(9);
  });
});

describe("a filter says no", () => {
  it("tells the asker alone, kindly, with a way to revise that survives a restart of the bot", async () => {
    const asked = await imagine({
      prompt: "two knights kill each other, blood everywhere",
      model: "dall-e-3",
      count: 4,
    });
    const refusal = await asked.untilFollowup((message) => textOf(message).includes("safety filter"), 20);
    expect(refusal.ephemeralFor).toBe(asked.user.id);
    await untilTrue(() => asked.original() === undefined);
    expect(world.discord.messages(asked.channelId).map(textOf).join("\n")).not.toContain("two knights");
    expect(callsSince()).toHaveLength(1);

    expect(await bot.end()).toBe(0);
    bot = await world.startBot();
    await world.discord.untilConnected();
    const revise = buttonsOf(refusal).find(({ label }) => label === "Revise");
    const pressed = await world.discord.button({ message: refusal, customId: revise?.customId ?? "" });
    expect((await pressed.answered()).type).toBe(9);
    expect(JSON.stringify(pressed.modal)).toContain("two knights kill each other");
    const sent = await world.discord.modalSubmit({ modal: pressed, values: { prompt: "two knights share a picnic" } });
    const message = await sent.untilOriginal(hasPicture, 30);
    expect(textOf(message)).toContain("two knights share a picnic");
  }, 60_000);

  it("lets nobody else revise", async () => {
    const asked = await imagine({ prompt: "kill" });
    const refusal = await asked.untilFollowup(undefined, 20);
    const [revise] = buttonsOf(refusal);
    expect(revise?.customId?.length).toBeLessThanOrEqual(100);
    expect(revise?.customId).not.toContain("kill");
  });
});

describe("time and trouble", () => {
  it("lives on after an acknowledgement that came too late, and draws nothing", async () => {
    world.discord.fail({ path: /\/callback$/ }, { delaySeconds: 3.2 });
    const asked = await imagine({ prompt: "too late" });
    await untilTrue(() => world.discord.requestsTo({ path: /\/callback$/ }).at(-1)?.status === 404, 10);
    const next = await imagine({ prompt: "in time" });
    await next.untilOriginal(hasPicture, 20);
    expect(asked.original()).toBeUndefined();
    expect(callsSince().map(({ prompt }) => prompt)).toEqual(["in time"]);
    expect(bot.process.exitCode).toBeNull();
  });

  it("delivers by editing the channel message when the token has died", async () => {
    world.images.hold();
    const asked = await imagine({ prompt: "slow as a glacier" });
    await untilTrue(() => callsSince().length === 1);
    asked.expire();
    world.images.release();
    const message = await untilTrue(
      () =>
        world.discord
          .messages(asked.channelId)
          .find((shown) => hasPicture(shown) && textOf(shown).includes("slow as a glacier")),
      30,
    );
    expect(message.id).toBe(asked.original()?.id);
    expect(callsSince()).toHaveLength(1);
  });

  it("comes back when Discord was gone, without asking in a tight loop", async () => {
    const from = world.discord.gateway.log.length;
    await world.discord.disappear();
    await new Promise((resolve) => setTimeout(resolve, 6000));
    await world.discord.reappear();
    await world.discord.untilConnected(1, 40);
    const attempts = world.discord.gateway.log.slice(from).filter(({ what }) => what === "connected");
    expect(attempts.length).toBeLessThanOrEqual(4);
    const asked = await imagine({ prompt: "back again" });
    await asked.untilOriginal(hasPicture, 20);
  }, 90_000);
});

it("called the hosts it must, and no other", () => {
  const refused = bot.hosts().filter(({ decision }) => decision === "refused");
  expect(refused).toEqual([]);
});
