import { checkChosen } from "./choice.ts";
import { walk } from "./components.ts";
import type { Component, FakeMessage, Interaction } from "./records.ts";
import { sendInteraction, type Occasion } from "./events.ts";
import { describeMessage } from "./message-form.ts";
import { checkSight } from "./sight.ts";
import { componentKind, interactionKind, selectKinds, type Fields } from "./wire.ts";
import type { World } from "./world.ts";

export type PressAction = Occasion & { message: FakeMessage; customId: string };

/** Somebody presses a button: only one that is there, is enabled, and that they can see. */
export function pressButton(world: World, { message, customId, ...occasion }: PressAction): Interaction {
  const component = findControl(world, { message, customId, ...occasion });
  if (component.type !== componentKind.button) throw new Error(`${customId} is not a button`);
  const data = { custom_id: customId, component_type: component.type, id: component.id };
  return sendFromMessage(world, { message, occasion, data });
}

/** Somebody chooses from a select menu. */
export function chooseFrom(
  world: World,
  { message, customId, values, ...occasion }: PressAction & { values: string[] },
): Interaction {
  const component = findControl(world, { message, customId, ...occasion });
  if (!selectKinds.includes(component.type)) throw new Error(`${customId} is not a select menu`);
  checkChosen(component, values, { mayBeEmpty: false });
  const data = { custom_id: customId, component_type: component.type, id: component.id, values };
  return sendFromMessage(world, { message, occasion, data });
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

/** Links and premium buttons raise no event and have no `custom_id` to be found by. */
function findControl(world: World, { message, customId, user = world.asker }: PressAction): Component {
  checkSight(world, message, user);
  const controls = walk(message.components).map(({ component }) => component);
  const found = controls.find(({ custom_id }) => custom_id === customId);
  if (found === undefined) {
    const there = controls.flatMap(({ custom_id }) => custom_id ?? []);
    throw new Error(`no component ${customId} in the message, but ${there.join(", ") || "none at all"}`);
  }
  if (found.disabled) throw new Error(`${customId} cannot be pressed: it is disabled`);
  return found;
}
