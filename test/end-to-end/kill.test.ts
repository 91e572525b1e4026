/**
 * A command's life is cut at each of its storage calls in turn. `KILL=all` cuts every story at every call, in every way;
 * without it the first story is cut at every moment that differs from another, the others at those that the first has not.
 */
import { env } from "node:process";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openLanes } from "./kill-lanes.ts";
import type { Lanes } from "./kill-lanes.ts";
import { cutsOf, nameOf, play, record } from "./kill-points.ts";
import { stories } from "./kill-stories.ts";
import type { Story } from "./kill-stories.ts";

/** For a machine that has much else to do: alone it takes some two minutes in all. */
const MILLISECONDS = 1_800_000;

let lanes: Lanes;
beforeAll(async () => {
  lanes = await openLanes(Number(env.KILL_LANES ?? 8));
});
afterAll(() => lanes.stop());

/**
 * The one moment at which a waiting message is lost: Teams has shown it, and the process that was told its id is dead before
 * the record says it (its second write). The answer comes in a message of its own.
 */
const ORPHANS: Record<string, number> = { "Teams: killed before PUT job 2": 1 };

/** Plays it, cut in each of the ways that are named: in all if none is. */
async function playCut(story: Story, named?: string[]): Promise<string[]> {
  const points = await lanes.use(story.platform, (stand) => stand.busy(() => record(story, stand)));
  const all = cutsOf(points, env.KILL === "all" || named !== undefined);
  const isChosen = (name: string) => env.KILL === "all" || !named || named.includes(name);
  const cuts = all.filter((cut) => isChosen(nameOf(cut)));
  const unknown = (named ?? []).filter((name) => !all.some((cut) => nameOf(cut) === name));
  const calls = points.map(({ call, nth }) => `${call} ${nth}`).join(", ");
  const faults = await Promise.all(
    cuts.map((cut) =>
      lanes.use(story.platform, (stand) => play(story, cut, stand, ORPHANS[`${story.platform}: ${nameOf(cut)}`])),
    ),
  );
  return [...unknown.map((name) => `${name} is no moment of ${story.name}: ${calls}`), ...faults.flat()];
}

it.concurrent(
  "one picture, cut at any storage call, has one answer and is paid once, or once more where the call was cut off",
  async () => expect(await playCut(stories.oneOnDiscord)).toEqual([]),
  MILLISECONDS,
);

it.concurrent.each([
  {
    ...stories.oneOnTeams,
    at: [
      "killed after POST ticket 1",
      "killed after PUT job 1",
      "killed before PUT job 2",
      "killed after PUT job 2",
      "killed after PUT history 1",
      "no answer to PUT job 1",
      "no answer to PUT job 2",
      "no answer to PUT picture 1",
    ],
  },
  {
    ...stories.fourOnDiscord,
    at: [
      "killed before PUT picture 1",
      "killed after PUT picture 2",
      "killed after PUT history 2",
      "no answer to PUT picture 3",
      "no answer to PUT history 3",
    ],
  },
  {
    ...stories.fourOnTeams,
    at: ["killed after PUT preview 3", "killed after PUT job 2", "no answer to PUT pace 2", "no answer to PUT job 5"],
  },
  {
    ...stories.editOnDiscord,
    at: [
      "killed after PUT job 1",
      "killed after PUT input 1",
      "killed before PUT picture 1",
      "no answer to PUT input 1",
    ],
  },
  {
    ...stories.editOnTeams,
    at: ["killed before PUT job 2", "killed before PUT input 1", "killed after PUT job 3", "no answer to PUT job 2"],
  },
  {
    ...stories.refusedOnDiscord,
    at: ["killed after PUT job 1", "killed before PUT job 3", "killed after PUT job 4", "no answer to PUT job 3"],
  },
  {
    ...stories.cancelOnDiscord,
    at: [
      "killed before PUT job 1",
      "killed after PUT job 1",
      "killed after PUT job 2",
      "killed before PUT job 3",
      "killed before DELETE ticket 1",
      "no answer to PUT job 1",
    ],
  },
  {
    ...stories.cancelOnTeams,
    at: ["killed after PUT job 1", "killed after PUT job 3", "no answer to PUT job 2", "no answer to DELETE ticket 1"],
  },
  {
    ...stories.deleteOnDiscord,
    at: [
      "killed after POST ticket 1",
      "killed before PUT job 1",
      "killed after PUT job 1",
      "killed after DELETE picture 1",
      "killed after PUT job 2",
      "killed before PUT job 3",
      "no answer to PUT job 1",
    ],
  },
  {
    ...stories.deleteOnTeams,
    at: [
      "killed after PUT job 1",
      "killed after DELETE preview 1",
      "no answer to POST ticket 1",
      "no answer to DELETE picture 1",
      "no answer to PUT job 3",
    ],
  },
])(
  "$name, cut at moments that are its own",
  async ({ at, ...story }) => expect(await playCut(story, at)).toEqual([]),
  MILLISECONDS,
);
