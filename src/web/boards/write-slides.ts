import { parentPort, workerData } from "node:worker_threads";
import pptxgenjs from "pptxgenjs";
import type { Deck, DeckPicture, Fact, Slide } from "./compose-deck.ts";

/** A thread of its own: zipping some hundred pictures holds up nobody who waits for a chat's answer. */

/** JPEG, by the picture's name; none that is not there any more. */
export type DeckPictures = Map<string, { bytes: Uint8Array; width: number; height: number }>;
export type SlidesAsked = { deck: Deck; pictures: DeckPictures };

/** Inches of a wide slide. */
const WIDTH = 13.333;
const HEIGHT = 7.5;
const EDGE = 0.45;
const TEXT_WIDTH = 3.7;
const INK = "1D1F26";
const QUIET = "565B68";
const ACCENT = "4B4FC4";
const GOOD = "17633A";
const GOOD_GROUND = "E7F5EC";
const SOFT = "E6E8EE";

/** Its types say that it is a CommonJS module, which it is not where it is imported. */
const Presentation = pptxgenjs as unknown as typeof pptxgenjs.default;

type Box = { x: number; y: number; w: number; h: number };
type Page = ReturnType<InstanceType<typeof Presentation>["addSlide"]>;

const asked = workerData as SlidesAsked;
const bytes = await writeSlides(asked);
parentPort?.postMessage(bytes, [bytes.buffer as ArrayBuffer]);

async function writeSlides({ deck, pictures }: SlidesAsked): Promise<Uint8Array> {
  const show = new Presentation();
  show.layout = "LAYOUT_WIDE";
  show.title = plain(deck.title);
  show.subject = plain(deck.title);
  show.author = "Easel";
  show.company = "";
  show.theme = { headFontFace: "Segoe UI", bodyFontFace: "Segoe UI" };
  titlePage(show.addSlide(), deck);
  for (const slide of deck.slides) ideaPage(show.addSlide(), slide, pictures);
  decisionPage(show.addSlide(), deck, pictures);
  return (await show.write({ outputType: "uint8array", compression: false })) as Uint8Array;
}

function titlePage(page: Page, { title, facts }: Deck): void {
  page.addShape("rect", { x: 0, y: 0, w: 0.25, h: HEIGHT, fill: { color: ACCENT } });
  const size = title.length > 120 ? 28 : title.length > 60 ? 36 : 44;
  page.addText(plain(title), {
    x: 0.9,
    y: 1.2,
    w: 11.5,
    h: 3,
    fontSize: size,
    bold: true,
    color: INK,
    valign: "bottom",
  });
  page.addText(lines(facts), { x: 0.9, y: 4.4, w: 11.5, h: 2.4, fontSize: 18, color: QUIET, valign: "top" });
}

function ideaPage(page: Page, slide: Slide, pictures: DeckPictures): void {
  const { round, idea, words, notes, mark, picture, instead } = slide;
  const room = { x: EDGE, y: 0.95, w: WIDTH - TEXT_WIDTH - 3 * EDGE, h: HEIGHT - 0.95 - EDGE };
  const x = room.x + room.w + EDGE;
  page.addText(plain(round), { x: EDGE, y: 0.3, w: WIDTH - 2 * EDGE, h: 0.5, fontSize: 16, color: QUIET, margin: 0 });
  placePicture(page, room, picture, { pictures, instead });
  page.addText(plain(idea), { x, y: room.y, w: 2, h: 0.5, fontSize: 20, bold: true, color: ACCENT, margin: 0 });
  if (mark)
    page.addText(plain(mark), {
      shape: "roundRect",
      rectRadius: 0.2,
      x: x + TEXT_WIDTH - 1.5,
      y: room.y + 0.05,
      w: 1.5,
      h: 0.4,
      fontSize: 14,
      bold: true,
      align: "center",
      color: GOOD,
      fill: { color: GOOD_GROUND },
    });
  const size = words.length > 240 ? 14 : words.length > 120 ? 17 : 22;
  page.addText(plain(words), {
    x,
    y: 1.6,
    w: TEXT_WIDTH,
    h: 3.6,
    fontSize: size,
    color: INK,
    valign: "top",
    margin: 0,
  });
  const rest = slide.lines.map((text) => ({ text: plain(text), options: { breakLine: true } }));
  page.addText(rest, { x, y: 5.3, w: TEXT_WIDTH, h: 1.7, fontSize: 15, color: QUIET, valign: "bottom", margin: 0 });
  if (notes) page.addNotes(plain(notes));
}

function decisionPage(page: Page, { decision }: Deck, pictures: DeckPictures): void {
  const { title, said, facts } = decision;
  page.addShape("rect", { x: 0, y: 0, w: 0.25, h: HEIGHT, fill: { color: ACCENT } });
  page.addText(plain(title), { x: 0.7, y: 0.3, w: 12, h: 0.7, fontSize: 30, bold: true, color: INK, margin: 0 });
  page.addText(plain(said), { x: 0.7, y: 1, w: 12, h: 0.7, fontSize: 18, color: INK, margin: 0 });
  const shown = decision.pictures.slice(0, 4);
  const wide = (12 - 0.3 * (shown.length - 1)) / Math.max(1, shown.length);
  shown.forEach((picture, index) => {
    const room = { x: 0.7 + index * (wide + 0.3), y: 1.8, w: wide, h: 4.4 };
    placePicture(page, room, picture, { pictures, instead: "" });
  });
  page.addText(lines(facts), { x: 0.7, y: 6.3, w: 12, h: 1, fontSize: 14, color: QUIET, valign: "top", margin: 0 });
}

type Instead = { pictures: DeckPictures; instead: string };

/** Whole, in the middle of its room. */
function placePicture(page: Page, room: Box, picture: DeckPicture | undefined, { pictures, instead }: Instead): void {
  const found = picture && pictures.get(picture.name);
  if (!found) {
    const look = { fontSize: 18, color: QUIET, fill: { color: SOFT }, align: "center", valign: "middle" } as const;
    page.addText(plain(instead), { ...room, ...look });
    return;
  }
  const scale = Math.min(room.w / found.width, room.h / found.height);
  const w = found.width * scale;
  const h = found.height * scale;
  const data = `image/jpeg;base64,${Buffer.from(found.bytes).toString("base64")}`;
  page.addImage({
    data,
    altText: plain(picture.altText),
    x: room.x + (room.w - w) / 2,
    y: room.y + (room.h - h) / 2,
    w,
    h,
  });
}

function lines(facts: Fact[]) {
  return facts.flatMap(({ name, value }) => [
    { text: `${plain(name)}  `, options: { bold: true } },
    { text: plain(value), options: { breakLine: true } },
  ]);
}

/** XML has no place for these, and a file with one of them opens nowhere. The library escapes the rest. */
function plain(text: string): string {
  return text.toWellFormed().replaceAll(/(?![\t\n\r])[\p{Cc}\uFFFE\uFFFF]/gu, "");
}
