import { createHash } from "node:crypto";
import type { Account, ConversationKind } from "./conversations.ts";

/** A person of this name; the same name is always the same person. */
export function person(name: string): Account & { name: string; aadObjectId: string } {
  const digest = createHash("sha256").update(name).digest("hex");
  return { id: `29:1${createHash("sha256").update(name).digest("base64url")}`, name, aadObjectId: asGuid(digest) };
}

/** Where people talk: one chat with each person, one group chat, one channel of one team. */
export function chatIdOf(kind: ConversationKind, user: Account): string {
  if (kind === "personal") return `a:1${createHash("sha256").update(`chat ${user.id}`).digest("base64url")}`;
  const digest = createHash("sha256").update(kind).digest("hex").slice(0, 32);
  return kind === "channel" ? `19:${digest}@thread.tacv2` : `19:${digest}@thread.v2`;
}

/** The chat that two people have with each other. The bot is not in it, but its message extension may be used there. */
export function chatOfTwo(one: Account, other: Account): string {
  const [first, second] = [one, other]
    .map(({ id }) => asGuid(createHash("sha256").update(id).digest("hex")))
    .toSorted();
  return `19:${first}_${second}@unq.gbl.spaces`;
}

export function kindOf(conversationId: string): ConversationKind {
  if (conversationId.includes("@thread.tacv2")) return "channel";
  return conversationId.includes("@thread.v2") ? "groupChat" : "personal";
}

export const teamId = "19:0f9a1f5e6f0c4b0d8e6b7a5c3d2e1f00@thread.tacv2";

function asGuid(digest: string): string {
  const part = (from: number, to: number) => digest.slice(from, to);
  return `${part(0, 8)}-${part(8, 12)}-4${part(13, 16)}-8${part(17, 20)}-${part(20, 32)}`;
}
