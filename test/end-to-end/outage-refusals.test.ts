/** Storage that answers, and refuses; and outsides that hang when the process is to end. Each test has a place of its own. */
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { picturesOf, textOf } from "../../local/discord/reading.ts";
import type { PlayedInteraction } from "../../local/discord/played-interaction.ts";
import { storageRefusals } from "../fakes/storage-refusals.ts";
import { startWorld, untilTrue } from "./world.ts";
import type { Bot, Place, World } from "./world.ts";

let world: World;
beforeAll(async () => {
  // How soon an event is acknowledged is not asked here: a busy machine would lose it.
  world = await startWorld({ discord: { rateLimits: false, interactionSeconds: 60 } });
});
afterAll(() => world.stop());

async function open(): Promise<{ place: Place; bot: Bot }> {
  const place = await world.openPlace();
  const bot = await place.startBot();
  await place.discord.untilConnected(1, 60);
  return { place, bot };
}

const imagine = ({ discord }: Place, prompt: string) => discord.command({ name: "imagine", options: { prompt } });
const paidFor = (words: string) => world.images.calls.filter(({ prompt }) => prompt.includes(words)).length;
const untilLogged = ({ output }: Bot, words: RegExp, seconds = 40) =>
  untilTrue(() => output.some((line) => words.test(line)), seconds);
const wordsOf = (asked: PlayedInteraction) =>
  [asked.original(), ...asked.followups()].flatMap((message) => (message ? [textOf(message)] : [])).join("\n");
const untilTold = (asked: PlayedInteraction, words: string) => untilTrue(() => wordsOf(asked).includes(words), 60);

it.concurrent.each([3, 35])(
  "keeps a drawn picture in hand while storage refuses it for %i s: paid once, and shown",
  async (seconds) => {
    const { place, bot } = await open();
    const words = `a storm of ${seconds} s`;
    const refused = place.storageProxy.fail(
      { startsWith: "PUT picture", seconds },
      storageRefusals.authorizationFailure,
    );
    const asked = await imagine(place, words);
    await asked.untilOriginal((message) => picturesOf(message).length > 0, seconds + 90);
    expect(refused.met.map(({ name }) => name)).toContain("PUT picture");
    await untilLogged(bot, /storage.*AuthorizationFailure|AuthorizationFailure.*storage/);
    expect(paidFor(words)).toBe(1);
    expect(place.discord.messages(asked.channelId).filter((message) => textOf(message).includes(words))).toHaveLength(
      1,
    );
  },
  180_000,
);

it.concurrent("finds at the start that a policy lets no blob be changed, and takes no request", async () => {
  const place = await world.openPlace();
  place.storageProxy.fail({}, "immutable", Infinity);
  const bot = await place.startBot();
  await place.discord.untilConnected(1, 60);
  await untilLogged(bot, /immutable/i);
  const asked = await imagine(place, "too hard");
  await untilTold(asked, "cannot reach my storage");
  expect(paidFor("too hard")).toBe(0);
}, 120_000);

it.concurrent("says that storage cannot be reached once a policy lets no blob be changed, and asks it seldom", async () => {
  const { place, bot } = await open();
  await (await imagine(place, "before the policy")).untilOriginal((message) => picturesOf(message).length > 0, 60);
  place.storageProxy.fail({}, "immutable", Infinity);
  const asked = await imagine(place, "under the policy");
  await untilTold(asked, "cannot reach my storage");
  await untilLogged(bot, /immutable/i);
  const before = place.storageProxy.calls.length;
  await pause(5000);
  // Looks into the queue are among them: one a second. It was some 54 calls a second.
  expect(place.storageProxy.calls.length - before).toBeLessThan(60);
  expect(paidFor("under the policy")).toBe(0);
}, 180_000);

/** What is asked, and what of the outside never answers from then on. */
type Hanging = { ask: (at: { place: Place; bot: Bot }) => Promise<unknown>; begun: (place: Place) => boolean };
const HANGING: Record<string, Hanging> = {
  storage: {
    ask: async ({ place }) => {
      place.storageProxy.fail({ startsWith: "PUT picture" }, "hang", Infinity);
      await imagine(place, "storage hangs");
    },
    begun: ({ storageProxy }) => storageProxy.calls.some(({ name }) => name === "PUT picture"),
  },
  Discord: {
    ask: async ({ place }) => {
      place.discord.fail({ method: "PATCH" }, { hang: true, skip: 1, times: 1000 });
      await imagine(place, "Discord hangs");
    },
    begun: ({ discord }) => discord.requests.filter(({ method }) => method === "PATCH").length > 1,
  },
  Teams: {
    ask: async ({ bot }) => {
      world.microsoft.fail({ host: "smba.trafficmanager.net", method: "PUT" }, "hang", 1000);
      await bot.teams.say("imagine Teams hangs", { user: "Grace" });
    },
    begun: () => world.microsoft.log.some(({ method, fault }) => method === "PUT" && fault === "hang"),
  },
  "the image service": {
    ask: ({ place }) => imagine(place, "[[hang]] the service hangs"),
    begun: () => paidFor("the service hangs") > 0,
  },
};

it.concurrent.each(Object.entries(HANGING))(
  "ends soon after SIGTERM while %s hangs",
  async (_, { ask, begun }) => {
    const { place, bot } = await open();
    void ask({ place, bot }).catch(() => undefined);
    await untilTrue(() => begun(place), 60);
    const began = performance.now();
    expect(await bot.end("SIGTERM")).toBe(0);
    // 15 s on a machine that has time for it; a busy one gets twice that. What hangs here hangs for ever.
    expect(performance.now() - began).toBeLessThan(30_000);
  },
  120_000,
);
