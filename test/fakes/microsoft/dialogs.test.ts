import { rmSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeCertificates, type Certificates } from "../certificates.ts";
import { callConnector } from "./call-connector.ts";
import { adaptiveCard } from "./card-parts.ts";
import { dialogIn } from "./dialogs.ts";
import { startListeningBot, type ListeningBot } from "./listening-bot.ts";
import { microsoftHostNames, startMicrosoft, type Microsoft } from "./microsoft.ts";
import { person } from "./people.ts";
import { teamsClient, type TeamsClient } from "./teams-client.ts";

let certificates: Certificates;
let microsoft: Microsoft;
let bot: ListeningBot;
let teams: TeamsClient;
let user = "";
let people = 0;

beforeAll(async () => {
  certificates = makeCertificates(microsoftHostNames);
  const { key, cert } = certificates;
  microsoft = await startMicrosoft({ key, cert, tenant: "tenant-1", appId: "app-1", appPassword: "secret-1" });
  bot = await startListeningBot();
  teams = teamsClient({ microsoft, botUrl: bot.url });
});
afterAll(async () => {
  bot.stop();
  await microsoft.stop();
  rmSync(certificates.directory, { recursive: true });
});
beforeEach(() => {
  microsoft.violations.splice(0);
  bot.heard.splice(0);
  bot.answer({});
  // A person, and so a chat, of its own for each test.
  user = `Ada ${(people += 1)}`;
});

const faults = () => microsoft.violations.map(({ where, what }) => `${where.split(" ")[0]} ${what}`);
const card = (more: object = {}) => ({
  contentType: adaptiveCard,
  content: { type: "AdaptiveCard", version: "1.5", ...more },
});
const form = card({
  body: [{ type: "Input.Text", id: "words", value: "a fox" }],
  actions: [{ type: "Action.Submit", title: "Draw", data: { do: "draw" } }],
});
const dialog = (shown: object = form, more: object = {}) => ({
  task: { type: "continue", value: { title: "Draw", height: "medium", width: "large", card: shown, ...more } },
});
const result = (...attachments: object[]) => ({
  composeExtension: { type: "result", attachmentLayout: "list", attachments },
});
const picture = card({ body: [{ type: "TextBlock", text: "a picture" }] });
const valueOf = () => bot.last()?.value as Record<string, unknown>;

describe("a message extension in the compose box", () => {
  test("asks for its dialog, and sends what was filled in", async () => {
    bot.answer({ body: dialog() });
    const opened = await teams.openExtension("draw", { user });
    expect(bot.last()).toMatchObject({
      type: "invoke",
      name: "composeExtension/fetchTask",
      id: expect.stringMatching(/^f:/) as string,
      from: { name: user },
      conversation: { id: teams.chatId("personal", user) },
      value: { commandId: "draw", commandContext: "compose", context: { theme: "default" } },
    });
    expect(valueOf()).not.toHaveProperty("messagePayload");
    expect(dialogIn(opened)).toMatchObject({ title: "Draw", attachments: [form] });
    bot.answer({ body: result(picture) });
    await teams.submitDialog(opened, { inputs: { words: "a ship" } });
    expect(bot.last()).toMatchObject({
      name: "composeExtension/submitAction",
      from: { name: user },
      value: { commandId: "draw", commandContext: "compose", data: { do: "draw", words: "a ship" } },
    });
    expect(faults()).toEqual([]);
  });

  test("may show another dialog after the first, or end in words, or in nothing", async () => {
    bot.answer({ body: dialog() });
    const opened = await teams.openExtension("draw", { user, context: "commandBox" });
    const once = await teams.submitDialog(opened);
    bot.answer({ body: { task: { type: "message", value: "Done." } } });
    const twice = await teams.submitDialog(once);
    expect(valueOf()).toMatchObject({ commandContext: "commandBox", data: { words: "a fox" } });
    expect(() => dialogIn(twice)).toThrow("The dialog has ended: Done.");
    bot.answer({});
    expect(() => dialogIn(once)).not.toThrow();
    const empty = await teams.submitDialog(once);
    expect(() => teams.submitDialog(empty)).toThrow(/No dialog is open/);
    expect(faults()).toEqual([]);
  });

  test("wants to know which of several buttons", async () => {
    const actions = ["Draw", "Cancel"].map((title) => ({ type: "Action.Submit", title, data: { title } }));
    bot.answer({ body: dialog(card({ actions })) });
    const opened = await teams.openExtension("draw", { user });
    expect(() => teams.submitDialog(opened)).toThrow("Which button? Draw, Cancel");
    await teams.submitDialog(opened, { button: "Cancel" });
    expect(valueOf().data).toEqual({ title: "Cancel" });
    const links = card({ actions: [{ type: "Action.OpenUrl", title: "Open", url: "https://a.example" }] });
    bot.answer({ body: dialog(links) });
    const another = await teams.openExtension("draw", { user });
    expect(() => teams.submitDialog(another, { button: "Open" })).toThrow(/nothing reaches the bot/);
  });

  test("is asked three times by a client without patience, and no more", async () => {
    bot.answer({ after: 400, body: dialog() });
    const impatient = teamsClient({ microsoft, botUrl: bot.url, patience: { invoke: 100 } });
    await impatient.openExtension("draw", { user });
    expect(bot.heard).toHaveLength(3);
    expect(faults()).toEqual(Array.from({ length: 3 }, () => "composeExtension/fetchTask was not answered in time"));
  });
});

describe("a message extension on a message", () => {
  test("of a person gets its HTML, who wrote it, and no attachments", async () => {
    const said = teams.overhear("a lighthouse", { conversation: "groupChat", user: "Grace Hopper" });
    expect(bot.heard).toEqual([]);
    bot.answer({ body: dialog() });
    const opened = await teams.openExtension("draw this", { user, on: said });
    expect(valueOf()).toMatchObject({
      commandId: "draw this",
      commandContext: "message",
      messagePayload: {
        id: said.id,
        replyToId: null,
        body: { contentType: "html", content: "<div><p>a lighthouse</p></div>" },
        from: { user: { id: person("Grace Hopper").aadObjectId, displayName: "Grace Hopper" } },
        attachments: [],
      },
    });
    await teams.submitDialog(opened);
    expect(valueOf()).toMatchObject({ commandContext: "message", messagePayload: { id: said.id } });
  });

  test("that was said to the bot, in a thread, with its mention and pictures", async () => {
    const pictures = [{ bytes: Buffer.from("x") }];
    const { activity, conversationId } = await teams.say("a ship", { user, conversation: "channel", pictures });
    await teams.openExtension("draw this", { user, on: { id: activity.id, conversationId } });
    expect(bot.last()).toMatchObject({ conversation: { id: conversationId } });
    const { body } = valueOf().messagePayload as { body: { content: string } };
    expect(body.content).toMatch(
      /<span itemtype="http:\/\/schema\.skype\.com\/Mention".*>Easel<\/span>&nbsp;a ship<\/p><p><img/,
    );
  });

  test("of the bot gets its card, as text", async () => {
    const { conversationId } = await teams.say("hi", { user });
    const standing = microsoft.conversations.stand(conversationId, { type: "message", attachments: [picture] }, false);
    await teams.openExtension("draw this", { user, on: standing });
    const payload = valueOf().messagePayload as { attachments: { id: string; content: string }[] };
    expect(payload).toMatchObject({
      body: { content: `<attachment id="${payload.attachments[0]?.id}"></attachment>` },
      from: { application: { applicationIdentityType: "bot", id: "app-1" } },
    });
    expect(JSON.parse(payload.attachments[0]?.content ?? "")).toEqual(picture.content);
  });

  test("must have one", () => {
    const conversationId = teams.chatId("groupChat");
    expect(() => teams.openExtension("draw this", { user, on: { id: "1", conversationId } })).toThrow(
      /No message 1 in 19:/,
    );
  });
});

describe("what a message extension hands over", () => {
  const inserted = async (turn: Parameters<TeamsClient["openExtension"]>[1] = { user }, ...cards: object[]) => {
    bot.answer({ body: dialog() });
    const opened = await teams.openExtension("draw", turn);
    bot.answer({ body: result(...(cards.length ? cards : [picture])) });
    return teams.submitDialog(opened);
  };

  test("stands as the person's message where it was opened, once it is sent", async () => {
    const answered = await inserted({ user, conversation: "groupChat" });
    expect(microsoft.seenBy(user, answered.conversationId)).toEqual([]);
    const before = bot.heard.length;
    const standing = await teams.sendResult(answered);
    expect(standing).toMatchObject({ author: { name: user }, conversationId: teams.chatId("groupChat") });
    expect(microsoft.seenBy(user, answered.conversationId)).toMatchObject([
      { id: standing.id, attachments: [picture] },
    ]);
    expect(microsoft.activities(answered.conversationId)).toEqual([]);
    expect(bot.heard).toHaveLength(before);
  });

  test("is told to the bot in its own chat with the person, without a word", async () => {
    const standing = await teams.sendResult(await inserted());
    expect(bot.last()).toMatchObject({
      type: "message",
      id: standing.id,
      text: "",
      attachments: [picture, { contentType: "text/html" }],
    });
  });

  test("is thrown away where there is no card", async () => {
    bot.answer({ body: dialog() });
    await expect(teams.sendResult(await teams.openExtension("draw", { user }))).rejects.toThrow(/no card 1/);
  });

  test("has buttons: Action.Execute as ever, Action.Submit as an invoke of its own", async () => {
    const execute = { type: "Action.Execute", title: "Again", verb: "again", data: { job: 7 } };
    const submit = { type: "Action.Submit", title: "Again", data: { job: 7 } };
    const standing = await teams.sendResult(
      await inserted({ user, conversation: "groupChat" }, card({ actions: [{ ...execute, fallback: submit }] })),
    );
    await teams.press("Again", standing, { user });
    expect(bot.last()).toMatchObject({ name: "adaptiveCard/action", replyToId: standing.id });
    await teams.press("Again", standing, { user, asSubmit: true });
    expect(bot.last()).toMatchObject({
      type: "invoke",
      name: "composeExtension/onCardButtonClicked",
      value: { job: 7 },
    });
  });

  test("can be seen by two people in a chat where the bot is not", async () => {
    const answered = await inserted({ user, chatWith: "Grace Hopper" });
    expect(answered.conversationId).toMatch(/^19:[0-9a-f-]{36}_[0-9a-f-]{36}@unq\.gbl\.spaces$/);
    expect(bot.last()).toMatchObject({ conversation: { conversationType: "personal", id: answered.conversationId } });
    const before = bot.heard.length;
    const standing = await teams.sendResult(answered);
    expect(bot.heard).toHaveLength(before);
    for (const one of [user, "Grace Hopper"])
      expect(microsoft.seenBy(one, answered.conversationId)).toMatchObject([{ id: standing.id }]);
    const path = `${encodeURIComponent(answered.conversationId)}/activities`;
    const call = { method: "POST", path, body: { type: "message", text: "hi" } };
    expect(await callConnector(microsoft, certificates.ca, call)).toMatchObject({
      status: 403,
      body: { error: { code: "BotNotInConversationRoster" } },
    });
  });
});

describe("a message that the bot shows before it sends it", () => {
  const preview = {
    composeExtension: { type: "botMessagePreview", activityPreview: { type: "message", attachments: [picture] } },
  };
  const shown = async () => {
    bot.answer({ body: dialog() });
    const opened = await teams.openExtension("draw", { user, chatWith: "Grace Hopper" });
    bot.answer({ body: preview });
    return teams.submitDialog(opened);
  };

  test("comes back with the answer, and adds the bot to the chat when it is sent", async () => {
    const submitted = await shown();
    const chat = () => microsoft.conversations.chat(submitted.conversationId);
    bot.answer({ body: dialog() });
    const edited = await teams.answerPreview(submitted, "edit");
    expect(bot.last()).toMatchObject({
      name: "composeExtension/submitAction",
      from: { name: user },
      value: {
        commandId: "draw",
        botMessagePreviewAction: "edit",
        botActivityPreview: [{ type: "message/card", attachments: [picture] }],
      },
    });
    expect([dialogIn(edited).title, chat()?.hasBot]).toEqual(["Draw", false]);
    bot.answer({});
    await teams.answerPreview(submitted, "send");
    expect([valueOf().botMessagePreviewAction, chat()?.hasBot]).toEqual(["send", true]);
    expect(faults()).toEqual([]);
    expect(() => teams.answerPreview(edited, "send")).toThrow(/No message was shown/);
  });
});

describe("a search", () => {
  const found = { ...picture, preview: { contentType: "application/vnd.microsoft.card.thumbnail", content: {} } };
  test("brings cards to choose from", async () => {
    bot.answer({ body: result(found, { ...found, content: { ...found.content, speak: "second" } }) });
    const turn = await teams.queryExtension("mine", { words: "fox" }, { user });
    expect(bot.last()).toMatchObject({
      name: "composeExtension/query",
      value: { commandId: "mine", parameters: [{ name: "words", value: "fox" }], queryOptions: { skip: 0, count: 25 } },
    });
    const standing = await teams.sendResult(turn, { nth: 2, conversation: "groupChat", conversationId: undefined });
    expect(standing.attachments).toMatchObject([{ content: { speak: "second" } }]);
    await teams.queryExtension("mine", {}, { user });
    expect(valueOf().parameters).toEqual([{ name: "initialRun", value: "true" }]);
    expect(faults()).toEqual([]);
  });
});

describe("a dialog of a card", () => {
  test("is opened by its button, and submitted to the same message", async () => {
    const data = { msteams: { type: "task/fetch" }, job: 7 };
    const { conversationId } = await teams.say("hi", { user });
    const attachments = [card({ actions: [{ type: "Action.Submit", title: "Change", data }] })];
    const standing = microsoft.conversations.stand(conversationId, { type: "message", attachments }, false);
    bot.answer({ body: dialog() });
    const opened = await teams.press("Change", standing, { user });
    bot.answer({});
    await teams.submitDialog(opened, { inputs: { words: "a ship" } });
    expect(bot.last()).toMatchObject({
      name: "task/submit",
      replyToId: standing.id,
      from: { name: user },
      value: { data: { do: "draw", words: "a ship" } },
    });
    expect(faults()).toEqual([]);
  });

  test("of a kind that is not played here is not passed off as another", async () => {
    const data = { msteams: { type: "messageBack" } };
    const { conversationId } = await teams.say("hi", { user });
    const attachments = [card({ actions: [{ type: "Action.Submit", title: "Say", data }] })];
    const standing = microsoft.conversations.stand(conversationId, { type: "message", attachments }, false);
    expect(() => teams.press("Say", standing, { user })).toThrow(/not played/);
  });
});

describe("an answer is a violation", () => {
  const empty = { composeExtension: {} };
  const execute = { type: "Action.Execute", title: "Draw", verb: "draw" };
  test.each<[string, string, unknown, RegExp]>([
    ["without a task", "task/fetch", {}, /task type undefined/],
    ["with an empty message", "task/fetch", { task: { type: "message", value: " " } }, /says nothing/],
    ["without a title", "task/fetch", dialog(form, { title: "" }), /no title/],
    ["without a size", "task/fetch", dialog(form, { height: "huge" }), /no height/],
    ["with a card that is no attachment", "task/fetch", dialog(form.content), /as an attachment/],
    ["with a card that is not shown", "task/fetch", dialog(card({ version: "1.6" })), /version/],
    [
      "with a button that dialogs do not send",
      "task/fetch",
      dialog(card({ actions: [execute] })),
      /nothing in a dialog/,
    ],
    ["with another task", "task/submit", { task: { type: "close" } }, /task type "close"/],
    ["that opens nothing", "composeExtension/fetchTask", {}, /task type undefined/],
    ["of no type", "composeExtension/submitAction", empty, /type undefined/],
    [
      "without a layout",
      "composeExtension/submitAction",
      { composeExtension: { type: "result", attachments: [picture] } },
      /attachmentLayout/,
    ],
    ["with two cards", "composeExtension/submitAction", result(picture, picture), /2 cards, not 1/],
    [
      "with a card that is not shown to others",
      "composeExtension/submitAction",
      result(card({ version: "1.6" })),
      /version/,
    ],
    [
      "with no card to look at",
      "composeExtension/submitAction",
      { composeExtension: { type: "botMessagePreview" } },
      /no attachments/,
    ],
    ["with silence", "composeExtension/query", { composeExtension: { type: "message", text: "" } }, /says nothing/],
    ["with nothing", "composeExtension/query", {}, /type undefined/],
    ["without a preview", "composeExtension/query", result(picture), /without a preview/],
    [
      "to be looked at before a search",
      "composeExtension/query",
      { composeExtension: { type: "botMessagePreview" } },
      /type "botMessagePreview"/,
    ],
  ])("%s, of %s", async (_name, name, body, fault) => {
    bot.answer({ body });
    await teams.invoke(name, {}, { user });
    expect(faults()).toEqual([expect.stringMatching(fault)]);
  });

  test.each<[string, unknown]>([
    ["task/fetch", dialog(form, { card: undefined, url: "https://easel.example/edit" })],
    ["task/fetch", dialog(form, { height: 400, width: 600 })],
    ["task/submit", {}],
    ["composeExtension/submitAction", {}],
    ["composeExtension/submitAction", { composeExtension: { type: "message", text: "Not here." } }],
    ["composeExtension/query", { composeExtension: { type: "message", text: "Nothing found." } }],
    ["composeExtension/query", result()],
    ["signin/verifyState", { whatever: true }],
  ])("not where it is as it should be: %s %j", async (name, body) => {
    bot.answer({ body });
    await teams.invoke(name, {}, { user });
    expect(faults()).toEqual([]);
  });
});
