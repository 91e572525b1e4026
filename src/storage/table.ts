import type { TableEntityResult } from "@azure/data-tables";
import type { Azure } from "./azure.ts";
import { isMissing } from "./storage-refusal.ts";

/**
 * The few verbs over the one table. A row is found by its partition and its name there; within a partition rows are in the
 * order of their names, so a page of a list is a range of keys, whatever the list's length. Neither may hold `/ \ # ?`.
 */
export type Row = { partition: string; name: string; values: Record<string, string | number | boolean | undefined> };

/** Writes a row, whether there is one of that name or not. */
export async function putRow({ partition, name, values }: Row, azure: Azure, abortSignal?: AbortSignal): Promise<void> {
  await azure.table.upsertEntity({ partitionKey: partition, rowKey: name, ...values }, "Replace", { abortSignal });
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

/** Deletes a row; one that is not there is as good. */
export async function removeRow(
  partition: string,
  name: string,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<void> {
  try {
    await azure.table.deleteEntity(partition, name, { abortSignal });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** The first `count` rows of a partition in the order of their names, from `after` on (which is left out). */
export async function readRows(
  partition: string,
  { count, after = "", before }: { count: number; after?: string; before?: string },
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<(Row & { etag: string })[]> {
  const range = [
    `PartitionKey eq '${partition}'`,
    `RowKey gt '${after}'`,
    ...(before ? [`RowKey lt '${before}'`] : []),
  ];
  const pages = azure.table
    .listEntities({ queryOptions: { filter: range.join(" and ") }, abortSignal })
    .byPage({ maxPageSize: Math.min(count, MOST_ON_A_PAGE) });
  const rows: (Row & { etag: string })[] = [];
  for await (const page of pages) {
    rows.push(...page.map(rowOf));
    if (rows.length >= count) break;
  }
  return rows.slice(0, count);
}

/** Azure's own limit. */
const MOST_ON_A_PAGE = 1000;

function rowOf(entity: TableEntityResult<Record<string, unknown>>): Row & { etag: string } {
  const { partitionKey = "", rowKey = "", etag, timestamp: _timestamp, ...others } = entity;
  const values = Object.fromEntries(Object.entries(others).filter(([name]) => !name.startsWith("odata.")));
  return { partition: partitionKey, name: rowKey, values: values as Row["values"], etag };
}
