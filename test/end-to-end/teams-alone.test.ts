/** What one person alone sees where others read along: slash commands, refusals, lists. */
import { beforeEach, describe, expect, it, onTestFinished, test } from "vitest";
import { findAction } from "../fakes/microsoft/card-actions.ts";
import { person } from "../fakes/microsoft/people.ts";
import { badRequest, refusals } from "../fakes/microsoft/refusals.ts";
import type { Turn } from "../fakes/microsoft/teams-client.ts";
import {
  draw,
  isFinished,
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
import type { Place } from "./teams-stage.ts";
import { untilTrue } from "./world.ts";

const own = stage();

let callsBefore = 0;
beforeEach(() => {
  callsBefore = own.world.images.calls.length;
});
const callsSince = () => own.world.images.calls.slice(callsBefore);
const DAY = 86_400_000;
/** A thread in which another person is, too. */
async function openThread(): Promise<Place> {
  const { id, conversationId } = own.bot.teams.overhear("good morning", { conversation: "channel", user: own.other });
  return { conversationId: conversationId.includes(";") ? conversationId : `${conversationId};messageid=${id}` };
}
const slash = (text: string, { conversationId }: Place) =>
  own.bot.teams.say(text, { conversationId, user: own.user, targeted: true });
/** What others have seen there at any time. */
function everSeenByOthers(place: Place): string {
  const told = own.world.microsoft.log.filter(
    ({ segments, query, method }) =>
      segments[3] === place.conversationId && method !== "DELETE" && query.isTargetedActivity === undefined,
  );
  return told.map(({ text }) => text).join("\n");
}
const writes = ({ conversationId }: Place) =>
  own.world.microsoft.log
    .filter(({ segments, method }) => segments[3] === conversationId && method !== "GET")
    .map(({ method, query }) => `${method}${query.isTargetedActivity ? " targeted" : ""}`);
/** Teams takes no targeted message for a while. */
const refuseTargeted = (answer = badRequest("BadArgument", "Targeted messages are not supported.")) =>
  onTestFinished(own.world.microsoft.fail({ method: "POST", text: /"recipient"/ }, answer, Infinity));

describe("a slash command", () => {
  it("is answered to its asker alone, from the first word to the picture", async () => {
    const place = await openThread();
    own.world.images.hold();
    await slash("imagine a surprise for Grace", place);
    const waiting = await untilTrue(() => standing(own, place)[0]);
    expect(waiting).toMatchObject({ targeted: true, recipient: { id: person(own.user).id } });
    own.world.images.release();
    const [message] = await untilFinished(own, place);
    expect(message).toMatchObject({ id: waiting.id, targeted: true });
    expect([everSeenByOthers(place), seenBy(own, own.other, place)]).toEqual(["", []]);
    expect(new Set(writes(place))).toEqual(new Set(["POST targeted", "PUT targeted"]));
    // What comes of it stays as it is.
    if (message) await own.bot.teams.press("Again", message, { user: own.user });
    const both = await untilFinished(own, place, 2);
    expect(both.map(({ targeted }) => targeted)).toEqual([true, true]);
    expect(everSeenByOthers(place)).toBe("");
  });

  test.each(["help", "imagine", "history", "family", "edit it", "what is this?"])("%s is too", async (text) => {
    const place = await openThread();
    await slash(text, place);
    expect(standing(own, place)).toMatchObject([{ targeted: true }]);
    expect(everSeenByOthers(place)).toBe("");
  });

  it("that brings the form leads to a picture for its asker alone", async () => {
    const place = await openThread();
    await slash("imagine", place);
    const [form] = standing(own, place);
    if (form) await own.bot.teams.press("Draw", form, { user: own.user, inputs: { prompt: "a surprise" } });
    const [message] = await untilFinished(own, place);
    expect(message).toMatchObject({ id: form?.id, targeted: true });
    expect(everSeenByOthers(place)).toBe("");
  });

  it("whose message is gone after a day is answered in a new one", async () => {
    const place = await openThread();
    own.world.images.hold();
    await slash("imagine a long wait", place);
    own.world.microsoft.letTimePass(DAY + 1000);
    expect(standing(own, place)).toEqual([]);
    own.world.images.release();
    expect(await untilFinished(own, place)).toMatchObject([{ targeted: true }]);
    expect(everSeenByOthers(place)).toBe("");
  });

  it("is never answered to all, though Teams does not take the answer for one", async () => {
    const place = await openThread();
    refuseTargeted(refusals.botNotInConversationRoster);
    await slash("imagine a surprise", place);
    await untilTrue(() => own.bot.output.some((line) => line.includes("cannot be delivered")));
    expect(everSeenByOthers(place)).toBe("");
  });

  it("can be refused, revised and deleted by its asker alone", async () => {
    const place = await openThread();
    await slash("imagine two knights kill each other --model dall-e-3", place);
    const refused = await untilText(own, place, "safety filter");
    await own.bot.teams.press("Revise", refused, { user: own.user, inputs: { prompt: "two knights at tea" } });
    const [message] = await untilFinished(own, place);
    expect(message).toMatchObject({ id: refused.id, targeted: true });
    const elsewhere = { replyTo: message?.id ?? "", conversationId: place.conversationId, user: own.other };
    const data = message && findAction(message, "Again").data;
    expect(wordsOf(await own.bot.teams.execute("again", data, elsewhere))).toContain("belongs to another chat");
    if (message) await pressDelete(own, message, { user: own.user });
    await untilText(own, place, "has deleted this picture");
    expect(everSeenByOthers(place)).toBe("");
  });
});

describe("a refusal among others", () => {
  const words = "two knights kill each other";
  const ask = (turn: object = {}): Promise<Turn> =>
    own.bot.teams.say(`imagine ${words} --model dall-e-3`, { conversation: "channel", user: own.user, ...turn });

  it("goes to its asker alone, and what stood there for all is taken away", async () => {
    const asked = await ask();
    const refused = await untilText(own, asked, "safety filter");
    expect(refused).toMatchObject({ targeted: true, recipient: { id: person(own.user).id } });
    await untilTrue(() => standing(own, asked).length === 1);
    expect(everSeenByOthers(asked)).not.toMatch(/filter|violence|Revise/);
    await own.bot.teams.press("Revise", refused, { user: own.user, inputs: { prompt: "two knights at tea" } });
    const [picture] = await untilFinished(own, asked);
    expect(picture).toMatchObject({ targeted: false });
    expect(standing(own, asked)).toHaveLength(1);
  });

  it("of a request that never was drawn, too: nobody else hears of it", async () => {
    const asked = await own.bot.teams.say("imagine a cat --size 512x512", { conversation: "channel", user: own.user });
    expect(standing(own, asked)).toMatchObject([{ targeted: true }]);
    expect(everSeenByOthers(asked)).toBe("");
  });

  test.each([
    ["knows no such messages", badRequest("BadArgument", "Targeted messages are not supported.")],
    ["finds no such member", refusals.botNotInConversationRoster],
    ["finds no such place", refusals.activityNotFound],
  ])("stays without reasons and words where Teams %s", async (_, answer) => {
    refuseTargeted(answer);
    const asked = await ask();
    const told = await untilText(own, asked, "No picture came of this one");
    expect(told).toMatchObject({ targeted: false });
    expect(textOf(told)).not.toMatch(/filter|violence|knights/);
    expect(titlesOf(told)).toEqual([]);
    expect(standing(own, asked)).toHaveLength(1);
  });

  it("leaves nothing that says for ever that a picture is on its way, though it cannot be taken away", async () => {
    onTestFinished(own.world.microsoft.fail({ method: "DELETE" }, refusals.internalError, Infinity));
    const asked = await ask();
    await untilText(own, asked, "safety filter");
    const [forAll] = await untilTrue(() => {
      const all = standing(own, asked).filter(({ targeted }) => !targeted);
      return textOf(all).includes("No picture came of this one") && all;
    });
    expect(titlesOf(forAll ?? { type: "", id: "", conversationId: "", changes: 0, targeted: false })).toEqual([]);
  });

  it("in a personal chat stands where the waiting card stood", async () => {
    const asked = await ask({ conversation: "personal" });
    await untilText(own, asked, "safety filter");
    expect(standing(own, asked)).toMatchObject([{ targeted: false }]);
  });
});

describe("lists", () => {
  it("family: what a picture came from and what came of it, and a way on", async () => {
    const { message, asked } = await draw(own, "a red fox");
    await own.bot.teams.press("Again", message, { user: own.user });
    await untilFinished(own, asked, 2);
    const pressed = await own.bot.teams.press("Family", message, { user: own.other });
    expect(wordsOf(pressed)).toBe("It stands below.");
    const family = await untilText(own, asked, "The family of this picture");
    expect(family).toMatchObject({ targeted: true, recipient: { id: person(own.other).id } });
    expect(pictureAddresses(family)).toHaveLength(1);
    const choices = JSON.stringify(family.attachments).match(/teams-[0-9a-f]{40}\.1/g) ?? [];
    const [, child = ""] = new Set(choices);
    await own.bot.teams.press("Go on from", family, { user: own.other, inputs: { ref: child } });
    const alone = await untilTrue(() => standing(own, asked).find((each) => each.targeted && isFinished(each)));
    expect(findAction(alone, "Again").data).toEqual({ do: "again", ref: child });
    expect(JSON.stringify(seenBy(own, own.user, asked))).not.toContain("The family of this picture");
  });

  it("history: a person's own pictures, page by page, and the family of any by its number", async () => {
    const user = { user: own.user };
    const { asked } = await draw(own, "boats one --count 4", { conversation: "personal" });
    for (const words of ["boats two --count 4", "boats three --count 2", "boats four"]) {
      await own.bot.teams.say(`imagine ${words}`, user);
      await untilTrue(
        () => standing(own, asked).some((each) => isFinished(each) && textOf(each).includes(words.slice(0, 9))),
        25,
      );
    }
    await own.bot.teams.say("History!", user);
    const first = await untilText(own, asked, "Your pictures");
    expect(textOf(first)).toContain("9. boats one");
    expect(textOf(first)).not.toContain("10. ");
    await own.bot.teams.press("Older", first, user);
    const second = await untilText(own, asked, "11. boats one");
    expect(titlesOf(second)).toEqual(["Go on from", "Newer"]);
    const inputs = { ref: (JSON.stringify(second.attachments).match(/teams-[0-9a-f]{40}\.\d/g) ?? [])[0] ?? "" };
    await own.bot.teams.press("Go on from", second, { ...user, inputs });
    await untilTrue(() =>
      standing(own, asked).some((each) => textOf(each).includes(`"again","ref":"${inputs.ref}"`) && each !== first),
    );
    await own.bot.teams.say("family 10", user);
    const family = await untilText(own, asked, "The family of this picture");
    expect(textOf(family)).toContain("1. boats one");
    await own.bot.teams.say("family", user);
    await untilText(own, asked, "1. boats four");
    await own.bot.teams.say("family 999", user);
    await untilText(own, asked, "You have no picture with the number 999");
    // Somebody else's history is another.
    const other = await own.bot.teams.say("history", { user: own.other });
    await untilText(own, other, "You have no pictures yet");
  }, 60_000);

  test.each(["Family", "Edit"])("%s is not shown to all where Teams cannot show it to one", async (title) => {
    const { message, asked } = await draw(own, "a red fox");
    refuseTargeted();
    await own.bot.teams.press(title, message, { user: own.user });
    const told = await untilText(own, asked, "I cannot show that to you alone here");
    expect(pictureAddresses(told)).toEqual([]);
    expect(callsSince()).toHaveLength(1);
  });

  it("pressed ten times at once come once", async () => {
    const { message, asked } = await draw(own, "a red fox");
    await Promise.all(Array.from({ length: 10 }, () => own.bot.teams.press("Family", message, { user: own.user })));
    await untilText(own, asked, "The family of this picture");
    expect(standing(own, asked)).toHaveLength(2);
  });
});
