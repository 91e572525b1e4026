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
  it("are added once, by whoever is first", async () => {
    expect(await addRow(row("a", { by: "Ada" }), azure)).toBe(true);
    expect(await addRow(row("a", { by: "Bo" }), azure)).toBe(false);
    expect((await readRow("things", "a", azure))?.values).toEqual({ by: "Ada" });
  });

  it("are replaced as they were read, or not at all", async () => {
    await putRow(row("b", { count: 1 }), azure);
    const read = await readRow("things", "b", azure);
    if (!read) throw new Error("no row");
    expect(await replaceRow({ ...read, values: { count: 2 } }, azure)).toBe(true);
    expect(await replaceRow({ ...read, values: { count: 3 } }, azure)).toBe(false);
    expect((await readRow("things", "b", azure))?.values).toEqual({ count: 2 });
  });

  it("come in the order of their names, and none that is not there is missed", async () => {
    for (const name of ["d", "c", "e"]) await putRow({ partition: "list", name, values: {} }, azure);
    const names = async (count: number, after?: string) =>
      (await readRows("list", { count, after }, azure)).map(({ name }) => name);
    expect(await names(2)).toEqual(["c", "d"]);
    expect(await names(9, "c")).toEqual(["d", "e"]);
    await removeRow("list", "d", azure);
    await removeRow("list", "d", azure);
    expect(await names(9)).toEqual(["c", "e"]);
    expect(await readRow("list", "d", azure)).toBeUndefined();
  });
});

describe("a table that is not there", () => {
  it("is an outage, and no row that is missing", async () => {
    const nowhere = azureOf("nowhere");
    const error = await readRow("things", "a", nowhere).catch((thrown: unknown) => thrown);
    expect([isOutage(error), isMissing(error), isConflict(error)]).toEqual([true, false, false]);
    await expect(reachStorage(nowhere, AbortSignal.timeout(5000))).rejects.toThrow();
  });

  it("is made at the start, and again without harm", async () => {
    await prepareStorage(azure, AbortSignal.timeout(20_000));
    await reachStorage(azure, AbortSignal.timeout(5000));
  });
});
