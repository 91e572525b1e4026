import { createHash } from "node:crypto";
import { becauseOf, log } from "../log.ts";
import type { Asker } from "../request/request.ts";
import type { Azure } from "../storage/azure.ts";
import { putRow, readRow } from "../storage/table.ts";
import { boardAt, readSession, roundOf } from "./session.ts";
import type { Session } from "./session.ts";

/** Table partition: the last session of each channel. A courtesy, and nothing depends on it. */
const PARTITION = "session-channels";

type Place = Pick<Asker, "platform" | "workspace" | "channel">;

export async function noteChannel(place: Place, session: string, azure: Azure): Promise<void> {
  const limit = AbortSignal.timeout(azure.times.brainstorm.noteLimitMilliseconds);
  await putRow({ partition: PARTITION, name: nameOf(place), values: { session } }, azure, limit).catch(
    (error: unknown) =>
      log.warn({ because: becauseOf(error), session }, "it was not noted which brainstorm a channel has"),
  );
}

/** The session that is under way in the channel where somebody is. */
export async function sessionUnderWay(
  by: Asker,
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<Session | undefined> {
  const row = await readRow(PARTITION, nameOf(by), azure, abortSignal);
  const id = String(row?.values.session ?? "");
  const session = id ? (await readSession(id, azure, abortSignal))?.session : undefined;
  const isUnderWay = session && !session.endedAt && roundOf(session).stage !== "closed";
  return isUnderWay && boardAt(session, by) ? session : undefined;
}

function nameOf({ platform, workspace, channel }: Place): string {
  return createHash("sha256")
    .update(JSON.stringify([platform, workspace ?? "", channel]))
    .digest("hex");
}
