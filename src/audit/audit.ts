import { createHash, randomBytes } from "node:crypto";
import { personOf } from "../request/request.ts";
import type { Asker } from "../request/request.ts";
import type { Azure } from "../storage/azure.ts";
import { readRows, writeTogether } from "../storage/table.ts";
import type { Row } from "../storage/table.ts";
import { tryAFewTimes } from "../storage/until-storage-answers.ts";

/** What is written down of whoever does it. */
export const DEEDS = [
  "set a rule",
  "removed a rule",
  "raised a budget",
  "set an own limit",
  "changed the file",
  "deleted a picture",
  "cancelled a job",
  "exported",
  "asked what is kept",
  "forgot a person",
  "approved",
  "turned down",
] as const;
export type Deed = (typeof DEEDS)[number];

/** The place that its admins may look at: a Discord server, a Teams tenant. */
export type Workspace = { platform: string; id: string };

export type AuditLine = {
  /** An ISO time. */
  at: string;
  /** `person` is a hash, see `personOf`; absent where it was no person, as with the file. */
  by: { platform?: string; person?: string; name: string };
  workspace?: Workspace;
  did: Deed;
  /** What it was done to: a rule's key, a job's reference, a person's hash. */
  of: string;
  before?: unknown;
  after?: unknown;
};

/** Whoever does something: a person, or a name for what is none. */
export type Doer = Asker | { name: string };

export type Audited = { by: Doer; did: Deed; of: string; before?: unknown; after?: unknown };

/** The partition of the rules as well: so a change of a rule and its line are one write. */
export const RULES_PARTITION = "rules";

/** A row holds 32,000 characters in one value. */
const MOST_CHARACTERS = 30_000;

/** Writes a line; once, whatever storage says meanwhile. */
export async function noteAudit(audited: Audited, azure: Azure, abortSignal?: AbortSignal): Promise<void> {
  const rows = rowsOfLine(audited, new Date());
  const write = () =>
    writeTogether(
      rows.map((row) => ({ put: row })),
      azure,
      abortSignal,
    );
  await tryAFewTimes(write, azure, abortSignal);
}

/** The rows of a line, to be written with what they tell of: newest first among all, and among those of its workspace. */
export function rowsOfLine({ by, did, of, before, after }: Audited, now: Date): Row[] {
  const person = "platform" in by ? { platform: by.platform, person: personOf(by), name: by.name } : { name: by.name };
  const workspace =
    "platform" in by && by.workspace !== undefined ? { platform: by.platform, id: by.workspace } : undefined;
  const line: AuditLine = { at: now.toISOString(), by: person, workspace, did, of, before, after };
  const text = JSON.stringify(line);
  const short = text.length > MOST_CHARACTERS ? JSON.stringify({ ...line, before: "…", after: "…" }) : text;
  const name = `${newestFirst(now)}-${randomBytes(6).toString("hex")}`;
  const places = [listOf(), ...(workspace ? [listOf(workspace)] : [])];
  const values = { line: short, person: person.person };
  return places.map((list) => ({ partition: RULES_PARTITION, name: `${list}${name}`, values }));
}

/** Where the lines of a workspace begin; without one, where all do. */
function listOf(workspace?: Workspace): string {
  if (!workspace) return "audit-all-";
  const digest = createHash("sha256").update(`${workspace.platform}/${workspace.id}`).digest("hex").slice(0, 32);
  return `audit-of-${digest}-`;
}

const LATEST = 10_000_000_000_000;

function newestFirst(at: Date): string {
  return String(LATEST - at.getTime()).padStart(14, "0");
}

export type AuditPage = { lines: AuditLine[]; /** Where the next page begins; nothing at the end. */ next?: string };

/** Lines, the newest first: those of one workspace, or all. */
export async function readAudit(
  { count, after = "", workspace }: { count: number; after?: string; workspace?: Workspace },
  azure: Azure,
  abortSignal?: AbortSignal,
): Promise<AuditPage> {
  const list = listOf(workspace);
  const range = { count: count + 1, after: `${list}${after}`, before: `${list}~` };
  const rows = await readRows(RULES_PARTITION, range, azure, abortSignal);
  const shown = rows.slice(0, count);
  return {
    lines: shown.map(({ values }) => JSON.parse(String(values.line)) as AuditLine),
    next: rows.length > count ? shown.at(-1)?.name.slice(list.length) : undefined,
  };
}
