/**
 * Discord takes 4000 characters over all texts of a message, and has been seen to fail above some 10,170 bytes. The
 * difference to 4000 is for what Discord may count otherwise.
 */
export const MOST_TEXT = 3900;

/** Characters, or bytes where a script needs so many that their limit comes first; 12 bytes go with each text. */
export function weightOf(content: string): number {
  if (!content) return 0;
  return Math.max(content.length, Math.ceil((Buffer.byteLength(content) + 12) * (MOST_TEXT / 10_000)));
}
