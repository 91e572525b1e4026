import { z } from "zod";
import { inputs, LONGEST_WORDS } from "./button-data.ts";
import { decodeReferences } from "../door/text.ts";

/** The command that is used on a message. */
export const DRAW_MESSAGE = "drawMessage";
/** The message extension's commands, as the manifest names them. */
export const EXTENSION_COMMANDS = ["draw", DRAW_MESSAGE];

const text = z.string().nullish().catch(undefined);

/** What a dialog of ours sends. `dialog` tells one that was opened from all others. */
const Sent = z.object({ do: z.literal("insert"), dialog: z.guid(), ...inputs });
export type Sent = z.infer<typeof Sent>;

/** Whatever else Teams sends, or somebody makes up, is read as nothing. */
export const ExtensionCall = z.object({
  submits: z.boolean(),
  commandId: text,
  commandContext: text,
  /** Nothing where the dialog is not understood. */
  data: Sent.optional().catch(undefined),
  /** The message that it is used on. */
  messagePayload: z
    .object({
      id: text,
      replyToId: text,
      body: z.object({ content: text, contentType: text }).nullish().catch(undefined),
    })
    .nullish()
    .catch(undefined),
});
export type ExtensionCall = z.infer<typeof ExtensionCall>;

/** What a message says, as plain text: Teams hands its HTML over, whose lines are paragraphs. */
export function wordsOfMessage({ messagePayload }: Pick<ExtensionCall, "messagePayload">): string {
  const { content, contentType } = messagePayload?.body ?? {};
  if (!content) return "";
  if (contentType === "text") return content.trim();
  const plain = content
    .slice(0, LONGEST_WORDS * 2)
    .replaceAll(/\s+/g, " ")
    .replaceAll(/<br[^<>]*>|<\/(?:p|div|li|tr|h[1-6]|blockquote)>/gi, "\n")
    .replaceAll(/<[^<>]*>/g, "");
  return decodeReferences(plain)
    .replaceAll(/[^\S\n]+/g, " ")
    .replaceAll(/ ?\n ?/g, "\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}
