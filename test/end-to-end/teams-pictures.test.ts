/** What people do with a finished picture. */
import { setTimeout as pause } from "node:timers/promises";
import { beforeEach, describe, expect, it, test } from "vitest";
import { readJob } from "../../src/jobs/job.ts";
import type { Job } from "../../src/jobs/job.ts";
import { findAction } from "../fakes/microsoft/card-actions.ts";
import type { StandingActivity } from "../fakes/microsoft/conversations.ts";
import type { Turn } from "../fakes/microsoft/teams-client.ts";
import { person } from "../fakes/microsoft/people.ts";
import { asOfThen } from "./older-cards.ts";
import {
  draw,
  isFinished,
  pickOne,
  pictureAddresses,
  pressDelete,
  seenBy,
  stage,
  standing,
  textOf,
  titlesOf,
  untilFinished,
  untilText,
  wordsOf,
} from "./teams-stage.ts";
import { untilTrue } from "./world.ts";

const moderator = "Margaret the moderator";
const own = stage(() => ({ TEAMS_MODERATORS: person(moderator).aadObjectId.toUpperCase() }));

let callsBefore = 0;
beforeEach(() => {
  callsBefore = own.world.images.calls.length;
});
const callsSince = () => own.world.images.calls.slice(callsBefore);
/** `picture`: of several, the one with this number. */
const refOf = (message: StandingActivity, picture?: number) =>
  (findAction(message, picture ? String(picture) : isOne(message) ? "Again" : "All again").data as { ref: string }).ref;
const isOne = (message: StandingActivity) => titlesOf(message).includes("Again");
const buttonsIn = (message: StandingActivity) => titlesOf(message).filter((title) => title !== "Open original");
/** The record of what stands finished in a message; it is written a moment after that. */
async function jobOf(message: StandingActivity): Promise<Job> {
  return untilTrue(async () => {
    const file = await readJob(refOf(message).split(".")[0] ?? "", own.world.storage());
    return file?.job.toldAt !== undefined && file.job;
  });
}
const served = async (address: string) =>
  (await fetch(`http://127.0.0.1:${own.bot.port}${new URL(address).pathname}`)).status;
/** On a busy machine storage may answer too late for a press, which says so and asks for another try. */
async function untilTaken(press: () => Promise<Turn[]>): Promise<Turn[]> {
  return untilTrue(async () => {
    const turns = await press();
    const told = turns.flatMap(({ deliveries }) => deliveries.map(({ body }) => textOf(body)));
    return !told.some((words) => words.includes("cannot reach my storage")) && turns;
  }, 100);
}
const isWords = { statusCode: 200, type: "application/vnd.microsoft.activity.message" };

describe("a picture that DALL·E 3 has drawn", () => {
  const words = "a lighthouse made of books --model dall-e-3 --style natural";

  test.each([
    { title: "Again", change: "again", call: { deployment: "dalle3", prompt: "a lighthouse made of books" } },
    { title: "More like this", change: "like", call: { deployment: "pictures", operation: "edits", inputPictures: 1 } },
    {
      title: "Finish in high quality",
      change: "finish",
      call: { deployment: "pictures", operation: "edits", inputPictures: 1, parameters: { quality: "high" } },
    },
  ])("$title: another one below it, and the card stays", async ({ title, change, call }) => {
    const { message, asked } = await draw(own, words);
    const pressed = await own.bot.teams.press(title, message, { user: own.other });
    expect(pressed).toMatchObject({ status: 200, body: { ...isWords, value: "Your picture is on its way." } });
    const [first, second] = await untilFinished(own, asked, 2);
    expect(first).toEqual(message);
    if (!second) throw new Error("no second picture");
    const { request } = await jobOf(second);
    expect(request).toMatchObject({
      prompt: "a lighthouse made of books",
      parent: { job: (await jobOf(message)).id, place: 1, change },
      askedBy: { name: own.other },
    });
    expect(callsSince()).toHaveLength(2);
    expect(callsSince()[1]).toMatchObject(call);
    expect(textOf(second)).toContain(`Asked by ${own.other}`);
  });

  it("goes on with other words, typed with or without options", async () => {
    const { message, asked } = await draw(own, words);
    const field = "words1";
    const opened = findAction(message, "Change words").card as { body: { id: string; value: string }[] };
    expect(opened.body).toMatchObject([{ id: field, value: "a lighthouse made of books" }]);
    const inputs = { [field]: "a lighthouse made of glass --size wide" };
    const pressed = await own.bot.teams.press("Draw", message, { user: own.user, within: "Change words", inputs });
    expect(pressed.body).toMatchObject(isWords);
    const [, second] = await untilFinished(own, asked, 2);
    if (!second) throw new Error("no second picture");
    expect((await jobOf(second)).request).toMatchObject({
      prompt: "a lighthouse made of glass",
      options: { size: "wide", style: "natural", model: "dall-e-3" },
      parent: { change: "words" },
    });
  });

  it("shows what the model added, and goes on from that", async () => {
    const { message, asked } = await draw(own, words);
    expect(textOf(message)).toContain("Marked: what the model added.");
    expect(textOf(message)).toContain('"highlight":true');
    const revised = (await jobOf(message)).pictures[0]?.kept?.revisedPrompt ?? "none";
    await own.bot.teams.press("Draw", message, { user: own.user, within: "Use these words" });
    const [, second] = await untilFinished(own, asked, 2);
    if (!second) throw new Error("no second picture");
    expect((await jobOf(second)).request.prompt).toBe(revised);
  });

  it("is asked for options that do not fit, and loses nothing by it", async () => {
    const { message, asked } = await draw(own, words);
    const inputs = { words1: "a lighthouse --quality ultra" };
    const pressed = await own.bot.teams.press("Draw", message, { user: own.other, within: "Change words", inputs });
    expect(wordsOf(pressed)).toContain("ultra");
    const declined = await untilText(own, asked, "This needs a small change");
    expect(declined).toMatchObject({ targeted: true, recipient: { id: person(own.other).id } });
    await own.bot.teams.press("Revise", declined, {
      user: own.other,
      inputs: { prompt: "a lighthouse", quality: "hd" },
    });
    const [, second] = await untilFinished(own, asked, 2);
    expect(second).toMatchObject({ targeted: false });
    expect(standing(own, asked)).toHaveLength(2);
    if (second)
      expect((await jobOf(second)).request).toMatchObject({ parent: { change: "words" }, options: { quality: "hd" } });
  });
});

describe("pressing", () => {
  it("works after a restart", async () => {
    const { message, asked } = await draw(own, "a harbour");
    await jobOf(message);
    await own.restart();
    await untilTaken(async () => [await own.bot.teams.press("Again", message, { user: own.user })]);
    await untilFinished(own, asked, 2);
  });

  test.each(["Again", "Change words"])("three times at once, each delivered twice, is one %s", async (title) => {
    const button = title === "Again" ? (["Again", {}] as const) : (["Draw", { within: title }] as const);
    let asked: Turn | undefined;
    let before = 0;
    const turns = await untilTaken(async () => {
      const drawn = await draw(own, "a harbour");
      ({ asked } = drawn);
      before = callsSince().length;
      const how = { user: own.user, copies: 2, ...button[1] };
      return Promise.all(Array.from({ length: 3 }, () => own.bot.teams.press(button[0], drawn.message, how)));
    });
    if (!asked) throw new Error("nobody asked");
    for (const { deliveries } of turns) {
      expect(deliveries).toHaveLength(2);
      for (const delivery of deliveries)
        expect(delivery).toMatchObject({ status: 200, body: { ...isWords, value: "Your picture is on its way." } });
    }
    // Whatever else a press had asked for would stand there by the time that it is answered.
    await untilFinished(own, asked, 2);
    expect(standing(own, asked)).toHaveLength(2);
    expect(callsSince()).toHaveLength(before + 1);
  });

  it("once more, later, is meant; the same event delivered later is not", async () => {
    const { message, asked } = await draw(own, "a harbour");
    const first = await own.bot.teams.press("Again", message, { user: own.user });
    await untilFinished(own, asked, 2);
    await pause(5200);
    const same = (activity: object) => ({ ...activity, ...first.activity });
    await own.bot.teams.press("Again", message, { user: own.user, change: same });
    await own.bot.teams.press("Again", message, { user: own.other });
    await untilFinished(own, asked, 3);
    await pause(5200);
    await own.bot.teams.press("Again", message, { user: own.user });
    await untilFinished(own, asked, 4);
    expect(callsSince()).toHaveLength(4);
  });

  it("does the same on a client without Action.Execute", async () => {
    const { message, asked } = await draw(own, "a harbour");
    const pressed = await own.bot.teams.press("Again", message, { user: own.user, asSubmit: true });
    expect(pressed).toMatchObject({ status: 200, body: undefined });
    await untilFinished(own, asked, 2);
    expect(standing(own, asked)).toHaveLength(2);
  });

  it("from another chat or tenant gets nobody anything", async () => {
    const { message } = await draw(own, "a harbour");
    const data = findAction(message, "Again").data;
    const at = { replyTo: message.id, conversation: "groupChat" } as const;
    const elsewhere = await own.bot.teams.execute("again", data, { ...at, user: "Mallory" });
    expect(wordsOf(elsewhere)).toContain("belongs to another chat");
    const stranger = { user: "Mallory", tenant: "11111111-2222-4333-8444-555555555555" };
    expect((await own.bot.teams.press("Again", message, stranger)).status).toBe(403);
    own.world.microsoft.violations.splice(0);
    for (const ref of ["teams-0000.1", "../settings.1", "", `${refOf(message)}0`])
      expect(wordsOf(await own.bot.teams.execute("again", { do: "again", ref }, { ...at, user: "Mallory" }))).toBe(
        "I no longer have that picture.",
      );
    expect(callsSince()).toHaveLength(1);
  });
});

describe("four pictures in one message", () => {
  it("have each a number, which brings one with its own buttons and words", async () => {
    const { message, asked } = await draw(own, "four boats --count 4 --model dall-e-3");
    expect(pictureAddresses(message)).toHaveLength(4);
    for (const picture of [1, 2, 3, 4])
      expect(refOf(message, picture)).toBe(`${refOf(message).split(".")[0]}.${picture}`);
    expect(titlesOf(message).filter((title) => title?.startsWith("Open") === false)).toEqual([
      "Show all",
      "Show less",
      "1",
      "2",
      "3",
      "4",
      "All again",
    ]);
    const alone = await pickOne(own, message, 3);
    expect(alone).toMatchObject({ targeted: true });
    await own.bot.teams.press("Draw", alone, { user: own.user, within: "Change words" });
    const [, , third] = await untilFinished(own, asked, 3);
    if (!third) throw new Error("no other picture");
    expect((await jobOf(third)).request).toMatchObject({ parent: { place: 3, change: "words" } });
    expect((await jobOf(third)).pictures).toHaveLength(1);
  });

  it("are drawn once more, all of them", async () => {
    const { message, asked } = await draw(own, "two boats --count 2 --quality low");
    await own.bot.teams.press("All again", message, { user: own.other });
    const [, second] = await untilFinished(own, asked, 2);
    if (!second) throw new Error("no other pictures");
    expect(pictureAddresses(second)).toHaveLength(2);
    expect(callsSince()).toHaveLength(4);
  });

  it("with many words come one by one, with the words", async () => {
    const words = Array.from({ length: 900 }, (_, index) => `w${index}`).join(" ");
    const { message } = await draw(own, `${words} --count 4`, { conversation: "personal" });
    expect(titlesOf(message)).not.toContain("Change words");
    const alone = await pickOne(own, message, 2);
    expect(pictureAddresses(alone)).toEqual(pictureAddresses(message).slice(1, 2));
    const pressed = { user: own.user, within: "Change words" };
    await own.bot.teams.press("Draw", alone, pressed);
    const [, , third] = await untilFinished(own, message, 3);
    if (third) expect((await jobOf(third)).request).toMatchObject({ prompt: words, parent: { place: 2 } });
  });

  it("lose one and keep the others", async () => {
    const { message, asked } = await draw(own, "four boats --count 4");
    const before = pictureAddresses(message);
    await pressDelete(own, await pickOne(own, message, 2), { user: own.user });
    const after = await untilText(own, asked, "One picture was deleted.");
    expect(pictureAddresses(after)).toEqual(before.filter((_, index) => index !== 1));
    expect(await Promise.all(before.map(served))).toEqual([200, 404, 200, 200]);
    expect(refOf(after, 2)).toMatch(/\.3$/);
  });
});

describe("a card of the version before", () => {
  test.each(["Again", "More like this", "Finish in high quality", "Change words", "Use these words"])(
    "draws by its %s",
    async (title) => {
      const { message, asked } = await draw(own, "a red fox");
      const then = asOfThen(message, "a red fox", [refOf(message)]);
      const isForm = title.endsWith("words");
      await own.bot.teams.press(isForm ? "Draw" : title, then, { user: own.other, ...(isForm && { within: title }) });
      await untilFinished(own, asked, 2);
      expect(callsSince()).toHaveLength(2);
    },
  );

  test.each([
    { title: "Edit", brings: "Pick the cells that may change" },
    { title: "Family", brings: "The family of this picture" },
  ])("brings by its $title what it brings today", async ({ title, brings }) => {
    const { message, asked } = await draw(own, "a red fox");
    await own.bot.teams.press(title, asOfThen(message, "a red fox", [refOf(message)]), { user: own.user });
    await untilText(own, asked, brings);
  });

  it("deletes after the same question, and each of several by its own", async () => {
    const { message, asked } = await draw(own, "two foxes --count 2");
    const refs = [1, 2].map((number) => refOf(message, number));
    const then = asOfThen(message, "two foxes", refs);
    await own.bot.teams.press("Delete", then, { user: own.user, picture: 2 });
    const question = await untilTrue(() =>
      seenBy(own, own.user, asked).find((each) => titlesOf(each).includes("Delete for good")),
    );
    expect(findAction(question, "Delete for good").data).toMatchObject({ ref: refs[1] });
    await own.bot.teams.press("Delete for good", question, { user: own.user });
    await untilText(own, asked, "One picture was deleted.");
    await own.bot.teams.press("More", then, { user: own.user, picture: 1 });
    const alone = await untilTrue(() => standing(own, asked).find(({ id }) => id !== message.id));
    expect(findAction(alone, "Again").data).toEqual({ do: "again", ref: refs[0] });
  });
});

describe("Delete", () => {
  it("is a moderator's too, if the operator has named them", async () => {
    const { message, asked } = await draw(own, "a secret");
    await pressDelete(own, message, { user: moderator, asSubmit: true });
    await untilText(own, asked, `${moderator} has deleted this picture`);
  });

  it("asks first, whoever presses it alone, and brings back what stood there for whoever keeps it", async () => {
    const { message, asked } = await draw(own, "a fox");
    own.bot.teams.overhear("how nice", { conversationId: asked.conversationId, user: own.other });
    await own.bot.teams.press("Delete", message, { user: own.user });
    const [question] = seenBy(own, own.user, asked);
    if (!question) throw new Error("nothing is asked");
    expect(textOf(question.attachments)).toContain("Shall I delete this picture for good?");
    expect(buttonsIn(question)).toEqual(["Delete for good", "Keep it"]);
    expect(seenBy(own, own.other, asked)).toEqual([message]);
    const { until } = findAction(question, "Delete for good").data as { until: string };
    expect(Date.parse(until) - Date.now()).toBeLessThanOrEqual(30_000);
    await own.bot.teams.press("Keep it", question, { user: own.user });
    expect(seenBy(own, own.user, asked).map(titlesOf)).toEqual([titlesOf(message)]);
    expect(await served(pictureAddresses(message)[0] ?? "")).toBe(200);
    // Who comes too late is asked once more.
    const at = { replyTo: message.id, conversationId: asked.conversationId, user: own.user };
    const past = { do: "sure", ref: refOf(message), until: new Date(Date.now() - 1000).toISOString() };
    await own.bot.teams.execute("sure", past, at);
    expect(seenBy(own, own.user, asked).map(buttonsIn)).toEqual([["Delete for good", "Keep it"]]);
    expect(await served(pictureAddresses(message)[0] ?? "")).toBe(200);
  });

  it("takes it out of where it was shown once more", async () => {
    const { message, asked } = await draw(own, "a fox");
    await own.bot.teams.press("Family", message, { user: own.user });
    const family = await untilText(own, asked, "The family of this picture");
    await own.bot.teams.press("Go on from", family, { user: own.user });
    await untilFinished(own, asked, 2);
    const [, alone] = await untilFinished(own, asked, 2);
    if (!alone) throw new Error("not shown once more");
    expect(alone).toMatchObject({ targeted: true });
    await pressDelete(own, alone, { user: own.user });
    await untilText(own, asked, "has deleted this picture");
    await untilTrue(() => !standing(own, asked).some(isFinished));
    expect(standing(own, asked).flatMap(({ attachments }) => pictureAddresses(attachments))).toHaveLength(1);
  });
});

describe("a picture that waits", () => {
  it("is watched as it appears, and nothing of it stays", async () => {
    const { asked, message } = await draw(own, "a slow appearance [[slow:4000]] --model gpt-image-2");
    const history = own.world.microsoft.history(message.id);
    const partials = history.filter(({ activity }) => textOf(activity).includes("-partial.jpg"));
    expect(partials.length).toBeGreaterThan(0);
    const times = history.filter(({ what }) => what === "changed").map(({ at }) => at);
    // Two seconds are between them where they are sent, and what a busy machine does on the way comes on top. The answer waits for nothing.
    for (const [index, at] of times.slice(1, -1).entries())
      expect(at - (times[index] ?? 0)).toBeGreaterThanOrEqual(1500);
    expect(textOf(standing(own, asked))).not.toContain("-partial.jpg");
    const [address = ""] = pictureAddresses(partials[0]?.activity);
    expect(await served(address)).toBe(404);
  });
});
