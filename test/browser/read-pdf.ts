import { inflateSync } from "node:zlib";

/** What stands on each page of a PDF as Chromium prints one: its text, and how many pictures. */
export type PdfPage = { text: string; pictures: number; width: number; height: number };

export function readPdf(bytes: Buffer): PdfPage[] {
  const objects = readObjects(bytes);
  const at = (reference: string | undefined) => objects.get(Number(reference));
  const fonts = new Map<string, Map<number, string>>();
  for (const [number, { head }] of objects) {
    const [, unicode] = /\/ToUnicode (\d+) 0 R/.exec(head) ?? [];
    if (unicode) fonts.set(String(number), readLetters(at(unicode)?.stream ?? ""));
  }
  return [...objects.values()]
    .filter(({ head }) => /\/Type \/Page\b/.test(head))
    .map(({ head }) => {
      const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(head) ?? [];
      const [, contents] = /\/Contents (\d+) 0 R/.exec(head) ?? [];
      const named = Object.fromEntries([...head.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name, font]) => [name, font]));
      let letters: Map<number, string> | undefined;
      let text = "";
      for (const [, font, hex] of (at(contents)?.stream ?? "").matchAll(
        /\/(F\d+) [\d.]+ Tf|<([0-9A-F]+)> Tj|\bET\b/g,
      )) {
        if (font) letters = fonts.get(named[font] ?? "");
        else if (hex)
          text += (hex.match(/.{4}/g) ?? []).map((code) => letters?.get(parseInt(code, 16)) ?? "?").join("");
        else text += " ";
      }
      const pictures = (at(contents)?.stream.match(/\/X\d+ Do/g) ?? []).length;
      return { text: text.replaceAll(/\s+/g, " "), pictures, width: Number(width), height: Number(height) };
    });
}

type PdfObject = { head: string; stream: string };

function readObjects(bytes: Buffer): Map<number, PdfObject> {
  const all = bytes.toString("latin1");
  const objects = new Map<number, PdfObject>();
  for (const found of all.matchAll(/(?:^|\n)(\d+) 0 obj\s/g)) {
    const from = found.index + found[0].length;
    const end = all.indexOf("endobj", from);
    const stream = all.indexOf("stream\n", from);
    const hasStream = stream >= 0 && stream < end;
    const head = all.slice(from, hasStream ? stream : end);
    const [, length] = /\/Length (\d+)/.exec(head) ?? [];
    const raw = hasStream ? bytes.subarray(stream + 7, stream + 7 + Number(length)) : Buffer.alloc(0);
    const isText = /\/FlateDecode/.test(head) && !/\/Subtype \/Image/.test(head);
    objects.set(Number(found[1]), { head, stream: hasStream && isText ? inflateSync(raw).toString("latin1") : "" });
  }
  return objects;
}

/** Which letters a font's glyphs stand for. */
function readLetters(map: string): Map<number, string> {
  const letters = new Map<number, string>();
  const decode = (hex: string) => Buffer.from(hex, "hex").swap16().toString("utf16le");
  for (const [, block = ""] of map.matchAll(/beginbfchar([\s\S]*?)endbfchar/g))
    for (const [, from = "", to = ""] of block.matchAll(/<(\w+)> <(\w+)>/g))
      letters.set(parseInt(from, 16), decode(to));
  for (const [, block = ""] of map.matchAll(/beginbfrange([\s\S]*?)endbfrange/g))
    for (const [, from = "", to = "", first = ""] of block.matchAll(/<(\w+)> <(\w+)> <(\w+)>/g))
      for (let code = parseInt(from, 16); code <= parseInt(to, 16); code += 1)
        letters.set(code, String.fromCharCode(parseInt(first, 16) + code - parseInt(from, 16)));
  return letters;
}
