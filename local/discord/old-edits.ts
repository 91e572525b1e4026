import type { FakeMessage } from "./records.ts";
import { rateLimited, refusal, type Answer } from "./refusals.ts";
import type { World } from "./world.ts";

const hour = 60 * 60 * 1000;

/**
 * Counts an edit of a message that is older than an hour, by whichever token; the answer is that to one too many. Discord
 * publishes no number: three in twenty seconds and a channel is what people report.
 */
export function countOldEdit(world: World, { channelId, createdAt }: FakeMessage): Answer | undefined {
  const now = Date.now();
  if (now - createdAt <= hour) return undefined;
  const { edits, seconds } = world.limits.oldEdits;
  const recent = (world.oldEdits.get(channelId) ?? []).filter((time) => now - time < seconds * 1000);
  const [oldest = now] = recent;
  if (recent.length >= edits) {
    const wait = seconds - (now - oldest) / 1000;
    const { status, body, headers } = rateLimited(wait);
    return { status, body: { ...(body as object), ...refusal(30046).body }, headers };
  }
  world.oldEdits.set(channelId, [...recent, now]);
  return undefined;
}
