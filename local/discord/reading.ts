import { mediaOf, walk } from "./components.ts";
import { rangeOf } from "./choice.ts";
import type { Attachment, FakeMessage, Shown } from "./records.ts";
import { buttonStyle, componentKind, messageFlag, selectKinds } from "./wire.ts";

/** Everything that can be read in a message, or could at a moment of its history, from top to bottom. */
export function textOf({ content, embeds, components }: Shown): string {
  const inEmbeds = embeds.flatMap(({ author, title, description, fields, footer }) => [
    author?.name,
    title,
    description,
    ...(fields ?? []).flatMap(({ name, value }) => [name, value]),
    footer?.text,
  ]);
  const displayed = walk(components).flatMap(({ component }) => component.content ?? []);
  return [content, ...inEmbeds, ...displayed].filter((text) => text).join("\n");
}

export type SeenButton = { label: string; customId?: string; url?: string; style: number; disabled: boolean };

export function buttonsOf({ components }: Shown): SeenButton[] {
  return walk(components).flatMap(({ component }) => {
    if (component.type !== componentKind.button) return [];
    const { label, emoji, custom_id, url, style, disabled } = component;
    return {
      label: label ?? emoji?.name ?? "",
      style: style ?? buttonStyle.link,
      disabled: disabled === true,
      ...(custom_id ? { customId: custom_id } : {}),
      ...(url ? { url } : {}),
    };
  });
}

export type SeenSelect = {
  customId: string;
  options: { label: string; value: string; chosen: boolean }[];
  least: number;
  most: number;
  disabled: boolean;
};

export function selectsOf({ components }: Shown): SeenSelect[] {
  return walk(components).flatMap(({ component }) => {
    if (!selectKinds.includes(component.type)) return [];
    const options = component.options ?? [];
    return {
      customId: component.custom_id ?? "",
      options: options.map(({ label, value, default: chosen }) => ({ label, value, chosen: chosen === true })),
      ...rangeOf(component),
      disabled: component.disabled === true,
    };
  });
}

/** The seconds from each change of a message to the next, its beginning counted as the first. */
export function pausesOf({ history }: FakeMessage): number[] {
  return history.slice(1).map(({ time }, index) => (time - (history[index]?.time ?? time)) / 1000);
}

/** A picture as it can be seen: a kept file, or an address elsewhere. `alt` is read aloud. */
export type SeenPicture = {
  name?: string;
  url?: string;
  bytes?: Uint8Array;
  width?: number;
  height?: number;
  alt?: string;
  spoiler: boolean;
};

/** The pictures that a message shows. A file that no component names is invisible in components V2. */
export function picturesOf(message: Shown): SeenPicture[] {
  const { attachments, components, embeds, flags } = message;
  const placed = walk(components);
  const inComponents = placed.flatMap(({ component, path }) => {
    const single = component.media ? [{ media: component.media, ...component }] : [];
    const items = [...(component.items ?? []), ...single];
    const file = component.file ? mediaOf({ component, path }) : [];
    return [
      ...items.map(({ media, description, spoiler }) => see(media.url, attachments, { alt: description, spoiler })),
      ...file.map(({ url }) => see(url, attachments, { spoiler: component.spoiler })),
    ];
  });
  if ((flags & messageFlag.componentsV2) !== 0) return inComponents;
  const inEmbeds = embeds.flatMap(({ image, thumbnail }) => {
    const urls = [image?.url, thumbnail?.url].flatMap((url) => url ?? []);
    return urls.map((url) => see(url, attachments, {}));
  });
  const named = new Set(inEmbeds.map(({ name }) => name));
  const loose = attachments.filter(({ upload }) => !named.has(upload.name));
  return [...inEmbeds, ...loose.map(({ upload }) => see(`attachment://${upload.name}`, attachments, {}))];
}

function see(
  url: string,
  attachments: readonly Attachment[],
  { alt, spoiler }: { alt?: string | null; spoiler?: boolean | null },
): SeenPicture {
  const name = url.startsWith("attachment://") ? url.slice("attachment://".length) : undefined;
  const attachment = attachments.find(({ upload }) => upload.name === name);
  if (attachment === undefined) return { url, alt: alt ?? undefined, spoiler: spoiler === true };
  const { upload, description } = attachment;
  return {
    name: upload.name,
    bytes: upload.bytes,
    width: upload.width,
    height: upload.height,
    alt: alt ?? description,
    spoiler: spoiler === true || attachment.spoiler,
  };
}
