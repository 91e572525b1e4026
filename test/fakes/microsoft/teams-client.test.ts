import { rmSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeCertificates, type Certificates } from "../certificates.ts";
import { adaptiveCard } from "./card-parts.ts";
import type { StandingActivity } from "./conversations.ts";
import { startListeningBot, type ListeningBot } from "./listening-bot.ts";
import { microsoftHostNames, startMicrosoft, type Microsoft } from "./microsoft.ts";
import { person } from "./people.ts";
import { teamsClient, type TeamsClient } from "./teams-client.ts";

const card = (actions: object[], more: object = {}) => ({
  contentType: adaptiveCard,
  content: { type: "AdaptiveCard", version: "1.5", actions, ...more },
});

let certificates: Certificates;
let microsoft: Microsoft;
let teams: TeamsClient;
/** Gives up soon. */
let impatient: TeamsClient;
let bot: ListeningBot;

beforeAll(() => {
  certificates = makeCertificates(microsoftHostNames);
});
afterAll(() => rmSync(certificates.directory, { recursive: true }));

beforeEach(async () => {
  bot = await startListeningBot();
  const { key, cert } = certificates;
  microsoft = await startMicrosoft({ key, cert, tenant: "tenant-1", appId: "app-1", appPassword: "secret-1" });
  teams = teamsClient({ microsoft, botUrl: bot.url });
  impatient = teamsClient({ microsoft, botUrl: bot.url, patience: { turn: 150, invoke: 100 } });
});

afterEach(async () => {
  bot.stop();
  await microsoft.stop();
});

const last = () => bot.last();

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
    expect(bot.heard[0]?.authorization).toMatch(/^Bearer ey/);
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
    expect(() => teams.say("imagine a ship", { targeted: true })).toThrow(/no targeted messages/);
  });

  test("in a meeting's chat says which meeting", async () => {
    await teams.say("a lighthouse", { conversationId: "19:meeting_abc@thread.v2", targeted: true });
    expect(last()).toMatchObject({ conversation: { conversationType: "groupChat" }, channelData: { meeting: {} } });
    await teams.say("a lighthouse", { conversation: "groupChat" });
    expect(last()?.channelData).not.toHaveProperty("meeting");
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

/** Puts a card of the bot's into Ada's personal chat. */
const stand = (actions: object[], more: object = {}, conversationId = teams.chatId("personal")) => {
  const activity = { type: "message", attachments: [card(actions, more)] };
  return microsoft.conversations.stand(conversationId, activity, false);
};
const again = { type: "Action.Execute", title: "Again", verb: "again", id: "a1", data: { job: 7 } };
const answerCard = (text: string, more: object = {}) => ({
  statusCode: 200,
  type: adaptiveCard,
  value: { type: "AdaptiveCard", version: "1.5", body: [{ type: "TextBlock", text }], ...more },
});
const faults = () => microsoft.violations.map(({ about, what }) => `${about}: ${what}`);
/** What a person sees there, as JSON. */
const eyes = (user: string, { conversationId }: { conversationId: string }) =>
  JSON.stringify(microsoft.seenBy(user, conversationId));

describe("a pressed button", () => {
  test("of Action.Execute is an invoke, fresh each time, on the message", async () => {
    bot.answer({ body: answerCard("working") });
    const body = [{ type: "Input.Text", id: "words", value: "a fox" }];
    const message = stand([again], { body });
    const turn = await teams.press("Again", message, { inputs: { words: "a ship" } });
    const action = {
      type: "Action.Execute",
      title: "Again",
      verb: "again",
      id: "a1",
      data: { job: 7, words: "a ship" },
    };
    const value = { action, trigger: "manual" };
    expect(last()).toMatchObject({ type: "invoke", name: "adaptiveCard/action", replyToId: message.id, value });
    expect(turn.body).toEqual(answerCard("working"));
    await teams.press("Again", message);
    const ids = bot.heard.map(({ activity }) => activity.id);
    expect(ids).toEqual([expect.stringMatching(/^f:/), expect.stringMatching(/^f:/)]);
    expect(ids[0]).not.toBe(ids[1]);
    expect(faults()).toEqual([]);
  });

  test("of Action.Submit is a message with a value and no text", async () => {
    const message = stand([{ type: "Action.Submit", title: "Again", data: { job: 7 } }]);
    await teams.press("Again", message);
    expect(last()).toMatchObject({ type: "message", replyToId: message.id, value: { job: 7 } });
    expect(last()).not.toHaveProperty("text");
  });

  test("of Action.Execute is the same to an old client", async () => {
    const fallback = { type: "Action.Submit", title: "Again", data: { job: 7 } };
    const message = stand([{ ...again, fallback }]);
    await teams.press("Again", message, { asSubmit: true });
    expect(last()).toMatchObject({ type: "message", replyToId: message.id, value: { job: 7 } });
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

  test("can be pressed by others, days later, and as it stood before", async () => {
    const { conversationId } = await teams.say("hi", { conversation: "channel" });
    const message = stand([again], {}, conversationId);
    microsoft.letTimePass(100 * 24 * 60 * 60 * 1000);
    microsoft.conversations.replace(message, { type: "message", text: "another" });
    await teams.press("Again", message, { user: "Grace Hopper" });
    expect(last()).toMatchObject({
      from: { name: "Grace Hopper" },
      replyToId: message.id,
      conversation: { id: conversationId },
    });
  });

  test("cannot be pressed once the message is gone, or where only others see it", async () => {
    await teams.say("hi");
    const message = stand([again]);
    expect(() => teams.press("Again", message, { user: "Grace Hopper" })).toThrow(/Grace Hopper does not see/);
    const { conversationId } = await teams.say("hi", { conversation: "groupChat" });
    const activity = { type: "message", recipient: person("Ada Lovelace"), attachments: [card([again])] };
    const targeted = microsoft.conversations.stand(conversationId, activity, true);
    expect(() => teams.press("Again", targeted, { user: "Grace Hopper" })).toThrow(/Grace Hopper does not see/);
    await teams.press("Again", targeted);
    microsoft.conversations.remove(message);
    expect(() => teams.press("Again", message)).toThrow(/stands no more/);
    await teams.execute("again", {}, { replyTo: message.id, conversationId: message.conversationId });
    expect(last()).toMatchObject({ replyToId: message.id });
  });

  test("is answered for the one who pressed, until the message changes", async () => {
    const place = await teams.say("hi", { conversation: "groupChat" });
    await teams.say("hi", { conversation: "groupChat", user: "Grace Hopper" });
    const message = stand([again], {}, place.conversationId);
    bot.answer({ body: answerCard("only for Ada") });
    await teams.press("Again", message);
    expect(eyes("Ada Lovelace", place)).toContain("only for Ada");
    expect(eyes("Grace Hopper", place)).not.toContain("only for Ada");
    expect(eyes("Grace Hopper", place)).toContain("Again");
    expect(JSON.stringify(microsoft.activities(place.conversationId))).toContain("only for Ada");
    microsoft.conversations.replace(message, { type: "message", text: "for all" });
    for (const user of ["Ada Lovelace", "Grace Hopper"]) expect(eyes(user, place)).toContain("for all");
    expect(eyes("Ada Lovelace", place)).not.toContain("only for Ada");
    expect(microsoft.history(message.id).map(({ what, by }) => [what, by])).toEqual([
      ["sent", undefined],
      ["answered", person("Ada Lovelace").id],
      ["changed", undefined],
    ]);
  });
});

describe("an answer to a pressed button", () => {
  const press = (client = teams) => client.press("Again", stand([again]));
  const words = { statusCode: 200, type: "application/vnd.microsoft.activity.message", value: "not yours" };

  test.each([answerCard("working"), words])("may be a card, or words: %j", async (body) => {
    bot.answer({ body });
    await press();
    expect(faults()).toEqual([]);
  });

  test.each<[string, { status?: number; body?: unknown; after?: number }, RegExp]>([
    ["comes too late", { after: 400, body: words }, /not answered in time/],
    ["is another status", { status: 500, body: words }, /HTTP 500/],
    ["has nothing in it", { body: {} }, /statusCode undefined/],
    [
      "is an error",
      { body: { statusCode: 400, type: "application/vnd.microsoft.error", value: {} } },
      /statusCode 400/,
    ],
    ["is of no known type", { body: { ...words, type: "message" } }, /type "message"/],
    ["says nothing", { body: { ...words, value: "" } }, /says nothing/],
    ["is a card that is not shown", { body: answerCard("x", { version: "1.2" }) }, /version is 1\.2/],
    ["is a card as text", { body: { ...answerCard("x"), value: "{}" } }, /no Adaptive Card/],
  ])("is a violation where it %s", async (_name, how, fault) => {
    bot.answer(how);
    await press(how.after === undefined ? teams : impatient);
    expect(microsoft.violations).toMatchObject([
      {
        about: "invoke",
        where: expect.stringMatching(/^adaptiveCard\/action f:/) as string,
        what: expect.stringMatching(fault) as string,
      },
    ]);
  });

  test("is nobody's fault where the test forged the invoke, or no bot runs", async () => {
    bot.answer({ status: 401 });
    await teams.press("Again", stand([again]), { authorization: null });
    await teamsClient({ microsoft, botUrl: "http://127.0.0.1:9/" }).press("Again", stand([again]));
    expect(faults()).toEqual([]);
  });

  test("of feedback is an empty object and no more", async () => {
    await teams.invoke("message/submitAction", {});
    bot.answer({ body: { thanks: true } });
    await teams.invoke("message/submitAction", {});
    expect(faults()).toEqual(["invoke: was answered with more than {}"]);
  });
});

describe("a look at a card that refreshes", () => {
  const refresh = (users: string[] | undefined) => ({
    refresh: {
      action: { type: "Action.Execute", verb: "look", data: { job: 7 } },
      ...(users && { userIds: users.map((name) => person(name).id) }),
    },
  });
  const place = () => teams.say("hi", { conversation: "groupChat" });

  test("asks the bot for those who are listed, and shows it to them alone", async () => {
    const { conversationId } = await place();
    const message = stand([again], refresh(["Ada Lovelace"]), conversationId);
    bot.answer({ body: answerCard("for Ada") });
    const grace = await teams.look(message, { user: "Grace Hopper" });
    expect([grace.turn, bot.heard.length]).toEqual([undefined, 1]);
    const ada = await teams.look(message);
    expect(last()).toMatchObject({
      name: "adaptiveCard/action",
      replyToId: message.id,
      from: { name: "Ada Lovelace" },
      value: { trigger: "automatic", action: { type: "Action.Execute", verb: "look", data: { job: 7 } } },
    });
    expect(JSON.stringify(ada.card)).toContain("for Ada");
    expect(JSON.stringify((await teams.look(message, { user: "Grace Hopper" })).card)).toContain("Again");
    expect(ada.turn?.status).toBe(200);
  });

  test("asks for everybody where nobody is listed, among up to sixty", async () => {
    const { conversationId } = await place();
    const message = stand([], refresh(undefined), conversationId);
    expect((await teams.look(message, { user: "Grace Hopper" })).turn).toBeDefined();
    for (let index = 3; index <= 61; index += 1)
      microsoft.conversations.join({ conversationId, kind: "groupChat", tenant: "t" }, person(`Person ${index}`));
    expect((await teams.look(message, { user: "Grace Hopper" })).turn).toBeUndefined();
  });

  test("asks for nobody where the list is empty", async () => {
    const { conversationId } = await place();
    expect((await teams.look(stand([], refresh([]), conversationId))).turn).toBeUndefined();
  });

  test("shows the card as it stands where the answer is none, or there is nothing to refresh", async () => {
    const { conversationId } = await place();
    const message = stand([again], refresh(["Ada Lovelace"]), conversationId);
    bot.answer({ status: 500 });
    expect(JSON.stringify((await teams.look(message)).card)).toContain("Again");
    const plain: StandingActivity = stand([again], {}, conversationId);
    expect((await teams.look(plain)).turn).toBeUndefined();
    microsoft.conversations.remove(plain);
    await expect(teams.look(plain)).rejects.toThrow(/stands no more/);
  });
});

describe("patience", () => {
  test("a slow turn is given up and sent once more", async () => {
    bot.answer({ after: 400 });
    const turn = await impatient.say("hi");
    expect(turn.deliveries.map(({ status }) => status)).toEqual([504, 504]);
    expect(bot.heard.map(({ activity }) => activity)).toEqual([turn.activity, turn.activity]);
  });

  test("a slow invoke is given up; a message extension gets two more tries", async () => {
    bot.answer({ after: 400 });
    expect((await impatient.invoke("adaptiveCard/action", {})).deliveries).toHaveLength(1);
    expect((await impatient.invoke("composeExtension/query", {})).deliveries).toHaveLength(3);
  });

  test("copies of one activity arrive at the same time", async () => {
    bot.answer({ after: 50 });
    const turn = await teams.say("hi", { copies: 4 });
    expect(turn.deliveries).toHaveLength(4);
    expect(new Set(bot.heard.map(({ activity }) => activity.id))).toEqual(new Set([turn.activity.id]));
  });

  test("a bot that is not there is a bad gateway", async () => {
    const nobody = teamsClient({ microsoft, botUrl: "http://127.0.0.1:9/" });
    expect(await nobody.say("hi")).toMatchObject({ status: 502 });
  });
});

test("an installation is told in two activities", async () => {
  await teams.install({ conversation: "channel" });
  expect(bot.heard.map(({ activity }) => activity.type)).toEqual(["conversationUpdate", "installationUpdate"]);
  expect(bot.heard[0]?.activity).toMatchObject({
    membersAdded: [{ id: "28:app-1" }],
    channelData: { eventType: "teamMemberAdded" },
  });
  expect(bot.heard[1]?.activity).toMatchObject({ action: "add" });
});

test("any part of an activity and its token can be made wrong", async () => {
  await teams.say("hi", { authorization: null, change: (activity) => ({ ...activity, channelId: "webchat" }) });
  expect(bot.heard[0]).toMatchObject({ authorization: undefined, activity: { channelId: "webchat" } });
});
