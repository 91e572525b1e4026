import type { Azure } from "../../src/storage/azure.ts";

/** Jobs in line or under way, hidden or not: never below the truth. */
export async function lineLength({ queue }: Azure): Promise<number> {
  return (await queue.getProperties()).approximateMessagesCount ?? 0;
}
