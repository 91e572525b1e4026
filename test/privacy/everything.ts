import type { Azure } from "../../src/storage/azure.ts";

/** Every blob and every row that there is, as one text: name, metadata and contents. */
export async function everythingIn({ container, table }: Azure, but: RegExp = /^$/): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  for await (const { name, metadata } of container.listBlobsFlat({ includeMetadata: true })) {
    if (but.test(name)) continue;
    // A picture in the making may go meanwhile.
    const bytes = await container
      .getBlobClient(name)
      .downloadToBuffer()
      .catch(() => undefined);
    if (bytes) all.set(name, `${name} ${JSON.stringify(metadata)} ${bytes.toString("utf8")}`);
  }
  for await (const { partitionKey = "", rowKey = "", ...values } of table.listEntities()) {
    const name = `${partitionKey}/${rowKey}`;
    if (!but.test(name)) all.set(name, `${name} ${JSON.stringify(values)}`);
  }
  return all;
}

/** Names of those in which one of these texts stands. */
export function placesOf(texts: string[], all: Map<string, string>): string[] {
  return [...all].filter(([, text]) => texts.some((each) => text.includes(each))).map(([name]) => name);
}
