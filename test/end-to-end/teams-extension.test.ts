/** The message extension: in the compose box, and on somebody's message. */
import { setTimeout as pause } from "node:timers/promises";
import { beforeEach, describe, expect, it, onTestFinished, test } from "vitest";
import { actionsOf, findAction } from "../fakes/microsoft/card-actions.ts";
import type { StandingActivity, WireActivity } from "../fakes/microsoft/conversations.ts";
import { dialogIn } from "../fakes/microsoft/dialogs.ts";
import { resultsIn } from "../fakes/microsoft/invoke-answers.ts";
import type { Turn, TurnOptions } from "../fakes/microsoft/teams-client.ts";
import {
  isFinished,
  pictureAddresses,
  pressDelete,
  seenBy,
  stage,
  standing,
  textOf,
  titlesOf,
  untilFinished,
  wordsOf,
} from "./teams-stage.ts";
import { untilTrue } from "./world.ts";

const own = stage();

let callsBefore = 0;
beforeEach(() => {
  callsBefore = own.world.images.calls.length;
});
const callsSince = () => own.world.images.calls.slice(callsBefore);

/** The card as the person has it in the compose box. */
async function compose(words: string, turn: TurnOptions = { chatWith: own.other }): Promise<Turn> {
  const opened = await own.bot.teams.openExtension("draw", { user: own.user, ...turn });
  expect(dialogIn(opened).title).toBe("Draw a picture");
  return own.bot.teams.submitDialog(opened, { inputs: { prompt: words } });
}
/** In a chat with somebody else, where the bot is not. */
async function insert(words: string, turn?: TurnOptions): Promise<StandingActivity> {
  return own.bot.teams.sendResult(await compose(words, turn));
}
const look = async (card: StandingActivity, user = own.user) => (await own.bot.teams.look(card, { user })).activity;
const untilSeen = (card: StandingActivity, words: string, seconds = 20) =>
  untilTrue(async () => {
    const seen = await look(card);
    return textOf(seen).includes(words) && seen;
  }, seconds);
const seenHere = (card: StandingActivity, user: string) => seenBy(own, user, card).find(({ id }) => id === card.id);

describe("Draw a picture, in a chat where the bot is not", () => {
  it("inserts a card in which its asker watches the picture come, and all others find it by its button", async () => {
    own.world.images.hold();
    const card = await insert("a red fox");
    expect(card.author?.name).toBe(own.user);
    expect(textOf(await look(card))).toContain("Your picture is on its way.");
    own.world.images.release();
    const seen = await untilSeen(card, "Here it is");
    expect(pictureAddresses(seen)).toHaveLength(1);
    // The card itself, and so what others see, stays as it was sent.
    expect(textOf(seenHere(card, own.other))).toContain("A picture from these words");
    expect(pictureAddresses(seenHere(card, own.other))).toEqual([]);
    await own.bot.teams.press("Show the picture", card, { user: own.other });
    expect(pictureAddresses(seenHere(card, own.other))).toEqual(pictureAddresses(seen));
    expect(callsSince()).toHaveLength(1);
    expect(
      own.world.microsoft.log.filter(({ method, path }) => method !== "GET" && path.includes("conversations")),
    ).toEqual([]);
  });

  it("goes on from there: what cannot be written into the chat is shown in the card", async () => {
    const card = await insert("a red fox");
    const seen = await untilSeen(card, "Here it is");
    const pressed = await own.bot.teams.press("Again", seen, { user: own.user });
    expect(textOf(pressed.body)).toContain("Your picture is on its way.");
    const waiting = seenHere(card, own.user);
    if (waiting)
      await untilTrue(async () => {
        await own.bot.teams.press("Show the picture", seenHere(card, own.user) ?? waiting, { user: own.user });
        return textOf(seenHere(card, own.user)).includes("Here it is");
      }, 20);
    expect(pictureAddresses(seenHere(card, own.user))).not.toEqual(pictureAddresses(seen));
    expect(callsSince()).toHaveLength(2);
    const family = await own.bot.teams.press("Family", seen, { user: own.user });
    expect(wordsOf(family)).toContain("In a chat with me alone it works");
  });

  it("tells a refusal to its asker alone, who changes the words for everybody", async () => {
    const card = await insert("two knights kill each other --model dall-e-3");
    const refused = await untilSeen(card, "safety filter");
    await own.bot.teams.press("Show the picture", card, { user: own.other });
    expect(textOf(seenHere(card, own.other))).toContain("No picture came of this one");
    expect(textOf(seenHere(card, own.other)?.attachments)).not.toMatch(/filter|violence|knights/);
    await own.bot.teams.press("Revise", refused, { user: own.user, inputs: { prompt: "two knights at tea" } });
    const seen = await untilSeen(card, "Here it is");
    expect(textOf(seen)).toContain("two knights at tea");
    await own.bot.teams.press("Show the picture", card, { user: own.other });
    expect(pictureAddresses(seenHere(card, own.other))).toEqual(pictureAddresses(seen));
  });

  it("can be cancelled, deleted, and found again after a restart", async () => {
    own.world.images.hold();
    const slow = await insert("a slow one");
    await own.bot.teams.press("Cancel", await look(slow), { user: own.user });
    await untilSeen(slow, "Cancelled");
    own.world.images.release();
    const card = await insert("a red fox");
    await untilSeen(card, "Here it is");
    await own.restart();
    // What was seen stands in the record a moment later: a process that dies before leaves it to whoever takes the job over.
    const seen = await untilSeen(card, "Here it is", 60);
    const deleted = await pressDelete(own, seen, { user: own.user });
    // What was asked about gives way to what has become of it by now.
    expect(pictureAddresses(seenHere(card, own.user))).toEqual([]);
    expect(deleted.status).toBe(200);
    await untilSeen(card, "has deleted this picture");
  });

  it("asks again, with all that was filled in, where something does not fit", async () => {
    const opened = await own.bot.teams.openExtension("draw", { user: own.user, chatWith: own.other });
    const declined = await own.bot.teams.submitDialog(opened, {
      inputs: { prompt: "a cat --quality ultra", size: "wide" },
    });
    const text = textOf(dialogIn(declined).attachments);
    for (const words of ["ultra", '"value":"a cat"', '"value":"wide"']) expect(text).toContain(words);
    const done = await own.bot.teams.submitDialog(declined, { inputs: { prompt: "a cat", size: "wide" } });
    const card = await own.bot.teams.sendResult(done);
    await untilSeen(card, "Here it is");
    expect(callsSince()).toHaveLength(1);
  });

  it("is one picture, however often the dialog is sent", async () => {
    const opened = await own.bot.teams.openExtension("draw", { user: own.user, chatWith: own.other });
    const send = () => own.bot.teams.submitDialog(opened, { inputs: { prompt: "a red fox" }, copies: 3 });
    const all = await Promise.all([send(), send()]);
    const cards = all.map(({ body }) => resultsIn(body));
    expect(cards[0]).toHaveLength(1);
    expect(cards[1]).toEqual(cards[0]);
    const card = await own.bot.teams.sendResult(all[0]);
    await untilSeen(card, "Here it is");
    expect(callsSince()).toHaveLength(1);
  });

  it("keeps a dialog open while storage is out of reach, and takes it afterwards", async () => {
    const opened = await own.bot.teams.openExtension("draw", { user: own.user, chatWith: own.other });
    await own.world.azurite.interrupt();
    let refused: Turn;
    try {
      refused = await own.bot.teams.submitDialog(opened, { inputs: { prompt: "a red fox" } });
    } finally {
      await own.world.azurite.resume();
    }
    expect(refused.milliseconds).toBeLessThan(5000);
    expect(textOf(dialogIn(refused).attachments)).toContain("I cannot reach my storage");
    const done = await own.bot.teams.submitDialog(refused);
    await untilSeen(await own.bot.teams.sendResult(done), "Here it is");
  });

  it("shows nobody of another tenant anything, and no other picture", async () => {
    const card = await insert("a red fox");
    await untilSeen(card, "Here it is");
    const asked = await own.bot.teams.say("imagine a secret", { user: own.user });
    const [secret] = await untilFinished(own, asked);
    const { ref } = findAction(secret ?? card, "Again").data as { ref: string };
    const at = { replyTo: card.id, user: own.other };
    const spied = await own.bot.teams.execute("look", { do: "look", job: ref.split(".")[0] }, at);
    expect(wordsOf(spied)).toContain("belongs to another chat");
    expect(wordsOf(await own.bot.teams.execute("look", { do: "look", job: "teams-0" }, at))).toContain(
      "no longer have",
    );
  });
});

describe("Draw a picture elsewhere", () => {
  it("in the bot's own chat is no riddle to it", async () => {
    const card = await insert("a red fox", { conversation: "personal" });
    await untilSeen(card, "Here it is");
    await pause(500);
    expect(standing(own, card)).toEqual([]);
  });

  it("where the bot is, its buttons write into the chat", async () => {
    const card = await insert("a red fox", { conversation: "groupChat" });
    const seen = await untilSeen(card, "Here it is");
    await own.bot.teams.press("Again", seen, { user: own.user });
    await untilFinished(own, card);
  });

  it("from the command box, where there is no chat at all", async () => {
    const change = ({ conversation: _none, ...activity }: WireActivity) => ({ ...activity, type: "invoke" });
    const opened = await own.bot.teams.openExtension("draw", { user: own.user, context: "commandBox", change });
    const done = await own.bot.teams.submitDialog(opened, { inputs: { prompt: "a red fox" }, change });
    expect(resultsIn(done.body)).toHaveLength(1);
  });

  it("does the same on a client without Action.Execute, where the bot can write", async () => {
    const card = await insert("a red fox", { conversation: "groupChat" });
    await untilSeen(card, "Here it is");
    const pressed = await own.bot.teams.press("Show the picture", card, { user: own.other, asSubmit: true });
    expect(pressed).toMatchObject({ status: 200, body: {} });
    const shown = await untilTrue(() => standing(own, card).find(({ recipient }) => recipient?.name === own.other));
    expect(pictureAddresses(shown)).toHaveLength(1);
  });
});

describe("Make a picture of this", () => {
  test.each(["groupChat", "channel"] as const)("in a %s writes below the message", async (conversation) => {
    const on = own.bot.teams.overhear("<b>a fox &amp; a hen</b><br>in the snow", { conversation, user: own.other });
    const opened = await own.bot.teams.openExtension("drawMessage", { user: own.user, on });
    expect(dialogIn(opened).title).toBe("Make a picture of this");
    expect(textOf(dialogIn(opened).attachments)).toContain(JSON.stringify("a fox & a hen\nin the snow"));
    const done = await own.bot.teams.submitDialog(opened);
    expect(done.body).toEqual({});
    const words = JSON.stringify("a fox & a hen\nin the snow");
    await untilTrue(() => standing(own, on).some((each) => isFinished(each) && textOf(each).includes(words)));
    expect(callsSince()).toMatchObject([{ prompt: "a fox & a hen\nin the snow" }]);
  });

  it("in a channel whose thread is not named finds it by the message", async () => {
    const on = own.bot.teams.overhear("a red fox", { conversation: "channel", user: own.other });
    const change = (activity: WireActivity) => ({
      ...activity,
      conversation: { ...(activity.conversation as object), id: on.conversationId.replace(/;.*/, "") },
    });
    const opened = await own.bot.teams.openExtension("drawMessage", { user: own.user, on, change });
    await own.bot.teams.submitDialog(opened, { change });
    await untilFinished(own, on);
  });

  it("where the bot is not inserts the card", async () => {
    const on = own.bot.teams.overhear("a red fox", { chatWith: own.other, user: own.other });
    // Both are in that chat.
    const opened = await own.bot.teams.openExtension("drawMessage", { user: own.user, on });
    const card = await own.bot.teams.sendResult(await own.bot.teams.submitDialog(opened));
    await untilSeen(card, "Here it is");
  });

  it("of a message without words asks for some", async () => {
    const opened = await own.bot.teams.openExtension("drawMessage", {
      user: own.user,
      on: own.bot.teams.overhear("", { conversation: "channel", user: own.other }),
    });
    expect(textOf(dialogIn(opened).attachments)).toContain("There are no words in that message");
  });

  it("of a message without end still fits a dialog", async () => {
    const on = own.bot.teams.overhear("<p>🦊 &lt;b&gt; ".repeat(6000), { conversation: "channel", user: own.other });
    const opened = await own.bot.teams.openExtension("drawMessage", { user: own.user, on });
    expect(textOf(dialogIn(opened).attachments)).toContain("🦊 <b>");
  });
});

describe("what is made up", () => {
  test.each([
    ["composeExtension/fetchTask", {}],
    ["composeExtension/fetchTask", { commandId: "other", messagePayload: "x" }],
    ["composeExtension/submitAction", {}],
    ["composeExtension/submitAction", { commandId: "draw", data: { do: "insert", dialog: "x" } }],
    ["composeExtension/submitAction", { commandId: "draw", data: "x" }],
    ["composeExtension/onCardButtonClicked", { do: "else" }],
  ])("%s with %j is answered all the same", async (name, value) => {
    const turn = await own.bot.teams.invoke(name, value, { user: own.user });
    expect(turn.status).toBe(200);
    expect(callsSince()).toEqual([]);
  });

  it("has no more buttons than a card may have", async () => {
    const card = await insert("four boats --count 4");
    const seen = await untilSeen(card, "Here are your 4 pictures");
    expect(titlesOf(seen)).toContain("All again");
    expect(actionsOf(seen).length).toBeGreaterThan(5);
  });
});

describe("in time", () => {
  it("a look is answered though storage hangs", async () => {
    const card = await insert("a red fox");
    await untilSeen(card, "Here it is");
    // As long as a process is at it, it knows without asking anybody.
    await own.restart();
    await own.world.azurite.interrupt();
    onTestFinished(() => own.world.azurite.resume());
    const pressed = await own.bot.teams.press("Show the picture", card, { user: own.other });
    expect(pressed.milliseconds).toBeLessThan(5000);
    expect(wordsOf(pressed)).toContain("I cannot reach my storage");
  });
});
