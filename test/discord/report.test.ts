import { expect, it, vi } from "vitest";
import { REPORTED } from "../../src/ask/report.ts";
import { referenceOf } from "../../src/jobs/job.ts";
import { log } from "../../src/log.ts";
import { buttonsOf, textOf } from "../../local/discord/reading.ts";
import { stage, world } from "./stage.ts";
import { drawn, messageWith } from "./world.ts";

stage();

it("Report asks what is wrong in a form, and brings the reason to the operator, from anybody who sees the picture", async () => {
  const { job, message } = await drawn(world, { prompt: "somebody" });
  const grace = world.discord.addPerson("Grace");
  const shown = await messageWith(world, message, { label: "Report", user: grace });
  const { customId = "" } = buttonsOf(shown).find(({ label }) => label === "Report") ?? {};
  const pressed = await world.discord.button({ message: shown, customId, user: grace });
  expect((await pressed.answered()).type).toBe(9);
  const logged = vi.spyOn(log, "warn");
  const sent = await world.discord.modalSubmit({ modal: pressed, values: { why: "It shows my neighbour." } });
  expect((await sent.answered()).type).toBe(4);
  const lines = logged.mock.calls.filter(([, line]) => String(line) === REPORTED);
  logged.mockRestore();
  const reference = referenceOf(job.id);
  expect(lines).toMatchObject([[{ reference, place: 1, why: "It shows my neighbour." }, REPORTED]]);
  const word = sent.original() ?? expect.fail("no word");
  expect(word.ephemeralFor).toBe(grace.id);
  expect(textOf(word)).toContain(reference);
});
