import type { Azure } from "../storage/azure.ts";
import { editLink, idOfDraft } from "../jobs/drafts.ts";
import type { Draft } from "../jobs/drafts.ts";
import { keepBeside } from "../storage/picture-blobs.ts";
import { log } from "../log.ts";
import { pictureUrl } from "../replies/picture-reply.ts";
import { CELLS, drawGrid } from "../pixels/grid-and-mask.ts";
import type { ChatReply, ReplyAction, ReplyPicture } from "../replies/reply.ts";
import { edit, labels } from "../words/sentences.ts";
import type { Settings } from "../settings.ts";

/** Where a person says what should change: the picture with its grid, and the way to the page for painting. For them alone. */
export async function editPanelReply(draft: Draft, settings: Settings, azure: Azure): Promise<ChatReply> {
  const grid = await gridOf(draft, settings, azure);
  const link = editLink(draft, settings);
  const paint: ReplyAction[] = link ? [{ do: "open", label: labels.paintRegion, url: link }] : [];
  return {
    role: "word",
    mood: "help",
    title: labels.editTitle,
    paragraphs: [edit.intro],
    quotes: [],
    pictures: grid ? [grid] : [],
    facts: [],
    actions: [{ do: "change", label: labels.describeChange, draft: draft.id, cells: CELLS }, ...paint],
    forAskerOnly: true,
  };
}

/** Without it the whole picture, or a part on the page, can be changed all the same. */
async function gridOf(draft: Draft, settings: Settings, azure: Azure): Promise<ReplyPicture | undefined> {
  const name = `${idOfDraft(draft)}-grid.jpg`;
  try {
    const picture = await azure.container.getBlockBlobClient(draft.blob).downloadToBuffer();
    const bytes = await drawGrid(picture);
    await keepBeside(name, bytes, azure);
    const url = pictureUrl(name, settings);
    const { width, height } = draft;
    const shown = { name, preview: name, mediaType: "image/jpeg", bytes: bytes.length, url, previewUrl: url };
    return { ...shown, width, height, altText: edit.grid };
  } catch (error) {
    log.warn({ error, draft: draft.id.slice(0, 8) }, "no grid could be drawn over a picture");
    return undefined;
  }
}
