import type { Problem } from "./refusals.ts";

/** Discord's groups, as of August 2026. */
const groups: Record<string, readonly string[]> = {
  image: [".png", ".gif", ".jpg", ".jpeg", ".jfif", ".webp", ".avif"],
  video: [".mp4", ".mov", ".qt", ".webm"],
  audio: [".mp3", ".m4a", ".wav", ".ogg", ".opus", ".flac"],
};

/** The rule for `file_types`, of which Discord's description does not know yet. */
export function checkFileTypes(types: readonly string[] | null | undefined, path: Problem["path"]): Problem[] {
  const list = types ?? [];
  const strange = list.flatMap((type, index): Problem[] => {
    const message = "A group (image, video, audio) or an extension that begins with a dot.";
    const known = type in groups || /^\.[^.\s]+$/.test(type);
    return known ? [] : [{ path: [...path, "file_types", index], code: "BASE_TYPE_CHOICES", message }];
  });
  if (list.length <= 10) return strange;
  const message = "Must be 10 or fewer in length.";
  return [...strange, { path: [...path, "file_types"], code: "BASE_TYPE_MAX_LENGTH", message }];
}

/** As the client does it: by the name's extension, and never by what is inside. */
export function checkFileType(where: string, name: string, types: readonly string[] | null | undefined): void {
  if (!types || types.length === 0) return;
  const extensions = types.flatMap((type) => groups[type] ?? type.toLowerCase());
  if (extensions.some((extension) => name.toLowerCase().endsWith(extension))) return;
  throw new Error(`${where} does not take ${name}, but ${extensions.join(", ")}`);
}
