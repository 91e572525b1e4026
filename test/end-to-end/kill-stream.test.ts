import { afterAll, beforeAll, expect, it } from "vitest";
import { buttonsOf, picturesOf } from "../../local/discord/reading.ts";
import { startWorld, untilTrue } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
beforeAll(async () => {
  // Medium takes 10 s, with two partial pictures on its way.
  world = await startWorld({ discord: { rateLimits: false }, latency: 4 });
});
afterAll(() => world.stop());

it.concurrent.each([
  ["while a partial picture is to be seen", undefined],
  ["when a partial picture has come into storage and nobody has been told", "PUT partial"],
])(
  "killed in the middle of a stream, %s, leaves none of it behind",
  async (_, call) => {
    const place = await world.openPlace();
    const { discord, storageProxy } = place;
    const bot = await place.startBot();
    await discord.untilConnected(1, 60);
    const kill = () => void bot.process.kill("SIGKILL");
    const cut = call === undefined ? undefined : storageProxy.fail({ call }, { cut: "after", and: kill });
    const prompt = `a stream, ${call}`;
    const asked = await discord.command({ name: "imagine", options: { prompt } });
    if (cut) await untilTrue(() => cut.met.length > 0, 60);
    else await asked.untilOriginal((message) => picturesOf(message).length > 0, 60);
    await bot.end("SIGKILL");
    await place.startBot();
    world.azurite.surface(place.storage().queue.name);
    const message = await asked.untilOriginal((one) => buttonsOf(one).some(({ label }) => label === "Again"), 90);
    expect(picturesOf(message)).toHaveLength(1);
    await untilTrue(async () => {
      const blobs = await Array.fromAsync(place.storage().container.listBlobsFlat({ prefix: "pictures/" }));
      return blobs.length > 0 && blobs.every(({ name }) => !name.includes("partial"));
    });
    expect(world.images.calls.filter((one) => one.prompt === prompt)).toHaveLength(2);
    expect(discord.violations).toEqual([]);
  },
  180_000,
);
