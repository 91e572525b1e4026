/** A person tells whoever runs the bot that a picture should not be there. */
import { expect, test } from "vitest";
import { REPORTED } from "../../src/ask/report.ts";
import { findAction } from "../fakes/microsoft/card-actions.ts";
import { draw, stage, wordsOf } from "./teams-stage.ts";
import { untilTrue } from "./world.ts";

const own = stage(() => ({ OPERATOR_NAME: "Contoso", OPERATOR_CONTACT: "pictures@contoso.example" }));

test("Report brings the reason to the log, with the reference that the reporter gets and whom to write to", async () => {
  const { message } = await draw(own, "somebody on a bench");
  const { body } = findAction(message, "Report").card as { body: { id: string }[] };
  const inputs = { [body[0]?.id ?? ""]: "It shows my neighbour." };
  const pressed = await own.bot.teams.press("Send the report", message, { user: own.other, within: "Report", inputs });
  const [, reference] = /Contoso.*reference ([0-9A-F]{8})\. .*pictures@contoso\.example/.exec(wordsOf(pressed)) ?? [];
  // The log comes by a way of its own.
  const line = await untilTrue(() => own.bot.output.find((each) => each.includes(REPORTED)));
  expect(JSON.parse(line)).toMatchObject({ level: 40, reference, place: 1, why: "It shows my neighbour." });
  expect(line).not.toContain("bench");
});
