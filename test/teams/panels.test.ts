import { randomUUID } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { StandingActivity } from "../fakes/microsoft/conversations.ts";
import { textsIn, worlds } from "./open-world.ts";
import type { World } from "./open-world.ts";

const open = worlds("file");

let world: World;
let chat = "";
let people = 0;
let [ada, grace] = ["", ""];
beforeAll(async () => {
  world = await open();
});
beforeEach(() => {
  people += 1;
  [ada, grace] = [`Ada ${people}`, `Grace ${people}`];
  chat = `19:${randomUUID().replaceAll("-", "")}@thread.v2`;
});

const say = (text: string, user: string) => world.teams.say(text, { conversationId: chat, user });
const seenBy = (user: string) => world.microsoft.seenBy(user, chat);
const textsOf = (activity: unknown) => textsIn((activity as StandingActivity | undefined)?.attachments).join("\n");
const newest = (user: string) => {
  const message = seenBy(user).at(-1);
  if (!message) throw new Error(`${user} sees nothing`);
  return message;
};
/** What takes the pressed card's place, for the presser. */
async function press(title: string, user: string, inputs: Record<string, string> = {}, more: object = {}) {
  const turn = await world.teams.press(title, newest(user), { user, inputs, ...more });
  expect(turn.status).toBe(200);
  return JSON.stringify(turn.body);
}

describe("usage on Teams", () => {
  test("is for whoever asks alone, and of their own", async () => {
    await say("usage", ada);
    expect(seenBy(grace)).toEqual([]);
    expect(textsOf(newest(ada))).toContain("What your pictures cost");
    expect(JSON.stringify(newest(ada))).not.toContain("By person");
  });

  test("takes a limit of one's own in a form in its place, which comes back as it was typed where something is wrong", async () => {
    await say("usage", ada);
    expect(await press("A limit of my own", ada)).toContain("It can only be lower");
    const refused = await press("Save", ada, { "said_dollars-day": "-2", "said_pictures-day": "many" });
    expect(refused).toMatch(/“-2” is no amount.*“many” is no whole number/s);
    expect(refused).toMatch(/"value":"-2".*"value":"many"/s);
    const saved = await press("Save", ada, { "said_dollars-day": "2", "said_pictures-day": "" });
    expect(saved).toContain("That is your own limit now.");
    expect(saved).toContain("Your own limit: 2.00 dollars left of 2.00 dollars a day");
  });

  test("goes on in messages of its own where a client knows no Action.Execute", async () => {
    await say("usage", ada);
    const before = seenBy(ada).length;
    await world.teams.press("A limit of my own", newest(ada), { user: ada, asSubmit: true });
    await vi.waitFor(() => expect(seenBy(ada).length).toBeGreaterThan(before));
    expect(textsOf(newest(ada))).toContain("A limit of your own");
    expect(seenBy(grace)).toEqual([]);
  });
});

describe("easel on Teams", () => {
  test("is nobody's who has not added it to a team", async () => {
    await say("easel", ada);
    expect(textsOf(newest(ada))).toContain("That is for whoever runs this place.");
  });

  test("is whose who was the first to add it to a team, and nobody's for adding it to a chat or for themselves", async () => {
    const team = `19:${randomUUID().replaceAll("-", "")}@thread.tacv2`;
    await world.teams.install({ conversation: "personal", user: grace });
    await world.teams.install({ conversationId: chat, user: grace });
    await say("easel", grace);
    expect(textsOf(newest(grace))).toContain("That is for whoever runs this place.");
    await world.teams.install({ conversation: "channel", conversationId: team, user: ada });
    await world.teams.install({
      conversation: "channel",
      conversationId: `19:${randomUUID()}@thread.tacv2`,
      user: grace,
    });
    await say("easel", ada);
    expect(textsOf(newest(ada))).toContain("Easel in this organisation");
    await say("easel", grace);
    expect(textsOf(newest(grace))).toContain("That is for whoever runs this place.");

    expect(await press("Budgets", ada)).toContain("There is no budget");
    const form = await press("New budget", ada);
    expect(form).toContain("Whose budget is it?");
    const values = { picked_scope: "person", picked_per: "day", said_amount: "20 dollars" };
    expect(await press("Save", ada, values)).toContain("Each person: 20.00 dollars a day");
    const budget = await press("Open", ada);
    expect(budget).toContain("until Friday");
    expect(await press("+5.00 dollars until Friday", ada)).toContain("It is raised.");
    // Whoever sees it again sees it as it is.
    await vi.waitFor(() => expect(textsOf(newest(ada))).toContain("It is raised."));

    await world.teams.uninstall({ conversation: "channel", conversationId: team, user: ada });
    await say("easel", ada);
    expect(textsOf(newest(ada))).toContain("That is for whoever runs this place.");
  });
});
