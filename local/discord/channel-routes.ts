import { announceMessage, isMeantForBot } from "./announcements.ts";
import { blankMessage, describeMessage } from "./message-form.ts";
import {
  changeMessage,
  createMessage,
  creatableFlags,
  editableFlags,
  prepareContents,
  removeMessage,
  type MessageBody,
  type Writing,
} from "./messages.ts";
import type { FakeMessage, LoggedRequest } from "./records.ts";
import { countOldEdit } from "./old-edits.ts";
import { describeChannel, makeChannel, refusalOfThread, type Channel } from "./places.ts";
import { refusal, type Answer } from "./refusals.ts";
import { intent, type Fields } from "./wire.ts";
import type { World } from "./world.ts";

/** What a channel route found, or why it may not. All of these need the bot's token and the bot in that place. */
type FoundChannel = { channel: Channel; refused?: undefined } | { channel?: undefined; refused: Answer };
type FoundMessage =
  | { message: FakeMessage; channel: Channel; refused?: undefined }
  | { message?: undefined; channel?: undefined; refused: Answer };

export async function readChannel(world: World, _: LoggedRequest, [channelId]: string[]): Promise<Answer> {
  const { channel, refused } = findChannel(world, channelId);
  return refused ?? { status: 200, body: describeChannel(channel, world.people) };
}

export async function postMessage(world: World, request: LoggedRequest, [channelId]: string[]): Promise<Answer> {
  const { channel, refused } = findChannel(world, channelId);
  if (refused) return refused;
  if (!channel.write) return refusal(channel.kind === "direct" ? 50007 : 50013);
  // The post itself opens what is only archived.
  const closed = channel.locked && refusalOfThread(channel);
  if (closed) return refusal(closed);
  const body = request.body as MessageBody;
  const repeated = findByNonce(world, body, channel.id);
  if (repeated) return { status: 200, body: describeMessage(world, repeated) };
  const { contents, refused: unfit } = await prepareContents(world, {
    ...writingOf(world, request, channel),
    allowedFlags: creatableFlags,
  });
  if (unfit) return unfit;
  channel.archived = false;
  const replyTo = body.message_reference?.message_id ?? undefined;
  const message = createMessage(world, contents, {
    channelId: channel.id,
    guildId: channel.guildId,
    sender: "bot",
    type: replyTo === undefined ? 0 : 19,
    replyTo,
    userInstallOnly: false,
    nonce: body.nonce ?? undefined,
  });
  if (body.enforce_nonce && body.nonce) world.nonces.set(`${channel.id} ${body.nonce}`, message.id);
  announceMessage(world, "MESSAGE_CREATE", message);
  return { status: 200, body: describeMessage(world, message) };
}

export async function editMessage(world: World, request: LoggedRequest, parts: string[]): Promise<Answer> {
  const { message, channel, refused } = findMessage(world, parts);
  if (refused) return refused;
  const closed = refusalOfThread(channel);
  if (closed) return refusal(closed);
  if (message.author.id !== world.bot.id) return refusal(50005);
  const { contents, refused: unfit } = await prepareContents(world, {
    ...writingOf(world, request, channel),
    allowedFlags: editableFlags,
    previous: message,
  });
  if (unfit) return unfit;
  const tooOften = countOldEdit(world, message);
  if (tooOften) return tooOften;
  changeMessage(world, message, contents, "bot");
  announceMessage(world, "MESSAGE_UPDATE", message);
  return { status: 200, body: describeMessage(world, message) };
}

/** The newest first, 50 unless asked for more or fewer. */
export async function readMessages(world: World, { query }: LoggedRequest, [channelId]: string[]): Promise<Answer> {
  const { channel, refused } = findChannel(world, channelId);
  if (refused) return refused;
  const newest = [...world.messages.values()]
    .filter(
      (message) => message.channelId === channel.id && message.ephemeralFor === undefined && !message.userInstallOnly,
    )
    .toSorted((a, b) => Number(BigInt(b.id) - BigInt(a.id)));
  const body = newest.slice(0, Number(query.get("limit") ?? 50)).map((message) => seenByBot(world, message));
  return { status: 200, body };
}

/** Without the privileged intent, what others wrote is blank here as well, unless it was meant for the bot. */
export async function readMessage(world: World, _: LoggedRequest, parts: string[]): Promise<Answer> {
  const { message, refused } = findMessage(world, parts);
  if (refused) return refused;
  return { status: 200, body: seenByBot(world, message) };
}

function seenByBot(world: World, message: FakeMessage): Fields {
  const may = isMeantForBot(world, message) || (world.limits.grantedIntents & intent.messageContent) !== 0;
  const described = describeMessage(world, message);
  return may ? described : blankMessage(described);
}

export async function deleteMessage(world: World, _: LoggedRequest, parts: string[]): Promise<Answer> {
  const { message, channel, refused } = findMessage(world, parts);
  if (refused) return refused;
  const closed = refusalOfThread(channel);
  if (closed) return refusal(closed);
  if (message.author.id !== world.bot.id) return refusal(50013);
  removeMessage(world, message);
  announceMessage(world, "MESSAGE_DELETE", message);
  return { status: 204 };
}

export async function showTyping(world: World, _: LoggedRequest, [channelId]: string[]): Promise<Answer> {
  const { refused } = findChannel(world, channelId);
  return refused ?? { status: 204 };
}

export async function openDirectChannel(world: World, request: LoggedRequest): Promise<Answer> {
  const recipientId = (request.body as { recipient_id?: string | null }).recipient_id ?? "";
  const person = world.people.get(recipientId);
  if (person === undefined) return refusal(10013);
  return { status: 200, body: describeChannel(directChannel(world, person.id), world.people) };
}

/** The bot's own channel with one person: there is one, and it stays. */
export function directChannel(world: World, recipientId: string): Channel {
  const found = [...world.channels.values()].find((one) => one.kind === "direct" && one.recipientId === recipientId);
  const channel = found ?? makeChannel({ kind: "direct", recipientId });
  world.channels.set(channel.id, channel);
  return channel;
}

export function findChannel(world: World, id: string | undefined): FoundChannel {
  const channel = world.channels.get(id ?? "");
  if (channel === undefined) return { refused: refusal(10003) };
  return channel.access ? { channel } : { refused: refusal(50001) };
}

/** The bot's token opens neither ephemeral messages nor those in a place where the bot is only a guest. */
export function findMessage(world: World, [channelId, messageId]: string[]): FoundMessage {
  const { channel, refused } = findChannel(world, channelId);
  if (refused) return { refused };
  const message = world.messages.get(messageId ?? "");
  if (message === undefined || message.channelId !== channelId) return { refused: refusal(10008) };
  if (message.userInstallOnly) return { refused: refusal(50001) };
  return message.ephemeralFor === undefined ? { message, channel } : { refused: refusal(10008) };
}

function findByNonce(world: World, { nonce, enforce_nonce }: MessageBody, channelId: string): FakeMessage | undefined {
  if (!enforce_nonce || !nonce) return undefined;
  return world.messages.get(world.nonces.get(`${channelId} ${nonce}`) ?? "");
}

function writingOf(world: World, { body, files }: LoggedRequest, channel: Channel): Omit<Writing, "allowedFlags"> {
  return {
    body: body as MessageBody & Fields,
    files,
    sender: "bot",
    channelId: channel.id,
    ephemeral: false,
    fileBytes: world.limits.fileBytes,
    mayAttach: channel.attach,
  };
}
