import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { MessageOptions } from "../fakes/microsoft/teams-client.ts";
import type { ConversationKind, StandingActivity } from "../fakes/microsoft/conversations.ts";
import { actionsOf } from "../fakes/microsoft/card-actions.ts";
import { textsIn, worlds } from "./open-world.ts";
import type { World } from "./open-world.ts";

const open = worlds("file");
const waitingText = "Your picture is on its way.";

let world: World;
let user = "";
let people = 0;
beforeAll(async () => {
  world = await open();
});
beforeEach(() => {
  // A person, and so a personal chat, of its own for each test; in the channel each message begins a thread.
  user = `Ada ${(people += 1)}`;
});

/** Says it in the channel, where it begins a thread. */
const say = (text: string, turn: MessageOptions = {}) => world.teams.say(text, { conversation: "channel", ...turn });

/** The only message of the bot in a place. */
function onlyIn(conversationId: string): StandingActivity {
  const [only, ...more] = world.microsoft.activities(conversationId);
  expect(more).toEqual([]);
  if (!only) throw new Error(`nothing stands in ${conversationId}`);
  return only;
}
const writesTo = (conversationId: string) =>
  world.microsoft.log.filter(({ segments }) => segments[3] === conversationId).map(({ method }) => method);

describe("a request", () => {
  test.each(["personal", "groupChat", "channel"] as const)(
    "in %s is saved, and a waiting card stands there",
    async (conversation) => {
      const turn = await say("imagine a lighthouse made of books --size wide", { conversation, user });
      expect(turn).toMatchObject({ status: 200, body: undefined });
      const waiting = onlyIn(turn.conversationId);
      expect(textsIn(waiting.attachments)).toContain(waitingText);
      expect(await world.jobs(turn.conversationId)).toMatchObject([
        {
          request: { prompt: "a lighthouse made of books", options: { size: "wide" } },
          address: { activityId: waiting.id },
        },
      ]);
    },
  );

  test("delivered three times at once, and once more later, is one job and one waiting card", async () => {
    const turn = await say("imagine a lighthouse", { copies: 3 });
    await say("imagine a lighthouse", { id: turn.activity.id, conversationId: turn.conversationId });
    expect(turn.deliveries.map(({ status }) => status)).toEqual([200, 200, 200]);
    onlyIn(turn.conversationId);
    expect(writesTo(turn.conversationId)).toEqual(["POST"]);
    expect(await world.jobs(turn.conversationId)).toHaveLength(1);
  });

  test("changed by its author is not drawn again", async () => {
    const turn = await say("imagine a lighthouse");
    expect((await world.teams.edit(turn, "imagine a ship")).status).toBe(200);
    expect(await world.jobs(turn.conversationId)).toHaveLength(1);
    expect(writesTo(turn.conversationId)).toEqual(["POST"]);
  });

  test.each(["hang", "cut", { status: 500 }, { status: 403 }] as const)(
    "is kept, in time, though the connector does not take the waiting card (%j)",
    async (fault) => {
      onTestFinished(world.microsoft.fail({ host: "smba.trafficmanager.net" }, fault, Infinity));
      const turn = await say("imagine a lighthouse");
      expect(turn).toMatchObject({ status: 200, deliveries: [{ status: 200 }] });
      expect(turn.milliseconds).toBeLessThan(6000);
      expect(await world.jobs(turn.conversationId)).toMatchObject([{ address: { activityId: null } }]);
    },
  );

  test("is kept, in time, though nobody gives the bot a token", async () => {
    // The first token of a process is kept, so it takes one that has none yet.
    await world.restart();
    onTestFinished(world.microsoft.fail({ host: "login.microsoftonline.com" }, "hang", Infinity));
    const turn = await say("imagine a lighthouse");
    expect(turn.status).toBe(200);
    expect(turn.milliseconds).toBeLessThan(6000);
    expect(await world.jobs(turn.conversationId)).toHaveLength(1);
  });

  test("outside the limits is answered with all that is wrong, and fields to mend it", async () => {
    const turn = await say("imagine a cat --size 512x512 --quality hd --count 9 --upscale");
    const said = textsIn(onlyIn(turn.conversationId).attachments).join("\n");
    for (const part of ["512×512 was DALL·E 2", "ask for 1 to 4", "“--upscale”"]) expect(said).toContain(part);
    expect(await world.jobs(turn.conversationId)).toMatchObject([{ pictures: [] }]);
  });

  test.each([
    { of: "nothing but an option", words: "", pictures: 0 },
    { of: "emoji alone", words: "🐈🐈🐈", pictures: 1 },
    { of: "10,000 characters", words: "x".repeat(10_000), pictures: 0 },
    { of: "another direction", words: "מגדלור עשוי ספרים", pictures: 1 },
    { of: "what nobody can see", words: "\u200f\u200b", prompt: "", pictures: 0 },
  ])("of $of is answered", async ({ words, prompt = words, pictures }) => {
    const turn = await say(`imagine ${words} --style natural`);
    onlyIn(turn.conversationId);
    const jobs = await world.jobs(turn.conversationId);
    expect(jobs.flatMap((job) => job.pictures)).toHaveLength(pictures);
    expect(jobs[0]?.request.prompt).toBe(prompt);
  });

  test("is declined in words while storage is out of reach, and nothing is lost in silence", async () => {
    await world.azurite.interrupt();
    try {
      const turn = await say("imagine a lighthouse");
      expect(turn).toMatchObject({ status: 200, deliveries: [{ status: 200 }] });
      expect(turn.milliseconds).toBeLessThan(14_000);
      expect(textsIn(onlyIn(turn.conversationId).attachments).join()).toContain("I cannot reach my storage");
    } finally {
      await world.azurite.resume();
    }
  });
});

describe("other words", () => {
  test.each([
    ["Hello", "Easel draws what you describe"],
    ["HELP", "Easel draws what you describe"],
    ["imagine", "What shall I draw?"],
    ["a sheep, by the way", "Shall I draw this?"],
  ])("%s is answered once, however often it is delivered", async (text, title) => {
    const turn = await say(text, { copies: 4 });
    expect(turn.deliveries.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(textsIn(onlyIn(turn.conversationId).attachments)).toContain(title);
    expect(await world.jobs(turn.conversationId)).toEqual([]);
  });

  test.each(["I want to die", "how to kill myself"])("“%s” brings help, and nothing to draw it with", async (text) => {
    const asked = await say(text, { user });
    const card = onlyIn(asked.conversationId);
    expect(textsIn(card.attachments).join()).toContain("please talk to somebody you trust");
    expect(actionsOf(card)).toEqual([]);
  });

  test("that are too many for a card are answered all the same", async () => {
    const asked = await say("words ".repeat(6000), { user });
    expect(textsIn(onlyIn(asked.conversationId).attachments)).toContain("Shall I draw something?");
  });

  test("of an edit, where no picture of theirs stands in the chat, stay with their options", async () => {
    const asked = await say("edit make it green --size wide", { conversation: "personal", user });
    const card = onlyIn(asked.conversationId);
    expect(textsIn(card.attachments).join()).toContain("There is no picture to change");
    expect(JSON.stringify(card.attachments)).toContain('"value":"make it green --size wide"');
    await world.teams.press("Draw this", card, { user });
    expect(await world.jobs(asked.conversationId)).toMatchObject([
      { request: { prompt: "make it green", options: { size: "wide" } } },
    ]);
  });

  test("of such an edit among others are told to their sender alone", async () => {
    const card = onlyIn((await say("edit make it green", { user })).conversationId);
    expect(card).toMatchObject({ targeted: true });
    expect(textsIn(card.attachments).join()).toMatch(/There is no picture to change.*make it green/);
  });

  test.each([
    ["draw me a sheep", { prompt: "a sheep" }],
    ["Could you paint a harbour, please? --ar 16:9", { prompt: "a harbour", options: { size: "16:9" } }],
    ["make us a poster of a fox", { prompt: "a poster of a fox" }],
    ["I'd like a picture of a lighthouse", { prompt: "a picture of a lighthouse" }],
  ])("“%s” is drawn", async (text, request) => {
    const asked = await say(text, { user });
    expect(textsIn(onlyIn(asked.conversationId).attachments)).toContain(waitingText);
    expect(await world.jobs(asked.conversationId)).toMatchObject([{ request }]);
  });

  test("stay in a field, and are drawn when their sender alone wishes so", async () => {
    const asked = await say("make it green", { user });
    const card = onlyIn(asked.conversationId);
    expect(JSON.stringify(card.attachments)).toContain('"value":"make it green"');
    expect(actionsOf(card).map(({ title }) => title)).toEqual(["Draw this"]);
    const foreign = await world.teams.press("Draw this", card, { user: "Mallory" });
    expect(foreign.body).toMatchObject({ value: expect.stringContaining("asked") });
    expect(await world.jobs(asked.conversationId)).toEqual([]);
    await world.teams.press("Draw this", card, { user, inputs: { prompt: "make a tree green" } });
    expect(textsIn(onlyIn(asked.conversationId).attachments)).toContain(waitingText);
    expect(await world.jobs(asked.conversationId)).toMatchObject([{ request: { prompt: "make a tree green" } }]);
  });

  test.each(["help", "imagine", "a sheep, by the way", "imagine a cat --size 512x512"])(
    "%s that could not be answered is answered as soon as Teams takes it, and once",
    async (text) => {
      const callOff = world.microsoft.fail({ host: "smba.trafficmanager.net" }, { status: 500 }, Infinity);
      onTestFinished(callOff);
      const turn = await say(text);
      expect([turn.status, world.microsoft.activities(turn.conversationId)]).toEqual([200, []]);
      callOff();
      const { activity, conversationId } = turn;
      await say(text, { id: activity.id, conversationId, change: () => activity });
      await vi.waitFor(() => onlyIn(conversationId), { timeout: 30_000, interval: 100 });
      await say(text, { id: activity.id, conversationId, change: () => activity });
      onlyIn(conversationId);
    },
  );

  test("whose answer died with its process is answered when it is delivered again, and then no more", async () => {
    const texts = ["help", "imagine a cat --size 512x512"];
    const post = { host: "smba.trafficmanager.net", method: "POST" };
    onTestFinished(world.microsoft.fail(post, "hang", texts.length));
    const hanging = () => world.microsoft.log.filter(({ fault }) => fault === "hang").length;
    const before = hanging();
    const dying = texts.map((text) => say(text));
    await vi.waitFor(() => expect(hanging()).toBe(before + texts.length), { timeout: 30_000 });
    await world.restart();
    const turns = await Promise.all(dying);
    await pause(14_000);
    for (const [index, { status, activity, conversationId }] of turns.entries()) {
      expect(status).toBe(502);
      const again = () =>
        world.teams.say(texts[index] ?? "", { id: activity.id, conversationId, change: () => activity });
      await Promise.all([again(), again()]);
      onlyIn(conversationId);
      await again();
      onlyIn(conversationId);
    }
  });

  test("and what else Teams tells is taken without an answer", async () => {
    for (const type of ["messageReaction", "messageDelete", "typing", "event"]) {
      expect((await world.teams.other(type, { text: "imagine a cat" }, { user })).status).toBe(200);
    }
    expect(writesTo(world.teams.chatId("personal", user))).toEqual([]);
  });
});

describe("an installation", () => {
  const welcomesIn = (conversation: ConversationKind) =>
    world.microsoft
      .activities(world.teams.chatId(conversation, user))
      .filter(({ attachments }) => textsIn(attachments).includes("Hello, I am Easel"));

  test.each(["personal", "groupChat", "channel"] as const)("in %s is welcomed once", async (conversation) => {
    const turn = { conversation, user };
    await Promise.all([world.teams.install(turn), world.teams.install(turn)]);
    const [welcome, ...more] = welcomesIn(conversation);
    expect(more).toEqual([]);
    expect(textsIn(welcome?.attachments).join()).toMatch(/brainstorm a logo.*help” tells all that I can do/s);
    expect(JSON.stringify(welcome).includes(user)).toBe(conversation !== "personal");
  });

  test("after a removal is a new one", async () => {
    await world.teams.install({ user });
    await world.teams.uninstall({ user });
    await world.teams.install({ user });
    expect(welcomesIn("personal")).toHaveLength(2);
  });
});

describe("the form", () => {
  const inputs = { prompt: "a cat", size: "wide", quality: "as-usual", count: "2" };

  test("becomes the waiting card, and is sent once however often it is pressed", async () => {
    const asked = await say("imagine");
    const form = onlyIn(asked.conversationId);
    const pressed = await Promise.all([1, 2, 3].map(() => world.teams.press("Draw", form, { inputs })));
    expect(pressed.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(textsIn(onlyIn(asked.conversationId).attachments)).toContain("Your 2 pictures are on their way.");
    expect(await world.jobs(asked.conversationId)).toMatchObject([
      { request: { prompt: "a cat", options: { size: "wide", count: "2" } }, address: { activityId: form.id } },
    ]);
    expect((await world.jobs(asked.conversationId))[0]?.request.options).not.toHaveProperty("quality");
  });

  test("does the same by Action.Submit", async () => {
    const asked = await say("imagine");
    const form = onlyIn(asked.conversationId);
    const [button] = actionsOf(form);
    const data = { ...(button?.data as object), ...inputs };
    const sent = await Promise.all([1, 2].map(() => world.teams.submit(data, { replyTo: form.id })));
    expect(sent.map(({ status }) => status)).toEqual([200, 200]);
    expect(onlyIn(asked.conversationId)).toMatchObject({ id: form.id });
    expect(textsIn(onlyIn(asked.conversationId).attachments)).toContain("Your 2 pictures are on their way.");
    expect(await world.jobs(asked.conversationId)).toHaveLength(1);
  });

  test("stays, with what stands in it, while storage is out of reach", async () => {
    const form = onlyIn((await say("imagine")).conversationId);
    await world.azurite.interrupt();
    try {
      const pressed = await world.teams.press("Draw", form, { inputs });
      expect(pressed).toMatchObject({
        status: 200,
        body: {
          type: "application/vnd.microsoft.activity.message",
          value: expect.stringContaining("I cannot reach my storage"),
        },
      });
    } finally {
      await world.azurite.resume();
    }
    await world.teams.press("Draw", form, { inputs });
    expect(await world.jobs(form.conversationId)).toHaveLength(1);
  });

  test("is for the one who asked", async () => {
    const asked = await say("imagine");
    const pressed = await world.teams.press("Draw", onlyIn(asked.conversationId), { inputs, user: "Mallory" });
    expect(pressed.body).toMatchObject({ statusCode: 200, type: "application/vnd.microsoft.activity.message" });
    expect(await world.jobs(asked.conversationId)).toEqual([]);
  });
});

describe("Revise", () => {
  const decline = async (conversation: ConversationKind = "personal") => {
    const asked = await say("imagine a cat --size 512x512 --style natural", { conversation, user });
    return onlyIn(asked.conversationId);
  };
  const revised = async (card: StandingActivity) =>
    (await world.jobs(card.conversationId)).filter(({ order }) => order);

  test("is a new request, with the options that were right, in the same message", async () => {
    const card = await decline();
    const pressed = await world.teams.press("Revise", card, { user, inputs: { prompt: "a dog", size: "tall" } });
    expect(pressed.body).toMatchObject({ statusCode: 200, type: "application/vnd.microsoft.card.adaptive" });
    expect(pressed.milliseconds).toBeLessThan(4700);
    expect(await revised(card)).toMatchObject([
      { request: { prompt: "a dog", options: { size: "tall", style: "natural" } }, address: { activityId: card.id } },
    ]);
  });

  test.each([false, true])(
    "among others takes the place of what one person saw by what all see (submit: %s)",
    async (asSubmit) => {
      const card = await decline("channel");
      expect(card).toMatchObject({ targeted: true });
      await world.teams.press("Revise", card, { user, asSubmit, inputs: { prompt: "a dog", size: "tall" } });
      const waiting = onlyIn(card.conversationId);
      expect(waiting).toMatchObject({ targeted: false });
      expect(waiting.id).not.toBe(card.id);
      expect(await revised(card)).toMatchObject([
        { request: { prompt: "a dog", private: false }, address: { activityId: waiting.id, targeted: false } },
      ]);
    },
  );

  test("among others leaves nothing to press in a card that cannot be taken away", async () => {
    const card = await decline("channel");
    onTestFinished(world.microsoft.fail({ method: "DELETE" }, { status: 501 }));
    await world.teams.press("Revise", card, { user, inputs: { prompt: "a dog", size: "tall" } });
    const [left] = world.microsoft.activities(card.conversationId).filter(({ id }) => id === card.id);
    expect([textsIn(left?.attachments), left && actionsOf(left)]).toEqual([["It stands below."], []]);
  });

  describe("of words that the card has no room for", () => {
    const words = Array.from({ length: 5000 }, (_, index) => `w${index}`).join(" ");
    const declineLong = async () => {
      const card = onlyIn(
        (await say(`imagine ${words} --size 512x512 --model gpt-image-2`, { conversation: "personal", user }))
          .conversationId,
      );
      const shown = /"value":"(w0 [^"]*…)"/.exec(JSON.stringify(card))?.[1] ?? "";
      expect(shown.length).toBeGreaterThan(10_000);
      return { card, shown };
    };

    test("keeps all of them where the field is left as it was", async () => {
      const { card, shown } = await declineLong();
      await world.teams.press("Revise", card, { user, inputs: { prompt: shown, size: "wide" } });
      expect((await revised(card)).map(({ request }) => request.prompt)).toEqual([words]);
    });
    test("keeps those behind the ellipsis where the others were changed", async () => {
      const { card, shown } = await declineLong();
      await world.teams.press("Revise", card, { user, inputs: { prompt: shown.replace("w0 ", "W "), size: "wide" } });
      expect((await revised(card)).map(({ request }) => request.prompt)).toEqual([words.replace("w0 ", "W ")]);
    });
    test("takes new ones as they are", async () => {
      const { card } = await declineLong();
      await world.teams.press("Revise", card, { user, inputs: { prompt: "a dog", size: "wide" } });
      expect((await revised(card)).map(({ request }) => request.prompt)).toEqual(["a dog"]);
    });
  });

  test("still wrong, brings the card back with the new words", async () => {
    const card = await decline();
    await world.teams.press("Revise", card, { user, inputs: { prompt: "a dog --quality ultra", size: "as-usual" } });
    const again = onlyIn(card.conversationId);
    expect(textsIn(again.attachments).join()).toContain("“ultra”");
    expect(JSON.stringify(again)).toContain('"value":"a dog"');
    await world.teams.press("Revise", again, { user, inputs: { prompt: "a dog", quality: "hd" } });
    expect(await revised(card)).toMatchObject([
      { request: { prompt: "a dog", options: { quality: "hd", style: "natural" } } },
    ]);
  });

  test("of what another bot's people type has clean words, and is drawn with the next press", async () => {
    const asked = await say("imagine a cat --ar 16:9 --v 7 --no dogs --s 250", { user });
    const card = onlyIn(asked.conversationId);
    const said = textsIn(card.attachments).join("\n");
    for (const part of ["“--v 7” picks a version", "“without dogs”", "“--s 250” sets how freely"])
      expect(said).toContain(part);
    await world.teams.press("Revise", card, { user });
    expect(await revised(card)).toMatchObject([
      { request: { prompt: "a cat", options: { size: "16:9" }, unknownOptions: [] }, order: { size: "1792x1024" } },
    ]);
  });

  test("is drawn with what the fields begin with, also where an option had none", async () => {
    const options = "--model gpt-image-2 --style vivid --quality hd --count 9 --size 1920x1080";
    const asked = await say(`imagine a cat ${options}`, { user });
    const card = onlyIn(asked.conversationId);
    expect(JSON.stringify(card.attachments)).not.toContain('"natural"');
    await world.teams.press("Revise", card, { user });
    expect(await revised(card)).toMatchObject([
      { order: { model: "gpt-image-2", quality: "high", count: 4, size: "1920x1088" } },
    ]);
    expect((await revised(card))[0]?.request.options).not.toHaveProperty("style");
  });

  test("works after a restart, and not for anybody else", async () => {
    const card = await decline();
    await world.restart();
    const data = { ...(actionsOf(card)[0]?.data as object), prompt: "a dog" };
    const mallory = await world.teams.execute("revise", data, { replyTo: card.id, user: "Mallory" });
    expect(mallory.body).toMatchObject({
      type: "application/vnd.microsoft.activity.message",
      value: expect.stringContaining("Only the person who asked"),
    });
    expect(await revised(card)).toEqual([]);
    await world.teams.press("Revise", card, { user, inputs: { prompt: "a dog", size: "wide" } });
    expect(await revised(card)).toHaveLength(1);
  });

  test("of a job that is gone, or not from Teams' chats, is answered in words", async () => {
    const card = await decline();
    for (const data of [
      { do: "revise", job: "teams-0000" },
      { do: "revise", job: "../settings" },
      { do: "else" },
      "text",
    ]) {
      const pressed = await world.teams.execute("revise", data, { replyTo: card.id });
      expect([pressed.status, pressed.body]).toEqual([
        200,
        expect.objectContaining({ type: "application/vnd.microsoft.activity.message" }),
      ]);
    }
  });

  test("while storage is out of reach keeps the card and its words", async () => {
    const card = await decline();
    await world.azurite.interrupt();
    try {
      const pressed = await world.teams.press("Revise", card, { user, inputs: { prompt: "a dog", size: "wide" } });
      expect(pressed).toMatchObject({ status: 200, body: { type: "application/vnd.microsoft.activity.message" } });
    } finally {
      await world.azurite.resume();
    }
    expect(actionsOf(onlyIn(card.conversationId)).map(({ title }) => title)).toEqual(["Revise"]);
  });
});

describe("invokes", () => {
  test("feedback is thanked with an empty object", async () => {
    const value = { actionName: "feedback", actionValue: { reaction: "like", feedback: "{}" } };
    expect(await world.teams.invoke("message/submitAction", value)).toMatchObject({ status: 200, body: {} });
    expect(await world.teams.invoke("suggestedAction/submit", {})).toMatchObject({ status: 200 });
  });

  test("that nobody knows are 501, never 500", async () => {
    for (const name of ["task/fetch", "composeExtension/query", "something/new", "", "__proto__"]) {
      expect((await world.teams.invoke(name, { a: 1 })).status).toBe(501);
    }
  });
});
