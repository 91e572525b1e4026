import { z } from "zod";
import { OPTION_NAMES } from "../../src/request.ts";
import { ELLIPSIS } from "./shorten.ts";
import { isOptionName, readWords } from "./commands.ts";
import type { AskedPicture } from "./commands.ts";

/** Names of the inputs in our cards; those of the options are the options' own. */
export const PROMPT = "prompt";
/** The choice that makes none. Some clients show an empty value as nothing at all. */
export const AS_USUAL = "as-usual";

const inputs = {
  [PROMPT]: z.string().max(40_000).optional(),
  ...Object.fromEntries(OPTION_NAMES.map((name) => [name, z.string().max(200).optional()])),
};

/** What arrives when a button of our cards is pressed: its data, and what stands in the card's inputs. */
export const Pressed = z.discriminatedUnion("do", [
  z.object({
    do: z.literal("revise"),
    job: z.string().regex(/^[a-z0-9-]{1,100}$/),
    /** Where those of the job's words begin that the field had no room for. */
    rest: z
      .string()
      .regex(/^\d{1,6}$/)
      .optional(),
    ...inputs,
  }),
  /** `asker` is who got the form. */
  z.object({ do: z.literal("imagine"), asker: z.string(), ...inputs }),
]);
export type Pressed = z.infer<typeof Pressed>;

/** The request in a card. `before` is what the inputs change; an input left "as usual" takes its option away. */
export function askedIn(
  pressed: Pressed,
  before: Partial<Pick<AskedPicture, "prompt" | "options">> = {},
): AskedPicture {
  const asked = readWords(wordsIn(pressed, before.prompt ?? ""));
  const options = { ...before.options };
  for (const [name, value] of Object.entries(pressed)) {
    if (!isOptionName(name)) continue;
    if (value && value !== AS_USUAL) options[name] = value;
    else delete options[name];
  }
  return { ...asked, options: { ...options, ...asked.options } };
}

/** A field that was too small ended in an ellipsis. Where that still stands, so do the words behind it. */
function wordsIn(pressed: Pressed, before: string): string {
  const words = pressed.prompt;
  if (words === undefined) return before;
  const kept = words.trimEnd();
  if (pressed.do !== "revise" || pressed.rest === undefined || !kept.endsWith(ELLIPSIS)) return words;
  return kept.slice(0, -ELLIPSIS.length) + before.slice(Number(pressed.rest));
}
