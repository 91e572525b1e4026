import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectAzure, prepareStorage, reachStorage } from "../../src/storage/azure.ts";
import type { Azure } from "../../src/storage/azure.ts";
import { isConflict, isMissing, isOutage } from "../../src/storage/storage-refusal.ts";
import { addRow, putRow, readRow, readRows, removeRow, replaceRow } from "../../src/storage/table.ts";
import { readSettings } from "../../src/settings.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";

let azurite: Azurite;
const azureOf = (container: string) =>
  connectAzure(
    readSettings({ AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString, AZURE_STORAGE_CONTAINER: container }, []),
  );
let azure: Azure;
beforeAll(async () => {
  azurite = await startAzurite();
  azure = azureOf("3-easels-2");
  await prepareStorage(azure, AbortSignal.timeout(20_000));
});
afterAll(() => azurite.stop());

const row = (name: string, values = {}) => ({ partition: "things", name, values });

describe("rows", () => {
  it("are written over, and come as they were written", async () => {
    await putRow(row("b", { count: 1, by: "Ada" }), azure);
    await putRow(row("b", { count: 2 }), azure);
    expect(await readRows("things", { count: 9 }, azure)).toMatchObject([{ name: "b", values: { count: 2 } }]);
    expect((await readRows("things", { count: 9 }, azure))[0]?.values).toEqual({ count: 2 });
  });

  it("come in the order of their names, and none that is not there is missed", async () => {
    for (const name of ["d", "c", "e"]) await putRow({ partition: "list", name, values: {} }, azure);
    const names = async (count: number, after?: string) =>
      (await readRows("list", { count, after }, azure)).map(({ name }) => name);
    expect(await names(2)).toEqual(["c", "d"]);
    expect(await names(9, "c")).toEqual(["d", "e"]);
    await removeRow({ partition: "list", name: "d" }, azure);
    await removeRow({ partition: "list", name: "d" }, azure);
    expect(await names(9)).toEqual(["c", "e"]);
  });

  it("that are there already, or have been written since they were read, are conflicts", async () => {
    const refusalOf = (writing: Promise<unknown>) => writing.then(() => undefined, isConflict);
    expect(await readRow("things", "new", azure)).toBeUndefined();
    await addRow(row("new", { by: "Ada" }), azure);
    expect(await refusalOf(addRow(row("new", { by: "Bo" }), azure))).toBe(true);
    const read = (await readRow("things", "new", azure)) ?? expect.fail("no row");
    expect(read).toMatchObject({ name: "new", values: { by: "Ada" } });
    expect(read.seconds).toBeLessThanOrEqual(1);
    await replaceRow({ ...read, values: { by: "Cy" } }, azure);
    expect(await refusalOf(replaceRow(read, azure))).toBe(true);
    expect(await refusalOf(removeRow(read, azure))).toBe(true);
    expect((await readRow("things", "new", azure))?.values).toEqual({ by: "Cy" });
  });

  it("are found by how long nobody has written them", async () => {
    for (const name of ["a", "b"]) await putRow({ partition: "old", name, values: {} }, azure);
    const unchangedSince = (seconds: number) => new Date(Date.now() + seconds * 1000);
    const names = async (seconds: number) =>
      (await readRows("old", { count: 9, unchangedSince: unchangedSince(seconds) }, azure)).map(({ name }) => name);
    expect([await names(-5), await names(5)]).toEqual([[], ["a", "b"]]);
  });
});

describe("a table that is not there", () => {
  it("is an outage, and no row that is missing", async () => {
    const nowhere = azureOf("nowhere");
    const error = await readRows("things", { count: 1 }, nowhere).catch((thrown: unknown) => thrown);
    expect([isOutage(error), isMissing(error), isConflict(error)]).toEqual([true, false, false]);
    await expect(reachStorage(nowhere, AbortSignal.timeout(5000))).rejects.toThrow();
  });

  it("is made at the start, and again without harm", async () => {
    await prepareStorage(azure, AbortSignal.timeout(20_000));
    await reachStorage(azure, AbortSignal.timeout(5000));
  });
});
