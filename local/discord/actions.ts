import { fillOptions, type GivenOptions } from "./command-options.ts";
import type { Command } from "./command-rules.ts";
import { findPlace, sendInteraction, type Occasion } from "./events.ts";
import type { FakeMessage, Interaction } from "./records.ts";
import { describeMessage } from "./message-form.ts";
import { describeUser, permissionsOf, type Person } from "./places.ts";
import { checkSight, mayUse } from "./sight.ts";
import { makeSnowflake } from "./snowflake.ts";
import { interactionKind } from "./wire.ts";
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

/** Somebody picks a command from the menu of a message that they see, or of a person. */
export function sendContextCommand(
  world: World,
  { name, target, ...given }: Occasion & { name: string; target: FakeMessage | Person },
): Interaction {
  const onMessage = "channelId" in target;
  const type = onMessage ? 3 : 2;
  if (onMessage) checkSight(world, target, given.user ?? world.asker);
  const occasion = { ...(onMessage ? { channel: target.channelId } : {}), ...given };
  const command = findCommand(world, { name, type, guild: occasion.guild });
  checkOffer(world, command, occasion);
  const resolved = onMessage
    ? { messages: { [target.id]: describeMessage(world, target) } }
    : { users: { [target.id]: describeUser(target) } };
  const data = { id: command?.id ?? makeSnowflake(), name, type, target_id: target.id, resolved };
  return sendInteraction(world, { occasion, kind: interactionKind.command, data, target });
}

type RegisteredCommand = Command & {
  nsfw?: boolean;
  contexts?: number[];
  integration_types?: number[];
  default_member_permissions?: string | null;
};

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
  const permissions = permissionsOf(occasion.user ?? world.asker, channel);
  if (channel.guildId !== undefined && !mayUse(permissions, command.default_member_permissions))
    throw new Error(`${command.name} is not offered to people without its permissions`);
  if (command.nsfw && channel.guildId !== undefined && !channel.nsfw) {
    throw new Error(`${command.name} is only offered in age-restricted channels`);
  }
}
