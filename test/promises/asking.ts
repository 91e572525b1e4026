import { expect, it, onTestFinished } from "vitest";
import { draw, isFinished, reads, untilSeen } from "./stage.ts";
import type { Stage } from "./stage.ts";

const REFUSED = "two knights kill each other";
const PICNIC = "two knights share a picnic";
const LONGER_THAN_ALLOWED = "words ".repeat(700).trim();

/** What comes of a command. */
export function asking(own: Stage): void {
  it("draws one picture, which stands for all with the words that the model drew from", async () => {
    const message = await draw(own, "a lighthouse made of books", { options: { model: "dall-e-3" } });
    expect(message).toMatchObject({ pictures: 1, isAlone: false });
    expect(message.text).toContain("What the model drew from");
    const { text, links } = await own.chat.details(message);
    expect(text).toContain("DALL·E 3");
    expect(own.chat.seenBy("other")).toHaveLength(1);
    expect(own.calls()).toMatchObject([{ deployment: "dalle3", prompt: "a lighthouse made of books" }]);
    const [original] = links;
    const kept = await own.platform.fetch(original?.url ?? "");
    expect([original?.label, kept.status, kept.headers.get("content-type")]).toEqual([
      "Open original",
      200,
      "image/png",
    ]);
  });

  it("is one job and one answer, though it is delivered three times", async () => {
    await draw(own, "three times the same", { copies: 3 });
    expect(own.chat.seenBy("asker")).toHaveLength(1);
    expect(own.calls()).toHaveLength(1);
  });

  it("shows hostile words as they are: they neither ping nor link nor format", async () => {
    const words =
      "@everyone <@123456789012345678> <@&1> <#1> **loud** [here](https://evil.example) `code` <t:0:R> </imagine:1>\n" +
      "# heading\n- list\n> quote ``` block ``` https://evil.example \u202eevil\u202c مرحبا 👩‍👩‍👧‍👦";
    await own.chat.imagine(words);
    const message = await untilSeen(own, isFinished);
    expect(message.harm).toEqual([]);
    // A platform may have its own white space, and leave out what nobody sees.
    const plain = (text = "") => text.replaceAll(/[\u202a-\u202e]/g, "").replaceAll(/\s+/g, " ");
    expect(own.calls().map(({ prompt }) => plain(prompt))).toEqual([plain(words)]);
  });

  it("says all that is outside the limits to the asker alone, gives the words back, and draws nothing", async () => {
    await own.chat.imagine(LONGER_THAN_ALLOWED, { options: { model: "dall-e-3", quality: "high" } });
    const declined = await untilSeen(own, reads("4,000", "nearest is hd"));
    expect(declined.isAlone).toBe(true);
    expect(own.chat.everReadBy("other")).not.toContain("4,000");
    const form = await own.chat.open("Revise", declined);
    expect(form?.words).toContain("words words");
    expect(own.calls()).toEqual([]);
    await form?.send("a few words");
    await untilSeen(own, (seen) => isFinished(seen) && seen.text.includes("a few words"));
    expect(own.calls()).toHaveLength(1);
  });

  it("is refused kindly, with the reason for the asker alone, and revised is drawn once for each picture", async () => {
    await own.chat.imagine(REFUSED, { options: { model: "dall-e-3", count: 2 } });
    const refusal = await untilSeen(own, reads("safety filter", "It saw violence in it."));
    expect(refusal.isAlone).toBe(true);
    const others = own.chat.everReadBy("other");
    expect(others).not.toMatch(/safety filter|violence/);
    const form = await own.chat.open("Revise", refusal);
    expect(form?.words).toBe(REFUSED);
    await form?.send(PICNIC);
    const message = await untilSeen(own, (seen) => isFinished(seen) && seen.text.includes("a picnic"));
    expect(message.isAlone).toBe(false);
    expect(own.calls().map(({ prompt }) => prompt)).toEqual([REFUSED, PICNIC, PICNIC]);
  });

  it("that is refused gets other words from a model, told as such to the asker alone, and drawn only when picked", async () => {
    await own.chat.imagine("a bakery, and two knights who kill each other");
    const refusal = await untilSeen(own, reads("safety filter"));
    const asked = own.platform.world.images.chatCalls.length;
    await own.chat.press("Suggest other words", refusal);
    const suggestions = await untilSeen(own, reads("An AI model wrote these", "toys on a nursery floor"));
    expect(suggestions.isAlone).toBe(true);
    expect(own.calls()).toHaveLength(1);
    await own.chat.press("Draw 2", suggestions);
    const message = await untilSeen(own, (seen) => isFinished(seen) && seen.text.includes("toys on a nursery floor"));
    expect(message.isAlone).toBe(false);
    expect(own.calls()).toHaveLength(2);
    expect(own.platform.world.images.chatCalls).toHaveLength(asked + 1);
  });

  it("that is private stays private from the first word to the picture", async () => {
    const message = await draw(own, "a surprise for Grace", { isAlone: true });
    expect(message.isAlone).toBe(true);
    expect(own.chat.seenBy("other")).toEqual([]);
    expect(own.chat.everReadBy("other")).not.toContain("surprise");
    await own.chat.press("Again", message);
    await untilSeen(own, (seen) => isFinished(seen) && seen.id !== message.id);
    expect(own.chat.everReadBy("other")).not.toContain("surprise");
  });

  it("shows some of four where the others do not come, and says how many", async () => {
    const message = await draw(own, "four boats [[nth-blocked:2]]", { options: { count: 4, quality: "low" } });
    expect(message.pictures).toBe(2);
    expect(message.text).toContain("2 of 4 did not come");
    expect(own.calls()).toHaveLength(4);
  });

  it("shows a picture by another way where the platform does not take it whole", async () => {
    onTestFinished(own.platform.refusePictures());
    await own.chat.imagine("a storm at sea");
    const message = await untilSeen(own, ({ links }) => links.length > 0);
    expect(message.pictures).toBe(0);
    expect((await own.platform.fetch(message.links[0]?.url ?? "")).status).toBe(200);
    expect(own.calls()).toHaveLength(1);
    expect(own.chat.seenBy("asker")).toHaveLength(1);
  });
}
