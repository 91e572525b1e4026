import type { TableEntityResult, TransactionAction } from "@azure/data-tables";
import type { Azure } from "./azure.ts";
import { isMissing } from "./storage-refusal.ts";

/**
 * The few verbs over the one table. A row is found by its partition and its name there; within a partition rows are in the
 * order of their names, so a page of a list is a range of keys, whatever the list's length. Neither may hold `/ \ # ?`.
 */
export type Row = { partition: string; name: string; values: Record<string, string | number | boolean | undefined> };

/** A row as it was read. */
export type StoredRow = Row & { etag: string };

/** Writes a row, whether there is one of that name or not. */
export async function putRow({ partition, name, values }: Row, azure: Azure, abortSignal?: AbortSignal): Promise<void> {
  await azure.table.upsertEntity({ partitionKey: partition, rowKey: name, ...values }, "Replace", { abortSignal });
}

/** Writes a row that is not there yet; a conflict where it is. */
export async function addRow({ partition, name, values }: Row, azure: Azure, abortSignal?: AbortSignal): Promise<void> {
  await azure.table.createEntity({ partitionKey: partition, rowKey: name, ...values }, { abortSignal });
}

/** Writes into a row, whatever else stands there, and makes it where there is none. */
export async function mergeRow(
  { partition, name, values }: Row,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<void> {
  await azure.table.upsertEntity({ partitionKey: partition, rowKey: name, ...values }, "Merge", { abortSignal });
}

/** Writes over a row that still is as `etag` was read with, and says its new one; a conflict where it is not, and missing where it is gone. */
export async function replaceRow(
  { partition, name, values, etag }: StoredRow,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<string> {
  const entity = { partitionKey: partition, rowKey: name, ...values };
  const written = await azure.table.updateEntity(entity, "Replace", { etag, abortSignal });
  return written.etag ?? "";
}

/** Writes rows of one partition, in transactions of as many as Azure takes. */
export async function putRows(rows: Row[], azure: Azure, abortSignal?: AbortSignal): Promise<void> {
  for (let from = 0; from < rows.length; from += MOST_IN_A_TRANSACTION) {
    const entities = rows.slice(from, from + MOST_IN_A_TRANSACTION).map(({ partition, name, values }) => ({
      partitionKey: partition,
      rowKey: name,
      ...values,
    }));
    await azure.table.submitTransaction(
      entities.map((entity) => ["upsert", entity, "Replace"]),
      { abortSignal },
    );
  }
}

/** Azure's own limit. */
const MOST_IN_A_TRANSACTION = 100;

/**
 * One row of a transaction: made where there is none, put whether there is one or not, changed where it still is as it was read, or
 * taken away where there is one.
 * The SDK knows no etag for the last, so another row of the transaction has to say that nothing has changed.
 */
export type RowWrite =
  | { add: Row }
  | { put: Row }
  | { replace: StoredRow }
  | { remove: Pick<Row, "partition" | "name"> };

/**
 * Writes all of it or nothing, and says each row's new etag. A conflict, or missing, where one row is not as it was. All are of one
 * partition, each once, and no more than Azure takes.
 */
export async function writeTogether(
  writes: RowWrite[],
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<(string | undefined)[]> {
  const entityOf = ({ partition, name, values }: Row) => ({ partitionKey: partition, rowKey: name, ...values });
  const actions = writes.map((write): TransactionAction => {
    if ("add" in write) return ["create", entityOf(write.add)];
    if ("put" in write) return ["upsert", entityOf(write.put), "Replace"];
    if ("replace" in write) return ["update", entityOf(write.replace), "Replace", { etag: write.replace.etag }];
    return ["delete", { partitionKey: write.remove.partition, rowKey: write.remove.name }];
  });
  const { subResponses } = await azure.table.submitTransaction(actions, { abortSignal });
  return subResponses.map(({ etag }) => etag);
}

/** Deletes a row; one that is not there is as good. With its `etag`, a conflict where somebody has written it since. */
export async function removeRow(
  { partition, name, etag }: Pick<Row, "partition" | "name"> & { etag?: string },
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<void> {
  try {
    await azure.table.deleteEntity(partition, name, { etag, abortSignal });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** A row, and for how many seconds it has been as it is, by storage's own clock and in whole ones; nothing if it is not there. */
export async function readRow(
  partition: string,
  name: string,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<(StoredRow & { seconds: number }) | undefined> {
  let now = "";
  try {
    const onResponse = ({ headers }: { headers: { get(header: string): string | undefined } }) =>
      void (now = headers.get("date") ?? "");
    const entity = await azure.table.getEntity(partition, name, { abortSignal, onResponse });
    return { ...rowOf(entity), seconds: secondsIn(now) - secondsIn(entity.timestamp ?? "") };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function secondsIn(time: string): number {
  return Math.floor(Date.parse(time) / 1000);
}

/**
 * The first `count` rows of a partition in the order of their names, from `after` on (which is left out) and below `before`; of those that nobody
 * has written since `unchangedSince`, or whose value `due` is an earlier time, if given: the whole partition is looked through
 * for them.
 */
export async function readRows(
  partition: string,
  {
    count,
    after = "",
    before,
    unchangedSince,
    due,
  }: { count: number; after?: string; before?: string; unchangedSince?: Date; due?: Date },
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<StoredRow[]> {
  const range = [
    `PartitionKey eq '${partition}'`,
    `RowKey gt '${after}'`,
    ...(before === undefined ? [] : [`RowKey lt '${before}'`]),
    ...(unchangedSince ? [`Timestamp lt datetime'${unchangedSince.toISOString()}'`] : []),
    ...(due ? [`due lt '${due.toISOString()}'`] : []),
  ];
  const pages = azure.table
    .listEntities({ queryOptions: { filter: range.join(" and ") }, abortSignal })
    .byPage({ maxPageSize: Math.min(count, MOST_ON_A_PAGE) });
  const rows: StoredRow[] = [];
  for await (const page of pages) {
    rows.push(...page.map(rowOf));
    if (rows.length >= count) break;
  }
  return rows.slice(0, count);
}

/** The whole table from end to end, but for some partitions: for what is looked for wherever it is, and nothing that anybody waits for. */
export async function* allRows(
  { but }: { but: string[] },
  azure: Azure,
  abortSignal: AbortSignal,
): AsyncGenerator<StoredRow> {
  const filter = but.map((partition) => `PartitionKey ne '${partition}'`).join(" and ");
  for await (const entity of azure.table.listEntities({ queryOptions: { filter }, abortSignal })) yield rowOf(entity);
}

/** Azure's own limit. */
const MOST_ON_A_PAGE = 1000;

function rowOf(entity: TableEntityResult<Record<string, unknown>>): StoredRow {
  const { partitionKey = "", rowKey = "", etag, timestamp: _timestamp, ...others } = entity;
  const values = Object.fromEntries(Object.entries(others).filter(([name]) => !name.startsWith("odata.")));
  return { partition: partitionKey, name: rowKey, values: values as Row["values"], etag };
}
