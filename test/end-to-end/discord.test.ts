import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buttonsOf, picturesOf, textOf } from "../../local/discord/reading.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
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

/** What stands behind More…, or behind the number of one of several. */
async function behind(message: FakeMessage, label = "More…"): Promise<FakeMessage> {
  const { customId = "" } = buttonsOf(message).find((button) => button.label === label) ?? expect.fail(`no ${label}`);
  return (await world.discord.button({ message, customId })).untilFollowup();
}
const addressIn = (message: FakeMessage) =>
  buttonsOf(message).find(({ label }) => label === "Open original")?.url ?? expect.fail("no address");

describe("/imagine", () => {
  it("is acknowledged first, and becomes a picture that lasts in the same message", async () => {
    const asked = await imagine({ prompt: "a lighthouse made of books", model: "dall-e-3" });
    expect((await asked.answered()).type).toBe(5);
    const message = await asked.untilOriginal(hasPicture);
    const [picture] = picturesOf(message);
    const text = textOf(message);
    const [call] = callsSince();
    expect(text).toContain("a lighthouse made of books");
    expect(picture?.alt).toMatch(/^a lighthouse made of books\. In detail: .{60}/s);
    const detail = picture?.alt?.split("In detail: ")[1] ?? "";
    expect(text.replaceAll("**", "")).toContain(detail.slice(0, 60));
    expect(call).toMatchObject({ deployment: "dalle3" });
    expect(callsSince()).toHaveLength(1);
    const details = await behind(message);
    expect(textOf(details)).toContain("DALL·E 3");
    expect(textOf(details)).toContain("1024×1024");
    const address = addressIn(details);
    expect(address).toMatch(/^https:\/\/easel\.example\.org\/pictures\/[0-9a-f]{40}\.png$/);
    const kept = await fetch(`http://127.0.0.1:${bot.port}${new URL(address).pathname}`);
    expect(Buffer.from(await kept.arrayBuffer()).equals(Buffer.from(picture?.bytes ?? []))).toBe(true);
    expect(world.discord.messages(asked.channelId).filter(({ id }) => id === message.id)).toHaveLength(1);
  });

  it("shows several pictures as one gallery", async () => {
    const asked = await imagine({ prompt: "four lighthouses", count: 4 });
    const message = await asked.untilOriginal(hasPicture);
    expect(picturesOf(message)).toHaveLength(4);
    expect(buttonsOf(message).map(({ label }) => label)).toEqual(["1", "2", "3", "4", "All again"]);
    const third = await behind(message, "3");
    expect(picturesOf(third)).toHaveLength(1);
    expect(picturesOf(third)[0]?.bytes).toEqual(picturesOf(message)[2]?.bytes);
    expect(callsSince()).toHaveLength(4);
  });

  it("shows a smaller picture where the original is too large for Discord", async () => {
    const asked = await imagine({ prompt: "a storm [[big]]" });
    const message = await asked.untilOriginal(hasPicture);
    const [picture] = picturesOf(message);
    expect(picture?.bytes?.length).toBeLessThan(10 * 1024 * 1024);
    const kept = await fetch(`http://127.0.0.1:${bot.port}${new URL(addressIn(await behind(message))).pathname}`);
    expect((await kept.arrayBuffer()).byteLength).toBeGreaterThan(13_000_000);
  });

  it("works in direct messages, and as a user's own app where the bot is not", async () => {
    const direct = await imagine({ prompt: "alone" }, { guild: null });
    await direct.untilOriginal(hasPicture);
    const elsewhere = await imagine(
      { prompt: "abroad" },
      { authorizingIntegrationOwners: { 1: world.discord.asker.id } },
    );
    await elsewhere.untilOriginal(hasPicture);
  });
});

describe("time and trouble", () => {
  it("lives on after an acknowledgement that came too late, and draws nothing", async () => {
    world.discord.fail({ path: /\/callback$/ }, { delaySeconds: 3.2 });
    const asked = await imagine({ prompt: "too late" });
    await untilTrue(() => world.discord.requestsTo({ path: /\/callback$/ }).at(-1)?.status === 404);
    const next = await imagine({ prompt: "in time" });
    await next.untilOriginal(hasPicture);
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
    await asked.untilOriginal(hasPicture);
  }, 90_000);
});

it("called the hosts it must, and no other", () => {
  const refused = bot.hosts().filter(({ decision }) => decision === "refused");
  expect(refused).toEqual([]);
});
