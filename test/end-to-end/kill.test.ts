import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isFinished, readJob } from "../../src/job.ts";
import { picturesOf, textOf } from "../fakes/discord/reading.ts";
import type { PlayedInteraction } from "../fakes/discord/played-interaction.ts";
import { actionsOf } from "../fakes/microsoft/card-actions.ts";
import type { Turn } from "../fakes/microsoft/teams-client.ts";
import { startWorld, untilTrue } from "./world.ts";
import type { World } from "./world.ts";

/** Rounds, and the time between one command and the next: together some forty moments of a job's life at which it is cut off. */
const ROUNDS = [
  { commands: 8, everyMilliseconds: 5, killAfter: 60 },
  { commands: 8, everyMilliseconds: 30, killAfter: 250 },
  { commands: 10, everyMilliseconds: 60, killAfter: 620 },
  { commands: 10, everyMilliseconds: 110, killAfter: 1150 },
];

let world: World;
beforeAll(async () => {
  world = await startWorld({ discord: { rateLimits: false }, latency: 0.15 });
});
afterAll(() => world.stop());

it.each(ROUNDS)(
  "killed in the middle of $commands jobs, started $everyMilliseconds ms apart: every accepted command has one answer",
  async ({ commands, everyMilliseconds, killAfter }) => {
    const bot = await world.startBot({ IMAGE_CONCURRENCY: "3" });
    await world.discord.untilConnected();
    const callsBefore = world.images.calls.length;
    const round = `round ${everyMilliseconds}`;
    const onDiscord: { prompt: string; asked: PlayedInteraction }[] = [];
    const onTeams: { prompt: string; turn: Promise<Turn> }[] = [];

    const startedAt = Date.now();
    for (let number = 1; number <= commands; number++) {
      const prompt = `a lighthouse, ${round}, number ${number}`;
      if (number % 2)
        onDiscord.push({ prompt, asked: await world.discord.command({ name: "imagine", options: { prompt } }) });
      else
        onTeams.push({
          prompt,
          turn: bot.teams.say(`imagine ${prompt}`, { user: `Ada ${everyMilliseconds} ${number}` }),
        });
      await pause(everyMilliseconds);
    }
    await pause(Math.max(0, startedAt + killAfter - Date.now()));
    await bot.end("SIGKILL");
    const underWay = world.images.calls.slice(callsBefore).filter((call) => call.outcome !== "drawn").length;

    const next = await world.startBot({ IMAGE_CONCURRENCY: "3" });
    const accepted = await untilTrue(async () => {
      const jobs = await Promise.all(onDiscord.map(({ asked }) => readJob(`discord-${asked.id}`, world.storage())));
      const open = await openJobs();
      return jobs.every((file) => !file || isFinished(file.job)) && open.length === 0 && jobs.filter(Boolean).length;
    }, 90).catch(() => -1);
    expect(accepted, "jobs that never ended").toBeGreaterThanOrEqual(0);

    for (const { prompt, asked } of onDiscord) {
      const file = await readJob(`discord-${asked.id}`, world.storage());
      if (!file) continue;
      const shown = world.discord.messages(asked.channelId).filter((message) => textOf(message).includes(prompt));
      expect(
        shown.map((message) => picturesOf(message).length),
        prompt,
      ).toEqual([1]);
      expect(asked.followups()).toEqual([]);
    }
    for (const { prompt, turn } of onTeams) {
      const { conversationId, activity, status } = await turn;
      const file = await readJob(teamsJobId(conversationId, activity.id ?? ""), world.storage());
      if (!file) continue;
      const answers = world.microsoft.activities(conversationId);
      const finals = answers.filter((answer) => actionsOf(answer).some(({ title }) => title === "Open original"));
      expect(finals, prompt).toHaveLength(1);
      // A waiting message whose id the process took to its grave can be changed by nobody: of turns under way alone.
      expect(answers.length - finals.length, prompt).toBeLessThanOrEqual(status === 200 ? 0 : 1);
    }
    for (const { prompt } of [...onDiscord, ...onTeams])
      expect(callsFor(prompt, callsBefore).length, prompt).toBeLessThanOrEqual(2);
    const calls = world.images.calls.slice(callsBefore);
    const repeated = calls.length - new Set(calls.map((call) => call.prompt)).size;
    expect(repeated).toBeLessThanOrEqual(Math.max(underWay, 3));
    expect(world.discord.violations).toEqual([]);
    await next.end();
  },
  150_000,
);

/** As `adapters/teams/read.ts` makes it of the event. */
function teamsJobId(conversationId: string, ...event: string[]): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([conversationId, ...event]))
    .digest("hex");
  return `teams-${digest.slice(0, 40)}`;
}

function callsFor(prompt: string, from: number) {
  return world.images.calls.slice(from).filter((call) => call.prompt === prompt);
}

async function openJobs(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of world.storage().container.listBlobsFlat({ prefix: "open/" })) names.push(name);
  return names;
}
