import type { Callback, FakeMessage, Interaction, Modal } from "./records.ts";
import type { Person } from "./places.ts";
import type { Fields } from "./wire.ts";
import { until, type World } from "./world.ts";

/** An event in the hands of a test: what the bot made of it. */
export type PlayedInteraction = {
  readonly id: string;
  readonly token: string;
  readonly user: Person;
  readonly channelId: string;
  /** As it was sent over the gateway. */
  readonly event: Fields;
  /** How many times a connection was given it. None means that nobody will answer, unless a session resumes. */
  readonly deliveries: number;
  readonly callback: Callback | undefined;
  readonly modal: Modal | undefined;
  /** Waits for the first answer. */
  answered: (seconds?: number) => Promise<Callback>;
  /** What `@original` means now; undefined when there is none (yet), or when it was deleted. */
  original: () => FakeMessage | undefined;
  followups: () => FakeMessage[];
  /** Waits until the original message pleases. */
  untilOriginal: (pleases: (message: FakeMessage) => boolean, seconds?: number) => Promise<FakeMessage>;
  /** Waits for a follow-up that pleases. */
  untilFollowup: (pleases?: (message: FakeMessage) => boolean, seconds?: number) => Promise<FakeMessage>;
  /** Lets time go by, for this event alone. */
  age: (seconds: number) => void;
  /** The token dies now. */
  expire: () => void;
};

export function playInteraction(world: World, interaction: Interaction): PlayedInteraction {
  const original = (): FakeMessage | undefined => world.messages.get(interaction.originalId ?? "");
  const followups = (): FakeMessage[] => interaction.followupIds.flatMap((id) => world.messages.get(id) ?? []);
  return {
    id: interaction.id,
    token: interaction.token,
    user: interaction.user,
    channelId: interaction.channelId,
    get event() {
      return interaction.event;
    },
    get deliveries() {
      return interaction.deliveries;
    },
    get callback() {
      return interaction.callback;
    },
    get modal() {
      return interaction.modal;
    },
    original,
    followups,
    answered: (seconds = 40) => until(world, () => interaction.callback, { seconds, what: "an answer to the event" }),
    untilOriginal: (pleases, seconds = 40) => {
      const look = (): FakeMessage | undefined => [original()].find((one) => one !== undefined && pleases(one));
      return until(world, look, { seconds, what: "the original message to please" });
    },
    untilFollowup: (pleases = () => true, seconds = 40) =>
      until(world, () => followups().find(pleases), { seconds, what: "a follow-up" }),
    age: (seconds) => {
      interaction.sentAt -= seconds * 1000;
    },
    expire: () => {
      interaction.sentAt = 0;
    },
  };
}
