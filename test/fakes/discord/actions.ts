import { announceMessage } from "./announcements.ts";
import { fillOptions, type GivenOptions } from "./command-options.ts";
import type { Command } from "./command-rules.ts";
import { walk, type Component } from "./components.ts";
import { findPlace, sendInteraction, type Occasion } from "./events.ts";
import type { Interaction } from "./interactions.ts";
import { describeMessage } from "./message-form.ts";
import { defaultMentions, findPings } from "./mentions.ts";
import { createMessage, type FakeMessage } from "./messages.ts";
import { describeUser, type Person } from "./places.ts";
import { makeSnowflake } from "./snowflake.ts";
import { buttonStyle, componentKind, interactionKind, selectKinds, type Fields } from "./wire.ts";
import type { World } from "./world.ts";

/** `unchecked`: as a client that does not know the registered command, or does not care. */
export type CommandAction = Occasion & { name: string; options?: GivenOptions; unchecked?: boolean };

/** Somebody sends a slash command; subcommands follow the name, as people write it: `easel help`. */
export async function sendCommand(
  world: World,
  { name, options = {}, unchecked, ...occasion }: CommandAction,
): Promise<Interaction> {
  const words = name.split(" ");
  const command = findCommand(world, { name: words[0] ?? "", type: 1, guild: occasion.guild });
  if (!unchecked) checkOffer(world, command, occasion);
  const filled = await fillOptions(world, { words, given: options, command: unchecked ? undefined : command });
  const data = { id: command?.id ?? makeSnowflake(), name: words[0], type: 1, ...filled };
  return sendInteraction(world, { occasion, kind: interactionKind.command, data });
}

/** Somebody types in an option with autocomplete. */
export async function sendAutocomplete(
  world: World,
  { name, options = {}, focused, unchecked, ...occasion }: CommandAction & { focused: string },
): Promise<Interaction> {
  const words = name.split(" ");
  const command = findCommand(world, { name: words[0] ?? "", type: 1, guild: occasion.guild });
  const filled = await fillOptions(world, { words, given: options, command: unchecked ? undefined : command, focused });
  const data = { id: command?.id ?? makeSnowflake(), name: words[0], type: 1, ...filled };
  return sendInteraction(world, { occasion, kind: interactionKind.autocomplete, data });
}

/** Somebody picks a command from the menu of a message or of a person. */
export function sendContextCommand(
  world: World,
  { name, target, ...occasion }: Occasion & { name: string; target: FakeMessage | Person },
): Interaction {
  const onMessage = "channelId" in target;
  const type = onMessage ? 3 : 2;
  const command = findCommand(world, { name, type, guild: occasion.guild });
  checkOffer(world, command, occasion);
  const resolved = onMessage
    ? { messages: { [target.id]: describeMessage(world, target) } }
    : { users: { [target.id]: describeUser(target) } };
  const data = { id: command?.id ?? makeSnowflake(), name, type, target_id: target.id, resolved };
  const place = onMessage ? { channel: target.channelId } : {};
  return sendInteraction(world, {
    occasion: { ...place, ...occasion },
    kind: interactionKind.command,
    data,
    contextMenu: true,
  });
}

export type PressAction = Occasion & { message: FakeMessage; customId: string };

/** Somebody presses a button: only one that is there, is enabled, and that they can see. */
export function pressButton(world: World, { message, customId, ...occasion }: PressAction): Interaction {
  const component = findControl(world, { message, customId, user: occasion.user });
  if (component.type !== componentKind.button) throw new Error(`${customId} is not a button`);
  const data = { custom_id: customId, component_type: component.type, id: component.id };
  return sendFromMessage(world, { message, occasion, data });
}

/** Somebody chooses from a select menu. */
export function chooseFrom(
  world: World,
  { message, customId, values, ...occasion }: PressAction & { values: string[] },
): Interaction {
  const component = findControl(world, { message, customId, user: occasion.user });
  if (!selectKinds.includes(component.type)) throw new Error(`${customId} is not a select menu`);
  const offered = component.options?.map(({ value }) => value);
  const strange = values.find((value) => offered?.includes(value) === false);
  if (strange !== undefined) throw new Error(`${customId} does not offer ${strange}`);
  const data = { custom_id: customId, component_type: component.type, id: component.id, values };
  return sendFromMessage(world, { message, occasion, data });
}

/** Somebody writes a message. The bot's connections hear of it if they asked for messages. */
export function say(world: World, { content, ...occasion }: Occasion & { content: string }): FakeMessage {
  const author = occasion.user ?? world.asker;
  const { id: channelId, guildId } = findPlace(world, occasion, author);
  const pings = findPings({ content, components: [] }, defaultMentions("bot"));
  const birth = { channelId, guildId, author, sender: "person", type: 0, userInstallOnly: false } as const;
  const message = createMessage(world, { content, pings }, birth);
  announceMessage(world, "MESSAGE_CREATE", message);
  return message;
}

function sendFromMessage(
  world: World,
  { message, occasion, data }: { message: FakeMessage; occasion: Occasion; data: Fields },
): Interaction {
  const before = world.interactions.get(message.interactionId ?? "");
  return sendInteraction(world, {
    occasion: {
      channel: message.channelId,
      authorizingIntegrationOwners: before?.owners,
      externalAppsOff: before?.externalAppsOff,
      ...occasion,
    },
    kind: interactionKind.component,
    data,
    message: describeMessage(world, message),
    sourceMessageId: message.id,
  });
}

function findControl(
  world: World,
  { message, customId, user = world.asker }: { message: FakeMessage; customId: string; user?: Person },
): Component {
  if (message.deleted) throw new Error("the message is deleted");
  if (message.ephemeralFor !== undefined && message.ephemeralFor !== user.id) {
    throw new Error(`${user.name} does not see this ephemeral message`);
  }
  const controls = walk(message.components).map(({ component }) => component);
  const found = controls.find(({ custom_id }) => custom_id === customId);
  if (found === undefined) {
    const there = controls.flatMap(({ custom_id }) => custom_id ?? []);
    throw new Error(`no component ${customId} in the message, but ${there.join(", ") || "none at all"}`);
  }
  if (found.disabled || found.style === buttonStyle.link) throw new Error(`${customId} cannot be pressed`);
  return found;
}

type RegisteredCommand = Command & { nsfw?: boolean; contexts?: number[]; integration_types?: number[] };

function findCommand(
  world: World,
  { name, type, guild }: { name: string; type: number; guild?: string | null },
): RegisteredCommand | undefined {
  const scopes = [guild ?? [...world.guilds.keys()][0] ?? "", "global"];
  const registered = scopes.flatMap((scope) => (world.commands.get(scope) ?? []) as unknown as RegisteredCommand[]);
  return registered.find((command) => command.name === name && command.type === type);
}

/** Discord does not offer a command everywhere. */
function checkOffer(world: World, command: RegisteredCommand | undefined, occasion: Occasion): void {
  if (command === undefined) {
    if (world.commands.size > 0) throw new Error("no such command is registered");
    return;
  }
  const channel = findPlace(world, occasion, occasion.user ?? world.asker);
  const context = occasion.context ?? (channel.guildId === undefined ? 1 : 0);
  const owners = Object.keys(occasion.authorizingIntegrationOwners ?? { "0": "" }).map(Number);
  if (command.contexts?.includes(context) === false)
    throw new Error(`${command.name} is not offered in context ${context}`);
  if (command.integration_types && !owners.some((owner) => command.integration_types?.includes(owner))) {
    throw new Error(`${command.name} is not offered to this kind of installation`);
  }
  if (command.nsfw && channel.guildId !== undefined && !channel.nsfw) {
    throw new Error(`${command.name} is only offered in age-restricted channels`);
  }
}
