import { describeComponent, withoutNulls, type ShowMedia } from "./components.ts";
import type { Attachment, FakeMessage, Shown } from "./records.ts";
import { describeUser } from "./places.ts";
import { signedAddress } from "./uploads.ts";
import type { Fields } from "./wire.ts";
import type { World } from "./world.ts";

/** A message as Discord's answers and events carry it, with fresh addresses. */
export function describeMessage(world: World, message: FakeMessage): Fields {
  const { id, channelId, author, sender, mentions, replyTo, nonce, snapshot } = message;
  return {
    id,
    channel_id: channelId,
    author: describeUser(author),
    ...describeContents(world, message),
    mention_everyone: mentions.everyone,
    pinned: false,
    tts: false,
    ...(sender === "webhook" ? { webhook_id: world.application.id, application_id: world.application.id } : {}),
    ...(message.interactionMetadata ? { interaction_metadata: message.interactionMetadata } : {}),
    ...(nonce === undefined ? {} : { nonce }),
    ...(replyTo === undefined ? {} : { message_reference: { type: 0, channel_id: channelId, message_id: replyTo } }),
    ...(snapshot
      ? {
          message_reference: { type: 1, channel_id: snapshot.of.channelId, message_id: snapshot.of.id },
          message_snapshots: [{ message: describeContents(world, { id, ...snapshot }) }],
        }
      : {}),
  };
}

type Described = Pick<FakeMessage, "id" | "type" | "createdAt" | "editedAt" | "mentions"> & Shown;

function describeContents(world: World, message: Described): Fields {
  const { type, content, flags, mentions, createdAt, editedAt } = message;
  const show = showMedia(world, message);
  const mentioned = mentions.users.flatMap((user) => world.people.get(user) ?? []);
  return {
    type,
    content,
    attachments: message.attachments.map((attachment) => describeAttachment(world, attachment)),
    embeds: message.embeds.map((embed) => describeEmbed(embed, show)),
    components: message.components.map((component) => describeComponent(component, show)),
    mentions: mentioned.map(describeUser),
    mention_roles: mentions.roles,
    timestamp: timestamp(createdAt),
    edited_timestamp: editedAt === undefined ? null : timestamp(editedAt),
    flags,
  };
}

/** A message that was not meant for the bot, as a bot without the intent for content gets it. */
export function blankMessage(message: Fields): Fields {
  const snapshots = "message_snapshots" in message ? { message_snapshots: [] } : {};
  return { ...message, content: "", embeds: [], attachments: [], components: [], ...snapshots };
}

export function timestamp(time: number): string {
  return new Date(time).toISOString().replace("Z", "000+00:00");
}

export function describeAttachment(world: World, { upload, description, title, spoiler }: Attachment): Fields {
  const { url, proxyUrl } = signedAddress(world, upload);
  return {
    id: upload.id,
    filename: upload.name,
    size: upload.bytes.length,
    url,
    proxy_url: proxyUrl,
    content_type: upload.contentType,
    ...(upload.width === undefined ? {} : { width: upload.width, height: upload.height }),
    ...(description === undefined ? {} : { description }),
    ...(title === undefined ? {} : { title }),
    ...(upload.ephemeral ? { ephemeral: true } : {}),
    ...(spoiler ? { flags: 1 << 3 } : {}),
  };
}

function showMedia(world: World, { id, attachments }: Pick<FakeMessage, "id" | "attachments">): ShowMedia {
  return (url) => {
    const name = url.startsWith("attachment://") ? url.slice("attachment://".length) : undefined;
    const upload = attachments.find((attachment) => attachment.upload.name === name)?.upload;
    if (upload === undefined) return { id, url, proxy_url: url, width: null, height: null, content_type: null };
    const address = signedAddress(world, upload);
    return {
      id: upload.id,
      attachment_id: upload.id,
      url: address.url,
      proxy_url: address.proxyUrl,
      width: upload.width ?? null,
      height: upload.height ?? null,
      content_type: upload.contentType,
      upload,
    };
  };
}

function describeEmbed(embed: Fields, show: ShowMedia): Fields {
  const picture = (name: "image" | "thumbnail"): Fields => {
    const url = (embed[name] as { url?: string | null } | null | undefined)?.url;
    if (!url) return {};
    const { url: address, proxy_url, width, height } = show(url);
    return { [name]: { url: address, proxy_url, width: width ?? 0, height: height ?? 0 } };
  };
  const fields = embed["fields"] as { inline?: boolean | null }[] | null | undefined;
  return {
    ...withoutNulls(embed),
    type: "rich",
    ...(fields ? { fields: fields.map((field) => ({ ...field, inline: field.inline ?? false })) } : {}),
    ...picture("image"),
    ...picture("thumbnail"),
  };
}
