import type { Azure } from "../storage/azure.ts";
import { editorFor, findPicture, optionsForEdit, parentOf } from "./go-on.ts";
import type { PicturePress, Sorry } from "./go-on.ts";
import { editLink, idOfDraft, isExpired, readDraft, saveDraft } from "../jobs/drafts.ts";
import type { Draft } from "../jobs/drafts.ts";
import { staysPrivate } from "../jobs/rights.ts";
import { keepBeside } from "../storage/picture-blobs.ts";
import { log } from "../log.ts";
import { pictureUrl } from "../replies/picture-reply.ts";
import { CELLS, drawGrid } from "../pixels/grid-and-mask.ts";
import type { ChatReply, ReplyAction, ReplyPicture } from "../replies/reply.ts";
import { textOfRef } from "../request/request.ts";
import type { Address, Asker } from "../request/request.ts";
import type { Said } from "../words/said.ts";
import { edit, failed, labels } from "../words/sentences.ts";
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
    const picture = await azure.pictures.getBlockBlobClient(draft.blob).downloadToBuffer();
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

/** What the sender of an edit hears instead, where its picture was deleted meanwhile. */
export async function sorryForDraft(
  draft: Draft,
  by: Asker,
  azure: Azure,
  signal?: AbortSignal,
): Promise<Said | undefined> {
  if (draft.source.from !== "drawn") return undefined;
  const found = await findPicture({ ref: textOfRef(draft.source.picture), by, signal }, azure);
  return "sorry" in found && found.isDeleted ? found.sorry : undefined;
}

/** Begins an edit of a picture that Easel drew. `address` is for a message of its own. */
export async function beginEdit(
  press: PicturePress & { address: Address },
  settings: Settings,
  azure: Azure,
): Promise<{ draft: Draft } | Sorry> {
  const found = await findPicture(press, azure);
  if ("sorry" in found) return found;
  const { job, ref, picture } = found;
  const model = editorFor(job, settings);
  if (!model) return { sorry: failed.noEditing };
  const draft = {
    source: { from: "drawn", picture: ref } as const,
    blob: `pictures/${picture.kept.name}`,
    width: picture.kept.width,
    height: picture.kept.height,
    parent: parentOf(found, press.by),
    options: optionsForEdit(job, model),
    style: job.request.style,
    private: staysPrivate(job, press.by),
    askedBy: press.by,
    address: press.address,
  };
  try {
    return { draft: await saveDraft(draft, azure, press.signal) };
  } catch (error) {
    log.error({ error, ref: press.ref }, "an edit could not be begun");
    return { sorry: failed.storage };
  }
}

/** An edit that was begun, as it stands by now: "unseen" while storage is out of reach. */
export async function lookAtDraft(id: string, azure: Azure, signal?: AbortSignal): Promise<Draft | "gone" | "unseen"> {
  try {
    const draft = await readDraft(id, azure, signal);
    return draft && !isExpired(draft) ? draft : "gone";
  } catch (error) {
    log.error({ error }, "a begun edit could not be read");
    return "unseen";
  }
}
