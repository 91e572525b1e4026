import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Configuration } from "../../src/configuration.ts";
import { textsIn, worlds } from "./open-world.ts";
import type { World } from "./open-world.ts";

const open = worlds("file");
const folder = mkdtempSync(join(tmpdir(), "easel-rules-"));
const path = join(folder, "rules.json");
afterAll(() => rmSync(folder, { recursive: true }));

const rules: Configuration = {
  limits: [{ scope: "person", models: ["gpt-image-2"], qualities: ["low"] }],
  access: { deny: { channels: ["teams/19:closed@thread.tacv2"] } },
};
let world: World;
beforeAll(async () => {
  writeFileSync(path, JSON.stringify(rules));
  world = await open({ environment: { EASEL_CONFIG: path } });
});

const user = "Ada";

test.each(["channel", "personal"] as const)(
  "in a %s a rule says no to its asker alone, and what still fits is one press away",
  async (conversation) => {
    const asked = await world.teams.say("imagine a lighthouse --model gpt-image-2 --quality high", {
      conversation,
      user,
    });
    const [card, ...more] = world.microsoft.activities(asked.conversationId);
    if (!card) throw new Error("nothing stands there");
    expect(more).toEqual([]);
    expect(card.targeted).toBe(conversation === "channel");
    const texts = textsIn(card.attachments).join("\n");
    for (const words of [
      "That is more than is allowed here",
      "The quality may be low here, and this is high",
      "still fit",
    ])
      expect(texts).toContain(words);
    const [label] = /Draw a draft, about \w+ cents?/.exec(JSON.stringify(card.attachments)) ?? [];
    await world.teams.press(label ?? "none", card, { user });
    const drawn = (await world.jobs(asked.conversationId)).filter(({ order }) => order);
    expect(drawn).toMatchObject([{ order: { prompt: "a lighthouse", quality: "low", model: "gpt-image-2" } }]);
  },
);

test("the message extension says it in its dialog, with what still fits filled in", async () => {
  const opened = await world.teams.openExtension("draw", { user });
  const sent = await world.teams.submitDialog(opened, {
    inputs: { prompt: "a red fox", quality: "high", model: "gpt-image-2" },
  });
  expect(JSON.stringify(sent.body)).toMatch(/"type":"continue".*The quality may be low here/);
  const again = await world.teams.submitDialog(sent);
  expect(JSON.stringify(again.body)).toMatch(/"type":"result"/);
  const jobs = (await world.jobs()).filter(({ order }) => order?.prompt === "a red fox");
  expect(jobs).toMatchObject([{ order: { quality: "low" } }]);
});
