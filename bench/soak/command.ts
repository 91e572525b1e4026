import type { PlayedInteraction } from "../../local/discord/played-interaction.ts";
import type { Turn } from "../../test/fakes/microsoft/teams-client.ts";

/** Something that a person does, in one step or in several. */
export type Command = {
  number: number;
  platform: "discord" | "teams";
  kind: string;
  user: string;
  at: number;
  /** Stands in its words, so that calls and messages can be told from all others. */
  tag: string;
  /** What the person did, in order, and what came of it. */
  notes: { at: number; what: string }[];
  interactions: PlayedInteraction[];
  turns: Turn[];
  /** All that this person wants to do is done. */
  isOver: boolean;
};

export function note(command: Command, what: string): void {
  command.notes.push({ at: Date.now(), what });
}

/** What people do, and how often for each hundred commands. */
export type Doings = Record<string, { often: number; act: (command: Command) => Promise<void> }>;
