import { rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeCertificates, type Certificates } from "../certificates.ts";
import type { WireActivity } from "./conversations.ts";
import { microsoftHostNames, startMicrosoft, type Microsoft } from "./microsoft.ts";
import { teamsClient, type TeamsClient } from "./teams-client.ts";

const card = (actions: object[]) => ({
  contentType: "application/vnd.microsoft.card.adaptive",
  content: { type: "AdaptiveCard", version: "1.5", actions },
});

let certificates: Certificates;
let microsoft: Microsoft;
let teams: TeamsClient;
let listener: Server;
/** What a listener in the bot's place hears. */
let heard: { activity: WireActivity; authorization?: string }[];
let pause: number;

beforeAll(() => {
  certificates = makeCertificates(microsoftHostNames);
});
afterAll(() => rmSync(certificates.directory, { recursive: true }));

beforeEach(async () => {
  heard = [];
  pause = 0;
  listener = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      heard.push({ activity: JSON.parse(text) as WireActivity, authorization: request.headers.authorization });
      void wait(pause).then(() => response.end("{}"));
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as AddressInfo;
  const { key, cert } = certificates;
  microsoft = await startMicrosoft({ key, cert, tenant: "tenant-1", appId: "app-1", appPassword: "secret-1" });
  teams = teamsClient({ microsoft, botUrl: `http://127.0.0.1:${port}/`, patience: { turn: 150, invoke: 100 } });
});

afterEach(async () => {
  listener.closeAllConnections();
  listener.close();
  await microsoft.stop();
});

const last = () => heard.at(-1)?.activity;

describe("a message", () => {
  test("in a chat with the bot has the words alone", async () => {
    await teams.say("a lighthouse", { locale: "de-DE", tenant: "tenant-2", user: "Grace Hopper" });
    expect(last()).toMatchObject({
      type: "message",
      channelId: "msteams",
      serviceUrl: "https://smba.trafficmanager.net/teams/",
      text: "a lighthouse",
      locale: "de-DE",
      from: { name: "Grace Hopper", aadObjectId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string },
      recipient: { id: "28:app-1", name: "Easel" },
      conversation: {
        conversationType: "personal",
        tenantId: "tenant-2",
        id: teams.chatId("personal", "Grace Hopper"),
      },
      channelData: { tenant: { id: "tenant-2" } },
    });
    expect(heard[0]?.authorization).toMatch(/^Bearer ey/);
  });

  test("in a channel names the bot, in text and entity, and begins a thread", async () => {
    const turn = await teams.say("a lighthouse", { conversation: "channel" });
    expect(last()?.text).toBe("<at>Easel</at> a lighthouse\n");
    const mention = { type: "mention", text: "<at>Easel</at>", mentioned: { id: "28:app-1", name: "Easel" } };
    expect(last()?.entities).toContainEqual(mention);
    expect(turn.conversationId).toMatch(new RegExp(`@thread.tacv2;messageid=${turn.activity.id}$`));
    const reply = await teams.say("and a ship", { conversationId: turn.conversationId });
    expect(reply.conversationId).toBe(turn.conversationId);
  });

  test("after a slash command is for the bot alone, and names nobody", async () => {
    await teams.say("imagine a lighthouse", { conversation: "groupChat", targeted: true });
    expect(last()).toMatchObject({ text: "imagine a lighthouse", recipient: { isTargeted: true } });
  });

  test("that its author changes comes as an update of the same id", async () => {
    const turn = await teams.say("a lighthouse", { user: "Grace Hopper" });
    await teams.edit(turn, "a ship");
    expect(last()).toMatchObject({
      type: "messageUpdate",
      id: turn.activity.id,
      text: "a ship",
      from: { name: "Grace Hopper" },
    });
    expect(last()?.channelData).toMatchObject({ eventType: "editMessage" });
  });
});

describe("a pressed button", () => {
  const stand = (actions: object[]) => {
    const conversationId = teams.chatId("personal");
    return microsoft.conversations.stand(conversationId, { type: "message", attachments: [card(actions)] }, false);
  };

  test("of Action.Submit is a message with a value and no text", async () => {
    const message = stand([{ type: "Action.Submit", title: "Again", data: { job: 7 } }]);
    await teams.press("Again", message, { inputs: { prompt: "a ship" } });
    expect(last()).toMatchObject({ type: "message", replyToId: message.id, value: { job: 7, prompt: "a ship" } });
    expect(last()).not.toHaveProperty("text");
  });

  test("that opens a dialog is an invoke", async () => {
    const message = stand([
      { type: "Action.Submit", title: "Change", data: { msteams: { type: "task/fetch" }, job: 7 } },
    ]);
    await teams.press("Change", message);
    expect(last()).toMatchObject({ type: "invoke", name: "task/fetch", value: { data: { job: 7 } } });
  });

  test("must be there, and must be more than a link", async () => {
    const hidden = { type: "Action.Submit", title: "Hidden" };
    const message = stand([{ type: "Action.OpenUrl", title: "Open", url: "https://example.com", fallback: hidden }]);
    expect(() => teams.press("Open", message)).toThrow(/nothing reaches the bot/);
    expect(() => teams.press("Hidden", message)).toThrow(/No action "Hidden".*there are: Open/);
    expect(() => teams.submit({}, { replyTo: "1" })).toThrow(/No message 1/);
  });
});

describe("patience", () => {
  test("a slow turn is given up and sent once more", async () => {
    pause = 400;
    const turn = await teams.say("hi");
    expect(turn.deliveries.map(({ status }) => status)).toEqual([504, 504]);
    expect(heard.map(({ activity }) => activity)).toEqual([turn.activity, turn.activity]);
  });

  test("a slow invoke is given up; a message extension gets two more tries", async () => {
    pause = 400;
    expect((await teams.invoke("adaptiveCard/action", {})).deliveries).toHaveLength(1);
    expect((await teams.invoke("composeExtension/query", {})).deliveries).toHaveLength(3);
  });

  test("copies of one activity arrive at the same time", async () => {
    pause = 50;
    const turn = await teams.say("hi", { copies: 4 });
    expect(turn.deliveries).toHaveLength(4);
    expect(new Set(heard.map(({ activity }) => activity.id))).toEqual(new Set([turn.activity.id]));
  });

  test("a bot that is not there is a bad gateway", async () => {
    const nobody = teamsClient({ microsoft, botUrl: "http://127.0.0.1:9/" });
    expect(await nobody.say("hi")).toMatchObject({ status: 502 });
  });
});

test("an installation is told in two activities", async () => {
  await teams.install({ conversation: "channel" });
  expect(heard.map(({ activity }) => activity.type)).toEqual(["conversationUpdate", "installationUpdate"]);
  expect(heard[0]?.activity).toMatchObject({
    membersAdded: [{ id: "28:app-1" }],
    channelData: { eventType: "teamMemberAdded" },
  });
  expect(heard[1]?.activity).toMatchObject({ action: "add" });
});

test("any part of an activity and its token can be made wrong", async () => {
  await teams.say("hi", { authorization: null, change: (activity) => ({ ...activity, channelId: "webchat" }) });
  expect(heard[0]).toMatchObject({ authorization: undefined, activity: { channelId: "webchat" } });
});
