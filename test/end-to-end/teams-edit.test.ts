/** Pictures that people change: those that Easel drew, and those that they send along. */
import sharp from "sharp";
import { beforeEach, describe, expect, it, test } from "vitest";
import { findAction } from "../fakes/microsoft/card-actions.ts";
import type { StandingActivity, WireActivity } from "../fakes/microsoft/conversations.ts";
import { strangerHost } from "../fakes/microsoft/files.ts";
import { person } from "../fakes/microsoft/people.ts";
import type { MessageOptions } from "../fakes/microsoft/teams-client.ts";
import {
  draw,
  pictureAddresses,
  seenBy,
  stage,
  standing,
  textOf,
  untilFinished,
  untilText,
  wordsOf,
} from "./teams-stage.ts";
import type { Place } from "./teams-stage.ts";
import { untilTrue } from "./world.ts";

const own = stage();
const connector = "smba.trafficmanager.net";

let callsBefore = 0;
beforeEach(() => {
  callsBefore = own.world.images.calls.length;
});
const callsSince = () => own.world.images.calls.slice(callsBefore);
const picture = (colour: string, size = { width: 200, height: 120 }) =>
  sharp({ create: { ...size, channels: 3, background: colour } })
    .png()
    .toBuffer();
const edit = (words: string, turn: MessageOptions) => own.bot.teams.say(`edit ${words}`, { user: own.user, ...turn });

/** Which of the sixteen cells of a mask may change, in reading order. */
async function cellsOf(mask: Buffer | undefined): Promise<string[]> {
  const { data, info } = await sharp(mask).ensureAlpha().extractChannel(3).raw().toBuffer({ resolveWithObject: true });
  const at = (column: number, row: number) =>
    data[Math.floor(((row + 0.5) / 4) * info.height) * info.width + Math.floor(((column + 0.5) / 4) * info.width)];
  return [0, 1, 2, 3].flatMap((row) =>
    [0, 1, 2, 3].flatMap((column) => (at(column, row) === 0 ? [`${"ABCD"[column]}${row + 1}`] : [])),
  );
}

async function openPanel(message: StandingActivity, place: Place): Promise<StandingActivity> {
  const pressed = await own.bot.teams.press("Edit", message, { user: own.user });
  expect(wordsOf(pressed)).toBe("It stands below.");
  return untilText(own, place, "Pick the cells that may change");
}

describe("Edit under a picture", () => {
  test.each(["personal", "groupChat", "channel"] as const)(
    "in %s: its asker picks cells and says what should change",
    async (conversation) => {
      const { message, asked } = await draw(own, "a red fox", { conversation });
      const panel = await openPanel(message, asked);
      expect(panel.targeted).toBe(conversation !== "personal");
      if (conversation !== "personal") {
        own.world.microsoft.conversations.join(
          { conversationId: asked.conversationId, kind: conversation, tenant: own.world.microsoft.tenant },
          person(own.other),
        );
        expect(textOf(seenBy(own, own.other, asked))).not.toContain("Pick the cells");
      }
      expect(pictureAddresses(panel)[0]).toMatch(/-grid\.jpg$/);
      expect(findAction(panel, "Paint the part that may change").url).toContain("/edit?key=");
      const inputs = { cellsA: ["A1"], cellsD: ["D4"], change: "a blue fox" };
      const drawn = await own.bot.teams.press("Draw", panel, { user: own.user, inputs });
      expect(drawn.status).toBe(200);
      const [, second] = await untilFinished(own, asked, 2);
      if (!second) throw new Error("no second picture");
      // The panel gives way to what came of it, where all who saw it may see that too.
      expect(second).toMatchObject({ targeted: false });
      expect(second.id === panel.id).toBe(conversation === "personal");
      expect(standing(own, asked)).toHaveLength(2);
      const [, call] = callsSince();
      expect(call).toMatchObject({ operation: "edits", deployment: "pictures", prompt: "a blue fox" });
      expect(await cellsOf(call?.inputs?.mask)).toEqual(["A1", "D4"]);
    },
  );

  it("without a cell changes the whole, and drawn twice at once is one", async () => {
    const { message, asked } = await draw(own, "a red fox");
    const panel = await openPanel(message, asked);
    const draws = [1, 2, 3].map(() =>
      own.bot.teams.press("Draw", panel, { user: own.user, inputs: { change: "blue" } }),
    );
    expect((await Promise.all(draws)).map(({ status }) => status)).toEqual([200, 200, 200]);
    await untilFinished(own, asked, 2);
    expect(callsSince()).toHaveLength(2);
    expect(callsSince()[1]).toMatchObject({ inputPictures: 1 });
    expect(callsSince()[1]?.inputs?.mask).toBeUndefined();
  });

  it("is drawn by Action.Submit too", async () => {
    const { message, asked } = await draw(own, "a red fox");
    const pressed = await own.bot.teams.press("Edit", message, { user: own.user, asSubmit: true });
    expect(pressed.body).toBeUndefined();
    const panel = await untilText(own, asked, "Pick the cells that may change");
    const inputs = { cellsB: ["B2"], change: "blue" };
    await own.bot.teams.press("Draw", panel, { user: own.user, inputs, asSubmit: true });
    await untilFinished(own, asked, 2);
    expect(standing(own, asked)).toHaveLength(2);
  });

  it("keeps its fields while no words are there, and says that they are missing", async () => {
    const { message, asked } = await draw(own, "a red fox");
    const panel = await openPanel(message, asked);
    const pressed = await own.bot.teams.press("Draw", panel, { user: own.user, inputs: { cellsA: ["A1"] } });
    expect(wordsOf(pressed)).toContain("There are no words");
    expect(standing(own, asked)).toContainEqual(panel);
  });

  it("that nobody began, or somebody else, is not drawn", async () => {
    const { message, asked } = await draw(own, "a red fox");
    const panel = await openPanel(message, asked);
    const { data } = findAction(panel, "Draw");
    const at = { replyTo: panel.id, user: own.other };
    const others = await own.bot.teams.execute("change", { ...(data as object), change: "blue" }, at);
    expect(wordsOf(others)).toContain("Only the person who asked");
    const unknown = { do: "change", draft: "0".repeat(40), change: "blue" };
    expect(wordsOf(await own.bot.teams.execute("change", unknown, { ...at, user: own.user }))).toContain(
      "Press Edit once more",
    );
    expect(callsSince()).toHaveLength(1);
  });

  it("is opened once, however often it is pressed at once", async () => {
    const { message, asked } = await draw(own, "a red fox");
    await Promise.all(Array.from({ length: 10 }, () => own.bot.teams.press("Edit", message, { user: own.user })));
    await untilText(own, asked, "Pick the cells that may change");
    expect(standing(own, asked).filter((each) => textOf(each).includes("Pick the cells"))).toHaveLength(1);
  });
});

describe("edit with pictures sent along", () => {
  it("fetches what was pasted with its token, and what was attached without", async () => {
    const turn = await edit("make one of both --size wide", {
      pictures: [{ bytes: await picture("red") }],
      files: [{ bytes: await picture("blue"), name: "blue.png" }],
    });
    expect(turn).toMatchObject({ status: 200 });
    await untilFinished(own, turn);
    expect(callsSince()).toMatchObject([{ operation: "edits", prompt: "make one of both", inputPictures: 2 }]);
    const fetched = own.world.microsoft.log.filter(({ method }) => method === "GET");
    const tokens = (host: RegExp) =>
      fetched.filter((each) => host.test(each.host)).map(({ headers }) => headers.authorization !== undefined);
    expect([tokens(/^smba/), tokens(/sharepoint/)]).toEqual([[true], [false]]);
    // Changed once more, long after the chat has forgotten it.
    own.world.microsoft.letTimePass(2 * 86_400_000);
    const [first] = await untilFinished(own, turn);
    if (first) await own.bot.teams.press("Again", first, { user: own.user });
    await untilFinished(own, turn, 2);
    expect(callsSince()[1]).toMatchObject({ operation: "edits", inputPictures: 2 });
  });

  const faults: [string, string, (good: Buffer) => MessageOptions][] = [
    [
      "a text that is called a picture",
      "no picture that can be read",
      () => ({ files: [{ bytes: Buffer.from("hello"), name: "cat.png" }] }),
    ],
    ["60 MB", "up to 50 MB", (bytes) => ({ pictures: [{ bytes, size: 60_000_000, withoutLength: true }] })],
    ["what is gone", "could not fetch", (bytes) => ({ pictures: [{ bytes, gone: true }] })],
    [
      "what leads elsewhere",
      "could not fetch",
      (bytes) => ({ files: [{ bytes, redirectTo: `https://${strangerHost}/x.png` }] }),
    ],
    ["17 pictures", "That are 17 pictures", (bytes) => ({ pictures: Array.from({ length: 17 }, () => ({ bytes })) })],
  ];
  test.each(faults)("%s is declined in words, and nothing is drawn", async (_, words, along) => {
    const turn = await edit("make it blue", along(await picture("red")));
    await untilText(own, turn, words);
    expect(standing(own, turn)).toHaveLength(1);
    expect(callsSince()).toEqual([]);
  });

  test.each([
    [`https://${strangerHost}/cat.png`],
    [`https://${connector}.evil.example/v3/attachments/1/views/original`],
    [`https://${connector}@${strangerHost}/cat.png`],
    [`http://${connector}/v3/attachments/1/views/original`],
    ["https://sharepoint.com.evil.example/cat.png"],
    ["https://evilsharepoint.com/cat.png"],
    ["https://contoso.sharepoint.com:8443/cat.png"],
    ["http://127.0.0.1:9/cat.png"],
    ["data:image/png;base64,AAAA"],
  ])("from %s is not fetched", async (contentUrl) => {
    const attachments = [{ contentType: "image/png", contentUrl }];
    const change = (activity: WireActivity) => ({ ...activity, attachments });
    const before = own.world.microsoft.log.length;
    const turn = await edit("make it blue", { change });
    await untilText(own, turn, "I take pictures only as they are attached here");
    expect(own.world.microsoft.log.slice(before).filter(({ method }) => method === "GET")).toEqual([]);
    expect(callsSince()).toEqual([]);
  });

  it("waits for a host that stumbles", async () => {
    own.world.microsoft.fail({ method: "GET", host: connector }, { status: 503 }, 1);
    own.world.microsoft.fail({ method: "GET", host: connector }, "cut", 1);
    const turn = await edit("make it blue", { pictures: [{ bytes: await picture("red") }] });
    await untilFinished(own, turn);
    expect(callsSince()).toHaveLength(1);
  });

  it("without words asks for them, and keeps the picture", async () => {
    const turn = await edit("", { pictures: [{ bytes: await picture("red") }] });
    const [declined] = standing(own, turn);
    expect(textOf(declined)).toContain("There are no words");
    if (declined) await own.bot.teams.press("Revise", declined, { user: own.user, inputs: { prompt: "make it blue" } });
    await untilFinished(own, turn);
    expect(callsSince()).toMatchObject([{ operation: "edits", inputPictures: 1 }]);
  });

  test.each(["personal", "channel"] as const)(
    "in %s changes the last one of theirs there, and no other",
    async (conversation) => {
      const elsewhere = conversation === "personal" ? "channel" : "personal";
      const first = await draw(own, "a red fox", { conversation });
      const { conversationId } = first.asked;
      await draw(own, "a grey wolf", { conversation: elsewhere });
      await own.bot.teams.say("imagine a green frog", { conversation, conversationId, user: own.other });
      await untilFinished(own, first.asked, 2);
      const asked = await edit("make it blue --quality low", { conversation, conversationId });
      await untilText(own, asked, "Edited from: a red fox");
      const [, , third] = await untilFinished(own, asked, 3);
      expect(textOf(third)).toContain("Edited from: a red fox");
      expect(callsSince().at(-1)).toMatchObject({ operation: "edits", prompt: "make it blue", inputPictures: 1 });
    },
  );

  it("without words or a picture asks where and how the last one is to change", async () => {
    const { asked } = await draw(own, "a red fox", { conversation: "personal" });
    const again = await edit("", { conversation: "personal" });
    expect(again.conversationId).toBe(asked.conversationId);
    const panel = await untilText(own, asked, "Pick the cells that may change");
    await own.bot.teams.press("Draw", panel, { user: own.user, inputs: { change: "a blue fox" } });
    await untilFinished(own, asked, 2);
    expect(callsSince()[1]).toMatchObject({ operation: "edits", prompt: "a blue fox" });
  });

  test("other words change the last picture in this chat where their sender wishes so", async () => {
    const drawn = await own.bot.teams.say("draw me a harbour --quality low", { user: own.user });
    await untilFinished(own, drawn);
    const asked = await own.bot.teams.say("make it green --quality low", { user: own.user });
    const card = await untilText(own, asked, "Your last picture here: a harbour");
    await own.bot.teams.press("Change the last picture", card, { user: own.user });
    await untilFinished(own, asked, 2);
    expect(standing(own, asked)).toHaveLength(2);
    expect(callsSince()).toMatchObject([
      { operation: "generations", prompt: "a harbour" },
      { operation: "edits", prompt: "make it green", inputPictures: 1, parameters: { quality: "low" } },
    ]);
  });

  test.each([
    { conversation: "personal", words: "There is no picture to change" },
    { conversation: "groupChat", words: "only in a chat with me alone" },
    { conversation: "channel", words: "only in a chat with me alone" },
  ] as const)("in $conversation and no picture says what to do", async ({ conversation, words }) => {
    const pictures = conversation === "personal" ? [] : [{ bytes: await picture("red") }];
    const turn = await edit("make it blue", { conversation, pictures });
    await untilTrue(() => textOf(standing(own, turn)).includes(words));
    expect(callsSince()).toEqual([]);
  });
});
