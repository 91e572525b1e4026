import { createHash } from "node:crypto";
import { MODEL_STYLES, NO_STYLE } from "../request/named-style.ts";

export const LONGEST_STYLE_NAME = 32;

/** Letters of any script, digits, spaces and hyphens. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} -]*$/u;

export type NameFault =
  | { fault: "empty" }
  | { fault: "too long"; length: number }
  | { fault: "signs" }
  | { fault: "taken by models" };

/** A name as it is shown, or what is wrong with it. */
export function readStyleName(typed: string): { name: string } | NameFault {
  const name = typed.normalize("NFC").trim().replaceAll(/\s+/g, " ");
  if (!name) return { fault: "empty" };
  if (name.length > LONGEST_STYLE_NAME) return { fault: "too long", length: name.length };
  if (!NAME.test(name)) return { fault: "signs" };
  const word = name.toLowerCase();
  return word === NO_STYLE || MODEL_STYLES.has(word) ? { fault: "taken by models" } : { name };
}

/** The same for each way to write it: “Old Harbour”, “old-harbour”. Fit for a row's name. */
export function keyOfStyle(name: string): string {
  const plain = name
    .normalize("NFC")
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, "-");
  return createHash("sha256").update(plain).digest("hex").slice(0, 32);
}
