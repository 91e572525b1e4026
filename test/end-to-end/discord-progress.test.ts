import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { FakeMessage } from "../../local/discord/records.ts";
import type { PlayedInteraction } from "../../local/discord/played-interaction.ts";
import { buttonsOf, picturesOf, textOf } from "../../local/discord/reading.ts";
import { startWorld, untilTrue } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
beforeAll(async () => {
  // Medium takes 10 s, with two pictures in the making on its way.
  world = await startWorld({ discord: { rateLimits: true }, latency: 4, plainly: false });
  await world.startBot();
  await world.discord.untilConnected();
});
afterAll(() => world.stop());
afterEach(() => expect(world.discord.violations).toEqual([]));

const imagine = (prompt: string, options: Record<string, string | number | boolean> = {}) =>
  world.discord.command({ name: "imagine", options: { prompt, ...options } });
const isFinal = (message: FakeMessage) => buttonsOf(message).some(({ label }) => label === "Again");
const isInTheMaking = (message: FakeMessage) => picturesOf(message).length > 0 && !isFinal(message);
const picturesOverTime = ({ history }: FakeMessage) => history.map(({ attachments }) => attachments.length);

/** Discord bears an edit every two or three seconds; the answer itself waits for nothing. */
function expectCalmEdits({ history }: FakeMessage, last: number): void {
  const times = history.slice(1, last).map(({ time }) => time);
  for (const [index, time] of times.entries()) if (index) expect(time - (times[index - 1] ?? 0)).toBeGreaterThan(2000);
}

describe("a picture in the making", () => {
  it("is shown as it comes, calmly, and gives way to the answer", async () => {
    const asked = await imagine("watch it appear");
    const message = await asked.untilOriginal(isInTheMaking);
    expect(textOf(message)).toContain("still in the making");
    expect(buttonsOf(message).map(({ label }) => label)).toEqual(["Cancel"]);
    await asked.untilOriginal(isFinal);
    const history = picturesOverTime(message);
    expect(history.filter((count) => count > 0).length).toBeGreaterThanOrEqual(3);
    const shown = message.history.flatMap(({ attachments }) => attachments.map(({ upload }) => upload.bytes.length));
    expect(new Set(shown).size).toBeGreaterThanOrEqual(3);
    expect(picturesOf(message)).toHaveLength(1);
    expect(textOf(message)).not.toContain("in the making");
    expectCalmEdits(message, message.history.length - 1);
    expect(world.discord.invalidRequests()).toBe(0);
  }, 90_000);

  it("is taken away where the filter then says no, and the asker alone hears why", async () => {
    const asked = await imagine("[[blocked:picture]] then hidden");
    const message = await asked.untilOriginal(isInTheMaking);
    const word = await asked.untilFollowup((shown) => textOf(shown).includes("filter"));
    expect(word.ephemeralFor).toBe(asked.user.id);
    expect(picturesOf(word)).toEqual([]);
    await untilTrue(() => asked.original() === undefined);
    expect(picturesOverTime(message).at(-1)).toBe(0);
  }, 90_000);
});

describe("Cancel", () => {
  const cancel = (message: FakeMessage, occasion: object = {}): Promise<PlayedInteraction> => {
    const customId = buttonsOf(message).find(({ label }) => label === "Cancel")?.customId ?? "";
    return world.discord.button({ message, customId, ...occasion });
  };

  it("while it is drawn takes away what was to be seen, and says honestly what it may cost", async () => {
    // High takes twice as long: a busy machine's press comes in time too.
    const asked = await imagine("changed my mind", { quality: "high" });
    const message = await asked.untilOriginal(isInTheMaking);
    const pressed = await cancel(message);
    // What came of it, where that shows within some seconds.
    const word = await pressed.untilOriginal((shown) => /It is cancelled|I am cancelling it/.test(textOf(shown)));
    expect(word.ephemeralFor).toBe(asked.user.id);
    const left = await asked.untilOriginal((shown) => textOf(shown).includes("Cancelled"));
    expect(picturesOf(left)).toEqual([]);
    expect(left.attachments).toEqual([]);
    expect(textOf(left)).toContain("may charge for it all the same");
    expect(textOf(left)).toContain("changed my mind");
    expect(buttonsOf(left).map(({ label }) => label)).toEqual(["Revise"]);
  }, 150_000);

  it("of somebody else's is a moderator's, and costs nothing before its turn", async () => {
    // One person's two requests take both places; the third waits in line.
    const before = await Promise.all([imagine("first of all"), imagine("second of all")]);
    await Promise.all(before.map((asked) => asked.untilOriginal((shown) => textOf(shown).includes("on its way"))));
    await untilTrue(() => world.images.calls.filter(({ prompt }) => prompt.endsWith("of all")).length === 2);
    const third = await imagine("never begun");
    const message = await third.untilOriginal((shown) => textOf(shown).includes("before yours"));
    const mallory = await cancel(message, { user: world.discord.addPerson("Mallory") });
    await mallory.untilOriginal((shown) => textOf(shown).includes("Only the person who asked"));
    await cancel(message, { user: world.discord.addPerson("Moira", { moderator: true }) });
    const left = await third.untilOriginal((shown) => textOf(shown).includes("Cancelled"));
    expect(textOf(left)).toContain("Moira has cancelled this.");
    expect(textOf(left)).toContain("costs nothing");
    for (const asked of before) await asked.untilOriginal(isFinal, 60);
    expect(world.images.calls.some(({ prompt }) => prompt === "never begun")).toBe(false);
  }, 150_000);
});
