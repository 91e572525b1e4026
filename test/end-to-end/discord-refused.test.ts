import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { FakeMessage } from "../../local/discord/records.ts";
import type { PlayedInteraction } from "../../local/discord/played-interaction.ts";
import { buttonsOf, picturesOf, textOf } from "../../local/discord/reading.ts";
import { banned, cloudflarePage } from "../../local/discord/refusals.ts";
import { startWorld, untilTrue } from "./world.ts";
import type { Bot, World } from "./world.ts";

let world: World;
let bot: Bot;
beforeAll(async () => {
  world = await startWorld({ discord: { rateLimits: false }, latency: 1 });
  bot = await world.startBot({ IMAGE_CONCURRENCY: "2" });
  await world.discord.untilConnected();
});
afterAll(() => world.stop());
afterEach(() => expect(world.discord.violations).toEqual([]));

const isFinal = (message: FakeMessage) => buttonsOf(message).some(({ label }) => label === "Again");
const isWaiting = (message: FakeMessage) => /(its|their) way/.test(textOf(message));
const byKey = ({ token }: PlayedInteraction) => ({ path: new RegExp(`/webhooks/\\d+/${RegExp.escape(token)}`) });
const finalOf = (channel: string, words: string) =>
  untilTrue(
    () => world.discord.messages(channel).find((message) => isFinal(message) && textOf(message).includes(words)),
    40,
  );

async function ask(prompt: string, occasion: object = {}, options: object = {}): Promise<PlayedInteraction> {
  const asked = await world.discord.command({ name: "imagine", options: { prompt, ...options }, ...occasion });
  await asked.untilOriginal(isWaiting);
  return asked;
}

it("a thread that is archived while the picture is drawn is opened by it, and nothing there waits any more", async () => {
  const thread = world.discord.addChannel({ kind: "thread", guildId: world.discord.guildId, name: "a thread" });
  await ask("archived while drawn", { channel: thread.id });
  world.discord.channel(thread.id).archived = true;
  expect(picturesOf(await finalOf(thread.id, "archived while drawn"))).toHaveLength(1);
  await untilTrue(() => !world.discord.messages(thread.id).some(isWaiting));
  expect(bot.output.join("\n")).toMatch(/edit by key: status 400, code 50083/);
  expect(world.images.calls.filter(({ prompt }) => prompt === "archived while drawn")).toHaveLength(1);
}, 90_000);

it.each([400, 403])(
  "a page with %i in front of the answer is tried again, and the picture comes whole",
  async (status) => {
    const asked = await ask(`behind a page ${status}`);
    const fault = { answer: cloudflarePage(status), times: 2 };
    const isAnswer = ({ body }: { body: unknown }) => JSON.stringify(body).includes("again:discord-");
    const planted = world.discord.fail({ method: "PATCH", ...byKey(asked), when: isAnswer }, fault);
    const message = await asked.untilOriginal(isFinal, 40);
    expect(planted.hits).toBe(2);
    expect(picturesOf(message)).toHaveLength(1);
  },
  90_000,
);

it("a ban of an hour on two events holds neither Teams nor their pictures, and no stop", async () => {
  const both = await Promise.all([ask("banned in public"), ask("banned in private", {}, { private: true })]);
  for (const asked of both) world.discord.fail(byKey(asked), { answer: banned(3600), times: 999 });
  const turn = await bot.teams.say("imagine a fox in the meantime", { user: "Grace" });
  const isPicture = (activity: unknown) => JSON.stringify(activity).includes("Open original");
  await untilTrue(() => world.microsoft.activities(turn.conversationId).find(isPicture));
  const [open, hidden] = both;
  if (!open || !hidden) throw new Error("two were asked for");
  await open.untilOriginal(isFinal, 40);
  const opened = await world.discord.untilRequest({ method: "POST", path: "/users/@me/channels" }, 40);
  const direct = await untilTrue(() => (opened.answer as { id?: string } | undefined)?.id);
  expect(picturesOf(await finalOf(direct, "banned in private"))).toHaveLength(1);
  expect(world.discord.messages(open.channelId).map(textOf).join()).not.toContain("banned in private");
  expect(bot.output.join("\n")).toMatch(/"said":3600,"until":"/);
  for (const { token } of both) expect(bot.output.join("\n")).not.toContain(token);
  const begin = Date.now();
  await bot.end();
  expect(Date.now() - begin).toBeLessThan(15_000);
}, 120_000);
