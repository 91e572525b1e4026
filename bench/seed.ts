/**
 * A hundred thousand finished jobs would take Azurite the better part of an hour over the wire. So one job is drawn by
 * Easel itself, and its blobs are copied inside Azurite, under its own records: only names, ids and list entries change.
 */
import { randomBytes } from "node:crypto";

/** What of Azurite's blob server is used here. Its records are documents of a LokiJS collection. */
export type BlobRecords = {
  metadataStore: { db: { getCollection(name: string): Collection } };
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
  committedBlocksInOrder?: { size: number; persistency: Extent }[];
  $loki?: number;
  meta?: unknown;
};
type Query = Record<string, unknown>;
type Found = { find(query: Query): Found; data(): BlobRecord[] };
type Collection = {
  adaptiveBinaryIndices: boolean;
  binaryIndices: Record<string, unknown>;
  chain(): Found;
  ensureIndex(field: string, force: boolean): void;
  find(query: Query): BlobRecord[];
  findAndRemove(query: Query): void;
  insert(records: BlobRecord[]): void;
  remove(record: BlobRecord): void;
};

export type Seeding = { container: string; jobId: string; jobs: number };
export type Seeded = { jobs: number; blobs: number; seconds: number };

/** An append blob takes 50,000 blocks; Easel appends one for each picture. */
const ENTRIES_OF_A_PART = 50_000;

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

/** Makes `jobs` jobs of the one that stands finished in the container, with its pictures and its entries in lists. */
export async function seedJobs(records: BlobRecords, { container, jobId, jobs }: Seeding): Promise<Seeded> {
  const began = performance.now();
  const collection = collectionOf(records);
  const present = collection.find({ containerName: container });
  const named = (prefix: string) => present.filter(({ name }) => name.startsWith(prefix));
  const [job] = named(`jobs/${jobId}.json`);
  if (!job) throw new Error(`there is no job ${jobId} in ${container}`);
  const text = (await readRecord(job, records)).toString("utf8");
  const pictures = named("pictures/").filter(({ name }) => text.includes(pictureIdIn(name)));
  const pictureId = pictureIdIn(pictures[0]?.name ?? "");

  const copies = Array.from({ length: jobs - 1 }, (_, index) => ({
    jobId: `${jobId}${String(index).padStart(6, "0")}`,
    pictureId: randomBytes(20).toString("hex"),
  }));
  const texts = copies.map((copy) =>
    Buffer.from(text.replaceAll(jobId, copy.jobId).replaceAll(pictureId, copy.pictureId)),
  );
  const extent = await records.extentStore.appendExtent(Buffer.concat(texts));
  let offset = 0;
  const blobs = copies.flatMap((copy, index): BlobRecord[] => {
    const count = texts[index]?.length ?? 0;
    const record = copyOf(job, `jobs/${copy.jobId}.json`, { ...extent, offset, count });
    offset += count;
    const renamed = pictures.map((picture) => copyOf(picture, picture.name.replace(pictureId, copy.pictureId)));
    return [record, ...renamed];
  });
  for (const list of named("lists/").filter(({ name }) => name.endsWith("/0")))
    blobs.push(...(await lengthenList(list, { jobId, copies }, records)));

  collection.adaptiveBinaryIndices = false;
  collection.insert(blobs);
  for (const field of Object.keys(collection.binaryIndices)) collection.ensureIndex(field, true);
  collection.adaptiveBinaryIndices = true;
  return { jobs, blobs: blobs.length, seconds: (performance.now() - began) / 1000 };
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

/** The list gets an entry for each copy, like that of the job itself; parts that are full are followed by others. */
async function lengthenList(
  list: BlobRecord,
  { jobId, copies }: { jobId: string; copies: { jobId: string }[] },
  records: BlobRecords,
): Promise<BlobRecord[]> {
  const entry = (await readRecord(list, records)).toString("ascii");
  if (!entry.includes(jobId)) return [];
  const entries = copies.map(
    (copy) =>
      `${entry
        .trimEnd()
        .replace(jobId, copy.jobId)
        .padEnd(entry.length - 1)}\n`,
  );
  entries.push(entry);
  const parts: BlobRecord[] = [];
  for (let part = 0; part * ENTRIES_OF_A_PART < entries.length; part += 1) {
    const text = entries.slice(part * ENTRIES_OF_A_PART, (part + 1) * ENTRIES_OF_A_PART).join("");
    const persistency = await records.extentStore.appendExtent(Buffer.from(text, "ascii"));
    const record = copyOf(list, list.name.replace(/0$/, String(part)), undefined);
    record.properties.contentLength = text.length;
    const [block] = list.committedBlocksInOrder ?? [];
    record.committedBlocksInOrder = block && [{ ...block, size: text.length, persistency }];
    parts.push(record);
  }
  collectionOf(records).remove(list);
  return parts;
}

async function readRecord(record: BlobRecord, { extentStore }: BlobRecords): Promise<Buffer> {
  const extents = record.persistency
    ? [record.persistency]
    : (record.committedBlocksInOrder ?? []).map(({ persistency }) => persistency);
  const chunks: Buffer[] = [];
  for (const extent of extents) for await (const chunk of await extentStore.readExtent(extent)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
