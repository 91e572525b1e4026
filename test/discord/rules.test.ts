import { describe, expect, it } from "vitest";
import { personOf } from "../../src/request/request.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import { buttonsOf, textOf } from "../../local/discord/reading.ts";
import type { Configuration } from "../../src/configuration.ts";
import { stage, world } from "./stage.ts";
import { imagine, jobOf } from "./world.ts";

stage({ interactionSeconds: 30 });

const rule = (configuration: Configuration) => void (world.settings.configuration.present = configuration);
const isOnItsWay = (message: FakeMessage) => textOf(message).includes("on its way");
const labelsOf = (message: FakeMessage) => buttonsOf(message).map(({ label }) => label);
const buttonFor = (message: FakeMessage, label: RegExp) =>
  buttonsOf(message).find((button) => label.test(button.label ?? ""))?.customId ?? expect.fail(`no button ${label}`);

describe("a rule", () => {
  it("says no to its asker alone, kindly and whole, and what still fits is one press away", async () => {
    rule({ budgets: [{ scope: "person", per: "day", dollars: 0.1 }] });
    const asked = await imagine(world, { prompt: "a castle", quality: "high" });
    const denied = await asked.untilFollowup((shown) => textOf(shown).includes("budget"));
    expect(denied.ephemeralFor).toBe(asked.user.id);
    const text = textOf(denied);
    for (const words of [
      "That is more than is left",
      "Your budget is 10 cents a day. What is left of it today: 10 cents.",
      "This would be 1 picture for about 2",
      "It is full again in about",
      "(UTC)",
      "Whoever runs Easel here can change that.",
      "This would still fit:",
    ])
      expect(text).toContain(words);
    expect(labelsOf(denied)).toEqual([
      expect.stringMatching(/^Draw it in (1024x1024, )?medium, about \d cents$/),
      expect.stringMatching(/^Draw a draft, about/),
      "Revise",
    ]);
    // Nobody else reads why.
    const open = asked.original();
    expect(open && !open.ephemeralFor ? textOf(open) : "").not.toContain("budget");
    const pressed = await world.discord.button({ message: denied, customId: buttonFor(denied, /draft/) });
    await pressed.untilOriginal(isOnItsWay);
    expect(await jobOf(world, pressed)).toMatchObject({
      order: { prompt: "a castle", quality: "low", count: 1 },
      request: { prompt: "a castle" },
    });
  });

  it("holds for whoever presses a button that draws, and for forms", async () => {
    rule({});
    const asked = await imagine(world, { prompt: "a bridge --size 9x9x9" });
    const declined = await asked.untilOriginal((shown) => labelsOf(shown).includes("Revise"));
    rule({ limits: [{ scope: "person", qualities: ["low"] }] });
    const opened = await world.discord.button({ message: declined, customId: buttonFor(declined, /Revise/) });
    await opened.answered();
    const sent = await world.discord.modalSubmit({ modal: opened, values: { prompt: "a bridge", size: ["square"] } });
    const denied = await sent.untilFollowup((shown) => textOf(shown).includes("quality may be low"));
    expect(labelsOf(denied)[0]).toMatch(/^Draw a draft, /);
  });

  it("of roles goes by those that the asker has, and writes none of them down", async () => {
    const role = "50351110224678912";
    rule({ access: { allow: { roles: [`discord/${role}`] } } });
    const without = await imagine(world, { prompt: "a tower" });
    const denied = await without.untilFollowup((shown) => textOf(shown).includes("certain roles"));
    expect(labelsOf(denied)).toEqual([]);
    const user = { ...without.user, roles: [role] };
    const asked = await imagine(world, { prompt: "a tower with a role" }, { user });
    await asked.untilOriginal(isOnItsWay);
    const job = await jobOf(world, asked);
    expect(JSON.stringify(job)).not.toContain(role);
    expect(personOf(job.request.askedBy)).toHaveLength(32);
  });

  it("that is soft lets draw, and lets its asker know once", async () => {
    rule({ budgets: [{ scope: "channel", per: "day", dollars: 0.01, isSoft: true }] });
    const asked = await imagine(world, { prompt: "a soft castle" });
    await asked.untilOriginal(isOnItsWay);
    const warned = await asked.untilFollowup((shown) => textOf(shown).includes("is used up today"));
    expect(warned.ephemeralFor).toBe(asked.user.id);
    expect(textOf(warned)).toContain("This channel’s budget of 1 cent a day is used up today. It stops nothing");
    const again = await imagine(world, { prompt: "another soft castle" });
    await again.untilOriginal(isOnItsWay);
    expect(again.followups()).toEqual([]);
  });
});
