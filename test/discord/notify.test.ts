import { afterAll, beforeAll, expect, it } from "vitest";
import { discordOperators } from "../../adapters/discord/notify.ts";
import { alertMessage } from "../../src/replies/alert-message.ts";
import type { TellOperator } from "../../src/replies/alert-message.ts";
import { startWorld } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
let tell: TellOperator;
beforeAll(async () => {
  world = await startWorld();
  tell = discordOperators(world.discordSettings, world.azure);
});
afterAll(() => world.stop());

const raisedAt = new Date().toISOString();
const message = alertMessage([{ alert: { kind: "quota", deployment: "@everyone **x**" }, raisedAt }]);
const how = (once: string, discordChannel = world.discord.channelId) => ({
  to: { discordChannel },
  once,
  signal: AbortSignal.timeout(10_000),
});

it("whoever runs Easel reads an alert in their channel, and the same again is one message", async () => {
  expect(await tell(message, how("first"))).toEqual({ delivered: true });
  expect(await tell(message, how("first"))).toEqual({ delivered: true });
  expect(await tell(message, how("second"))).toEqual({ delivered: true });
  const shown = world.discord.messages(world.discord.channelId);
  expect(shown).toHaveLength(2);
  expect(shown[0]?.content).toContain("**Easel needs you**");
  // It pings nobody, and nothing of it is a format.
  expect(shown[0]?.content).toContain(String.raw`@\u200beveryone \*\*x\*\*`.replace(String.raw`\u200b`, "\u200b"));
  expect(shown[0]?.mentions).toMatchObject({ everyone: false, users: [] });
});

it("as many lines as Discord has room for", async () => {
  const alert = { kind: "storage refuses" as const, because: "x".repeat(300), mend: "y".repeat(300) };
  const many = alertMessage(Array.from({ length: 40 }, () => ({ alert, raisedAt })));
  expect(await tell(many, how("many"))).toEqual({ delivered: true });
  expect(world.discord.messages(world.discord.channelId).at(-1)?.content?.length).toBeLessThanOrEqual(2000);
});

it("a channel that is not there is not told, and says so", async () => {
  expect(await tell(message, how("gone", "99999999999999999"))).toMatchObject({
    delivered: false,
    because: expect.stringMatching(/^alert: status 40[34]/) as string,
  });
});
