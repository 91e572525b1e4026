import { crc32 } from "node:zlib";
import sharp from "sharp";

const PNG_SIGNATURE_BYTES = 8;
const IEND = Buffer.from("0000000049454e44ae426082", "hex");
const END_OF_JPEG = Buffer.from([0xff, 0xd9]);

/**
 * Whether all pixels are there. A header can be whole where the rest is missing, and a picture that is made smaller while it is
 * read is not always read to its end: the last row is, without a complaint, or it is not whole.
 */
export async function decodesWhole(bytes: Buffer, limitInputPixels: number): Promise<boolean> {
  try {
    const { width, height } = await sharp(bytes, { limitInputPixels }).metadata();
    const lastRow = { left: 0, top: height - 1, width, height: 1 };
    await sharp(bytes, { limitInputPixels, failOn: "warning" }).extract(lastRow).raw().toBuffer();
    return true;
  } catch {
    // sharp names no error class: whatever it says of these bytes, they cannot be decoded.
    return false;
  }
}

/**
 * A copy of a picture whose frame is damaged and whose pixels may be whole, with the frame put right: the checksums of a PNG and its
 * last chunk, the end of a JPEG. Every viewer shows such pictures; a strict decoder does not. Decoding the copy strictly then
 * tells whether the pixels are whole. Nothing for other kinds.
 */
export function mended(bytes: Buffer): Buffer | undefined {
  if (bytes.length < 16) return undefined;
  if (bytes.readUInt32BE(0) === 0x89504e47) return mendedPng(bytes);
  if (bytes.readUIntBE(0, 3) === 0xffd8ff) return mendedJpeg(bytes);
  return undefined;
}

function mendedPng(bytes: Buffer): Buffer | undefined {
  const parts = [bytes.subarray(0, PNG_SIGNATURE_BYTES)];
  for (let at = PNG_SIGNATURE_BYTES; at + 8 <= bytes.length;) {
    const type = bytes.toString("latin1", at + 4, at + 8);
    if (!/^[A-Za-z]{4}$/.test(type)) return undefined;
    if (type === "IEND") break;
    // A last chunk that is cut off in its checksum has all its data; one that is cut in its data is no good.
    const end = at + 8 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32BE(crc32(bytes.subarray(at + 4, end)));
    parts.push(bytes.subarray(at, end), checksum);
    at = end + 4;
  }
  return Buffer.concat([...parts, IEND]);
}

function mendedJpeg(bytes: Buffer): Buffer {
  const isHalf = bytes.at(-1) === 0xff;
  return Buffer.concat([isHalf ? bytes.subarray(0, -1) : bytes, END_OF_JPEG]);
}
