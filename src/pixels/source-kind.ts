/** Kinds that are turned into PNG or JPEG, as against those that are recognised only to say no to them by name. */
export type ReadableKind = "png" | "jpeg" | "webp" | "gif";

export type RefusedKind =
  | "AVIF"
  | "BMP"
  | "HEIC"
  | "JPEG 2000"
  | "JPEG XL"
  | "PDF"
  | "Photoshop"
  | "SVG"
  | "TIFF"
  | "camera raw"
  | "video";

const READABLE: [ReadableKind, (bytes: Buffer) => boolean][] = [
  ["png", (bytes) => begins(bytes, "89504e470d0a1a0a")],
  ["jpeg", (bytes) => begins(bytes, "ffd8ff")],
  ["webp", (bytes) => text(bytes, 0, 4) === "RIFF" && text(bytes, 8, 12) === "WEBP"],
  ["gif", (bytes) => ["GIF87a", "GIF89a"].includes(text(bytes, 0, 6))],
];

const REFUSED: [RefusedKind, (bytes: Buffer) => boolean][] = [
  ["TIFF", (bytes) => ["49492a00", "4d4d002a", "49492b00", "4d4d002b"].some((magic) => begins(bytes, magic))],
  ["PDF", (bytes) => text(bytes, 0, 5) === "%PDF-"],
  // The length of the header that follows: without it every text that begins with these two letters is a bitmap.
  ["BMP", (bytes) => text(bytes, 0, 2) === "BM" && [12, 40, 52, 56, 64, 108, 124].includes(bytes.readUInt32LE(14))],
  ["Photoshop", (bytes) => text(bytes, 0, 4) === "8BPS"],
  ["JPEG XL", (bytes) => begins(bytes, "ff0a") || begins(bytes, "0000000c4a584c20")],
  ["JPEG 2000", (bytes) => begins(bytes, "0000000c6a502020") || begins(bytes, "ff4fff51")],
  ["video", isVideo],
  ["SVG", isSvg],
];

/** What the first bytes say, whatever name or header came with them; nothing where they are none of these. */
export function readSourceKind(bytes: Buffer): ReadableKind | { refused: RefusedKind } | undefined {
  // The shortest picture of any kind is longer, and every look below stays within these bytes.
  if (bytes.length < 20) return undefined;
  const readable = READABLE.find(([, fits]) => fits(bytes));
  if (readable) return readable[0];
  const refused = kindByBrand(bytes) ?? REFUSED.find(([, fits]) => fits(bytes))?.[0];
  return refused && { refused };
}

/** Brands of the ISO base media file format, which stills and films share. A still may name `mif1` first and its codec later. */
function kindByBrand(bytes: Buffer): RefusedKind | undefined {
  if (text(bytes, 4, 8) !== "ftyp") return undefined;
  const end = Math.min(bytes.readUInt32BE(0), bytes.length, 256);
  const brands = [text(bytes, 8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(text(bytes, at, at + 4));
  if (brands.some((brand) => /^avi[fs]$/.test(brand))) return "AVIF";
  if (brands.some((brand) => /^(he[iv][cxms]|mif[12]|msf1)$/.test(brand))) return "HEIC";
  return brands[0] === "crx " ? "camera raw" : "video";
}

function isVideo(bytes: Buffer): boolean {
  if (begins(bytes, "1a45dfa3")) return true;
  if (text(bytes, 0, 4) === "RIFF") return text(bytes, 8, 12) === "AVI ";
  return ["moov", "mdat", "wide"].includes(text(bytes, 4, 8));
}

/** An HTML page with a drawing in it begins otherwise, and is none. */
function isSvg(bytes: Buffer): boolean {
  const sixteenBit = begins(bytes, "fffe");
  const head = bytes
    .toString(sixteenBit ? "utf16le" : "utf8", 0, 4096)
    .replace("\uFEFF", "")
    .trimStart();
  if (/^<(\w+:)?svg[\s>]/.test(head)) return true;
  return /^<(\?xml|!--|!DOCTYPE svg)/.test(head) && /<(\w+:)?svg[\s>]/.test(head);
}

function begins(bytes: Buffer, hex: string): boolean {
  return bytes.toString("hex", 0, hex.length / 2) === hex;
}

function text(bytes: Buffer, start: number, end: number): string {
  return bytes.toString("latin1", start, end);
}
