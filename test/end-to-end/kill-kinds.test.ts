import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readJob } from "../../src/job.ts";
import { picturesOf, textOf } from "../fakes/discord/reading.ts";
import { startWorld, untilTrue } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld({ discord: { rateLimits: false }, latency: 0.1 });
});
afterAll(() => world.stop());

const imagine = (options: Record<string, string | number>) => world.discord.command({ name: "imagine", options });
const isTold = async (id: string) => (await readJob(`discord-${id}`, world.storage()))?.job.toldAt !== undefined;

it.each([150, 420, 800])(
  "four pictures and a refusal, killed after %i ms, end in one answer each",
  async (milliseconds) => {
    const bot = await world.startBot();
    await world.discord.untilConnected();
    const callsBefore = world.images.calls.length;
    // The first command after a start waits for tokens; these do not.
    const early = await imagine({ prompt: `one boat before ${milliseconds}` });
    await untilTrue(() => isTold(early.id), 20);
    const four = await imagine({ prompt: `four boats at ${milliseconds}`, count: 4, model: "dall-e-3" });
    const refused = await imagine({ prompt: `kill at ${milliseconds}`, model: "dall-e-3" });
    await pause(milliseconds);
    await bot.end("SIGKILL");
    const next = await world.startBot();
    await untilTrue(async () => (await isTold(four.id)) && (await isTold(refused.id)), 90);
    const shown = world.discord
      .messages(four.channelId)
      .filter((message) => textOf(message).includes(`four boats at ${milliseconds}`));
    expect(shown.map((message) => picturesOf(message).length)).toEqual([4]);
    const words = world.discord
      .ephemeralMessages(refused.channelId, refused.user)
      .filter((message) => refused.followups().includes(message));
    expect(words).toHaveLength(1);
    expect(textOf(words[0] ?? expect.fail())).toContain("safety filter");
    // Four pictures, and again at most what was under way when the process died: two calls.
    const drawn = world.images.calls.slice(callsBefore).filter(({ prompt }) => prompt.startsWith("four boats"));
    expect(drawn.length).toBeLessThanOrEqual(6);
    await next.end();
  },
  150_000,
);
