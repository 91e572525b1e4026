import type { World } from "./world.ts";

/**
 * Lets time go by for all that stands: tokens die, messages grow old, addresses of files expire. Ids stay as they are, and
 * the bot's own clock goes on as before.
 */
export function letTimePass(world: World, seconds: number): void {
  const past = seconds * 1000;
  for (const interaction of world.interactions.values()) interaction.sentAt -= past;
  for (const message of world.messages.values()) {
    message.createdAt -= past;
    if (message.editedAt !== undefined) message.editedAt -= past;
    for (const moment of message.history) moment.time -= past;
  }
  if (seconds >= world.limits.attachmentSeconds) world.addressEpoch += 1;
  world.buckets.clear();
  world.oldEdits.clear();
  world.nonces.clear();
}
