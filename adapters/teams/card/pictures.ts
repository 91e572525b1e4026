import type { SpokenReply } from "../../../src/replies/reply.ts";
import type { Sentences } from "../../../src/words/said.ts";
import { shorten } from "../../../src/words/shorten.ts";
import type { Element } from "./card-parts.ts";

type ReplyPicture = SpokenReply["pictures"][number];

const LONGEST_ALT_TEXT = 1000;
/** Pixels: a card that is not widened gives a picture about as much, and half of that each of two. */
const MOST_HEIGHT = 416;
const [WIDTH_OF_ONE, WIDTH_OF_TWO] = [416, 204];

/** Two wide ones are larger one above the other than side by side. */
const MOST_HEIGHT_OF_BOTH = 500;

/** One over the whole width, more of them two by two: none so tall that what stands below it is out of sight. */
export function pictureGrid(all: ReplyPicture[], most: number, sentences: Sentences): Element[] {
  if (all.length <= 1) return all.map((picture) => imageOf(picture, { most, sentences, width: WIDTH_OF_ONE }));
  const heightOfBoth = all.reduce((sum, { width, height }) => sum + (WIDTH_OF_ONE * height) / width, 0);
  if (all.length === 2 && heightOfBoth <= MOST_HEIGHT_OF_BOTH)
    return all.map((picture, index) => ({
      ...imageOf(picture, { most, sentences, number: index + 1, width: WIDTH_OF_ONE }),
      spacing: "small",
    }));
  const rows = Math.ceil(all.length / 2);
  const column = (picture: ReplyPicture | undefined, index: number) => ({
    type: "Column",
    width: "stretch",
    spacing: "small",
    items: picture
      ? [imageOf(picture, { most, sentences, number: index + 1, width: WIDTH_OF_TWO, height: MOST_HEIGHT / rows })]
      : [],
  });
  return Array.from({ length: rows }, (_, row) => ({
    type: "ColumnSet",
    spacing: "small",
    columns: [column(all[row * 2], row * 2), column(all[row * 2 + 1], row * 2 + 1)],
  }));
}

type Placing = { most: number; sentences: Sentences; number?: number; width: number; height?: number };

export function imageOf(
  picture: ReplyPicture,
  { most, sentences, number, width, height = MOST_HEIGHT }: Placing,
): Element {
  const { labels } = sentences;
  const title = number ? labels.openOriginalOf({ number }) : labels.openOriginal;
  const { url, previewUrl } = picture;
  // Sheets, grids and pictures in the making are shown as they are.
  const hasMore = url !== undefined && url !== previewUrl;
  const ownHeight = (width * picture.height) / picture.width;
  const extent =
    ownHeight > height
      ? { width: `${Math.round((height * picture.width) / picture.height)}px`, horizontalAlignment: "center" }
      : { size: "stretch" };
  return {
    type: "Image",
    url: shownAddress(picture),
    altText: shorten(picture.altText, Math.min(most, LONGEST_ALT_TEXT)),
    ...extent,
    allowExpand: true,
    msteams: { allowExpand: true },
    ...(hasMore && { selectAction: { type: "Action.OpenUrl", title, url } }),
  };
}

/** Teams shows pictures of at most 1024×1024 pixels and 1 MB, so an original is shown only where it is one. */
export function shownAddress({ previewUrl, url, width, height, bytes, mediaType }: ReplyPicture): string | undefined {
  if (previewUrl) return previewUrl;
  const small = width <= 1024 && height <= 1024 && bytes <= 1_000_000;
  return small && ["image/png", "image/jpeg", "image/gif"].includes(mediaType) ? url : undefined;
}
