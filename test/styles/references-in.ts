import type { Azure } from "../../src/storage/azure.ts";

/** Pictures that were sent along for a style and are still there. */
export async function referencesIn(azure: Azure): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of azure.container.listBlobsFlat({ prefix: "inputs/style-" })) names.push(name);
  return names;
}
