/**
 * A hundred thousand finished jobs would take Azurite the better part of an hour over the wire. So one job is drawn by
 * Easel itself, and its blobs and rows are copied inside Azurite, under its own records: only names and ids change.
 */
import { randomBytes } from "node:crypto";

/** What of Azurite's blob server is used here. Its records are documents of a LokiJS collection. */
export type BlobRecords = {
  metadataStore: { db: { getCollection(name: string): Collection<BlobRecord> } };
  extentStore: {
    appendExtent(bytes: Buffer): Promise<Extent>;
    readExtent(extent: Extent): Promise<AsyncIterable<Buffer>>;
  };
};
type Extent = { id: string; offset: number; count: number };
type BlobRecord = {
  name: string;
  containerName: string;
  properties: { contentLength: number; contentMD5?: unknown };
  persistency?: Extent;
  $loki?: number;
  meta?: unknown;
};
/** And of its table server: a collection for each table. */
export type TableRecords = { metadataStore: TableStore };
type TableStore = {
  getEntityCollection: (account: string, table: string, context?: unknown) => Pick<Collection<TableRecord>, "chain">;
  queryTableEntities: (...parameters: TableQuery) => Promise<unknown>;
  decodeContinuationHeader(header: string | undefined): string | undefined;
  db: { getCollection(name: string): Collection<TableRecord> };
};
type TableQuery = [unknown, string, string, { filter?: string }, string | undefined, string | undefined];
type TableRecord = {
  PartitionKey: string;
  RowKey: string;
  properties: Record<string, unknown>;
  $loki?: number;
  meta?: unknown;
};
type Query = Record<string, unknown>;
type Found<Kind> = { find(query: Query): Found<Kind>; limit(most: number): Found<Kind>; data(): Kind[] };
type Collection<Kind> = {
  adaptiveBinaryIndices: boolean;
  binaryIndices: Record<string, unknown>;
  chain(): Found<Kind>;
  ensureIndex(field: string, force: boolean): void;
  find(query: Query): Kind[];
  findAndRemove(query: Query): void;
  insert(records: Kind[]): void;
  remove(record: Kind): void;
};

export type Seeding = { container: string; jobId: string; jobs: number };
export type Seeded = { blobs: number; rows: number; seconds: number };

const collectionOf = ({ metadataStore }: BlobRecords) => metadataStore.db.getCollection("$BLOBS_COLLECTION$");

/**
 * Azurite looks at every blob that it has for each listing by prefix, and sorts them all anew for each deletion. Azure does
 * neither: here all goes by Azurite's own index of names.
 */
export function goByNames(records: BlobRecords): void {
  const collection = collectionOf(records);
  for (const field of Object.keys(collection.binaryIndices))
    if (field !== "name") delete collection.binaryIndices[field];
  const chain = collection.chain.bind(collection);
  collection.chain = () => {
    const chained = chain();
    const find = chained.find.bind(chained);
    chained.find = ({ name, ...others }) => {
      if (name === undefined) return find(others);
      const { $regex } = name as { $regex?: string };
      if (!$regex?.startsWith("^")) return find({ name, ...others });
      const prefix = $regex.slice(1).replaceAll("\\", "");
      return find({ name: { $between: [prefix, `${prefix}\uffff`] }, ...others });
    };
    return chained;
  };
  collection.findAndRemove = (query) => {
    for (const record of collection.chain().find(query).data()) collection.remove(record);
  };
}

/** Azure's own limit, and Azurite's. */
const MOST_ON_A_PAGE = 1000;

/** Azurite looks at every row of a table for each page of a list. Azure reads a range of keys, and so does this. */
export function goByKeys({ metadataStore: store }: TableRecords): void {
  const find = store.getEntityCollection.bind(store);
  const query = store.queryTableEntities.bind(store);
  store.queryTableEntities = (...parameters) => {
    const [context, account, table, { filter = "" }, , nextRow] = parameters;
    const [partition, after] = ["PartitionKey eq", "RowKey gt"].map(
      (part) => new RegExp(`${part} '([^']*)'`).exec(filter)?.[1],
    );
    if (partition === undefined) return query(...parameters);
    const from = store.decodeContinuationHeader(nextRow) ?? after ?? "";
    const inOrder = () =>
      find(account, table, context)
        .chain()
        .find({ RowKey: { $gte: from } });
    // One more is what tells Azurite that there is another page, and one more is the row that is left out.
    const chain = () =>
      inOrder()
        .find({ PartitionKey: partition })
        .limit(MOST_ON_A_PAGE + 2);
    // Azurite asks for the collection before it waits for anything.
    store.getEntityCollection = () => ({ chain });
    const found = query(...parameters);
    store.getEntityCollection = find;
    return found;
  };
}

/** Makes `jobs` jobs of the one that stands finished in the container, with its pictures and its rows in lists. */
export async function seedJobs(
  { blobs, tables }: { blobs: BlobRecords; tables: TableRecords },
  { container, jobId, jobs }: Seeding,
): Promise<Seeded> {
  const began = performance.now();
  const collection = collectionOf(blobs);
  const present = collection.find({ containerName: container });
  const named = (prefix: string) => present.filter(({ name }) => name.startsWith(prefix));
  const [job] = named(`jobs/${jobId}.json`);
  if (!job) throw new Error(`there is no job ${jobId} in ${container}`);
  const text = (await readRecord(job, blobs)).toString("utf8");
  const pictures = named("pictures/").filter(({ name }) => text.includes(pictureIdIn(name)));
  const pictureId = pictureIdIn(pictures[0]?.name ?? "");

  const copies = Array.from({ length: jobs - 1 }, (_, index) => ({
    jobId: `${jobId}${String(index).padStart(6, "0")}`,
    pictureId: randomBytes(20).toString("hex"),
  }));
  const texts = copies.map((copy) =>
    Buffer.from(text.replaceAll(jobId, copy.jobId).replaceAll(pictureId, copy.pictureId)),
  );
  const extent = await blobs.extentStore.appendExtent(Buffer.concat(texts));
  let offset = 0;
  const copied = copies.flatMap((copy, index): BlobRecord[] => {
    const count = texts[index]?.length ?? 0;
    const record = copyOf(job, `jobs/${copy.jobId}.json`, { ...extent, offset, count });
    offset += count;
    const renamed = pictures.map((picture) => copyOf(picture, picture.name.replace(pictureId, copy.pictureId)));
    return [record, ...renamed];
  });
  insert(copied, collection);

  const table = tables.metadataStore.db.getCollection(`easel$t${container.replaceAll("-", "")}`);
  const listed = table.find({}).filter(({ RowKey }) => RowKey.includes(jobId));
  const rows = listed.flatMap((row) => copies.map((copy) => rowFor(copy.jobId, jobId, row)));
  if (!rows.length) throw new Error(`job ${jobId} stands in no list`);
  insert(rows, table);
  return { blobs: copied.length, rows: rows.length, seconds: (performance.now() - began) / 1000 };
}

export type Copying = { container: string; prefix: string; count: number };

/** Puts copies of the first row whose name begins so beside it, until there are so many; only their names differ. */
export function copyRows({ metadataStore: store }: TableRecords, { container, prefix, count }: Copying): number {
  const table = store.db.getCollection(`easel$t${container.replaceAll("-", "")}`);
  const present = table.find({ RowKey: { $between: [prefix, `${prefix}~`] } });
  const [first] = present;
  if (!first) throw new Error(`there is no row ${prefix}… in ${container}`);
  const { $loki: _number, meta: _meta, ...row } = first;
  const copies = Array.from({ length: Math.max(0, count - present.length) }, (_, index) => ({
    ...row,
    RowKey: `${row.RowKey}-${index}`,
  }));
  insert(copies, table);
  return present.length + copies.length;
}

function insert<Kind>(records: Kind[], collection: Collection<Kind>): void {
  collection.adaptiveBinaryIndices = false;
  collection.insert(records);
  for (const field of Object.keys(collection.binaryIndices)) collection.ensureIndex(field, true);
  collection.adaptiveBinaryIndices = true;
}

function rowFor(jobId: string, before: string, { $loki: _number, meta: _meta, ...row }: TableRecord): TableRecord {
  const ref = String(row.properties.ref).replace(before, jobId);
  return { ...row, RowKey: row.RowKey.replace(before, jobId), properties: { ...row.properties, ref } };
}

function pictureIdIn(name: string): string {
  return /^pictures\/([0-9a-f]{40})/.exec(name)?.[1] ?? "no picture";
}

function copyOf(record: BlobRecord, name: string, persistency = record.persistency): BlobRecord {
  const copy: BlobRecord = { ...record, name, persistency };
  delete copy.$loki;
  delete copy.meta;
  copy.properties = { ...record.properties, contentLength: persistency?.count ?? 0 };
  delete copy.properties.contentMD5;
  return copy;
}

async function readRecord({ persistency }: BlobRecord, { extentStore }: BlobRecords): Promise<Buffer> {
  if (!persistency) throw new Error("a record of a job is one upload");
  const chunks: Buffer[] = [];
  for await (const chunk of await extentStore.readExtent(persistency)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
