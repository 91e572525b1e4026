/** Many commands at once, on both platforms, and one kill in the middle of them. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { openLanes, startIn } from "./kill-lanes.ts";
import type { Lanes, Stand } from "./kill-lanes.ts";
import { stories } from "./kill-stories.ts";
import type { Deed } from "./kill-stories.ts";
import { isFinished, readJob } from "../../src/jobs/job.ts";
import { untilTrue } from "./world.ts";

let lanes: Lanes;
beforeAll(async () => {
  // How soon ten events are acknowledged is not asked here: a busy machine would lose some of them.
  lanes = await openLanes(2, { interactionSeconds: 60 });
});
afterAll(() => lanes.stop());

const COMMANDS = 10;

it.concurrent.each([
  { call: "PUT job", nth: 6 },
  { call: "POST ticket", nth: 8 },
  { call: "PUT picture", nth: 3 },
  { call: "PUT history", nth: 7 },
])(
  "killed after $call $nth in the middle of ten jobs: every accepted command has one answer",
  ({ call, nth }) =>
    lanes.use("both", async (stand) => {
      const { place, world, azure } = stand;
      const marks = Array.from({ length: COMMANDS }, (_, index) => `ten at once, ${call} ${nth}, number ${index};`);
      const deeds: Deed[] = [];
      for (const [index, words] of marks.entries())
        deeds.push(await (index % 2 ? stories.oneOnTeams : stories.oneOnDiscord).prepare(stand, words));
      const plan = place.storageProxy.fail({ call, from: nth }, { cut: "after", and: () => kill(stand) });
      for (const deed of deeds) void deed.act().catch(() => undefined);
      await untilTrue(() => plan.met.length > 0, 60);
      await stand.bot.end("SIGKILL");
      const paid = (words: string) => world.images.calls.filter(({ prompt }) => prompt.includes(words)).length;
      const before = marks.map(paid);
      Object.assign(stand, await startIn(stand));
      world.azurite.surface(azure.queue.name);
      const records = () => Promise.all(deeds.map((deed) => readJob(deed.jobId(), azure)));
      await untilTrue(async () => {
        const { approximateMessagesCount } = await azure.queue.getProperties();
        return !approximateMessagesCount && (await records()).every((one) => !one || isFinished(one.job));
      }, 120);
      const files = await records();
      for (const [index, deed] of deeds.entries()) {
        const end = { accepted: files[index] !== undefined, wish: false, blobs: [] };
        // A waiting message whose id the process took to its grave can be changed by nobody: of turns under way alone.
        const may = deed.isCutOff?.() ? deed.faults(end, 1) : ["not cut off"];
        if (may.length) expect(deed.faults(end, 0), marks[index]).toEqual([]);
      }
      for (const [index, words] of marks.entries())
        expect(paid(words), words).toBeLessThanOrEqual(Math.min(2, (before[index] ?? 0) + 1));
      expect(place.discord.violations).toEqual([]);
    }),
  300_000,
);

function kill({ bot }: Stand): void {
  bot.process.kill("SIGKILL");
}
