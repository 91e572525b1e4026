import { isNamed } from "../fakes/button-name.ts";
import { startWorld } from "../end-to-end/world.ts";
import { walk } from "../../local/discord/components.ts";
import type { Person } from "../../local/discord/places.ts";
import type { PlayedInteraction } from "../../local/discord/played-interaction.ts";
import { meaningsIn } from "../../local/discord/markdown.ts";
import { buttonsOf, picturesOf, textOf } from "../../local/discord/reading.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import { refusal } from "../../local/discord/refusals.ts";
import type { FakeDiscord } from "../../local/discord/start.ts";
import type { Acknowledged, Chat, Platform, Seen, Who } from "./platform.ts";

export async function openDiscord(): Promise<Platform> {
  // How long an answer takes is measured; a machine that has much else to do lets nothing else fail.
  const world = await startWorld({ discord: { rateLimits: false, interactionSeconds: 60 } });
  const { discord } = world;
  const start = async () => {
    const started = await world.startBot({ ...ALONE, IDEAS_MODEL: "ideas" });
    await discord.untilConnected(1, 60);
    return started;
  };
  let bot = await start();
  return {
    name: "Discord",
    world,
    patience: { command: 3000, press: 3000 },
    openChat: () => openChat(discord),
    refusePictures: () =>
      discord.fail({ when: ({ files }) => files.length > 0 }, { answer: refusal(40005), times: Infinity }).stop,
    fetch: (address) => fetch(`http://127.0.0.1:${bot.port}${new URL(address).pathname}`),
    async restart() {
      await bot.end();
      bot = await start();
    },
    violations: () => discord.violations,
    stop: () => world.stop(),
  };
}

/** Without Teams. */
const ALONE = {
  MicrosoftAppId: undefined,
  MicrosoftAppPassword: undefined,
  MicrosoftAppType: undefined,
  MicrosoftAppTenantId: undefined,
};

let chats = 0;

function openChat(discord: FakeDiscord): Chat {
  chats += 1;
  const people: Record<Who, Person> = {
    asker: discord.addPerson(`Ada ${chats}`),
    other: discord.addPerson(`Grace ${chats}`),
    moderator: discord.addPerson(`Margaret ${chats}`, { moderator: true }),
  };
  const channel = discord.addChannel({ guildId: discord.guildId, name: `chat-${chats}` }).id;
  const messages = new WeakMap<Seen, FakeMessage>();
  const seen = (message: FakeMessage): Seen => {
    const one = seenOf(message);
    messages.set(one, { ...message });
    return one;
  };
  const pressOne = (message: FakeMessage, label: string, who: Who) =>
    discord.button({ message, customId: buttonIn(message, label), user: people[who] });
  /** Where a button of this name stands: behind More…, or behind the number of one of several, is what is not in sight. */
  const pressed = async (label: string, on: Seen, { who = "asker", picture }: { who?: Who; picture?: number } = {}) => {
    const message = messageOf(on, messages);
    if (buttonsOf(message).some((button) => isNamed(button.label, label))) return pressOne(message, label, who);
    const opened = await pressOne(message, picture ? String(picture) : "More…", who);
    const shown = await opened.untilFollowup(undefined, 60);
    return buttonsOf(shown).some((button) => isNamed(button.label, label)) ? pressOne(shown, label, who) : opened;
  };
  const sayYes = async (asked: PlayedInteraction, who: Who) => {
    const isAsked = (shown?: FakeMessage) =>
      shown !== undefined && buttonsOf(shown).some(({ label }) => label === "Delete for good");
    const answer = await discord.until(() => {
      const standing = asked.original();
      return isAsked(standing) ? standing : asked.followups()[0];
    });
    return isAsked(answer) ? pressOne(answer, "Delete for good", who) : asked;
  };
  const stands = () => discord.everStood(channel).filter(({ deleted }) => !deleted);
  return {
    names: { asker: people.asker.name, other: people.other.name, moderator: people.moderator.name },
    imagine: async (prompt, { who = "asker", options = {}, isAlone, copies } = {}) => {
      const given = { prompt, ...options, ...(isAlone && { private: true }) };
      return acknowledged(
        await discord.command({ name: "imagine", options: given, channel, user: people[who], times: copies }),
      );
    },
    edit: async (change, { who = "asker" } = {}) =>
      acknowledged(await discord.command({ name: "edit", options: { change }, channel, user: people[who] })),
    history: async ({ who = "asker" } = {}) =>
      acknowledged(await discord.command({ name: "history", channel, user: people[who] })),
    wall: async ({ who = "asker" } = {}) =>
      acknowledged(await discord.command({ name: "wall", channel, user: people[who] })),
    privacy: async ({ who = "asker" } = {}) =>
      acknowledged(await discord.command({ name: "privacy", channel, user: people[who] })),
    async press(label, on, by) {
      const event = await pressed(label, on, by);
      return acknowledged(label === "Delete" ? await sayYes(event, by?.who ?? "asker") : event);
    },
    async details(on) {
      const opened = await pressed("More…", on);
      return seen(await opened.untilFollowup(undefined, 60));
    },
    async open(label, on, by) {
      const modal = await pressed(label, on, by);
      await modal.answered(60);
      if (!modal.modal) return undefined;
      const words = walk(modal.modal.components).find(({ component }) => component.custom_id === "prompt")?.component;
      return {
        words: words?.value ?? "",
        send: async (prompt) => acknowledged(await discord.modalSubmit({ modal, values: { prompt } })),
      };
    },
    async change(panel, change, cells) {
      const message = messageOf(panel, messages);
      const modal = await discord.select({
        message,
        customId: menuIn(message),
        values: cells,
        user: people.asker,
      });
      await modal.answered(60);
      return acknowledged(await discord.modalSubmit({ modal, values: { change } }));
    },
    async pick(choice, on, { who = "asker" } = {}) {
      const message = messageOf(on, messages);
      const values = optionsIn(message).flatMap(({ label, value }) => (label === choice ? [value] : []));
      return acknowledged(await discord.select({ message, customId: menuIn(message), values, user: people[who] }));
    },
    seenBy: (who) =>
      stands()
        .filter((message) => isFor(message, people[who]))
        .map(seen),
    toldTo: (who) =>
      stands()
        .filter(({ ephemeralFor }) => ephemeralFor === people[who].id)
        .map(textOf)
        .join("\n"),
    everReadBy: (who) =>
      discord
        .everStood(channel)
        .filter((message) => isFor(message, people[who]))
        .flatMap(({ history }) => history.map(textOf))
        .join("\n"),
  };
}

async function acknowledged(event: PlayedInteraction): Promise<Acknowledged> {
  const { milliseconds } = await event.answered(60);
  return { milliseconds };
}

function isFor({ ephemeralFor }: FakeMessage, { id }: Person): boolean {
  return ephemeralFor === undefined || ephemeralFor === id;
}

function seenOf(message: FakeMessage): Seen {
  const text = textOf(message);
  const buttons = buttonsOf(message);
  const { users, roles, everyone } = message.pinged;
  return {
    id: message.id,
    text: readable(text),
    buttons: buttons.filter(({ url }) => !url).map(({ label }) => label),
    choices: optionsIn(message).map(({ label }) => label),
    pictures: picturesOf(message).length,
    links: buttons.flatMap(({ label, url }) => (url ? [{ label, url }] : [])),
    isAlone: message.ephemeralFor !== undefined,
    harm: [...users, ...roles, ...(everyone ? ["everyone"] : []), ...meaningsIn(text)],
  };
}

function messageOf(seen: Seen, messages: WeakMap<Seen, FakeMessage>): FakeMessage {
  const message = messages.get(seen);
  if (!message) throw new Error("this message is not of this chat");
  return message;
}

function buttonIn(message: FakeMessage, label: string): string {
  const { customId } = buttonsOf(message).find((button) => isNamed(button.label, label)) ?? {};
  if (!customId)
    throw new Error(
      `no button ${label}, but ${buttonsOf(message)
        .map((button) => button.label)
        .join()}`,
    );
  return customId;
}

/** A backslash shows the next character as it is, but within a block of code. */
function readable(text: string): string {
  const parts = text.split(/(```[^]*?```)/);
  return parts.map((part, index) => (index % 2 ? part : part.replaceAll(/\\([^])/g, "$1"))).join("");
}

function menuIn(message: FakeMessage): string {
  const menu = walk(message.components).find(({ component }) => component.options)?.component;
  return menu?.custom_id ?? "";
}

function optionsIn(message: FakeMessage): { label: string; value: string }[] {
  return walk(message.components).flatMap(({ component }) => component.options ?? []);
}
