import { createHash } from "node:crypto";
import { personOf } from "../request/request.ts";
import type { Asker } from "../request/request.ts";

/** Who pays for a call, and where: the person as `personOf` has it. */
export type Payer = { platform: string; workspace?: string; channel: string; person: string };

/** What a sum is kept for. A model is one of `MODEL_NAMES`, or `ideas:` and the deployment of a model for ideas. */
export type Scope =
  | { kind: "bot" }
  | { kind: "workspace" | "channel"; platform: string; id: string }
  | { kind: "person"; person: string }
  | { kind: "model"; model: string };

export type Workspace = { kind: "workspace"; platform: string; id: string };

/** What is drawn in a thread is paid by its channel. */
export function payerOf(asker: Asker): Payer {
  const { platform, workspace, channel, parentChannel = channel } = asker;
  return { platform, workspace, channel: parentChannel, person: personOf(asker) };
}

/** Ideas of a brainstorm are paid by whoever began their round, whosever they are. */
export function payerOfRequest({ askedBy, brainstorm }: { askedBy: Asker; brainstorm?: { paidBy?: Asker } }): Payer {
  return payerOf(brainstorm?.paidBy ?? askedBy);
}

/** What a budget may be set for, and this payer's money is counted in. */
export function scopesOf({ platform, workspace, channel, person }: Payer): Scope[] {
  return [
    { kind: "bot" },
    ...(workspace === undefined ? [] : [{ kind: "workspace" as const, platform, id: workspace }]),
    { kind: "channel", platform, id: channel },
    { kind: "person", person },
  ];
}

/** Where money is set aside: what a budget may be set for, and a person's part in a workspace. */
export function heldIn(payer: Payer): { scope: Scope; within?: Workspace }[] {
  const within = workspaceOf(payer);
  const scopes = scopesOf(payer).map((scope) => ({ scope }));
  return within ? [...scopes, { scope: { kind: "person", person: payer.person }, within }] : scopes;
}

export function workspaceOf({ platform, workspace }: Payer): Workspace | undefined {
  return workspace === undefined ? undefined : { kind: "workspace", platform, id: workspace };
}

/** As a part of a row's name, without a dot. */
export function keyOfScope(scope: Scope): string {
  if (scope.kind === "bot") return "bot";
  if (scope.kind === "person") return `person-${encoded(scope.person)}`;
  if (scope.kind === "model") return `model-${encoded(scope.model)}`;
  return `${scope.kind}-${encoded(scope.platform)}-${encoded(scope.id)}`;
}

/** A row's name may be a kilobyte. */
const MOST_CHARACTERS = 200;

/** Ids of Teams hold what no name of a row may (`/ \ # ?`), and what is one thing is one name. */
function encoded(text: string): string {
  const plain = text.replaceAll(/[^A-Za-z0-9]/gu, (character) => `_${character.codePointAt(0)?.toString(16)}_`);
  if (plain.length <= MOST_CHARACTERS) return plain;
  return `${plain.slice(0, 60)}_${createHash("sha256").update(text).digest("hex")}`;
}
