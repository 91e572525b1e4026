import { once } from "node:events";
import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  Client,
  DiscordAPIError,
  Events,
  type ChatInputCommandInteraction,
  type Interaction,
} from "discord.js";
import sharp from "sharp";
import { afterEach } from "vitest";
import { startFakeDiscord, type FakeDiscord, type FakeDiscordOptions } from "../../local/discord/start.ts";

// A bot of bare discord.js, with which the fake itself is tried. What a test opens is closed after it.

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

export const picture = await sharp({ create: { width: 8, height: 6, channels: 3, background: "#369" } })
  .png()
  .toBuffer();

export type Listener = (interaction: Interaction) => Promise<unknown>;
export type Command = ChatInputCommandInteraction;

export async function openDiscord(options: FakeDiscordOptions = {}): Promise<FakeDiscord> {
  const discord = await startFakeDiscord({ rateLimits: false, ...options });
  cleanUps.push(discord.stop);
  return discord;
}

export async function openClient(discord: FakeDiscord, intents = 0): Promise<Client<true>> {
  const client = new Client({ intents, rest: { api: `${discord.url}/api`, cdn: discord.url, retries: 0 } });
  cleanUps.push(() => client.destroy());
  client.on(Events.Error, () => undefined);
  const ready = once(client, Events.ClientReady);
  await client.login(discord.token);
  await ready;
  return client as Client<true>;
}

/** A bot whose one listener is `listen`; what it throws is told by `failure`. */
export async function openBot(
  discord: FakeDiscord,
  listen: Listener,
): Promise<{ client: Client<true>; failure: Promise<unknown> }> {
  const client = await openClient(discord);
  const { promise, resolve } = Promise.withResolvers<unknown>();
  client.on(Events.InteractionCreate, (interaction) => {
    listen(interaction).catch(resolve);
  });
  return { client, failure: promise };
}

export function onCommand(listen: (interaction: Command) => Promise<unknown>): Listener {
  return async (interaction) => (interaction.isChatInputCommand() ? listen(interaction) : undefined);
}

export async function refusedWith(promise: Promise<unknown>): Promise<{ code: number | string; status: number }> {
  const error = await promise.then(
    () => undefined,
    (problem: unknown) => problem,
  );
  if (!(error instanceof DiscordAPIError)) throw new Error(`not refused: ${String(error)}`);
  return { code: error.code, status: error.status };
}

/** Plays one command of which `listen` is expected to be refused. */
export async function refusedCommand(discord: FakeDiscord, listen: (interaction: Command) => Promise<unknown>) {
  const done = Promise.withResolvers<{ code: number | string; status: number }>();
  await openBot(
    discord,
    onCommand(async (interaction) => {
      refusedWith(listen(interaction)).then(done.resolve, done.reject);
    }),
  );
  const interaction = await discord.command({ name: "imagine", options: { prompt: "a lighthouse" } });
  return { interaction, ...(await done.promise) };
}

/** What the button of `again` is called on the wire. */
export const againId = "again:1";

export function again(): ActionRowBuilder<ButtonBuilder> {
  const button = new ButtonBuilder().setCustomId(againId).setLabel("Again").setStyle(ButtonStyle.Primary);
  return new ActionRowBuilder<ButtonBuilder>().addComponents(button);
}

export function gallery(url: string, text = "a lighthouse"): object[] {
  return [
    {
      type: 17,
      components: [
        { type: 10, content: text },
        { type: 12, items: [{ media: { url }, description: "a lighthouse of books" }] },
        { type: 14 },
        again().toJSON(),
      ],
    },
  ];
}
