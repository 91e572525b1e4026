import { MessageFlags } from "discord.js";
import type { APIMessage, APIMessageComponentInteraction } from "discord.js";
import { readAddress, changeAddress } from "../../../src/jobs/line.ts";
import type { Azure } from "../../../src/storage/azure.ts";
import { deletedBy, privateWordReply } from "../../../src/replies/compose-reply.ts";
import { log } from "../../../src/log.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import { readRef } from "../../../src/request/request.ts";
import { doPress } from "../../../src/ask/press.ts";
import { addressOf, askerOf, DiscordAddress } from "../address.ts";
import { acknowledged, addPrivately, addPrivateWord, isAcknowledged, soon } from "./answer-in-private.ts";
import { editOriginal, tell } from "./answer-request.ts";
import type { Reception } from "./reception.ts";
import type { Desk } from "../rest/call.ts";
import { pressBy } from "./read-press.ts";

/**
 * The question whether a picture is to go: in place of what the presser alone sees of it, and beside a message where all its
 * pictures stand. That message's key is kept, for the second press is not made in it.
 */
export async function askToDelete(
  interaction: APIMessageComponentInteraction,
  ref: string,
  reception: Reception,
): Promise<void> {
  const { settings, desk } = reception;
  if (!(await isAcknowledged(interaction, acknowledged, reception))) return;
  const isOwn = await keepKey(interaction, ref, desk);
  const signal = AbortSignal.timeout(desk.times.deleteLimitMilliseconds);
  const outcome = await doPress({ ...pressBy(interaction, { does: "delete", of: ref }), signal }, settings, desk.azure);
  if ("ask" in outcome) {
    const isBeside = isOwn || !isPrivate(interaction);
    return isBeside
      ? addPrivately(interaction, outcome.ask, reception)
      : putInPlace(interaction, outcome.ask, reception);
  }
  if ("word" in outcome) return addPrivateWord(interaction, outcome.word, reception);
}

/**
 * The second press. Whoever sees that it was taken can rely on it: by then it is noted, unless storage takes longer than
 * Discord waits. The message with all the pictures is a worker's to change; the question is changed here.
 */
export async function answerDelete(
  interaction: APIMessageComponentInteraction,
  sure: string,
  reception: Reception,
): Promise<void> {
  const { settings, desk } = reception;
  const signal = AbortSignal.timeout(desk.times.deleteLimitMilliseconds);
  const press = { ...pressBy(interaction, { does: "sure", of: sure }), does: "sure" as const, signal };
  const noting = doPress(press, settings, desk.azure);
  await soon(noting, reception);
  if (!(await isAcknowledged(interaction, acknowledged, reception))) return;
  const outcome = await noting;
  if ("ask" in outcome) return putInPlace(interaction, outcome.ask, reception);
  if (!outcome.deletes) return addPrivateWord(interaction, outcome.word, reception);
  return putInPlace(interaction, privateWordReply(deletedBy(askerOf(interaction))), reception);
}

/** In place of the message that was pressed, which only the presser sees. */
async function putInPlace(
  interaction: APIMessageComponentInteraction,
  reply: ChatReply,
  { desk }: Reception,
): Promise<void> {
  const pressed = pressedAddress(interaction);
  await tell(pressed, desk, () => editOriginal(pressed, reply, desk));
}

/** The message that was pressed, with the key that the press has brought. */
function pressedAddress(interaction: APIMessageComponentInteraction): DiscordAddress {
  return { ...addressOf(interaction), messageId: interaction.message.id, ephemeral: isPrivate(interaction) };
}

/** The presser alone sees it. */
export function isPrivate({ message }: APIMessageComponentInteraction): boolean {
  return ((message.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
}

/**
 * Keeps the key to a job's own message, which a press of it has brought: what is then done in a copy of one of its pictures
 * can be done in the message too, as long as the key works. False in any other message.
 */
export async function keepKey(
  interaction: APIMessageComponentInteraction,
  ref: string,
  { azure, times }: Desk,
): Promise<boolean> {
  const signal = AbortSignal.timeout(times.keepKeyLimitMilliseconds);
  const own = await addressOfAnswer(ref, interaction.message, azure, signal);
  const job = readRef(ref)?.job;
  if (!own || !job) return false;
  await changeAddress(job, { ...pressedAddress(interaction), userId: own.userId }, azure, signal).catch(
    (error: unknown) => log.warn({ error, ref }, "discord: the key to a message could not be kept"),
  );
  return true;
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
