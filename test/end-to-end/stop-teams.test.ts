import { onTestFinished, expect, it } from "vitest";
import { stage, standing, untilFinished } from "./teams-stage.ts";
import { untilTrue } from "./world.ts";

const own = stage();

it("lets a waiting message that is under way come to stand, and whoever draws next puts the picture into it", async () => {
  own.world.images.hold();
  onTestFinished(own.world.microsoft.fail({ host: "smba.trafficmanager.net", method: "POST" }, { delay: 2500 }, 1));
  const asked = await own.bot.teams.say("imagine a lighthouse", { user: own.user });
  expect(standing(own, asked)).toEqual([]);
  expect(await own.bot.end("SIGTERM")).toBe(0);
  const waiting = await untilTrue(() => standing(own, asked)[0]);
  own.world.images.release();
  await own.restart();
  const [picture] = await untilFinished(own, asked);
  expect(picture?.id).toBe(waiting.id);
  expect(standing(own, asked)).toHaveLength(1);
  expect(own.world.images.calls).toHaveLength(1);
}, 120_000);
