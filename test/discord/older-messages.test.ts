import { describe, expect, it } from "vitest";
import { readJob } from "../../src/jobs/job.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import { buttonsOf, picturesOf, textOf } from "../../local/discord/reading.ts";
import { asOfThen } from "./older-messages.ts";
import { stage, world } from "./stage.ts";
import { drawn, jobOf } from "./world.ts";

stage();

const press = (message: FakeMessage, customId: string) => world.discord.button({ message, customId });

async function olderMessage(prompt: string, count = 1) {
  const { job, message } = await drawn(world, { prompt, count }, { revised: "A fox in snow" });
  const older = await asOfThen(message, job, world);
  expect(picturesOf(older)).toHaveLength(count);
  return { job, message: older, ref: `${job.id}.1` };
}

describe("under a message of the version before", () => {
  it.each(["again", "like", "finish"])("%s still draws", async (verb) => {
    const { job, message, ref } = await olderMessage(`a fox, ${verb}`);
    const pressed = await press(message, `${verb}:${ref}`);
    await pressed.untilOriginal((shown) => textOf(shown).includes("on its way"));
    expect((await jobOf(world, pressed)).request.parent).toMatchObject({ job: job.id, place: 1, change: verb });
  });

  it.each(["words", "revised"])("%s still opens a form", async (verb) => {
    const { message, ref } = await olderMessage(`a fox, ${verb}`);
    expect((await (await press(message, `${verb}:${ref}`)).answered()).type).toBe(9);
  });

  it.each([
    ["edit", "Pick the cells"],
    ["family", "The family of this picture"],
  ])("%s is still answered", async (verb, said) => {
    const { message, ref } = await olderMessage(`a fox, ${verb}`);
    await (await press(message, `${verb}:${ref}`)).untilOriginal((shown) => textOf(shown).includes(said));
  });

  it("Delete asks now, beside the message, and then deletes", async () => {
    const { message, job, ref } = await olderMessage("a fox, going");
    const question = await (await press(message, `delete:${ref}`)).untilFollowup();
    expect(question.ephemeralFor).toBe(world.discord.asker.id);
    expect((await readJob(job.id, world.azure))?.job.pictures[0]?.state).toBe("kept");
    const [sure] = buttonsOf(question);
    expect(sure?.label).toBe("Delete for good");
    await (await press(question, sure?.customId ?? "")).answered();
    expect((await readJob(job.id, world.azure))?.job.pictures[0]?.state).toBe("deleting");
  });

  it("More… of one of several still brings that one", async () => {
    const { message, job } = await olderMessage("two foxes", 2);
    const copy = await (await press(message, `more:${job.id}.2`)).untilFollowup((shown) => buttonsOf(shown).length > 0);
    expect(copy.ephemeralFor).toBe(world.discord.asker.id);
    expect(buttonsOf(copy).flatMap(({ customId }) => customId ?? [])).toContain(`again:${job.id}.2`);
  });
});
