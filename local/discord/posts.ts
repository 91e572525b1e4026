import { announceMessage } from "./announcements.ts";
import { keepFile, type GivenFile } from "./command-options.ts";
import { findPlace, type Occasion } from "./events.ts";
import { defaultMentions, findPings } from "./mentions.ts";
import type { Attachment, Embed, FakeMessage } from "./records.ts";
import { createMessage } from "./messages.ts";
import { makeSnowflake } from "./snowflake.ts";
import type { World } from "./world.ts";

/** Somebody writes a message. The bot's connections hear of it if they asked for messages. */
export function say(world: World, { content, ...occasion }: Occasion & { content: string }): FakeMessage {
  return publish(world, occasion, { content });
}

/** `files` may be as large as Nitro allows; `embeds` are what Discord shows of a link; `forward` brings a frozen copy. */
export type Post = Occasion & {
  content?: string;
  files?: GivenFile[];
  embeds?: Embed[];
  replyTo?: FakeMessage;
  forward?: FakeMessage;
};

/** Somebody posts text, files, or what somebody else wrote. */
export async function post(
  world: World,
  { content = "", files = [], embeds = [], replyTo, forward, ...occasion }: Post,
): Promise<FakeMessage> {
  if (files.length > 10) throw new Error("a message takes ten files and no more");
  const { id: channelId } = findPlace(world, occasion, occasion.user ?? world.asker);
  const attachments: Attachment[] = [];
  for (const file of files) attachments.push(await keepFile(world, file, { channelId, ephemeral: false }));
  const shown = { content, embeds, attachments };
  if (forward) return publish(world, occasion, { ...shown, snapshot: freeze(world, forward, channelId) });
  return publish(world, occasion, { ...shown, ...(replyTo ? { replyTo: replyTo.id, type: 19 } : {}) });
}

function publish(
  world: World,
  occasion: Occasion,
  { content = "", ...shown }: Partial<Pick<FakeMessage, "content" | "embeds" | "attachments" | "snapshot" | "type">>,
): FakeMessage {
  const author = occasion.user ?? world.asker;
  const { id: channelId, guildId } = findPlace(world, occasion, author);
  const pings = findPings({ content, components: [] }, defaultMentions("bot"));
  const birth = { channelId, guildId, author, sender: "person", type: 0, userInstallOnly: false, ...shown } as const;
  const message = createMessage(world, { content, pings }, birth);
  announceMessage(world, "MESSAGE_CREATE", message);
  return message;
}

/** Copies of the files too, so that the original may go. */
function freeze(world: World, message: FakeMessage, channelId: string): FakeMessage["snapshot"] {
  const { id, type, content, embeds, components, flags, mentions, createdAt, editedAt } = message;
  const attachments = message.attachments.map((attachment) => {
    const upload = { ...attachment.upload, id: makeSnowflake(), channelId };
    world.uploads.set(upload.id, upload);
    return { ...attachment, upload };
  });
  const of = { channelId: message.channelId, id };
  return { type, content, embeds, components, flags, mentions, createdAt, editedAt, attachments, of };
}
