import { z } from "zod";
import type { Azure } from "../../../src/storage/azure.ts";
import { log } from "../../../src/log.ts";
import { readBlob } from "../../../src/storage/small-blob.ts";
import type { DiscordSettings } from "../settings.ts";
import { isConflict, isMissing } from "../../../src/storage/storage-refusal.ts";

/** What one connection to the gateway needs to be taken up again; Discord then replays what was missed. */
export const GatewaySession = z.object({
  sessionId: z.string(),
  sequence: z.number(),
  resumeURL: z.url(),
  shardId: z.number(),
  shardCount: z.number(),
});
export type GatewaySession = z.infer<typeof GatewaySession>;

const SavedSessions = z.object({
  applicationId: z.string(),
  savedAt: z.iso.datetime(),
  sessions: z.array(GatewaySession),
});

type Ours = Pick<DiscordSettings, "applicationId" | "times">;

/** Leaves the sessions for the next process. A failure costs an IDENTIFY and no more, so it is logged alone. */
export async function saveSessions(
  sessions: GatewaySession[],
  { applicationId, times }: Ours,
  azure: Azure,
): Promise<void> {
  const text = JSON.stringify({ applicationId, savedAt: new Date().toISOString(), sessions });
  try {
    await sessionBlob(azure).upload(text, Buffer.byteLength(text), {
      blobHTTPHeaders: { blobContentType: "application/json" },
      abortSignal: AbortSignal.timeout(times.sessionLimitMilliseconds),
    });
  } catch (error) {
    log.warn({ error }, "discord: the session could not be saved for the next start");
  }
}

/** Takes the sessions that a process before this one left, if they are fresh; no two processes get the same ones. */
export async function claimSessions({ applicationId, times }: Ours, azure: Azure): Promise<GatewaySession[]> {
  const abortSignal = AbortSignal.timeout(times.sessionLimitMilliseconds);
  try {
    const found = await readBlob(sessionBlob(azure), azure, abortSignal);
    if (!found) return [];
    await sessionBlob(azure).delete({ conditions: { ifMatch: found.etag }, abortSignal });
    const saved = SavedSessions.safeParse(JSON.parse(found.text));
    if (!saved.success || saved.data.applicationId !== applicationId) return [];
    return Date.now() - Date.parse(saved.data.savedAt) < times.sessionMilliseconds ? saved.data.sessions : [];
  } catch (error) {
    if (!isMissing(error) && !isConflict(error))
      log.warn({ error }, "discord: no session of the last process could be read");
    return [];
  }
}

function sessionBlob(azure: Azure) {
  return azure.container.getBlockBlobClient("discord/session.json");
}
