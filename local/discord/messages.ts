import { numberComponents } from "./components.ts";
import type { Attachment, Component, Contents, Embed, FakeMessage, Moment, SentFile, Shown } from "./records.ts";
import { checkMessage } from "./message-rules.ts";
import { checkAllowedMentions, defaultMentions, findPings, nobody, type AllowedMentions } from "./mentions.ts";
import { invalidForm, refusal, type Answer, type Problem } from "./refusals.ts";
import { makeSnowflake } from "./snowflake.ts";
import { cleanName, keepUpload } from "./uploads.ts";
import { messageFlag } from "./wire.ts";
import { noteChange, type World } from "./world.ts";

/** A request body that makes or changes a message, after Discord's description has passed it. */
export type MessageBody = {
  content?: string | null;
  embeds?: Embed[] | null;
  components?: Component[] | null;
  attachments?: AttachmentBody[] | null;
  flags?: number | null;
  allowed_mentions?: AllowedMentions | null;
  nonce?: string | number | null;
  enforce_nonce?: boolean | null;
  message_reference?: { message_id?: string | null } | null;
};

type AttachmentBody = { id: string; description?: string | null; title?: string | null; is_spoiler?: boolean | null };

export type Writing = {
  body: MessageBody;
  files: readonly SentFile[];
  sender: "webhook" | "bot";
  channelId: string;
  ephemeral: boolean;
  fileBytes: number;
  mayAttach: boolean;
  /** The flags that this call may carry; others are refused. */
  allowedFlags: number;
  previous?: FakeMessage;
  /** Where in the request the message begins. */
  path?: readonly string[];
};

export type Prepared = { refused: Answer; contents?: undefined } | { refused?: undefined; contents: Contents };

const editable = messageFlag.suppressEmbeds | messageFlag.componentsV2;

export const creatableFlags = editable | messageFlag.suppressNotifications;
/** Whether a message is ephemeral is decided when it is made: on an edit the flag means nothing. */
export const editableFlags = editable | messageFlag.ephemeral;

/** Works out what a message would hold, or why not. */
export async function prepareContents(world: World, writing: Writing): Promise<Prepared> {
  const { body, previous, path = [] } = writing;
  const refused = checkFiles(world, writing);
  if (refused) return { refused };
  const { kept, unknown } = planAttachments(writing);
  const names = kept.map((one) => ("upload" in one ? one.upload.name : cleanName(one.file.name)));
  const text = {
    content: body.content === undefined ? (previous?.content ?? "") : (body.content ?? ""),
    embeds: body.embeds === undefined ? (previous?.embeds ?? []) : (body.embeds ?? []),
    components: body.components === undefined ? (previous?.components ?? []) : (body.components ?? []),
    flags: mergeFlags(writing),
  };
  const problems = [
    ...unknown,
    ...checkFlags(writing),
    ...checkMessage({ ...text, files: names }),
    ...checkAllowedMentions(body.allowed_mentions ?? {}),
  ];
  if (problems.length > 0) {
    return { refused: invalidForm(problems.map((problem) => ({ ...problem, path: [...path, ...problem.path] }))) };
  }
  if (kept.length > 10) return { refused: refusal(30015) };
  if (isEmpty(text, kept.length)) return { refused: refusal(50006) };
  const attachments = await Promise.all(kept.map((one) => keepAttachment(world, writing, one)));
  const pings = findPings(text, body.allowed_mentions ?? defaultMentions(writing.sender));
  return { contents: { ...text, attachments, pings, components: numberComponents(text.components) } };
}

function checkFiles(world: World, { files, fileBytes, mayAttach }: Writing): Answer | undefined {
  if (files.length > 10) return refusal(30015);
  if (files.length > 0 && !mayAttach) return refusal(50013);
  if (files.some(({ bytes }) => bytes.length > fileBytes)) return refusal(world.limits.tooLarge);
  return undefined;
}

type Planned = Attachment | { file: SentFile; described?: AttachmentBody };

/** An edit that has a list keeps what is on it and nothing else. */
function planAttachments({ body, files, previous }: Writing): { kept: Planned[]; unknown: Problem[] } {
  const before = previous?.attachments ?? [];
  const listed = body.attachments ?? undefined;
  const fresh = (file: SentFile): Planned => ({ file, described: listed?.find(({ id }) => id === String(file.index)) });
  if (previous === undefined || body.attachments === undefined) {
    const strange = (listed ?? []).filter(({ id }) => !files.some(({ index }) => String(index) === id));
    return { kept: [...before, ...files.map(fresh)], unknown: strange.map(noSuchAttachment) };
  }
  const kept: Planned[] = [];
  const unknown: Problem[] = [];
  for (const entry of listed ?? []) {
    const old = before.find(({ upload }) => upload.id === entry.id);
    const file = files.find(({ index }) => String(index) === entry.id);
    if (old) kept.push({ ...old, ...told(entry) });
    else if (file) kept.push(fresh(file));
    else unknown.push(noSuchAttachment(entry));
  }
  return { kept, unknown };
}

function noSuchAttachment({ id }: AttachmentBody): Problem {
  return { path: ["attachments"], code: "ATTACHMENT_NOT_FOUND", message: `Neither kept nor sent: ${id}` };
}

function told({ description, title, is_spoiler }: AttachmentBody): Partial<Attachment> {
  return {
    ...(description === undefined ? {} : { description: description ?? undefined }),
    ...(title === undefined ? {} : { title: title ?? undefined }),
    ...(is_spoiler === undefined ? {} : { spoiler: is_spoiler === true }),
  };
}

async function keepAttachment(world: World, { channelId, ephemeral }: Writing, planned: Planned): Promise<Attachment> {
  if ("upload" in planned) return planned;
  const upload = await keepUpload(world, planned.file, { channelId, ephemeral });
  return {
    upload,
    spoiler: planned.file.name.startsWith("SPOILER_"),
    ...(planned.described ? told(planned.described) : {}),
  };
}

/** Components V2 once, components V2 for ever. */
function mergeFlags({ body, previous, ephemeral }: Writing): number {
  const before = previous?.flags ?? 0;
  const asked = (body.flags ?? before) & creatableFlags;
  return asked | (before & messageFlag.componentsV2) | (ephemeral ? messageFlag.ephemeral : 0);
}

function checkFlags({ body, allowedFlags }: Writing): Problem[] {
  const strange = (body.flags ?? 0) & ~allowedFlags;
  return strange === 0
    ? []
    : [{ path: ["flags"], code: "INVALID_FLAGS", message: `These flags are not for here: ${strange}` }];
}

function isEmpty(
  { content, embeds, components, flags }: Pick<Contents, "content" | "embeds" | "components" | "flags">,
  files: number,
): boolean {
  if ((flags & messageFlag.componentsV2) !== 0) return components.length === 0;
  return content.trim() === "" && embeds.length === 0 && components.length === 0 && files === 0;
}

export type Birth = Pick<FakeMessage, "channelId" | "guildId" | "sender" | "type" | "userInstallOnly"> &
  Partial<FakeMessage>;

function momentOf({ content, embeds, components, attachments, flags }: Shown, by: Moment["by"]): Moment {
  return { content, embeds, components, attachments, flags, time: Date.now(), by };
}

export function createMessage(world: World, contents: Partial<Contents>, birth: Birth): FakeMessage {
  const { pings = nobody, ...rest } = contents;
  const message: FakeMessage = {
    id: makeSnowflake(),
    author: world.bot,
    content: "",
    embeds: [],
    components: [],
    attachments: [],
    flags: 0,
    ...rest,
    mentions: pings,
    pinged: pings,
    createdAt: Date.now(),
    edits: 0,
    deleted: false,
    history: [],
    ...birth,
  };
  message.history.push(momentOf(message, birth.sender));
  world.messages.set(message.id, message);
  noteChange(world);
  return message;
}

/** Files that an edit leaves out are gone, from the message and from the CDN. */
export function changeMessage(
  world: World,
  message: FakeMessage,
  { pings, ...contents }: Contents,
  by: Moment["by"],
): void {
  const kept = new Set(contents.attachments.map(({ upload }) => upload.id));
  for (const { upload } of message.attachments) if (!kept.has(upload.id)) world.uploads.delete(upload.id);
  Object.assign(message, contents, { mentions: pings, editedAt: Date.now(), edits: message.edits + 1 });
  message.pinged = {
    users: [...new Set([...message.pinged.users, ...pings.users])],
    roles: [...new Set([...message.pinged.roles, ...pings.roles])],
    everyone: message.pinged.everyone || pings.everyone,
  };
  message.history.push(momentOf(message, by));
  noteChange(world);
}

export function removeMessage(world: World, message: FakeMessage): void {
  message.deleted = true;
  message.deletedAt = Date.now();
  for (const { upload } of message.attachments) world.uploads.delete(upload.id);
  world.messages.delete(message.id);
  world.goneMessages.push(message);
  noteChange(world);
}
