/**
 * One brainstorm with a board on Discord and another on Teams, killed in each of its stages, by the bot as it is in production.
 * What a kill leaves at each single write is tried in `test/brainstorm/kill.test.ts`.
 */
import { afterAll, beforeAll, expect, it } from "vitest";
import { readSession } from "../../src/brainstorm/session.ts";
import type { Round } from "../../src/brainstorm/session.ts";
import { keptOf, readJob } from "../../src/jobs/job.ts";
import { readRows } from "../../src/storage/table.ts";
import { picturesOf, textOf } from "../../local/discord/reading.ts";
import {
  addOnTeams,
  boardsOf,
  endVotes,
  fill,
  kill,
  killAt,
  openBrainstorm,
  press,
  pressOnTeams,
  pressSurely,
  says,
  SECONDS,
  voteOnDiscord,
} from "./kill-brainstorm.ts";
import type { Brainstorm } from "./kill-brainstorm.ts";
import { openLanes } from "./kill-lanes.ts";
import type { Lanes } from "./kill-lanes.ts";
import { pictureAddresses } from "./teams-stage.ts";
import { untilTrue } from "./world.ts";

let lanes: Lanes;
beforeAll(async () => {
  // How soon a press is acknowledged is not asked here.
  lanes = await openLanes(1, { interactionSeconds: 60 });
});
afterAll(() => lanes.stop());

const IDEAS = 4;
const MOON = "a croissant that is a moon";
/** The image service's filter stops these words. */
const FIGHT = "a bloody fight for the last bun";

it("goes on to its end as if nothing had happened", async () => {
  await lanes.use("both", async (stand) => {
    const played = await openBrainstorm(stand, IDEAS);

    // Ideas are wanted.
    await (
      await fill("Add an idea", { words: MOON }, played)
    ).untilOriginal((word) => textOf(word).includes("number 1"));
    await kill(played);
    await addOnTeams(FIGHT, played);
    for (const words of [MOON, FIGHT]) await says(words, played);

    // It draws.
    await killAt({ call: "PUT picture" }, () => press("Draw now", played), played);
    await says("Vote for what you like", played);
    await expectPictures(1, { drawn: IDEAS - 1, refused: 1 }, played);

    // People vote before a kill and after it, and the time is up while no process runs.
    expect(await voteOnDiscord(["1"], "Ada", played)).toContain("Your vote: 1");
    expect(await voteOnDiscord(["1", "3"], "Alan", played)).toContain("1 and 3");
    await kill(played);
    expect(await pressOnTeams("1", "Grace", played)).toContain("Your vote: 1");
    await kill(played, () => endVotes(played));
    await says("Number 1, by Ada, has won, with 3 votes", played);
    expect((await roundNumber(1, played)).result).toMatchObject({ voters: 3, votes: { 1: 3, 3: 1 } });

    // The next round: two of its ideas have a job.
    await killAt({ call: "POST ticket", nth: 2 }, () => fill("Next round", { ideas: ["1"] }, played), played);
    await says("Vote for what you like", played);
    await expectPictures(2, { drawn: IDEAS }, played);
    expect(await pressOnTeams("2", "Grace", played)).toContain("Your vote: 2");

    // The votes are closed, and not counted yet.
    await killAt({ call: "PUT session" }, () => press("Close the votes", played), played);
    await says(/Number 2.*has won, with one vote/, played);

    // The finished picture is paid for, and not kept.
    await killAt({ call: "PUT picture", cut: "before" }, () => fill("Finish one", { idea: ["2"] }, played), played);
    await says("Here it is, finished.", played);
    await expectPictures(3, { drawn: 1 }, played);

    // It is over, and the recap is owed.
    await killAt({ call: "PUT session" }, () => pressSurely("End", "End it", played), played);
    await says("This brainstorm is over", played);
    await untilNothingIsOwed(played);
    expect(whatStands(played)).toEqual({ discord: ["board", "recap"], teams: ["board", "recap"] });
    expect([stand.place.discord.violations, stand.world.microsoft.violations]).toEqual([[], []]);
  });
}, 400_000);

async function roundNumber(number: number, { id, stand }: Brainstorm): Promise<Round> {
  const file = await readSession(id, stand.azure);
  return file?.session.rounds.find((round) => round.number === number) ?? expect.fail(`no round ${number}`);
}

/** Every idea has one picture or one word why not, in the record and on both boards, and none is paid twice but what was cut off. */
async function expectPictures(
  number: number,
  { drawn, refused = 0 }: { drawn: number; refused?: number },
  played: Brainstorm,
): Promise<void> {
  const { azure, world } = played.stand;
  const { ideas } = await roundNumber(number, played);
  expect(ideas.map(({ state }) => state).toSorted()).toEqual([
    ...Array.from({ length: drawn }, () => "drawn"),
    ...Array.from({ length: refused }, () => "refused"),
  ]);
  for (const { job = "", picture, state } of ideas) {
    const file = await readJob(job, azure);
    const kept = file ? keptOf(file.job).map(({ kept: { name } }) => name) : [];
    expect(kept).toEqual(state === "drawn" ? [picture?.name] : []);
  }
  await untilTrue(() => {
    const { discord, teams } = boardsOf(played);
    const shown = [discord ? picturesOf(discord).length : 0, new Set(pictureAddresses(teams)).size];
    return shown.every((count) => count === drawn);
  }, SECONDS);
  const { discord, teams } = boardsOf(played);
  for (const text of [discord ? textOf(discord) : "", JSON.stringify(teams)])
    expect(text.includes("needs other words")).toBe(refused > 0);
  const made = world.images.calls.length - played.before;
  expect(made).toBeGreaterThanOrEqual(ideas.length);
  expect(made).toBeLessThanOrEqual(ideas.length + played.cutOff);
  Object.assign(played, { before: world.images.calls.length, cutOff: 0 });
}

/** No row of the clock, no vote and no ticket is left. */
async function untilNothingIsOwed({ id, stand }: Brainstorm): Promise<void> {
  const { azure } = stand;
  const partitions = ["sessions", ...[1, 2, 3].map((round) => `votes-${id}-${round}`)];
  await untilTrue(async () => {
    const rows = await Promise.all(partitions.map((partition) => readRows(partition, { count: 9 }, azure)));
    const { approximateMessagesCount: tickets } = await azure.queue.getProperties();
    return !rows.flat().length && !tickets;
  }, SECONDS);
}

function whatStands({ stand, channel, chat }: Brainstorm) {
  const kindOf = (text: string) => {
    if (text.includes("What came of")) return "recap";
    return text.includes("Brainstorm: ") ? "board" : [];
  };
  return {
    discord: stand.place.discord.messages(channel).flatMap((message) => kindOf(textOf(message))),
    teams: stand.world.microsoft.activities(chat).flatMap((message) => kindOf(JSON.stringify(message))),
  };
}
