import { randomUUID } from "node:crypto";
import { placeOf } from "./conversations.ts";
import type { Files, PersonsFile } from "./files.ts";
import type { Scene, SentAlong } from "./teams-activities.ts";

/** In a group or channel the bot gets the HTML alone, which points to where it may not read. */
export function sentAlong(
  files: Files,
  { kind, conversationId, id, user }: Scene,
  sent: { pictures?: PersonsFile[]; files?: PersonsFile[] },
): SentAlong {
  const { pictures = [], files: attached = [] } = sent;
  if (kind !== "personal") {
    const address = `https://graph.microsoft.com/v1.0/chats/${placeOf(conversationId).chatId}/messages/${id}/hostedContents`;
    const images = pictures.map(() => `<p><img src="${address}/${randomUUID()}/$value" alt="image"></p>`);
    const links = attached.map(() => `<attachment id="${randomUUID()}"></attachment>`);
    return { attachments: [], html: [...images, ...links].join("") };
  }
  const pasted = pictures.map((picture) => files.paste(picture));
  const uploaded = attached.map((file) => files.upload(file, user.name ?? ""));
  return {
    attachments: [...pasted.map(({ attachment }) => attachment), ...uploaded],
    html: pasted.map(({ html }) => html).join(""),
  };
}
