import { pictureUrl } from "../replies/picture-reply.ts";
import type { ReplyPicture } from "../replies/reply.ts";
import type { Settings } from "../settings.ts";
import type { Text } from "../words/said.ts";
import type { Idea } from "./session.ts";

/** The picture of an idea as a message shows it, with no button to go on from it. */
export function shownPicture(
  { name, preview, mediaType, width, height, bytes }: NonNullable<Idea["picture"]>,
  altText: Text,
  settings: Settings,
): ReplyPicture {
  return {
    name,
    preview,
    mediaType,
    width,
    height,
    bytes,
    url: pictureUrl(name, settings),
    previewUrl: preview && pictureUrl(preview, settings),
    altText,
  };
}
