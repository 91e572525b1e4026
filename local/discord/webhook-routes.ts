import { announceMessage } from "./announcements.ts";
import { birthOf, isEphemeral, mayAttach } from "./callback-routes.ts";
import { describeOrigin, openWebhook } from "./interactions.ts";
import type { FakeMessage, Interaction, LoggedRequest } from "./records.ts";
import { describeMessage } from "./message-form.ts";
import {
  changeMessage,
  createMessage,
  creatableFlags,
  editableFlags,
  prepareContents,
  removeMessage,
  type MessageBody,
} from "./messages.ts";
import { countOldEdit } from "./old-edits.ts";
import { refusalOfThread } from "./places.ts";
import { refusal, type Answer } from "./refusals.ts";
import { messageFlag } from "./wire.ts";
import { noteChange, type World } from "./world.ts";

/** A user-installed bot is a guest: five words and no more. */
const followupsOfGuest = 5;

export async function createFollowup(
  world: World,
  request: LoggedRequest,
  [application, token]: string[],
): Promise<Answer> {
  const { interaction, refused } = openWebhook(world, application ?? "", token ?? "");
  if (refused) return refused;
  const closed = refusalIn(world, interaction);
  if (closed) return closed;
  const original = world.messages.get(interaction.originalId ?? "");
  // Deprecated, and still so: the first follow-up after a defer fills the message that is loading.
  if (original && (original.flags & messageFlag.loading) !== 0)
    return changeThrough(world, request, { interaction, message: original });
  if (interaction.userInstallOnly && interaction.followupIds.length >= followupsOfGuest) return refusal(40094);
  const body = request.body as MessageBody;
  const ephemeral = isEphemeral(interaction, body.flags);
  const { contents, refused: unfit } = await prepareContents(world, {
    ...writingOf(interaction, request),
    ephemeral,
    allowedFlags: creatableFlags | messageFlag.ephemeral,
  });
  if (unfit) return unfit;
  const message = createMessage(world, contents, {
    ...birthOf(interaction, ephemeral),
    type: interaction.originalId === undefined ? 0 : 19,
    replyTo: interaction.originalId,
    interactionMetadata: describeOrigin(interaction, interaction.originalId),
  });
  interaction.followupIds.push(message.id);
  announceMessage(world, "MESSAGE_CREATE", message);
  return { status: 200, body: describeMessage(world, message) };
}

export async function editThroughWebhook(world: World, request: LoggedRequest, parts: string[]): Promise<Answer> {
  const found = findMessage(world, parts);
  return found.refused ?? changeThrough(world, request, found);
}

export async function readThroughWebhook(world: World, _: LoggedRequest, parts: string[]): Promise<Answer> {
  const { message, refused } = findMessage(world, parts);
  return refused ?? { status: 200, body: describeMessage(world, message) };
}

export async function deleteThroughWebhook(world: World, _: LoggedRequest, parts: string[]): Promise<Answer> {
  const { interaction, message, refused } = findMessage(world, parts);
  if (refused) return refused;
  const closed = refusalIn(world, interaction);
  if (closed) return closed;
  removeMessage(world, message);
  announceMessage(world, "MESSAGE_DELETE", message);
  return { status: 204 };
}

type Found =
  | { interaction: Interaction; message: FakeMessage; refused?: undefined }
  | { refused: Answer; interaction?: undefined; message?: undefined };

function findMessage(world: World, [application, token, name]: string[]): Found {
  const { interaction, refused } = openWebhook(world, application ?? "", token ?? "");
  if (refused) return { refused };
  const ids = [interaction.originalId, ...interaction.followupIds];
  const id = name === "@original" ? interaction.originalId : ids.find((one) => one === name);
  const message = world.messages.get(id ?? "");
  return message === undefined ? { refused: refusal(10008) } : { interaction, message };
}

async function changeThrough(
  world: World,
  request: LoggedRequest,
  { interaction, message }: { interaction: Interaction; message: FakeMessage },
): Promise<Answer> {
  const closed = refusalIn(world, interaction);
  if (closed) return closed;
  const { contents, refused } = await prepareContents(world, {
    ...writingOf(interaction, request),
    ephemeral: message.ephemeralFor !== undefined,
    allowedFlags: editableFlags,
    previous: message,
  });
  if (refused) return refused;
  const tooOften = countOldEdit(world, message);
  if (tooOften) return tooOften;
  changeMessage(world, message, contents, "webhook");
  announceMessage(world, "MESSAGE_UPDATE", message);
  noteChange(world);
  return { status: 200, body: describeMessage(world, message) };
}

function refusalIn(world: World, { channelId }: Interaction): Answer | undefined {
  const channel = world.channels.get(channelId);
  const code = channel && refusalOfThread(channel);
  return code && refusal(code);
}

function writingOf(interaction: Interaction, { body, files }: LoggedRequest) {
  const { channelId, fileBytes } = interaction;
  const sender = "webhook" as const;
  return { body: body as MessageBody, files, sender, channelId, fileBytes, mayAttach: mayAttach(interaction) };
}
