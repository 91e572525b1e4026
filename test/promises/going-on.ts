import { expect, it, test } from "vitest";
import type { Seen } from "./platform.ts";
import { draw, isFinished, reads, untilFinished, untilIdle, untilSeen, untilTold } from "./stage.ts";
import type { Stage } from "./stage.ts";

const HARBOUR = "a harbour";

/** What can be done with a picture that stands there. */
export function goingOn(own: Stage): void {
  test.each([
    { label: "Again", who: "asker", call: { deployment: "dalle3", prompt: HARBOUR } },
    { label: "Again", who: "other", call: { deployment: "dalle3", prompt: HARBOUR } },
    { label: "More like this", who: "other", call: { deployment: "pictures", operation: "edits", inputPictures: 1 } },
    {
      label: "Finish in high quality",
      who: "asker",
      call: { deployment: "pictures", operation: "edits", inputPictures: 1, parameters: { quality: "high" } },
    },
  ] as const)("$label, pressed by the $who, draws one more and leaves what is there", async ({ label, who, call }) => {
    const first = await draw(own, HARBOUR, { options: { model: "dall-e-3" } });
    await own.chat.press(label, first, { who });
    const [before, after] = await untilFinished(own, 2);
    expect(before).toEqual(first);
    expect(after).toMatchObject({ isAlone: false, pictures: 1 });
    expect(own.calls()).toHaveLength(2);
    expect(own.calls()[1]).toMatchObject(call);
  });

  test.each([
    { label: "Change words", who: "other", before: /^a harbour$/ },
    { label: "Use these words", who: "asker", before: /^.{60}/s },
  ] as const)("$label, pressed by the $who, brings words back and draws from them", async ({ label, who, before }) => {
    const first = await draw(own, HARBOUR, { options: { model: "dall-e-3" } });
    const form = await own.chat.open(label, first, { who });
    expect(form?.words).toMatch(before);
    await form?.send("a harbour at night");
    await untilSeen(own, (seen) => isFinished(seen) && seen.text.includes("a harbour at night"));
    expect(own.calls()).toHaveLength(2);
    expect(own.calls()[1]).toMatchObject({ deployment: "dalle3", prompt: "a harbour at night" });
  });

  it("is edited where cells were picked, on a panel for the presser alone", async () => {
    const first = await draw(own, HARBOUR);
    await own.chat.press("Edit", first);
    const panel = await untilSeen(own, reads("Pick the cells that may change"));
    expect(panel).toMatchObject({ isAlone: true, pictures: 1 });
    await own.chat.change(panel, "a red boat", ["A1", "B1"]);
    const second = await untilSeen(own, (seen) => isFinished(seen) && seen.text.includes("a red boat"));
    expect(second.isAlone).toBe(false);
    expect(own.calls()[1]).toMatchObject({ operation: "edits", prompt: "a red boat", inputPictures: 1 });
    expect(own.calls()[1]?.inputs?.mask).toBeDefined();
    expect(own.chat.everReadBy("other")).not.toContain("Pick the cells");
  });

  it("that is the asker's last one here is changed by an edit that names none", async () => {
    await draw(own, "a ship");
    await draw(own, HARBOUR);
    await untilIdle(own);
    await own.chat.edit("make it green --quality low");
    await untilSeen(own, (seen) => isFinished(seen) && seen.text.includes("make it green"));
    expect(own.calls()[2]).toMatchObject({ operation: "edits", prompt: "make it green", inputPictures: 1 });
    expect(own.calls()[2]?.parameters).toMatchObject({ quality: "low" });
    await own.chat.edit("make it red", { who: "other" });
    await untilTold(own, /Pictures reach me only|no picture to change/, "other");
    expect(own.calls()).toHaveLength(3);
  });

  it("drawn from by two presses at once is drawn from once", async () => {
    const first = await draw(own, HARBOUR);
    await Promise.all([own.chat.press("Again", first), own.chat.press("Again", first)]);
    await untilTold(own, /on its way/);
    await untilFinished(own, 2);
    expect(own.calls()).toHaveLength(2);
  });

  it("has a family, which one person alone is shown, with a way on from each", async () => {
    const first = await draw(own, HARBOUR);
    await own.chat.press("Again", first);
    const [, child] = await untilFinished(own, 2);
    await untilIdle(own);
    await own.chat.press("Family", child ?? first, { who: "other" });
    const family = await untilSeen(
      own,
      reads("The family of this picture", "1. a harbour", "2. again: a harbour"),
      "other",
    );
    expect(family).toMatchObject({ isAlone: true, pictures: 1 });
    expect(own.chat.everReadBy("asker")).not.toContain("The family of this picture");
    await own.chat.pick(family.choices[0] ?? "", family, { who: "other" });
    const alone = await untilSeen(own, (seen) => seen.isAlone && isFinished(seen), "other");
    await own.chat.press("Again", alone, { who: "other" });
    await untilFinished(own, 3);
    expect(own.calls()).toHaveLength(3);
  });

  it("stands in its asker's history, page by page, with a way on from any", async () => {
    await draw(own, "boats one", { options: { count: 4, quality: "low" } });
    await draw(own, "boats two", { options: { count: 4, quality: "low" } });
    await draw(own, "boats three", { options: { count: 3, quality: "low" } });
    await untilIdle(own);
    await own.chat.history();
    const isPage = (seen: Seen) => seen.text.includes("Your pictures");
    const first = await untilSeen(own, isPage);
    expect(first).toMatchObject({ isAlone: true, pictures: 1, buttons: expect.arrayContaining(["Older"]) });
    expect(first.choices).toHaveLength(9);
    expect(first.choices[0]).toBe("1. boats three");
    await own.chat.press("Older", first);
    const second = await untilSeen(own, (seen) => isPage(seen) && seen.buttons.includes("Newer"));
    expect(second.choices).toEqual(["10. boats one", "11. boats one"]);
    await own.chat.pick("11. boats one", second);
    await untilSeen(own, (seen) => seen.isAlone && isFinished(seen) && seen.text.includes("boats one"));
    await own.chat.history({ who: "other" });
    await untilTold(own, /You have no pictures yet/, "other");
    expect(own.chat.everReadBy("other")).not.toContain("Your pictures");
  });

  it("goes on after the bot was started anew", async () => {
    const first = await draw(own, HARBOUR);
    await own.platform.restart();
    await own.chat.press("Again", first);
    await untilFinished(own, 2);
  });
}
