import { describeCallback, describeOrigin, isTooLate } from "./interactions.ts";
import type { Callback, Contents, FakeMessage, Interaction, LoggedRequest, Modal } from "./records.ts";
import { announceMessage } from "./announcements.ts";
import {
  changeMessage,
  createMessage,
  creatableFlags,
  editableFlags,
  prepareContents,
  type MessageBody,
} from "./messages.ts";
import { checkModal } from "./modal-rules.ts";
import { invalidForm, refusal, type Answer, type Problem } from "./refusals.ts";
import { callbackKind, interactionKind, messageFlag, permission, type Fields } from "./wire.ts";
import { noteChange, type World } from "./world.ts";

type CallbackBody = { type: number; data?: (MessageBody & Fields) | null };

/** The first answer to an event. */
export async function answerInteraction(world: World, request: LoggedRequest, [id, token]: string[]): Promise<Answer> {
  const interaction = world.interactions.get(id ?? "");
  if (interaction === undefined || interaction.token !== token) return refusal(10062);
  const dead = findDead(world, interaction);
  if (dead) return dead;
  const body = request.body as CallbackBody;
  const problems = checkCallback(interaction, body);
  if (problems.length > 0) return invalidForm(problems);
  const prepared = await prepareCallback(world, interaction, request);
  if (prepared.refused) return prepared.refused;
  const overtaken = findDead(world, interaction);
  if (overtaken) return overtaken;
  interaction.callback = logCallback(interaction, request);
  const original = takeEffect(world, interaction, prepared.contents);
  noteChange(world);
  if (request.query.get("with_response") !== "true") return { status: 204 };
  return { status: 200, body: describeCallback(world, interaction, original) };
}

function findDead(world: World, interaction: Interaction): Answer | undefined {
  if (interaction.callback) return refusal(40060);
  return isTooLate(world, interaction) ? refusal(10062) : undefined;
}

function logCallback({ sentAt }: Interaction, { body, files }: LoggedRequest): Callback {
  const { type, data } = body as CallbackBody;
  return { type, flags: data?.flags ?? 0, data: data ?? {}, files, milliseconds: Date.now() - sentAt };
}

function checkCallback(interaction: Interaction, { type, data }: CallbackBody): Problem[] {
  const refuse = (message: string, path: string[] = ["type"]): Problem[] => [
    { path, code: "INVALID_CALLBACK", message },
  ];
  const { autocomplete, modal, component } = interactionKind;
  const { message, deferredMessage, deferredUpdate, update, choices } = callbackKind;
  if ((interaction.kind === autocomplete) !== (type === choices))
    return refuse("Choices answer an autocomplete, and only that.");
  if (type === callbackKind.modal) {
    if (interaction.kind === modal) return refuse("A modal cannot answer a modal.");
    return checkModal(data as unknown as Modal).map((problem) => ({ ...problem, path: ["data", ...problem.path] }));
  }
  if (type === deferredUpdate || type === update) {
    const onMessage = interaction.kind === component || interaction.sourceMessageId !== undefined;
    return onMessage ? [] : refuse("There is no message to update.");
  }
  if (type === deferredMessage && ((data?.flags ?? 0) & ~messageFlag.ephemeral) !== 0) {
    return refuse("A defer takes the flag EPHEMERAL and no other.", ["data", "flags"]);
  }
  if (type !== message && type !== deferredMessage && type !== choices) return refuse("The fake knows no such answer.");
  return [];
}

type PreparedCallback = { refused: Answer; contents?: undefined } | { refused?: undefined; contents?: Contents };

async function prepareCallback(
  world: World,
  interaction: Interaction,
  request: LoggedRequest,
): Promise<PreparedCallback> {
  const { type, data } = request.body as CallbackBody;
  const updating = type === callbackKind.update;
  if (type !== callbackKind.message && !updating) return {};
  const previous = updating ? world.messages.get(interaction.sourceMessageId ?? "") : undefined;
  if (updating && previous === undefined) return { refused: refusal(10008) };
  const ephemeral = previous ? previous.ephemeralFor !== undefined : isEphemeral(interaction, data?.flags);
  return prepareContents(world, {
    body: data ?? {},
    files: request.files,
    sender: "webhook",
    channelId: interaction.channelId,
    ephemeral,
    fileBytes: interaction.fileBytes,
    mayAttach: mayAttach(interaction),
    allowedFlags: updating ? editableFlags : creatableFlags | messageFlag.ephemeral,
    previous,
    path: ["data"],
  });
}

export function isEphemeral({ externalAppsOff }: Interaction, flags: number | null | undefined): boolean {
  return externalAppsOff || ((flags ?? 0) & messageFlag.ephemeral) !== 0;
}

export function mayAttach({ permissions }: Interaction): boolean {
  return (permissions & permission.attachFiles) !== 0n;
}

/** Makes, changes or promises the message that `@original` will mean. */
function takeEffect(world: World, interaction: Interaction, contents: Contents | undefined): FakeMessage | undefined {
  const { callback, sourceMessageId } = interaction;
  const source = world.messages.get(sourceMessageId ?? "");
  if (callback === undefined) return undefined;
  switch (callback.type) {
    case callbackKind.modal:
      interaction.modal = callback.data as unknown as Modal;
      return undefined;
    case callbackKind.choices:
      return undefined;
    case callbackKind.deferredUpdate:
      interaction.originalId = sourceMessageId;
      return source;
    case callbackKind.update:
      interaction.originalId = sourceMessageId;
      if (source && contents) {
        changeMessage(world, source, contents, "callback");
        announceMessage(world, "MESSAGE_UPDATE", source);
      }
      return source;
    default:
      return makeOriginal(world, interaction, contents);
  }
}

function makeOriginal(world: World, interaction: Interaction, contents: Contents | undefined): FakeMessage {
  const ephemeral = isEphemeral(interaction, interaction.callback?.flags);
  const flags = ephemeral ? messageFlag.ephemeral : 0;
  const waiting = { flags: flags | messageFlag.loading };
  const message = createMessage(world, contents ?? waiting, {
    ...birthOf(interaction, ephemeral),
    type: typeOfOriginal(interaction),
    replyTo: interaction.sourceMessageId ?? targetMessageId(interaction),
    interactionMetadata: describeOrigin(interaction),
  });
  interaction.originalId = message.id;
  announceMessage(world, "MESSAGE_CREATE", message);
  return message;
}

/** What a message command answers refers to the message that it was used on. */
function targetMessageId({ target }: Interaction): string | undefined {
  return target && "channelId" in target ? target.id : undefined;
}

function typeOfOriginal({ kind, sourceMessageId, target }: Interaction): number {
  if (kind === interactionKind.command) return target ? 23 : 20;
  return sourceMessageId === undefined ? 0 : 19;
}

export function birthOf(
  interaction: Interaction,
  ephemeral: boolean,
): Pick<FakeMessage, "channelId" | "guildId" | "sender" | "userInstallOnly" | "interactionId" | "ephemeralFor"> {
  const { id, channelId, guildId, userInstallOnly, user } = interaction;
  return {
    channelId,
    guildId,
    userInstallOnly,
    sender: "webhook",
    interactionId: id,
    ephemeralFor: ephemeral ? user.id : undefined,
  };
}
