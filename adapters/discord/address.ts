import { ChannelType, InteractionContextType, SnowflakeUtil } from "discord.js";
import type {
  APIChatInputApplicationCommandInteraction,
  APIMessageApplicationCommandInteraction,
  APIMessageComponentInteraction,
  APIModalSubmitInteraction,
} from "discord.js";
import { z } from "zod";
import { AT_EVENT, record } from "../../src/request/request.ts";
import type { Asker, AtEvent } from "../../src/request/request.ts";

/** Where an answer goes on Discord: all that `send` needs, in any process and without a gateway. */
export const DiscordAddress = record({
  platform: z.literal("discord"),
  applicationId: z.string(),
  interactionId: z.string(),
  /** The key to answering the interaction, worth nothing after 15 minutes. */
  token: z.string(),
  /** Discord's own time of the event. */
  createdAt: z.iso.datetime(),
  guildId: z.string().nullable(),
  channelId: z.string(),
  userId: z.string(),
  /** The message itself; known once Discord took the deferred answer, or the follow-up. */
  messageId: z.string().nullable(),
  /** A message of its own, beside what the interaction was answered with: not there yet without `messageId`. */
  followUp: z.boolean().default(false),
  /** Only the asker sees it, and it can be changed by `token` alone. */
  ephemeral: z.boolean(),
  /** False where only the asker has installed Easel: the bot itself can neither read nor write there. */
  botIsThere: z.boolean(),
  /** Bytes of one file. */
  attachmentSizeLimit: z.number(),
  /** Permission bits as a decimal number, which is too large for a JSON number. */
  appPermissions: z.string(),
  /** The answer stands in a message of the bot's own, which `token` cannot change. */
  byBot: z.boolean(),
  /** Of whoever the event came from. */
  locale: z.string().optional(),
});
export type DiscordAddress = z.infer<typeof DiscordAddress>;

export type AnsweredLater =
  | APIChatInputApplicationCommandInteraction
  | APIMessageApplicationCommandInteraction
  | APIMessageComponentInteraction
  | APIModalSubmitInteraction;

/** `0` is the server that installed Easel, or "0" in a direct message with it; `1` is the person who did. */
const SERVER_INSTALL = "0";

export function addressOf(interaction: AnsweredLater): DiscordAddress {
  const owners: Record<string, unknown> = interaction.authorizing_integration_owners ?? {};
  return {
    platform: "discord",
    applicationId: interaction.application_id,
    interactionId: interaction.id,
    token: interaction.token,
    createdAt: new Date(SnowflakeUtil.timestampFrom(interaction.id)).toISOString(),
    guildId: interaction.guild_id ?? null,
    channelId: interaction.channel?.id ?? interaction.channel_id ?? "",
    userId: userOf(interaction).id,
    messageId: null,
    followUp: false,
    ephemeral: false,
    botIsThere: SERVER_INSTALL in owners || interaction.context === InteractionContextType.BotDM,
    attachmentSizeLimit: interaction.attachment_size_limit ?? 10 * 1024 * 1024,
    appPermissions: interaction.app_permissions ?? "0",
    byBot: false,
    locale: interaction.locale,
  };
}

/** For an answer beside the one that this interaction gets: as long as its token lives, under it, then by the bot. */
export function followUpAddressOf(interaction: AnsweredLater): DiscordAddress {
  return { ...addressOf(interaction), followUp: true };
}

export function askerOf(interaction: AnsweredLater): Asker {
  const { id, name } = userOf(interaction);
  const { channel } = interaction;
  const isThread = channel !== undefined && "parent_id" in channel && THREADS.includes(channel.type);
  return {
    platform: "discord",
    workspace: interaction.guild_id,
    channel: addressOf(interaction).channelId,
    ...(isThread && channel.parent_id && { parentChannel: channel.parent_id }),
    user: id,
    name,
    locale: interaction.locale,
    [AT_EVENT]: atEventOf(interaction),
  };
}

const MANAGE_GUILD = 1n << 5n;

/**
 * Whoever may manage the server in which this happens, as Discord reckons it, where that server has added Easel: one that only the
 * presser has brought along is nobody's to rule.
 */
export function runsServer({
  guild_id: guild,
  member,
  authorizing_integration_owners: owners,
}: AnsweredLater): boolean {
  const installs: Record<string, unknown> = owners ?? {};
  if (guild === undefined || member === undefined || installs[SERVER_INSTALL] !== guild) return false;
  return /^\d{1,40}$/.test(member.permissions) && (BigInt(member.permissions) & MANAGE_GUILD) !== 0n;
}

const THREADS: readonly ChannelType[] = [
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
];

function atEventOf(interaction: AnsweredLater): AtEvent {
  const { member, channel, guild_id: guild, authorizing_integration_owners: owners } = interaction;
  const isInstalled: boolean = SERVER_INSTALL in Object(owners);
  const channelName = (guild !== undefined && channel && "name" in channel && channel.name) || undefined;
  return {
    roles: member?.roles ?? [],
    isDirect: guild === undefined,
    isUserInstall: !isInstalled,
    isAdmin: runsServer(interaction),
    channelName,
  };
}

/** In a server the person comes inside the member. */
function userOf({ member, user }: Pick<AnsweredLater, "member" | "user">): { id: string; name: string } {
  const person = member?.user ?? user;
  return { id: person?.id ?? "", name: (member?.nick ?? person?.global_name ?? person?.username ?? "").toWellFormed() };
}
