import type { DiscordMessage, DiscordUser, InteractionState } from "../page-protocol.ts";

export type Picture = { url: string; description: string };

/** What a person can do to a message. */
export type Doings = {
  press(message: DiscordMessage, customId: string): void;
  select(message: DiscordMessage, customId: string, values: string[]): void;
  dismiss(message: DiscordMessage): void;
  view(pictures: Picture[], at: number): void;
  openMenu(message: DiscordMessage, at: { x: number; y: number }, cameFrom: HTMLElement): void;
  goTo(message: string): void;
  goToChannel(channel: string): void;
};

/** With what a message is looked at: who is who, what else is there, and what was pressed last on it. */
export type Sight = {
  names: { user(id: string): string | undefined; channel(id: string): string | undefined };
  messages: ReadonlyMap<string, DiscordMessage>;
  pressed(message: string): InteractionState | undefined;
  bot: DiscordUser;
  does: Doings;
};
