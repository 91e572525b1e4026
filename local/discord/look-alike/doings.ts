/** What a page asks for is done here, as the person that it names. */
import { sendCommand, sendContextCommand } from "../actions.ts";
import type { GivenFile, GivenOptions, OptionValue } from "../command-options.ts";
import type {
  Dismiss,
  Said,
  Say,
  SendCommand,
  SendMessageCommand,
  SendModal,
  SendPress,
  SendSelect,
  Sent,
} from "../page-protocol.ts";
import { submitModal, type FieldValue } from "../modal-submission.ts";
import type { FakeMessage, Interaction } from "../records.ts";
import type { Person } from "../places.ts";
import { say } from "../posts.ts";
import { chooseFrom, pressButton } from "../press.ts";
import { checkSight } from "../sight.ts";
import { noteChange, type World } from "../world.ts";

export type Desk = {
  world: World;
  uploads: Map<string, GivenFile>;
  /** How often the next event is delivered. */
  deliveries: () => number;
};

/** By the last word of the address. An error is a sentence for the person: what a client would not let them do. */
export const doings: Record<string, (desk: Desk, body: never) => Promise<Sent | Said | undefined>> = {
  command: async (desk, { person, channel, name, options }: SendCommand) =>
    sent(
      await sendCommand(desk.world, {
        ...occasionOf(desk, person),
        channel,
        name,
        options: optionsOf(desk, options),
      }),
    ),
  "message-command": async (desk, { person, name, message }: SendMessageCommand) =>
    sent(sendContextCommand(desk.world, { ...occasionOf(desk, person), name, target: findMessage(desk, message) })),
  press: async (desk, { person, message, custom_id }: SendPress) =>
    sent(
      pressButton(desk.world, {
        ...occasionOf(desk, person),
        message: findMessage(desk, message),
        customId: custom_id,
      }),
    ),
  select: async (desk, { person, message, custom_id, values }: SendSelect) =>
    sent(
      chooseFrom(desk.world, {
        ...occasionOf(desk, person),
        message: findMessage(desk, message),
        customId: custom_id,
        values,
      }),
    ),
  modal: async (desk, { person, interaction, values }: SendModal) => {
    const openedBy = desk.world.interactions.get(interaction);
    if (openedBy === undefined) throw new Error("This form is gone.");
    const filled = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fieldOf(desk, value)]));
    return sent(await submitModal(desk.world, { ...occasionOf(desk, person), openedBy, values: filled }));
  },
  say: async ({ world }, { person, channel, content }: Say) => {
    if (!content.trim()) throw new Error("There is nothing to send.");
    const place = world.channels.get(channel);
    if (place?.locked) throw new Error("This thread is locked.");
    const message = say(world, { user: findPerson(world, person), channel, content });
    if (place) place.archived = false;
    return { message: message.id };
  },
  dismiss: async (desk, { person, message: id }: Dismiss) => {
    const message = findMessage(desk, id);
    checkSight(desk.world, message, findPerson(desk.world, person));
    if (message.ephemeralFor !== person) throw new Error("Only what you alone can see can be dismissed.");
    message.dismissed = true;
    noteChange(desk.world);
    return undefined;
  },
};

function sent({ id }: Interaction): Sent {
  return { interaction: id };
}

function occasionOf({ world, deliveries }: Desk, person: string) {
  return { user: findPerson(world, person), times: deliveries() };
}

export function findPerson(world: World, id: string | undefined): Person {
  const person = world.people.get(id ?? "");
  if (person === undefined || person.bot) throw new Error("There is no such person.");
  return person;
}

function findMessage({ world }: Desk, id: string): FakeMessage {
  const message = world.messages.get(id);
  if (message === undefined) throw new Error("The message is gone.");
  return message;
}

function optionsOf(desk: Desk, options: SendCommand["options"]): GivenOptions {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]): [string, OptionValue] => [
      name,
      typeof value === "object" ? { file: fileOf(desk, value.upload) } : value,
    ]),
  );
}

function fieldOf(desk: Desk, value: SendModal["values"][string]): FieldValue {
  return typeof value === "object" && "uploads" in value
    ? { files: value.uploads.map((upload) => fileOf(desk, upload)) }
    : value;
}

function fileOf({ uploads }: Desk, id: string): GivenFile {
  const file = uploads.get(id);
  if (file === undefined) throw new Error("The file is gone: please choose it again.");
  return file;
}
