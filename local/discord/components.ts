import { componentKind, type Fields } from "./wire.ts";
import type { Component, Media, Upload } from "./records.ts";

/** A component with where it stands in the request. */
export type Placed = { component: Component; path: (string | number)[] };

/** Every component, those within others too, in reading order. */
export function walk(components: readonly Component[], path: (string | number)[] = ["components"]): Placed[] {
  return components.flatMap((component, index) => {
    const here = [...path, index];
    const inner = component.components ? walk(component.components, [...here, "components"]) : [];
    const beside = (["accessory", "component"] as const).flatMap((name) => {
      const one = component[name];
      return one ? alone(one, [...here, name]) : [];
    });
    return [{ component, path: here }, ...inner, ...beside];
  });
}

function alone(component: Component, path: (string | number)[]): Placed[] {
  return walk([component], path).map((placed) => ({
    ...placed,
    path: [...path, ...placed.path.slice(path.length + 1)],
  }));
}

/** The addresses of all pictures and files in a component. */
export function mediaOf({ component, path }: Placed): { url: string; path: (string | number)[] }[] {
  const items = (component.items ?? []).map((item, index) => ({
    url: item.media.url,
    path: [...path, "items", index, "media", "url"],
  }));
  const single = [component.media, component.file].flatMap((media) =>
    media ? [{ url: media.url, path: [...path, media === component.file ? "file" : "media", "url"] }] : [],
  );
  return [...items, ...single];
}

/** Gives each component that has none an id, as Discord does. */
export function numberComponents(components: readonly Component[]): Component[] {
  const copy = structuredClone(components) as Component[];
  const taken = new Set(walk(copy).map(({ component }) => component.id));
  let next = 1;
  for (const { component } of walk(copy)) {
    if (component.id) continue;
    while (taken.has(next)) next += 1;
    component.id = next;
    taken.add(next);
  }
  return copy;
}

/** How an address in a component looks in an answer. */
export type ShowMedia = (url: string) => Fields & { upload?: Upload };

/** A component as Discord answers it: nothing is null, and what has a default is told. */
export function describeComponent(component: Component, show: ShowMedia): Fields {
  const said = Object.fromEntries(
    Object.entries(component).filter(([, value]) => value !== null && value !== undefined),
  );
  const inner = component.components?.map((one) => describeComponent(one, show));
  const media = (url: string): Fields => {
    const { upload: _, ...rest } = show(url);
    return rest;
  };
  return {
    ...said,
    ...defaultsOf(component),
    ...(inner ? { components: inner } : {}),
    ...(component.accessory ? { accessory: describeComponent(component.accessory, show) } : {}),
    ...(component.media ? { media: media(component.media.url) } : {}),
    ...(component.file ? describeFile(component.file, show) : {}),
    ...(component.items
      ? {
          items: component.items.map((item) => ({
            media: media(item.media.url),
            description: item.description ?? null,
            spoiler: item.spoiler ?? false,
          })),
        }
      : {}),
    ...(component.emoji ? { emoji: withoutNulls(component.emoji) } : {}),
  };
}

function describeFile(file: Media, show: ShowMedia): Fields {
  const { upload, ...media } = show(file.url);
  return { file: media, name: upload?.name ?? null, size: upload?.bytes.length ?? null };
}

function defaultsOf({
  type,
  description,
  spoiler,
  accent_color,
  spacing,
  divider,
  min_values,
  max_values,
}: Component): Fields {
  switch (type) {
    case componentKind.thumbnail:
      return { description: description ?? null, spoiler: spoiler ?? false };
    case componentKind.container:
      return { accent_color: accent_color ?? null, spoiler: spoiler ?? false };
    case componentKind.file:
      return { spoiler: spoiler ?? false };
    case componentKind.separator:
      return { spacing: spacing ?? 1, divider: divider ?? true };
    case componentKind.stringSelect:
    case 5:
    case 6:
    case 7:
    case 8:
      return { min_values: min_values ?? 1, max_values: max_values ?? 1 };
    default:
      return {};
  }
}

export function withoutNulls(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
}
