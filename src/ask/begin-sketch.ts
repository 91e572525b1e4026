import { randomBytes } from "node:crypto";
import { z } from "zod";
import { isAsker } from "../jobs/rights.ts";
import { log } from "../log.ts";
import { editorsOf } from "../request/check.ts";
import { Asker, Parent, record, Source } from "../request/request.ts";
import type { Address, ImageRequest } from "../request/request.ts";
import { RENDERINGS } from "../request/sketch-prompt.ts";
import type { Settings } from "../settings.ts";
import type { Azure } from "../storage/azure.ts";
import { putRow, readRow } from "../storage/table.ts";
import { sentencesFor, speak } from "../words/said.ts";
import type { Said } from "../words/said.ts";
import { failed, sketches } from "../words/sentences.ts";
import { findPicture, parentOf } from "./go-on.ts";
import type { PicturePress } from "./go-on.ts";

/** A sketch that somebody wants a picture of, until they have said what it is. */
const Sketch = record({
  source: Source,
  parent: Parent.optional(),
  private: z.boolean(),
  askedBy: Asker,
});

/** What its words are asked with; `words` is what they begin with. */
export type BegunSketch = { id: string; words: string };

const PARTITION = "sketches";
const SKETCH_ID = /^[0-9a-f]{40}$/;

/** Begins with a picture that stands in the chat. */
export function beginSketch(
  { source, words, by, signal }: { source: Source; words: string; by: Asker; signal?: AbortSignal },
  settings: Settings,
  azure: Azure,
): Promise<BegunSketch | { word: Said }> {
  return keep({ source, private: false, askedBy: by }, { words, signal }, settings, azure);
}

/** The same with one that Easel drew. */
export async function beginDrawnSketch(
  press: PicturePress,
  settings: Settings,
  azure: Azure,
): Promise<BegunSketch | { word: Said }> {
  const found = await findPicture(press, azure);
  if ("sorry" in found) return { word: found.sorry };
  const { ref, job } = found;
  const sketch = {
    source: { from: "drawn", picture: ref } as const,
    parent: parentOf(found, press.by),
    private: job.request.private,
    askedBy: press.by,
  };
  return keep(sketch, { words: job.request.prompt, signal: press.signal }, settings, azure);
}

async function keep(
  sketch: z.infer<typeof Sketch>,
  { words, signal }: { words: string; signal?: AbortSignal },
  settings: Settings,
  azure: Azure,
): Promise<BegunSketch | { word: Said }> {
  if (!editorsOf(settings).length) return { word: failed.noEditing };
  const id = randomBytes(20).toString("hex");
  try {
    await putRow({ partition: PARTITION, name: id, values: { sketch: JSON.stringify(sketch) } }, azure, signal);
    return { id, words };
  } catch (error) {
    log.error({ error }, "a sketch could not be kept");
    return { word: failed.storage };
  }
}

type Sent = { of: string; words: string; id: string; by: Asker; address: Address; signal?: AbortSignal };

/** The request that a sketch and its words mean, if its sender is who began it. */
export async function requestOfSketch(sent: Sent, azure: Azure): Promise<{ draw: ImageRequest } | { word: Said }> {
  const { of, words, id, by, address, signal } = sent;
  try {
    const row = SKETCH_ID.test(of) ? await readRow(PARTITION, of, azure, signal) : undefined;
    if (!row) return { word: sketches.gone };
    const { source, parent, private: isPrivate, askedBy } = Sketch.parse(JSON.parse(String(row.values.sketch)));
    if (!isAsker({ askedBy }, by)) return { word: failed.notYours };
    const asked = { ...fromSketch(words, by), id, private: isPrivate, askedBy: by, address, sources: [source] };
    return { draw: parent ? { ...asked, parent: { ...parent, change: "edit" } } : asked };
  } catch (error) {
    log.error({ error }, "a sketch could not be read");
    return { word: failed.storage };
  }
}

/** What every request from a sketch has. Who says nothing gets what the sketch shows, in words of ours that they see. */
export function fromSketch(
  words: string,
  { locale }: Pick<Asker, "locale">,
): Pick<ImageRequest, "prompt" | "options" | "unknownOptions" | "sketch"> {
  const prompt = words.trim() || speak(sketches.usualWords, sentencesFor(locale));
  return { prompt, options: { count: String(RENDERINGS) }, unknownOptions: [], sketch: true };
}
