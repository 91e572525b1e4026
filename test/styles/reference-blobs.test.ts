import { afterAll, beforeAll, expect, it } from "vitest";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { putInput } from "../../src/storage/input-blobs.ts";
import { referenceName } from "../../src/styles/reference-blobs.ts";
import { saveStyle } from "../../src/styles/style-book.ts";
import { keyOfStyle } from "../../src/styles/style-name.ts";
import { openSweep } from "../../src/work/sweep.ts";
import { referencesIn } from "./references-in.ts";

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

it("a picture that was sent along for a style stays as long as a version has it, and goes where none was ever saved", async () => {
  const { azure } = core;
  const by = { platform: "test", workspace: "guild", channel: "1", user: "2", name: "Ada" };
  const [kept, orphan, ofNone] = ["a", "b", "c"].map((mark, index) =>
    referenceName(by, keyOfStyle(index < 2 ? "harbour" : "never saved"), mark.repeat(32)),
  );
  for (const name of [kept, orphan, ofNone]) await putInput(name ?? "", Buffer.from("x"), azure);
  const references = [{ from: "input" as const, name: kept ?? "" }];
  await saveStyle("harbour", { by, at: new Date().toISOString(), event: "one", references }, () => true, { azure });
  const days = azure.times.work.broughtDays + 1;
  const sweep = openSweep(azure, Date.now() + days * 86_400_000);
  while (!sweep.isDone()) await sweep.goOn(AbortSignal.timeout(30_000));
  expect(await referencesIn(azure)).toEqual([`inputs/${kept}`]);
});
