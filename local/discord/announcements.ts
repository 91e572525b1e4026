import { dispatch } from "./gateway-session.ts";
import type { FakeMessage, Session } from "./records.ts";
import { blankMessage, describeMessage } from "./message-form.ts";
import { describeMember } from "./places.ts";
import { intent, type Fields } from "./wire.ts";
import type { World } from "./world.ts";

/** Tells the sessions that asked for messages. What others write they see only if it is meant for the bot. */
export function announceMessage(
  world: World,
  event: "MESSAGE_CREATE" | "MESSAGE_UPDATE" | "MESSAGE_DELETE",
  message: FakeMessage,
): number {
  const { id, channelId, guildId, ephemeralFor, author } = message;
  if (ephemeralFor !== undefined || message.userInstallOnly) return 0;
  const wanted = guildId === undefined ? intent.directMessages : intent.guildMessages;
  const place = guildId === undefined ? {} : { guild_id: guildId };
  const { user: _, ...member } = describeMember(author);
  const data =
    event === "MESSAGE_DELETE"
      ? { id, channel_id: channelId, ...place }
      : (session: Session): Fields => ({
          ...(mayRead(world, session, message)
            ? describeMessage(world, message)
            : blankMessage(describeMessage(world, message))),
          ...place,
          ...(guildId === undefined || message.sender === "webhook" ? {} : { member }),
        });
  return dispatch(world, event, { data, guildId, wants: ({ intents }) => (intents & wanted) !== 0 });
}

function mayRead(world: World, { intents }: Session, message: FakeMessage): boolean {
  return isMeantForBot(world, message) || (intents & intent.messageContent) !== 0;
}

/** A direct message, one of its own, or one that mentions it: such the bot may read without any intent. */
export function isMeantForBot(world: World, { author, guildId, mentions }: FakeMessage): boolean {
  return guildId === undefined || author.id === world.bot.id || mentions.users.includes(world.bot.id);
}
