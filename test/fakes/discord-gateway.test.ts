import { once } from "node:events";
import { Events } from "discord.js";
import { describe, expect, test } from "vitest";
import { onCommand, openBot, openClient, openDiscord } from "./discord-bare-bot.ts";

describe("the gateway", () => {
  test("a cut connection resumes and gets what it missed", async () => {
    const discord = await openDiscord();
    const seen: string[] = [];
    await openBot(discord, async ({ id }) => {
      seen.push(id);
    });
    discord.dropGateway();
    const missed = await discord.command({ name: "imagine" });
    await discord.until(() => seen.includes(missed.id));
    expect(discord.gateway.log).toMatchObject(
      ["connected", "identify", "ready", "closed", "connected", "resume", "resumed"].map((what) => ({ what })),
    );
  });

  test("op 7 makes the bot resume, op 9 makes it identify anew", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    const count = (what: string): number => discord.gateway.log.filter((entry) => entry.what === what).length;
    const resumed = once(client, Events.ShardResume);
    discord.askReconnect();
    await resumed;
    const ready = once(client, Events.ShardReady);
    discord.invalidateSessions(false);
    await ready;
    expect(count("ready")).toBe(2);
  });

  test("a connection without acknowledgements is given up and resumed", async () => {
    const discord = await openDiscord({ heartbeatSeconds: 0.3 });
    await openClient(discord);
    discord.withholdHeartbeatAcks(true);
    await discord.until(() => discord.gateway.log.some(({ what }) => what === "resume"));
    discord.withholdHeartbeatAcks(false);
    await discord.until(() => discord.gateway.log.some(({ what }) => what === "resumed"));
  });

  test("a bad token is closed with 4004, and a bot that leaves ends its session", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    await client.destroy();
    await discord.until(() => discord.gateway.log.some(({ what, code }) => what === "closed" && code === 1000));
    const socket = new WebSocket(`${discord.url.replace("http", "ws")}/?v=10&encoding=json`);
    const closed = once(socket as never, "close") as Promise<[CloseEvent]>;
    await once(socket as never, "message");
    socket.send(JSON.stringify({ op: 2, d: { token: "wrong", intents: 0, properties: {} } }));
    const [{ code }] = await closed;
    expect(code).toBe(4004);
  });

  test("two connections both get every event, and the first defer wins", async () => {
    const discord = await openDiscord();
    const listen = onCommand(async (interaction) => interaction.deferReply());
    const bots = [await openBot(discord, listen), await openBot(discord, listen)];
    await discord.untilConnected(2);
    const interaction = await discord.command({ name: "imagine" });
    expect(interaction.deliveries).toBe(2);
    expect(await Promise.race(bots.map(({ failure }) => failure))).toMatchObject({ code: 40060 });
    expect(discord.messages(discord.channelId)).toHaveLength(1);
  });

  test("a server that is gone comes back on the same port", async () => {
    const discord = await openDiscord();
    const client = await openClient(discord);
    await discord.disappear();
    await expect(fetch(`${discord.url}/api/v10/gateway`)).rejects.toThrow("fetch failed");
    await discord.reappear();
    await discord.until(() => discord.gateway.log.some(({ what }) => what === "resumed"));
    expect(client.isReady()).toBe(true);
  });
});
