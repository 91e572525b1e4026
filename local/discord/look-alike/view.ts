/** What one person sees of the world, in Discord's own JSON. */
import type {
  DiscordChannel,
  DiscordCommand,
  DiscordMessage,
  DiscordUser,
  InteractionState,
  State,
} from "../page-protocol.ts";
import { describeMessage } from "../message-form.ts";
import { describeChannel, describeUser, type Channel, type Person } from "../places.ts";
import type { FakeMessage, Interaction } from "../records.ts";
import { mayUse, checkSight } from "../sight.ts";
import { callbackKind, interactionKind } from "../wire.ts";
import type { World } from "../world.ts";

/** What is older is over. */
const MOST_INTERACTIONS = 50;

export type Sight = Omit<State, "refusals">;

export function sightOf(world: World, person: Person): Sight {
  const [guild] = world.guilds.values();
  if (guild === undefined) throw new Error("there is no server");
  const people = [...world.people.values()].filter(({ bot }) => !bot);
  return {
    person: userOf(person),
    people: people.map(userOf),
    bot: userOf(world.bot),
    connected: isConnected(world),
    guild: { id: guild.id, name: guild.name },
    channels: channelsFor(world, person).map((channel) => channelOf(world, channel)),
    commands: commandsOf(world, person),
    messages: messagesFor(world, person).map((message) => messageOf(world, message)),
    interactions: interactionsOf(world, person).filter(({ state }) => state === "waiting"),
  };
}

export function isConnected(world: World): boolean {
  return [...world.sessions.values()].some(({ socket }) => socket !== undefined);
}

/** Without those that are kept for people who may do more. */
export function commandsOf(world: World, { permissions }: Person): DiscordCommand[] {
  const all = [...world.commands.values()].flat() as unknown as (DiscordCommand & {
    default_member_permissions?: string | null;
  })[];
  return all.filter(({ default_member_permissions: needed }) => mayUse(permissions, needed));
}

function userOf(person: Person): DiscordUser {
  return describeUser(person) as unknown as DiscordUser;
}

/** Each text channel with its threads after it, then the person's own with the bot. */
export function channelsFor(world: World, person: Person): Channel[] {
  const all = [...world.channels.values()];
  const texts = all.filter(({ kind }) => kind === "text");
  const threadsOf = ({ id }: Channel) => all.filter(({ kind, parentId }) => kind === "thread" && parentId === id);
  const direct = all.filter(({ kind, recipientId }) => kind === "direct" && recipientId === person.id);
  return [...texts.flatMap((text) => [text, ...threadsOf(text)]), ...direct];
}

export function channelOf(world: World, channel: Channel): DiscordChannel {
  // Discord tells a person of the bot as the recipient, and the bot of the person.
  const recipients = channel.kind === "direct" ? { recipients: [userOf(world.bot)] } : {};
  return { ...describeChannel(channel, world.people), ...recipients } as unknown as DiscordChannel;
}

export function messagesFor(world: World, person: Person): FakeMessage[] {
  return [...world.messages.values()].filter((message) => !message.dismissed && canSee(world, message, person));
}

function canSee(world: World, message: FakeMessage, person: Person): boolean {
  try {
    checkSight(world, message, person);
    return true;
  } catch {
    // It says why not, for whoever would press a button there.
    return false;
  }
}

export function messageOf(world: World, message: FakeMessage): DiscordMessage {
  const described = withOwnAddresses(world, describeMessage(world, message)) as unknown as DiscordMessage;
  const origin = described.interaction_metadata;
  if (!origin) return described;
  const asked = world.interactions.get(origin.id);
  const name = asked && nameOf(asked);
  return { ...described, interaction_metadata: { ...origin, ...(name === undefined ? {} : { name }) } };
}

function nameOf({ kind, event }: Interaction): string | undefined {
  const { name } = event["data"] as { name?: string };
  return kind === interactionKind.command ? name : undefined;
}

/** Files come from the look-alike's own server, under addresses that stay as they are from one look to the next. */
function withOwnAddresses<Value>(world: World, value: Value): Value {
  const { cdn, media } = world.addresses;
  return JSON.parse(
    JSON.stringify(value, (name, inner: unknown) => {
      if ((name !== "url" && name !== "proxy_url") || typeof inner !== "string") return inner;
      const host = [cdn, media].find((one) => inner.startsWith(`${one}/`));
      return host === undefined ? inner : (inner.slice(host.length).split("?")[0] ?? "");
    }),
  ) as Value;
}

export function interactionsOf(world: World, person: Person): InteractionState[] {
  return [...world.interactions.values()]
    .filter(({ user, kind }) => user.id === person.id && kind !== interactionKind.autocomplete)
    .slice(-MOST_INTERACTIONS)
    .map((interaction) => interactionOf(world, interaction));
}

function interactionOf({ limits }: World, interaction: Interaction): InteractionState {
  const { id, kind, channelId, sourceMessageId, callback, modal, sentAt, event } = interaction;
  const customId = kind === interactionKind.component ? (event["data"] as { custom_id: string }).custom_id : undefined;
  const name = nameOf(interaction);
  const isLate = Date.now() - sentAt > limits.interactionSeconds * 1000;
  return {
    id,
    type: kind as InteractionState["type"],
    channel_id: channelId,
    ...(name === undefined ? {} : { name }),
    ...(sourceMessageId === undefined ? {} : { message_id: sourceMessageId }),
    ...(customId === undefined ? {} : { custom_id: customId }),
    ...(callback === undefined
      ? { state: isLate ? "failed" : "waiting" }
      : callback.type === callbackKind.modal
        ? { state: "modal", modal: modal as InteractionState["modal"] }
        : { state: "answered" }),
  };
}
