import { isNamed } from "../fakes/button-name.ts";
import { randomBytes } from "node:crypto";
import { DISCORD_TIMES } from "../../adapters/discord/times.ts";
import { readFileSync } from "node:fs";
import sharp from "sharp";
import { expect } from "vitest";
import { discordSender } from "../../adapters/discord/send.ts";
import { registerCommands } from "../../adapters/discord/register.ts";
import { startDiscord } from "../../adapters/discord/start.ts";
import type { DiscordSettings } from "../../adapters/discord/settings.ts";
import { changeAddress, findInLine, leaveLine } from "../../src/jobs/line.ts";
import { connectAzure, prepareStorage } from "../../src/storage/azure.ts";
import type { Azure } from "../../src/storage/azure.ts";
import { finalReply } from "../../src/replies/compose-reply.ts";
import type { Send } from "../../src/replies/delivery.ts";
import { listPictures } from "../../src/jobs/history.ts";
import { readJob } from "../../src/jobs/job.ts";
import type { Job } from "../../src/jobs/job.ts";
import { log } from "../../src/log.ts";
import { pictureBlob } from "../../src/storage/picture-blobs.ts";
import { readSettings } from "../../src/settings.ts";
import type { Settings } from "../../src/settings.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { makeCertificates, trustAuthority } from "../fakes/certificates.ts";
import { startFakeDiscord } from "../../local/discord/start.ts";
import type { FakeDiscord, FakeDiscordOptions } from "../../local/discord/start.ts";
import type { Occasion } from "../../local/discord/events.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import type { PlayedInteraction } from "../../local/discord/played-interaction.ts";
import { buttonsOf, textOf } from "../../local/discord/reading.ts";
import type { Person } from "../../local/discord/places.ts";

export type World = {
  discord: FakeDiscord;
  azurite: Azurite;
  azure: Azure;
  settings: Settings;
  discordSettings: DiscordSettings;
  /** What a worker delivers with; there is no worker here. */
  send: Send;
  stop(): Promise<void>;
};

/**
 * Discord and storage as the bot's Discord adapter meets them: on the wire. The commands are registered. With
 * `atItsAddress` Discord stands where it does in production, and nothing else of the world is within reach: one such world
 * for each test file.
 */
export async function startWorld({
  atItsAddress,
  ...options
}: FakeDiscordOptions & { atItsAddress?: boolean } = {}): Promise<World> {
  log.level = "silent";
  const tls = atItsAddress ? trustedCertificates() : undefined;
  const [discord, azurite] = await Promise.all([
    startFakeDiscord({ rateLimits: false, tls, ...options }),
    startAzurite(),
  ]);
  if (tls) await redirectHosts(discord);
  const faults: string[] = [];
  const settings = readSettings(
    {
      IMAGE_MODELS: "gpt-image-2=pictures,dall-e-3=dalle3",
      AZURE_OPENAI_ENDPOINT: "https://easel.openai.azure.com",
      AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString,
      PUBLIC_URL: "https://easel.example.org",
    },
    faults,
  );
  if (faults.length) throw new Error(faults.join("\n"));
  const azure = connectAzure(settings);
  await prepareStorage(azure, AbortSignal.timeout(20_000));
  const discordSettings = {
    token: discord.token,
    applicationId: discord.applicationId,
    ...(!tls && { api: `${discord.url}/api` }),
    times: DISCORD_TIMES,
  };
  await registerCommands(settings, discordSettings);
  return {
    discord,
    azurite,
    azure,
    settings,
    discordSettings,
    send: discordSender(discordSettings, azure),
    stop: async () => {
      await Promise.all([discord.stop(), azurite.stop()]);
    },
  };
}

const HOSTS = ["discord.com", "gateway.discord.gg", "cdn.discordapp.com", "media.discordapp.net"];

function trustedCertificates(): { key: string; cert: string } {
  const certificates = makeCertificates(HOSTS);
  trustAuthority(certificates);
  return { key: readFileSync(certificates.key, "utf8"), cert: readFileSync(certificates.cert, "utf8") };
}

/** In this very process, where the preload is an import. */
async function redirectHosts({ port }: FakeDiscord): Promise<void> {
  process.env.REDIRECT = JSON.stringify(Object.fromEntries(HOSTS.map((host) => [host, port])));
  await import("../../local/redirect.ts");
}

/** The bot's Discord side, connected. */
export async function startBot({ settings, discordSettings, azure, discord }: World) {
  const before = discord.gateway.log.filter(({ what }) => what === "ready" || what === "resumed").length;
  const bot = startDiscord(settings, discordSettings, azure);
  await discord.until(() => bot.ready() || undefined, { what: `the bot to be ready (${before} before)` });
  return bot;
}

export function imagine({ discord }: World, options: Record<string, string | number | boolean>, occasion: object = {}) {
  return discord.command({ name: "imagine", options, ...occasion });
}

/** The saved job of an event, once the waiting message stands and the job has been let go. */
export async function jobOf({ azure }: World, { id }: PlayedInteraction): Promise<Job> {
  for (let tries = 0; tries < 100; tries += 1) {
    const file = await readJob(`discord-${id}`, azure);
    if (file) return file.job;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  throw new Error("the job was never saved");
}

/** Pixels that no compressor makes smaller, so that a picture has about as many bytes as it has pixels times three. */
export async function noisyPicture(width: number, height: number): Promise<Buffer> {
  const raw = { width, height, channels: 3 as const };
  return sharp(randomBytes(width * height * 3), { raw })
    .png({ compressionLevel: 0 })
    .toBuffer();
}

export async function plainPicture(): Promise<Buffer> {
  return sharp({ create: { width: 64, height: 64, channels: 3, background: "#336699" } })
    .png()
    .toBuffer();
}

/** What a worker would have done: every picture kept, in storage and in the job. */
export async function withPictures(job: Job, { azure }: World, bytes: Buffer, revisedPrompt?: string): Promise<Job> {
  const preview = await sharp(bytes).resize(512, 512, { fit: "inside" }).jpeg({ quality: 60 }).toBuffer();
  const { width, height } = await sharp(bytes).metadata();
  const pictures = job.pictures.map((picture) => ({
    ...picture,
    state: "kept" as const,
    kept: {
      name: `${picture.id}.png`,
      preview: `${picture.id}-preview.jpg`,
      mediaType: "image/png",
      width,
      height,
      bytes: bytes.length,
      revisedPrompt,
    },
  }));
  for (const { kept } of pictures) {
    await pictureBlob(kept.name, azure).upload(bytes, bytes.length);
    await pictureBlob(kept.preview, azure).upload(preview, preview.length);
  }
  return { ...job, pictures };
}

export async function finishedReply(job: Job, world: World, bytes?: Buffer) {
  return finalReply(await withPictures(job, world, bytes ?? (await plainPicture())), world.settings);
}

export function refusedReply(job: Job, { settings }: World) {
  const pictures = job.pictures.map((picture) => ({
    ...picture,
    state: "refused" as const,
    refusal: { because: "violence" as const, stage: "prompt" as const },
  }));
  return finalReply({ ...job, pictures }, settings);
}

/** Asks for pictures and lets them come, as a worker would: in the record, in the lists and in the message. */
export async function drawn(
  world: World,
  options: Record<string, string | number | boolean>,
  { revised, bytes, ...occasion }: { revised?: string; bytes?: Buffer } & Occasion = {},
): Promise<{ asked: PlayedInteraction; job: Job; message: FakeMessage }> {
  const asked = await imagine(world, options, occasion);
  await asked.untilOriginal((shown) => /(its|their) way/.test(textOf(shown)));
  const job = await finish(world, `discord-${asked.id}`, { revised, bytes });
  return { asked, job, message: asked.original() ?? expect.fail("no message") };
}

/** Lets the pictures of a job come that was accepted. */
export async function finish(
  world: World,
  jobId: string,
  { revised, bytes }: { revised?: string; bytes?: Buffer } = {},
): Promise<Job> {
  const { azure } = world;
  const own = findInLine(jobId, azure)?.own ?? expect.fail("no such job");
  const { pictures } = await withPictures(own.job, world, bytes ?? (await plainPicture()), revised);
  await own.change(
    (changed) => void Object.assign(changed, { pictures, toldAt: new Date().toISOString(), listed: true }),
  );
  const { job } = own;
  leaveLine(jobId, azure);
  await own.release();
  await listPictures(job, azure);
  const delivery = await world.send(job.address, finalReply(job, world.settings));
  if (!delivery.delivered) throw new Error(delivery.because);
  if (delivery.address) await changeAddress(job.id, delivery.address, azure);
  return job;
}

/** The message in which a button of this name stands: this one, or what the asker alone is shown behind its last button. */
export async function messageWith(
  { discord }: World,
  message: FakeMessage,
  { label, picture, user }: { label: string; picture?: number; user?: Person },
): Promise<FakeMessage> {
  const buttons = buttonsOf(message);
  if (buttons.some((button) => isNamed(button.label, label))) return message;
  const name = picture ? String(picture) : "More…";
  const { customId } = buttons.find((button) => button.label === name) ?? expect.fail(`no button ${name}`);
  const opened = await discord.button({ message, customId: customId ?? "", user });
  return opened.untilFollowup((shown) => buttonsOf(shown).some((button) => isNamed(button.label, label)));
}
