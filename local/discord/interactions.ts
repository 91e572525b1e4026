import { describeMessage } from "./message-form.ts";
import type { FakeMessage, Interaction } from "./records.ts";
import { describeUser } from "./places.ts";
import { refusal, type Answer } from "./refusals.ts";
import { makeSnowflake } from "./snowflake.ts";
import { callbackKind, interactionKind, type Fields } from "./wire.ts";
import type { World } from "./world.ts";

/** The bot has not answered in time, so that nothing can answer any more. */
export function isTooLate(world: World, { callback, sentAt }: Interaction): boolean {
  return callback === undefined && Date.now() - sentAt > world.limits.interactionSeconds * 1000;
}

/** Finds what a webhook route is about, or says why it may not be used. */
export function openWebhook(
  world: World,
  applicationId: string,
  token: string,
): { interaction: Interaction; refused?: undefined } | { interaction?: undefined; refused: Answer } {
  const interaction = [...world.interactions.values()].find((one) => one.token === token);
  if (applicationId !== world.application.id) return { refused: refusal(10015) };
  if (interaction === undefined) return { refused: refusal(50027) };
  if (Date.now() - interaction.sentAt > world.limits.tokenSeconds * 1000) return { refused: refusal(50027) };
  if (interaction.callback === undefined) return { refused: refusal(10015) };
  return { interaction };
}

export function makeInteraction(
  world: World,
  given: Omit<Interaction, "id" | "token" | "event" | "sentAt" | "deliveries" | "followupIds">,
): Interaction {
  const id = makeSnowflake();
  const token = Buffer.from(`interaction:${id}:${crypto.randomUUID()}${crypto.randomUUID()}`).toString("base64url");
  const interaction: Interaction = {
    id,
    token,
    event: {},
    sentAt: Date.now(),
    deliveries: 0,
    followupIds: [],
    ...given,
  };
  world.interactions.set(id, interaction);
  return interaction;
}

/** Who asked for a message, as it is written into the message. */
export function describeOrigin(interaction: Interaction, originalResponseId?: string): Fields {
  const { id, kind, event, owners, sourceMessageId, openedBy, target } = interaction;
  const member = event["member"] as { user: Fields } | undefined;
  return {
    id,
    type: kind,
    user: member?.user ?? event["user"],
    authorizing_integration_owners: owners,
    ...(originalResponseId === undefined ? {} : { original_response_message_id: originalResponseId }),
    ...(target === undefined
      ? {}
      : "channelId" in target
        ? { target_message_id: target.id }
        : { target_user: describeUser(target) }),
    ...(kind === interactionKind.component ? { interacted_message_id: sourceMessageId } : {}),
    ...(kind === interactionKind.modal && openedBy
      ? { triggering_interaction_metadata: describeOrigin(openedBy) }
      : {}),
  };
}

/** What a callback answers when it is asked `with_response`: a message only where one was made or changed at once. */
export function describeCallback(world: World, interaction: Interaction, original: FakeMessage | undefined): Fields {
  const { id, kind, channelId, guildId, callback } = interaction;
  const shown = callback?.type === callbackKind.message || callback?.type === callbackKind.update;
  const told = {
    id,
    type: kind,
    channel_id: channelId,
    ...(guildId === undefined ? {} : { guild_id: guildId }),
    ...(original === undefined
      ? {}
      : {
          response_message_id: original.id,
          response_message_loading: callback?.type === callbackKind.deferredMessage,
          response_message_ephemeral: original.ephemeralFor !== undefined,
        }),
  };
  if (!shown || original === undefined) return { interaction: told };
  return { interaction: told, resource: { type: callback.type, message: describeMessage(world, original) } };
}
