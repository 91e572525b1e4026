/** One brainstorm with a board on Discord and another on Teams, by the bot as it is in production. */
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { buttonsOf, picturesOf, selectsOf, textOf as textOnDiscord } from "../../local/discord/reading.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import { startWorld, untilTrue } from "./world.ts";
import type { Bot, World } from "./world.ts";

let world: World;
let bot: Bot;
beforeAll(async () => {
  world = await startWorld({ discord: { rateLimits: false } });
  bot = await world.startBot();
  await world.discord.untilConnected();
});
afterAll(() => world.stop());
afterEach(() => expect([world.discord.violations, world.microsoft.violations]).toEqual([[], []]));

const idOf = (message: FakeMessage, label: string) =>
  buttonsOf(message).find((button) => button.label === label)?.customId ?? expect.fail(`no button ${label}`);

it("is one session for both: ideas, votes and the result, until one side is gone", async () => {
  const { discord, microsoft } = world;
  const asked = await discord.command({ name: "brainstorm", options: { topic: "a logo", ideas: 3, votes: 2 } });
  const onDiscord = (words: string) =>
    untilTrue(() => discord.messages(asked.channelId).findLast((message) => textOnDiscord(message).includes(words)));
  const pressOnDiscord = async (label: string) => {
    const message = await untilTrue(() =>
      discord.messages(asked.channelId).findLast((each) => buttonsOf(each).some((button) => button.label === label)),
    );
    return discord.button({ message, customId: idOf(message, label) });
  };

  await onDiscord("Ideas are welcome");
  await pressOnDiscord("Join from another channel");
  const code = await untilTrue(() =>
    discord
      .ephemeralMessages(asked.channelId)
      .flatMap((message) => /join ([2-9A-Z]{8})/.exec(textOnDiscord(message))?.[1] ?? [])
      .at(0),
  );

  const joined = await bot.teams.say(`brainstorm join ${code}`, { conversation: "groupChat", user: "Grace" });
  const chat = joined.conversationId;
  const boardOnTeams = () =>
    microsoft.activities(chat).find((message) => JSON.stringify(message).includes("Brainstorm: a logo"));
  const onTeams = (words: string) =>
    untilTrue(() => [boardOnTeams()].find((board) => JSON.stringify(board ?? "").includes(words)));
  const tell = (turn: { body: unknown }) => String((turn.body as { value?: unknown }).value);
  const pressOnTeams = async (label: string, user: string) =>
    tell(await bot.teams.press(label, await onTeams("Brainstorm"), { user }));

  await onTeams("Ideas are welcome");
  await onDiscord("brought it to Microsoft Teams as well");
  await pressOnTeams("Add an idea", "Grace");
  const form = microsoft.seenBy("Grace", chat).findLast((message) => JSON.stringify(message).includes("said_words"));
  if (!form) throw new Error("there is no form");
  await bot.teams.press("Add it", form, { user: "Grace", inputs: { said_words: "a croissant that is a moon" } });
  await onDiscord("a croissant that is a moon");
  // A code gives no right to lead.
  expect(await pressOnTeams("Draw now", "Grace")).toContain("Only");
  await pressOnDiscord("Draw now");

  const voting = await onDiscord("Vote for what you like");
  await onTeams("Vote for what you like");
  await untilTrue(() => discord.message(voting.id) && picturesOf(discord.message(voting.id) ?? voting).length === 3);
  const [select] = selectsOf(voting);
  await discord.select({ message: voting, customId: select?.customId ?? "", values: ["1", "2"] });
  expect(await pressOnTeams("1", "Grace")).toContain("Your vote: 1.");
  expect(await pressOnTeams("1", "Alan")).toContain("Your vote: 1.");
  await onTeams("3 people have voted");
  await onDiscord("3 people have voted");
  await pressOnDiscord("Close the votes");
  await onDiscord("Number 1, by Grace, has won");
  await onTeams("Number 1, by Grace, has won");

  // The bot is taken out of the chat on Teams: the session goes on, and says so.
  const members = microsoft.conversations.chat(chat);
  if (!members) throw new Error("there is no such chat");
  members.hasBot = false;
  await pressOnDiscord("New ideas");
  await onDiscord("can be shown there no more");
  await onDiscord("Ideas are welcome");
}, 240_000);
