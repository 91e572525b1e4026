import { makeSnowflake } from "./snowflake.ts";
import { permission, type Fields } from "./wire.ts";

/** Somebody on Discord. `permissions` is what they may do in a server, before a channel adds and takes away. */
export type Person = {
  id: string;
  username: string;
  name: string;
  bot: boolean;
  permissions: bigint;
  roles?: string[];
};

export type Guild = { id: string; name: string; locale: string };

/** A place to write. The switches say what the bot may do there, and may be turned in the middle of a test. */
export type Channel = {
  id: string;
  guildId?: string;
  name: string;
  kind: "text" | "direct" | "group" | "thread";
  recipientId?: string;
  /** Of a thread: the channel that it hangs on. */
  parentId?: string;
  nsfw: boolean;
  /** Off: 50001 to every call with the bot token. */
  access: boolean;
  /** Off: 50013 to new messages. */
  write: boolean;
  /** Off: 50013 to files. */
  attach: boolean;
  embed: boolean;
  /** Off: 50013 to new threads. */
  threads: boolean;
  /** A thread that is archived keeps its messages as they are, and opens with the next post; one that is locked takes none. */
  archived: boolean;
  locked: boolean;
  /** What the channel grants or forbids single people, by their id. */
  overwrites: Map<string, Overwrite>;
};

export type Overwrite = { allow?: bigint; deny?: bigint };

const everyday =
  permission.viewChannel |
  permission.sendMessages |
  permission.embedLinks |
  permission.attachFiles |
  permission.readMessageHistory |
  permission.useApplicationCommands |
  permission.createPublicThreads |
  permission.sendMessagesInThreads;
const everything = (1n << 53n) - 1n;

/** `moderator`: with MANAGE_MESSAGES as well. `manager`: with MANAGE_GUILD, which is Manage Server. */
export function makePerson(
  name: string,
  {
    id = makeSnowflake(),
    bot = false,
    moderator = false,
    manager = false,
    permissions = everyday,
  }: Partial<Pick<Person, "id" | "bot" | "permissions">> & {
    moderator?: boolean;
    manager?: boolean;
  } = {},
): Person {
  const username = name.toLowerCase().replaceAll(/[^a-z0-9_.]/g, "") || "someone";
  return {
    id,
    username,
    name,
    bot,
    permissions: permissions | (moderator ? permission.manageMessages : 0n) | (manager ? permission.manageGuild : 0n),
  };
}

export function makeGuild(name: string, locale = "en-US", id = makeSnowflake()): Guild {
  return { id, name, locale };
}

export function makeChannel(given: Partial<Channel> = {}): Channel {
  const kind = given.kind ?? (given.guildId === undefined ? "direct" : "text");
  const open = {
    nsfw: false,
    access: kind !== "group",
    write: true,
    attach: true,
    embed: true,
    threads: true,
    archived: false,
    locked: false,
  };
  return { id: makeSnowflake(), name: "somewhere", kind, ...open, overwrites: new Map(), ...given };
}

export function makeApplication(bot: Person): { id: string; name: string; flags: number } {
  return { id: bot.id, name: bot.name, flags: 1 << 23 };
}

/** What somebody may do in a channel: an administrator everything, whatever the channel says. */
export function permissionsOf({ id, permissions }: Person, { overwrites }: Channel): bigint {
  if ((permissions & permission.administrator) !== 0n) return everything;
  const { allow = 0n, deny = 0n } = overwrites.get(id) ?? {};
  return (permissions & ~deny) | allow;
}

/** What the bot may do in a channel, as `app_permissions` says it. */
export function permissionsOfBot({ access, write, attach, embed, threads }: Channel): bigint {
  let allowed = everyday;
  if (!access) allowed &= ~permission.viewChannel;
  if (!write) allowed &= ~permission.sendMessages;
  if (!attach) allowed &= ~permission.attachFiles;
  if (!embed) allowed &= ~permission.embedLinks;
  if (!threads) allowed &= ~permission.createPublicThreads;
  return allowed;
}

export function describeUser({ id, username, name, bot }: Person): Fields & { id: string } {
  return {
    id,
    username,
    avatar: null,
    discriminator: bot ? "4242" : "0",
    public_flags: 0,
    flags: 0,
    banner: null,
    accent_color: null,
    global_name: bot ? null : name,
    avatar_decoration_data: null,
    collectibles: null,
    primary_guild: null,
    ...(bot ? { bot: true } : {}),
  };
}

export function describeMember(person: Person, permissions = person.permissions): Fields {
  return {
    user: describeUser(person),
    nick: null,
    avatar: null,
    banner: null,
    roles: person.roles ?? [],
    joined_at: "2024-02-01T10:00:00.000000+00:00",
    premium_since: null,
    communication_disabled_until: null,
    deaf: false,
    mute: false,
    pending: false,
    flags: 0,
    permissions: String(permissions),
  };
}

export function describeChannel(channel: Channel, people: ReadonlyMap<string, Person>): Fields {
  const { id, name, guildId, nsfw } = channel;
  const shared = { id, flags: 0, last_message_id: null };
  if (guildId === undefined) {
    const recipient = people.get(channel.recipientId ?? "");
    const recipients = recipient === undefined ? [] : [describeUser(recipient)];
    return { ...shared, type: channel.kind === "group" ? 3 : 1, recipients };
  }
  if (channel.kind === "thread") return { ...shared, ...describeThread(channel) };
  const place = { guild_id: guildId, name, position: 0, parent_id: null, topic: null, nsfw };
  return { ...shared, ...place, type: 0, permission_overwrites: [], rate_limit_per_user: 0 };
}

function describeThread({ id, guildId, name, archived, locked, parentId = id }: Channel): Fields {
  const thread_metadata = {
    archived,
    archive_timestamp: "2026-01-01T00:00:00+00:00",
    auto_archive_duration: 60,
    locked,
  };
  const counts = { message_count: 1, member_count: 1, total_message_sent: 1 };
  return {
    type: 11,
    guild_id: guildId,
    name,
    owner_id: id,
    parent_id: parentId,
    rate_limit_per_user: 0,
    thread_metadata,
    ...counts,
  };
}

/** What an archived or locked thread answers to whoever would change, add or take away a message in it. */
export function refusalOfThread({ archived, locked }: Channel): 50083 | 160005 | undefined {
  if (archived) return 50083;
  return locked ? 160005 : undefined;
}

/** What GUILD_CREATE carries. */
export function describeGuild(guild: Guild, channels: readonly Fields[], bot: Person): Fields {
  const everyone = {
    id: guild.id,
    name: "@everyone",
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    position: 0,
    permissions: String(everyday),
    managed: false,
    mentionable: false,
    flags: 0,
  };
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    splash: null,
    discovery_splash: null,
    banner: null,
    description: null,
    owner_id: bot.id,
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: null,
    system_channel_flags: 0,
    rules_channel_id: null,
    public_updates_channel_id: null,
    safety_alerts_channel_id: null,
    vanity_url_code: null,
    application_id: null,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    mfa_level: 0,
    nsfw_level: 0,
    premium_tier: 0,
    premium_subscription_count: 0,
    premium_progress_bar_enabled: false,
    preferred_locale: guild.locale,
    features: [],
    roles: [everyone],
    emojis: [],
    stickers: [],
    joined_at: "2024-02-01T10:00:00.000000+00:00",
    large: false,
    unavailable: false,
    member_count: 2,
    members: [describeMember(bot)],
    voice_states: [],
    channels,
    threads: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}
