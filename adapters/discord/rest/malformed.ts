import { ComponentType } from "discord.js";
import type { MessageBody } from "../show.ts";

/** Parts of a message, each as it is written: positions change as soon as something else is left out. */
export type Parts = string[];

/**
 * What a refused message can be written without, by the fields that Discord calls malformed. Nothing where a field is none of
 * these, or none is named: then it is not known that any other message would be taken.
 */
export function partsNamed(fields: string[], { components }: MessageBody): Parts | "pictures" | "words" | undefined {
  if (!fields.length) return undefined;
  if (fields.every((field) => /^(attachments|components\.0\.components\.\d+\.items)\.\d+\.description\b/.test(field)))
    return "words";
  if (fields.every((field) => /^(attachments|files)\b|\.items\b/.test(field))) return "pictures";
  const parts = fields.map((field) => {
    const [, outer, inner] = /^components\.0\.components\.(\d+)(?:\.components\.(\d+))?/.exec(field) ?? [];
    const part = outer === undefined ? undefined : components[0]?.components[Number(outer)];
    if (!part || !("components" in part) || inner === undefined) return part;
    return part.components[Number(inner)];
  });
  if (parts.every((part) => part !== undefined)) return parts.map((part) => JSON.stringify(part));
  // Such as more text in all of them than Discord takes.
  return fields.every((field) => field === "components") ? "words" : undefined;
}

/** A row without its last button goes as well, and a button without the text that it stands beside. */
export function leaveOut(parts: Parts, body: MessageBody): MessageBody {
  if (!parts.length) return body;
  const isWanted = (part: unknown) => !parts.includes(JSON.stringify(part));
  const components = body.components.map((frame) => {
    const kept = frame.components.filter(isWanted).map((part) => {
      return part.type === ComponentType.ActionRow || part.type === ComponentType.Section
        ? ({ ...part, components: part.components.filter(isWanted) } as typeof part)
        : part;
    });
    return { ...frame, components: kept.filter((part) => !("components" in part) || part.components.length) };
  });
  return { ...body, components };
}
