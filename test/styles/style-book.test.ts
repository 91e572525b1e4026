import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { startStorageProxy } from "../fakes/storage-proxy.ts";
import type { StorageProxy } from "../fakes/storage-proxy.ts";
import { openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import type { Asker, Source } from "../../src/request/request.ts";
import {
  dropStyle,
  findStyle,
  listStyles,
  MOST_STYLES,
  MOST_VERSIONS,
  readStyle,
  saveStyle,
} from "../../src/styles/style-book.ts";
import type { StyleChange } from "../../src/styles/style-book.ts";
import { readStyleName } from "../../src/styles/style-name.ts";

let azurite: Azurite;
let storage: StorageProxy;
let core: Core;
beforeAll(async () => {
  azurite = await startAzurite();
  storage = await startStorageProxy(azurite);
  core = await openCore(storage.connectionString, "http://127.0.0.1:9");
});
afterAll(async () => {
  await core.stop();
  await storage.stop();
  await azurite.stop();
});

let guilds = 0;
const person = (user: string, workspace: string | undefined = `guild ${guilds}`): Asker => ({
  platform: "test",
  workspace,
  channel: "1",
  user,
  name: user,
});
const newGuild = () => void (guilds += 1);
const drawn = (place: number): Source => ({ from: "drawn", picture: { job: "one", place } });
let events = 0;
const change = (by: Asker, more: Partial<StyleChange> = {}): StyleChange => ({
  by,
  at: new Date(0).toISOString(),
  event: `event ${(events += 1)}`,
  references: [],
  ...more,
});
const anybody = () => true;
const save = (name: string, asked: StyleChange, may = anybody as (owner: Asker) => boolean) =>
  saveStyle(name, asked, may, { azure: core.azure });

describe("the style book", () => {
  it("keeps versions: what is not given stays, new pictures come first, four at most", async () => {
    newGuild();
    const by = person("Ada");
    await save("Harbour", change(by, { words: "soft", references: [drawn(1), drawn(2)] }));
    const second = await save("harbour", change(by, { references: [drawn(3), drawn(4), drawn(5)] }));
    expect(second).toMatchObject({ isNew: false, leftOut: [drawn(2)], saved: { name: "Harbour" } });
    expect(await readStyle("HARBOUR", by, core.azure)).toEqual({
      name: "Harbour",
      version: 2,
      words: "soft",
      palette: [],
      references: [drawn(3), drawn(4), drawn(5), drawn(1)],
    });
  });

  it("finds a name however it is written, in its own server alone", async () => {
    newGuild();
    await save("Old Harbour", change(person("Ada")));
    expect(await readStyle("old-harbour", person("Grace"), core.azure)).toBeDefined();
    expect(await readStyle("old harbour", person("Ada", "elsewhere"), core.azure)).toBeUndefined();
    expect(await readStyle("old harbour", { ...person("Ada"), workspace: undefined }, core.azure)).toBeUndefined();
  });

  it("makes two versions of two saves at once, and none is lost", async () => {
    newGuild();
    const people = ["Ada", "Grace", "Margaret", "Radia"].map((name) => person(name));
    await Promise.all(people.map((by) => save("harbour", change(by, { words: by.name }))));
    const style = await findStyle("harbour", person("Ada"), core.azure);
    expect(style?.versions.map(({ version }) => version)).toEqual([4, 3, 2, 1]);
    expect(new Set(style?.versions.map(({ words }) => words))).toEqual(new Set(people.map(({ name }) => name)));
  });

  it("takes the same event once, also where the answer to it was lost", async () => {
    newGuild();
    const by = person("Ada");
    const asked = change(by, { words: "soft" });
    const lost = storage.fail({ call: "POST table" }, { cut: "after" });
    expect(await save("harbour", asked)).toMatchObject({ isNew: true });
    expect(lost.met).toHaveLength(1);
    expect(await save("harbour", asked)).toMatchObject({ saved: { versions: [{ version: 1 }] } });
    expect((await findStyle("harbour", by, core.azure))?.versions).toHaveLength(1);
  });

  it("is changed and dropped by whoever owns it, and by whoever else may", async () => {
    newGuild();
    const [ada, grace] = [person("Ada"), person("Grace")];
    await save("harbour", change(ada));
    const own = (by: Asker) => (owner: Asker) => owner.user === by.user;
    expect(await save("harbour", change(grace), own(grace))).toEqual({ refused: "not yours", owner: ada });
    const style = await findStyle("harbour", ada, core.azure);
    if (!style) throw new Error("no style");
    expect(await dropStyle(style, { by: grace, mayChange: own(grace) }, core.azure)).toBe("not yours");
    expect(await dropStyle(style, { by: ada, mayChange: own(ada) }, core.azure)).toMatchObject({ name: "harbour" });
    expect(await dropStyle(style, { by: ada, mayChange: own(ada) }, core.azure)).toBe("gone");
  });

  it("has bounds: the newest versions, and so many styles", async () => {
    newGuild();
    const by = person("Ada");
    const words = "w".repeat(1000);
    for (let version = 1; version <= MOST_VERSIONS + 2; version += 1)
      await save("harbour", change(by, { words, references: [1, 2, 3, 4].map(drawn) }));
    const style = await findStyle("harbour", by, core.azure);
    expect(style?.versions).toHaveLength(MOST_VERSIONS);
    expect(style?.versions[0].version).toBe(MOST_VERSIONS + 2);
    const others = Array.from({ length: MOST_STYLES - 1 }, (_, index) => `style ${index}`);
    await Promise.all(others.map((name) => save(name, change(by))));
    expect(await save("one more", change(by))).toEqual({ refused: "too many styles" });
    expect(await save("harbour", change(by))).toMatchObject({ isNew: false });
    expect(await listStyles(by, core.azure)).toHaveLength(MOST_STYLES);
  });
});

it.each([
  ["  Old   Harbour ", { name: "Old Harbour" }],
  ["Übermut-3", { name: "Übermut-3" }],
  ["गाँव", { name: "गाँव" }],
  [" ", { fault: "empty" }],
  ["x".repeat(33), { fault: "too long", length: 33 }],
  ["@everyone", { fault: "signs" }],
  ["a/b", { fault: "signs" }],
  ["None", { fault: "taken by models" }],
  ["vivid", { fault: "taken by models" }],
])("a style may be called %s, or not", (typed, read) => expect(readStyleName(typed)).toEqual(read));
