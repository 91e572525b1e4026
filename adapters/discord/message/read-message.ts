import { ComponentType } from "discord.js";
import type { APIEmbed, APIMessage, APIMessageComponent } from "discord.js";
import type { ChatSource } from "../../../src/replies/delivery.ts";
import { readRef, textOfRef } from "../../../src/request/request.ts";
import { readControl } from "./buttons.ts";
import { isOwnAddress } from "../fetch-source.ts";

type Content = Pick<APIMessage, "content" | "embeds" | "attachments" | "components" | "mentions">;

/** What a message shows: its own, then what it forwards. */
function contentsOf(message: APIMessage): Partial<Content>[] {
  return [message, ...(message.message_snapshots ?? []).map((snapshot) => snapshot.message)];
}

/** The pictures of ours that a message's buttons are for, each once, from top to bottom. */
export function refsIn(message: Pick<APIMessage, "components">): string[] {
  const refs = controlsIn(message).flatMap((id) => readRef(readControl(id)?.of ?? "") ?? []);
  return [...new Set(refs.map(textOfRef))];
}

export function controlsIn({ components = [] }: Pick<APIMessage, "components">): string[] {
  return flatten(components).flatMap((part) => ("custom_id" in part && part.custom_id ? [part.custom_id] : []));
}

/** The first picture in a message, wherever in it. What calls itself none is left aside; what it really is, its bytes say later. */
export function pictureIn(message: APIMessage): ChatSource | undefined {
  return contentsOf(message)
    .map(pictureInContent)
    .find((source) => source !== undefined);
}

function pictureInContent({
  attachments = [],
  components = [],
  embeds = [],
}: Partial<Content>): ChatSource | undefined {
  const attached = attachments.find(
    ({ content_type: type, filename }) => type?.startsWith("image/") ?? /\.(png|jpe?g|jfif|webp|gif)$/i.test(filename),
  );
  if (attached) return { from: "chat", url: attached.url, declaredBytes: attached.size };
  const addresses = [...flatten(components).flatMap(addressesIn), ...embeds.flatMap(addressesInEmbed)];
  const url = addresses.find((address) => isOwnAddress(address));
  return url === undefined ? undefined : { from: "chat", url };
}

function addressesIn(part: APIMessageComponent): string[] {
  if (part.type === ComponentType.MediaGallery) return part.items.map(({ media }) => media.url);
  return part.type === ComponentType.Thumbnail ? [part.media.url] : [];
}

function addressesInEmbed({ image, thumbnail }: APIEmbed): string[] {
  return [image?.url, thumbnail?.url].flatMap((url) => url ?? []);
}

/** What can be read in a message, with names in place of Discord's own marks. */
export function wordsIn(message: APIMessage): string {
  const texts = contentsOf(message).flatMap(({ content = "", embeds = [], components = [] }) => [
    content,
    ...embeds.flatMap(({ title, description }) => [title ?? "", description ?? ""]),
    ...flatten(components).flatMap((part) => (part.type === ComponentType.TextDisplay ? [part.content] : [])),
  ]);
  const names = new Map((message.mentions ?? []).map(({ id, global_name: name, username }) => [id, name ?? username]));
  return texts
    .filter((text) => text.trim())
    .join("\n")
    .replaceAll(/<@!?(\d+)>/g, (_, id: string) => names.get(id) ?? "")
    .replaceAll(/<a?(:\w+:)\d+>/g, "$1")
    .replaceAll(/<(@&|#)\d+>/g, "")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim()
    .toWellFormed();
}

function flatten(components: APIMessageComponent[]): APIMessageComponent[] {
  return components.flatMap((part): APIMessageComponent[] => {
    const inner = "components" in part ? flatten(part.components) : [];
    const beside = "accessory" in part ? flatten([part.accessory]) : [];
    return [part, ...inner, ...beside];
  });
}
