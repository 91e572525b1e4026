import type { Interaction } from "./records.ts";
import { checkAgainst } from "./openapi.ts";
import { describeChannel, describeMember, describeUser, makeChannel, type Channel, type Person } from "./places.ts";
import { directChannel } from "./channel-routes.ts";
import { dispatch } from "./gateway-session.ts";
import { makeInteraction } from "./interactions.ts";
import { permissionsOf, permissionsOfBot } from "./places.ts";
import type { Fields } from "./wire.ts";
import type { World } from "./world.ts";

/** Where, by whom and how an event happens. Everything has a sensible absence: Ada, in the one server, installed there. */
export type Occasion = {
  user?: Person;
  /** A server's id; null is a direct message. Any other id is a server where the bot is not. */
  guild?: string | null;
  channel?: string;
  /** `{ "0": guild }`, `{ "1": user }` or both; only `1` is a user install. */
  authorizingIntegrationOwners?: Record<string, string>;
  attachmentSizeLimit?: number;
  appPermissions?: bigint;
  /** 0 server, 1 direct message with the bot, 2 any other direct message. */
  context?: 0 | 1 | 2;
  locale?: string;
  /** A user install whose public answers are forced ephemeral. */
  externalAppsOff?: boolean;
  /** Delivers the same event as often. */
  times?: number;
};

type Happening = { occasion: Occasion; kind: number; data: Fields } & Partial<
  Pick<Interaction, "sourceMessageId" | "openedBy" | "target">
> & { message?: Fields };

/** Makes an event of what somebody did, and sends it to every connection. The clock starts here. */
export function sendInteraction(world: World, { occasion, kind, data, message, ...origin }: Happening): Interaction {
  const user = occasion.user ?? world.asker;
  const channel = findPlace(world, occasion, user);
  const owners = occasion.authorizingIntegrationOwners ?? { "0": channel.guildId ?? "0" };
  const userInstallOnly = !("0" in owners);
  const interaction = makeInteraction(world, {
    kind,
    user,
    channelId: channel.id,
    guildId: channel.guildId,
    owners,
    userInstallOnly,
    externalAppsOff: occasion.externalAppsOff === true,
    fileBytes: occasion.attachmentSizeLimit ?? world.limits.fileBytes,
    permissions: occasion.appPermissions ?? permissionsOfBot(userInstallOnly ? { ...channel, access: true } : channel),
    ...origin,
  });
  interaction.event = {
    ...describeEvent(world, interaction, { occasion, channel }),
    data,
    ...(message ? { message } : {}),
  };
  checkEvent(world, interaction.event);
  interaction.sentAt = Date.now();
  for (let time = 0; time < (occasion.times ?? 1); time += 1) {
    interaction.deliveries += dispatch(world, "INTERACTION_CREATE", {
      data: interaction.event,
      guildId: channel.guildId,
    });
  }
  return interaction;
}

/** The channel of an occasion; one is made where the test named none. */
export function findPlace(world: World, { guild, channel, context }: Occasion, user: Person): Channel {
  const named = world.channels.get(channel ?? "");
  if (named) return named;
  if (channel !== undefined) throw new Error(`there is no channel ${channel}`);
  if (guild === null && context !== 2) return directChannel(world, user.id);
  const guildId = guild === null ? undefined : (guild ?? [...world.guilds.keys()][0]);
  const found = [...world.channels.values()].find((one) => one.kind === "text" && one.guildId === guildId);
  const stranger = guildId === undefined ? makeChannel({ kind: "group" }) : makeChannel({ guildId, access: false });
  const place = found ?? stranger;
  world.channels.set(place.id, place);
  return place;
}

function describeEvent(
  world: World,
  interaction: Interaction,
  { occasion, channel }: { occasion: Occasion; channel: Channel },
): Fields {
  const { id, token, kind, user, owners, permissions, fileBytes, guildId } = interaction;
  const locale = occasion.locale ?? "en-US";
  const guildLocale = world.guilds.get(guildId ?? "")?.locale ?? "en-US";
  const place =
    guildId === undefined
      ? { user: describeUser(user) }
      : {
          member: describeMember(user, permissionsOf(user, channel)),
          guild_id: guildId,
          guild: { id: guildId, locale: guildLocale, features: [] },
          guild_locale: guildLocale,
        };
  return {
    version: 1,
    id,
    application_id: world.application.id,
    type: kind,
    token,
    channel_id: channel.id,
    channel: { ...describeChannel(channel, world.people), permissions: String(permissionsOf(user, channel)) },
    ...place,
    locale,
    app_permissions: String(permissions),
    entitlements: [],
    authorizing_integration_owners: owners,
    context: occasion.context ?? defaultContext(interaction, channel),
    attachment_size_limit: fileBytes,
  };
}

function defaultContext({ userInstallOnly }: Interaction, { guildId, kind }: Channel): 0 | 1 | 2 {
  if (guildId !== undefined) return 0;
  return userInstallOnly && kind === "group" ? 2 : 1;
}

/** Discord describes no events, but the people, messages and channels in them. */
function checkEvent(world: World, event: Fields): void {
  const member = event["member"] as { user: Fields } | undefined;
  const isThread = (event["channel"] as { type: number }).type === 11;
  const parts = [
    { schema: "UserResponse", value: member?.user ?? event["user"] },
    { schema: "MessageResponse", value: event["message"] },
    ...(event["guild_id"] === undefined
      ? []
      : [{ schema: isThread ? "ThreadResponse" : "GuildChannelResponse", value: event["channel"] }]),
  ];
  for (const { schema, value } of parts) {
    const problems = value === undefined ? [] : checkAgainst(schema, JSON.parse(JSON.stringify(value)));
    if (problems.length > 0) world.violations.push({ kind: "event", call: `INTERACTION_CREATE ${schema}`, problems });
  }
}
