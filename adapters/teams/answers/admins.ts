import { z } from "zod";
import { becauseOf, log } from "../../../src/log.ts";
import type { Azure } from "../../../src/storage/azure.ts";
import { isConflict } from "../../../src/storage/storage-refusal.ts";
import { addRow, putRow, readRow, removeRow } from "../../../src/storage/table.ts";
import type { Row } from "../../../src/storage/table.ts";
import { personOf } from "../address.ts";
import type { TeamsAddress } from "../address.ts";

/** One row for each tenant: who was the first to add Easel to a team of it, and to which. */
const INSTALLERS = "installers";

/**
 * Teams tells a bot nothing of roles. Whoever adds it to a team first, rules it for their tenant until it is taken out of that team:
 * adding it to a chat, or for oneself, is open to anybody and says nothing.
 */
export async function noteInstaller(team: string, address: TeamsAddress, azure: Azure): Promise<void> {
  const { tenantId, user, conversationType } = address;
  if (!tenantId || conversationType !== "channel" || !user.aadObjectId) return;
  try {
    const person = { platform: "teams", user: personOf(user), name: user.name ?? "" };
    const row = { partition: INSTALLERS, name: tenantId, values: { team, json: JSON.stringify(person) } };
    const signal = AbortSignal.timeout(azure.times.storage.smallBlobLimitMilliseconds);
    const present = await readRow(INSTALLERS, tenantId, azure, signal);
    // Whoever asked to be forgotten rules no more.
    if (present && installerIn(present.values) === undefined) await putRow(row, azure, signal);
    else if (!present) await addRow(row, azure, signal);
  } catch (error) {
    if (!isConflict(error)) log.warn({ because: becauseOf(error) }, "teams: who added Easel was not noted");
  }
}

/** It was taken out of a team: whoever rules by having added it there, does so no more. */
export async function forgetInstaller(team: string, { tenantId }: TeamsAddress, azure: Azure): Promise<void> {
  if (!tenantId) return;
  try {
    const signal = AbortSignal.timeout(azure.times.storage.smallBlobLimitMilliseconds);
    const row = await readRow(INSTALLERS, tenantId, azure, signal);
    if (row?.values["team"] === team) await removeRow(row, azure, signal);
  } catch (error) {
    log.warn({ because: becauseOf(error) }, "teams: who added Easel is still noted");
  }
}

export async function runsTenant(
  { tenantId, user }: TeamsAddress,
  azure: Azure,
  signal: AbortSignal,
): Promise<boolean> {
  if (!tenantId || !user.aadObjectId) return false;
  const row = await readRow(INSTALLERS, tenantId, azure, signal);
  return row !== undefined && installerIn(row.values) === personOf(user);
}

const Installer = z.object({ user: z.string() });

function installerIn({ json }: Row["values"]): string | undefined {
  const read = Installer.safeParse(JSON.parse(String(json)));
  return read.success ? read.data.user : undefined;
}
