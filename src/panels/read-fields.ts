import type { FormField, FormValues } from "../replies/form.ts";
import { MOST_COUNTED, MOST_DOLLARS } from "../rules.ts";
import type { Said } from "../words/said.ts";
import { ruleFaults } from "../words/sentences.ts";

/** A field for a number, with the one that is set; empty, there is none. */
export function numberField(id: string, label: Said, present: number | undefined): FormField {
  const value = present === undefined ? {} : { value: String(present) };
  return { id, kind: "line", label, most: 20, isRequired: false, ...value };
}

export function textIn(values: FormValues, id: string): string {
  return values[id]?.[0]?.trim() ?? "";
}

export type Amount = { dollars?: number; pictures?: number };

/** “5”, “$2.50”, “2,50 dollars”, “20 pictures”, “5 dollars and 20 pictures”. */
const DOLLARS = /^\$?\s*(-?\d+(?:[.,]\d+)?)\s*(?:\$|dollars?|usd)?$/i;
const PICTURES = /^(-?\d+)\s*(?:pictures?|images?)$/i;

/** Of what somebody wrote, or all that is wrong with it. */
export function readAmount(words: string): { amount: Amount } | { faults: Said[] } {
  if (!words) return { faults: [ruleFaults.amountMissing] };
  const amount: Amount = {};
  const faults: Said[] = [];
  for (const part of words.split(/\s*(?:;|\band\b|\bor\b|,(?=\s))\s*/i).filter(Boolean)) {
    const [, pictures] = PICTURES.exec(part.trim()) ?? [];
    const [, dollars] = DOLLARS.exec(part.trim()) ?? [];
    const [unit, text, most] =
      pictures === undefined
        ? ["dollars" as const, dollars, MOST_DOLLARS]
        : ["pictures" as const, pictures, MOST_COUNTED];
    const number = Number(text?.replace(",", "."));
    if (text === undefined || amount[unit] !== undefined) faults.push(ruleFaults.amountNotRead({ words: part }));
    else if (number < 0) faults.push(ruleFaults.amountNegative({ words: part }));
    else if (number > most) faults.push(ruleFaults.amountBeyond({ unit, most }));
    else amount[unit] = number;
  }
  if (faults.length) return { faults };
  return Object.keys(amount).length ? { amount } : { faults: [ruleFaults.amountMissing] };
}

/** As it is written into a field. */
export function writtenAmount({ dollars, pictures }: Amount): string {
  const parts = [
    ...(dollars === undefined ? [] : [`${dollars} dollars`]),
    ...(pictures === undefined ? [] : [`${pictures} pictures`]),
  ];
  return parts.join(" and ");
}

/** A number in a field of its own; nothing where it is empty. */
export function readNumber(
  values: FormValues,
  { id, label, most, isWhole }: { id: string; label: Said; most: number; isWhole: boolean },
  faults: Said[],
): number | undefined {
  const words = textIn(values, id);
  if (!words) return undefined;
  const number = Number(words.replace(/^\$|\s*(dollars?|pictures?)$/gi, "").replace(",", "."));
  if (number >= 0 && number <= most && (!isWhole || Number.isInteger(number))) return number;
  faults.push((isWhole ? ruleFaults.numberNotRead : ruleFaults.dollarsNotRead)({ words, label, most }));
  return undefined;
}

/** Ids that were picked, or written with commas between them, with or without what a chat writes around one. */
export function idsIn(values: FormValues, id: string): string[] {
  const all = (values[id] ?? []).flatMap((one) => one.split(/[\s,;]+/));
  const bare = all.map((one) => one.replace(/^<(?:#|@[!&]?)(\d+)>$/, "$1").trim()).filter(Boolean);
  return [...new Set(bare)];
}
