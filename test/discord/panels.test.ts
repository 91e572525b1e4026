import { beforeAll, describe, expect, it } from "vitest";
import { buttonsOf, picturesOf, selectsOf, textOf } from "../../local/discord/reading.ts";
import { callbackKind, permission } from "../../local/discord/wire.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import type { Person } from "../../local/discord/places.ts";
import type { PlayedInteraction } from "../../local/discord/played-interaction.ts";
import { openRuleBook, refreshedRules } from "../../src/purse/rule-book.ts";
import { stage, world } from "./stage.ts";

stage({ atItsAddress: true });

let admin: Person;
let guest: Person;
beforeAll(() => {
  openRuleBook(world.azure, new AbortController().signal);
  const everyday = world.discord.asker.permissions;
  admin = world.discord.addPerson("Alan", { permissions: everyday | permission.manageGuild });
  guest = world.discord.addPerson("Guest");
});

const said = async (played: PlayedInteraction, pattern: RegExp) =>
  played.untilOriginal((message) => pattern.test(textOf(message)));
const open = (name: string, user: Person, more: object = {}) => world.discord.command({ name, user, ...more });
const press = (message: FakeMessage, label: string, user = admin) => {
  const { customId = "" } = buttonsOf(message).find((button) => button.label === label) ?? {};
  return world.discord.button({ message, customId, user });
};

describe("/usage", () => {
  it("is a word for whoever asks alone, with their own and no more", async () => {
    const message = await said(await open("usage", guest), /What your pictures cost/);
    expect(message.ephemeralFor).toBe(guest.id);
    expect(textOf(message)).toMatch(/Today: nothing so far/);
    expect(buttonsOf(message).map(({ label }) => label)).toEqual(["A limit of my own", "My days"]);
    const days = await press(message, "My days", guest);
    const shown = await days.untilOriginal((one) => picturesOf(one).length > 0);
    expect(shown.id).toBe(message.id);
    expect(picturesOf(shown)).toMatchObject([{ alt: expect.stringContaining("Bars of what was spent") }]);
  });

  it("takes a limit of one's own in a form, and what is wrong with it comes back as it was typed", async () => {
    const message = await said(await open("usage", guest), /What your pictures cost/);
    const form = await press(message, "A limit of my own", guest);
    expect((await form.answered()).type).toBe(callbackKind.modal);
    const sent = await world.discord.modalSubmit({
      modal: form,
      user: guest,
      values: { "dollars-day": "-2", "pictures-day": "many" },
    });
    const refused = await said(sent, /That was not taken/);
    expect(refused.id).toBe(message.id);
    expect(textOf(refused)).toMatch(/“-2” is no amount.*“many” is no whole number/s);
    expect(textOf(refused)).toMatch(/Dollars a day[^]*-2[^]*Pictures a day[^]*many/);
    const again = await press(refused, "Change it", guest);
    await again.answered();
    const values = again.modal?.components.map(({ component }) => component?.value);
    expect(values).toEqual(expect.arrayContaining(["-2", "many"]));
    const right = await world.discord.modalSubmit({
      modal: again,
      user: guest,
      values: { "dollars-day": "2", "pictures-day": "" },
    });
    expect(textOf(await said(right, /That is your own limit now/))).toMatch(
      /Your own limit: 2\.00 dollars left of 2\.00/,
    );
  });

  it("in a direct message is one's own as well, and nobody's server", async () => {
    const message = await said(await open("usage", admin, { guild: null }), /What your pictures cost/);
    expect(buttonsOf(message).map(({ label }) => label)).toEqual(["A limit of my own", "My days"]);
  });

  it("where only the person has installed Easel, a server is not theirs to look at, whatever they may do in it", async () => {
    const message = await said(
      await open("usage", admin, { authorizingIntegrationOwners: { "1": admin.id } }),
      /What your pictures cost/,
    );
    expect(buttonsOf(message).map(({ label }) => label)).toEqual(["A limit of my own", "My days"]);
  });

  it("brings a file to whoever manages the server, in the private answer", async () => {
    const message = await said(await open("usage", admin), /What your pictures cost/);
    const file = await press(message, "As a file");
    const shown = await file.untilOriginal((one) => one.attachments.some(({ upload }) => upload.name.endsWith(".csv")));
    expect(shown.ephemeralFor).toBe(admin.id);
    expect(textOf(shown)).toMatch(/for any spreadsheet/);
  });
});

describe("/easel", () => {
  it("is offered to nobody but those who may manage the server, and looked at once more by us", async () => {
    await expect(open("easel", guest)).rejects.toThrow("not offered");
    const forced = await said(await open("easel", guest, { unchecked: true }), /whoever runs this place/);
    expect(buttonsOf(forced)).toEqual([]);
    const message = await said(await open("easel", admin), /Easel in this server/);
    expect(message.ephemeralFor).toBe(admin.id);
    expect(buttonsOf(message).map(({ label }) => label)).toEqual(
      expect.arrayContaining(["Budgets", "Limits", "Who may use it", "Styles", "What was changed"]),
    );
  });

  it("sets a budget in a form with Discord's own pickers, raises it in one press, and takes it away", async () => {
    const home = await said(await open("easel", admin), /Easel in this server/);
    const list = await said(await press(home, "Budgets"), /There is no budget/);
    expect(list.id).toBe(home.id);
    const form = await press(list, "New budget");
    await form.answered();
    expect(form.modal?.components.map(({ component }) => component?.type)).toEqual([3, 5, 8, 3, 4]);
    const values = { scope: "one-person", person: [guest.id], channel: [], per: "week", amount: "20 dollars" };
    const done = await said(await world.discord.modalSubmit({ modal: form, user: admin, values }), /holds from now on/);
    expect(textOf(done)).toMatch(/20\.00 dollars a week/);
    const [menu] = selectsOf(done);
    const chosen = await world.discord.select({
      message: done,
      customId: menu?.customId ?? "",
      values: [menu?.options[0]?.value ?? ""],
      user: admin,
    });
    const budget = await said(chosen, /Set by Alan/);
    const raised = await said(await press(budget, "+5.00 dollars until Friday"), /It is raised/);
    expect(textOf(raised)).toMatch(/5\.00 dollars more, until the end of Friday/);
    const asked = await said(await press(raised, "Remove"), /Shall this rule go/);
    await said(await press(asked, "Remove it"), /The rule is gone/);
    expect((await refreshedRules(world.settings, world.azure)).budgets).toEqual([]);
    const audit = await said(await open("easel", admin), /Easel in this server/);
    expect(textOf(await said(await press(audit, "What was changed"), /Alan removed a rule/))).toMatch(
      /raised a budget/,
    );
  });

  it("of a button that somebody was left with who may no more says so, and does nothing", async () => {
    const home = await said(await open("easel", admin), /Easel in this server/);
    const channel = await said(await press(home, "This channel"), /may be used in this channel/);
    const before = admin.permissions;
    admin.permissions = guest.permissions;
    try {
      await said(await press(channel, "Close it here"), /whoever runs this place/);
    } finally {
      admin.permissions = before;
    }
    expect((await refreshedRules(world.settings, world.azure)).access).toEqual([]);
  });
});
