import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { joinSession } from "../../src/brainstorm/join.ts";
import { changeSession } from "../../src/brainstorm/session.ts";
import type { Asker } from "../../src/request/request.ts";
import { putRow, readRow } from "../../src/storage/table.ts";
import { openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { spoken } from "../words/spoken.ts";
import { begun, mia, person, pressed, recordOf } from "./people.ts";

let azurite: Azurite;
let core: Core;
beforeAll(async () => {
  azurite = await startAzurite();
  core = await openCore(azurite.connectionString, "http://127.0.0.1:9");
});
afterAll(async () => {
  await core.stop();
  await azurite.stop();
});

const onTeams = (name = "Tom", channel = randomUUID()) =>
  person(name, { platform: "teams", workspace: "tenant", channel });
const join = async (code: string, by: Asker, event: string = randomUUID()) =>
  spoken(await joinSession({ code, by, address: { platform: "teams" }, event }, core.settings, core.azure));
async function codeOf(session: string, by = mia): Promise<string> {
  const { word = "" } = await pressed(core, session, "code", { by });
  return /join ([0-9A-Z]{8}) /.exec(word)?.[1] ?? expect.fail(word);
}

it("is told to whoever began it alone, and stays the same for whoever asks again", async () => {
  const { id } = await begun(core);
  expect(await pressed(core, id, "code")).toEqual({
    word: "Only Mia, who began it, or a moderator of the channel where it began can do that. You are welcome to take part.",
    isRefused: true,
  });
  expect(await codeOf(id)).toBe(await codeOf(id));
});

it("puts a board into a channel on the other side, where people then take part", async () => {
  const { id } = await begun(core);
  const tom = onTeams();
  expect(await pressed(core, id, "add", { by: tom, values: { words: ["a moon"] } })).toMatchObject({ isRefused: true });
  const code = await codeOf(id);
  const event = randomUUID();
  expect(await join(` ${code.slice(0, 4).toLowerCase()}-${code.slice(4)}`, tom, event)).toMatchObject({
    joined: { id },
  });
  expect(await join(code, tom, event)).toMatchObject({ joined: { id } });
  expect(await join(code, tom)).toEqual({ word: "The board of that brainstorm stands in this channel already." });
  expect((await pressed(core, id, "add", { by: tom, values: { words: ["a moon"] } })).word).toContain(
    "Your idea is number 1",
  );
  const { boards, rounds } = await recordOf(core, id);
  expect(boards.map(({ platform }) => platform)).toEqual(["discord", "teams"]);
  expect(rounds[0]?.ideas).toMatchObject([{ words: "a moon", by: [{ name: "Tom", platform: "teams" }] }]);
});

it("not with a code that is wrong or old, nor where another is under way, nor in an ended one", async () => {
  const { id } = await begun(core);
  const tom = onTeams();
  expect(await join("ABCDEFGH", tom)).toMatchObject({ word: expect.stringContaining("I do not know that code") });
  const code = await codeOf(id);
  const row = (await readRow("session-codes", code, core.azure)) ?? expect.fail("no row");
  await putRow({ ...row, values: { ...row.values, until: "2026-01-01T00:00:00.000Z" } }, core.azure);
  expect(await join(code, tom)).toMatchObject({ word: expect.stringContaining("has run out") });
  await putRow(row, core.azure);
  await begun(core, { by: tom, topic: "a new sign" });
  expect(await join(code, tom)).toMatchObject({ word: expect.stringContaining("“a new sign”") });
  await changeSession(id, (session) => void (session.endedAt = new Date().toISOString()), core.azure);
  expect(await join(code, onTeams())).toMatchObject({ word: expect.stringContaining("is over") });
});

it("gives the moderators of another channel nothing to lead: they may take part, as all may there", async () => {
  const { id } = await begun(core);
  const mod = person("Mod", { workspace: "their own", channel: randomUUID() });
  await join(await codeOf(id), mod);
  for (const does of ["draw", "code", "end", "new"] as const)
    expect(await pressed(core, id, does, { by: mod, isModerator: true, values: {} })).toEqual({
      word: expect.stringContaining("or a moderator of the channel where it began can do that"),
      isRefused: true,
    });
  const { word } = await pressed(core, id, "add", { by: mod, isModerator: true, values: { words: ["a moon"] } });
  expect(word).toContain("Your idea is number 1");
});

it("cannot be guessed, by many tries at once neither", async () => {
  const eve = onTeams("Eve at once");
  const guesses = Array.from({ length: 50 }, (_, index) => join(`ABCDEFG${(index % 8) + 2}`, eve));
  const words = (await Promise.all(guesses)).map((one) => ("word" in one ? one.word : "joined"));
  expect(words.filter((word) => word.includes("I do not know that code"))).toHaveLength(10);
  expect(words.filter((word) => word.includes("Please wait a minute"))).toHaveLength(40);
});

it("cannot be guessed: after ten wrong codes somebody waits a minute, and nobody else does", async () => {
  const eve = onTeams("Eve");
  for (let tries = 1; tries <= 10; tries += 1) await join(`ABCDEFG${(tries % 8) + 2}`, eve);
  const code = await codeOf((await begun(core)).id);
  expect(await join(code, eve)).toMatchObject({ word: expect.stringContaining("Please wait a minute") });
  expect(await join(code, onTeams("Fay"))).toHaveProperty("joined");
});
