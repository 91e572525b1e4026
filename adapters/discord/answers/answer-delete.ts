import { MessageFlags } from "discord.js";
import type { APIMessage, APIMessageComponentInteraction } from "discord.js";
import { readAddress, changeAddress } from "../../../src/jobs/line.ts";
import type { Azure } from "../../../src/storage/azure.ts";
import { deletedBy, privateWordReply } from "../../../src/replies/compose-reply.ts";
import { log } from "../../../src/log.ts";
import { readRef } from "../../../src/request/request.ts";
import { doPress } from "../../../src/ask/press.ts";
import { addressOf, askerOf, DiscordAddress } from "../address.ts";
import { acknowledged, addPrivateWord, isAcknowledged, soon } from "./answer-in-private.ts";
import { editOriginal, tell } from "./answer-request.ts";
import type { Reception } from "./reception.ts";
import type { Desk } from "../rest/call.ts";
import { pressBy } from "./read-press.ts";

/**
 * The press brings a fresh key to the message: with it a worker can change one that is private, or stands where the bot is
 * a guest, and is months old. So the key is handed on. Whoever sees that the press was taken can rely on it: by then it is
 * noted, unless storage takes longer than Discord waits.
 */
export async function answerDelete(
  interaction: APIMessageComponentInteraction,
  ref: string,
  reception: Reception,
): Promise<void> {
  const pressed = pressedAddress(interaction);
  const noting = note(interaction, ref, pressed, reception);
  await soon(noting, reception);
  if (!(await isAcknowledged(interaction, acknowledged, reception))) return;
  const { word, deletes, own } = await noting;
  if (!deletes) return addPrivateWord(interaction, word, reception);
  const deleted = privateWordReply(deletedBy(askerOf(interaction)));
  // A copy, such as one picture of four by itself, is no worker's to change.
  if (!own) await tell(pressed, reception.desk, () => editOriginal(pressed, deleted, reception.desk));
}

async function note(
  interaction: APIMessageComponentInteraction,
  ref: string,
  pressed: DiscordAddress,
  { settings, desk }: Reception,
) {
  const signal = AbortSignal.timeout(desk.times.deleteLimitMilliseconds);
  const own = await addressOfAnswer(ref, interaction.message, desk.azure, signal);
  const ownAddress = own && { ...pressed, userId: own.userId };
  const press = { ...pressBy(interaction, { does: "delete", of: ref }), does: "delete" as const, ownAddress, signal };
  return { ...(await doPress(press, settings, desk.azure)), own };
}

/** The message that was pressed, with the key that the press has brought. */
function pressedAddress(interaction: APIMessageComponentInteraction): DiscordAddress {
  const { id, flags = 0 } = interaction.message;
  return { ...addressOf(interaction), messageId: id, ephemeral: (flags & MessageFlags.Ephemeral) !== 0 };
}

/**
 * Keeps the key to a job's own message, which a press of it has brought: what is then done in a copy of one of its pictures
 * can be done in the message too, as long as the key works.
 */
export async function keepKey(
  interaction: APIMessageComponentInteraction,
  ref: string,
  { azure, times }: Desk,
): Promise<void> {
  const signal = AbortSignal.timeout(times.keepKeyLimitMilliseconds);
  const own = await addressOfAnswer(ref, interaction.message, azure, signal);
  const job = readRef(ref)?.job;
  if (!own || !job) return;
  await changeAddress(job, { ...pressedAddress(interaction), userId: own.userId }, azure, signal).catch(
    (error: unknown) => log.warn({ error, ref }, "discord: the key to a message could not be kept"),
  );
}

/** Where a job's pictures were delivered, if it is in this very message. Whoever presses, the answer stays its asker's. */
async function addressOfAnswer(
  ref: string,
  message: APIMessage,
  azure: Azure,
  signal: AbortSignal,
): Promise<DiscordAddress | undefined> {
  const parsed = readRef(ref);
  try {
    const { success, data } = DiscordAddress.safeParse(parsed && (await readAddress(parsed.job, azure, signal)));
    if (!success) return undefined;
    // One that never learned where it stands is the answer to its event.
    const isEvent = !data.messageId && !data.followUp && message.interaction_metadata?.id === data.interactionId;
    return data.messageId === message.id || isEvent ? data : undefined;
  } catch (error) {
    log.warn({ error, ref }, "discord: it is not known where a picture stands");
    return undefined;
  }
}
