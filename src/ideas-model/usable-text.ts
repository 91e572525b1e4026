/** A text of the model's that may be drawn from: one paragraph, with something in it, and no longer than asked for. */
export function usableText(text: string, most: number): string | undefined {
  const words = text
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, " ")
    .trim();
  return words && words.length <= most ? words : undefined;
}
