import type { Azure } from "../../src/storage/azure.ts";
import { openGate } from "../../src/gate.ts";
import type { Gate } from "../../src/gate.ts";
import type { FakeDiscordOptions } from "../../local/discord/start.ts";
import { startWorld, untilTrue } from "./world.ts";
import type { Bot, Place, World } from "./world.ts";

/** A bot that runs, and the world it runs in. What costs the machine much goes through `busy`, a few at a time. */
export type Stand = { world: World; place: Place; platform: Platform; bot: Bot; azure: Azure; busy: Gate };
export type Platform = "Discord" | "Teams" | "both";

export type Lanes = {
  use<Result>(platform: Platform, work: (stand: Stand) => Promise<Result>): Promise<Result>;
  stop(): Promise<void>;
};

/** Places side by side in one world, each with a bot that runs: mostly it waits, and as many as `most` can wait at once. */
export async function openLanes(most: number, discord: FakeDiscordOptions = {}): Promise<Lanes> {
  const world = await startWorld({ discord: { rateLimits: false, ...discord }, latency: 0.05 });
  const busy = openGate(2);
  const place = openGate(most);
  const free: Stand[] = [];
  return {
    use: (platform, work) =>
      place(async () => {
        const idle = free.findIndex((stand) => stand.platform === platform);
        const stand =
          idle >= 0
            ? free.splice(idle, 1)[0]
            : await busy(async () => startIn({ world, place: await world.openPlace(), platform, busy }));
        if (!stand) throw new Error("no place is free");
        const result = await work(stand);
        free.push(stand);
        return result;
      }),
    stop: () => world.stop(),
  };
}

/** A bot for one platform alone starts in two thirds of the time. */
const WITHOUT: Record<Platform, Record<string, undefined>> = {
  both: {},
  Discord: {
    MicrosoftAppId: undefined,
    MicrosoftAppPassword: undefined,
    MicrosoftAppType: undefined,
    MicrosoftAppTenantId: undefined,
  },
  Teams: { DISCORD_TOKEN: undefined, DISCORD_APPLICATION_ID: undefined },
};

export async function startIn(stand: Omit<Stand, "bot" | "azure">): Promise<Stand> {
  const { place, platform } = stand;
  const bot = await place.startBot({ IMAGE_CONCURRENCY: "3", ...WITHOUT[platform] });
  if (platform !== "Teams") await place.discord.untilConnected(1, 60);
  await untilTrue(async () => (await fetch(`http://127.0.0.1:${bot.port}/readyz`)).status === 200, 60);
  return { ...stand, bot, azure: place.storage() };
}
