import type { Azure } from "../storage/azure.ts";
import { isConflict, isMissing } from "../storage/storage-refusal.ts";
import { addRow, putRows, readRow, readRows, removeRow, replaceRow } from "../storage/table.ts";
import type { Row } from "../storage/table.ts";
import { Alert, keyOf, nameOfKey, quietMilliseconds } from "./alert.ts";
import type { Ended } from "./alert.ts";
import { mayBeRaisedAgain } from "./raise-alert.ts";
import type { Raised } from "./raise-alert.ts";

/** What somebody is to be told, and what they were: a row for each key. */
export const ALERTS = "alerts";
/** Who tells at present, in one row. */
export const TELLING = "alerts-telling";

/** Earlier than any time of a clock, and later than any: `due` finds what is to be told still. */
const TO_TELL = "0";
const OVER = "over";

/** One in the outbox. */
export type Kept = {
  name: string;
  raisedAt: string;
  told: string[];
  text: string;
  /** Absent where a newer version raised it. */ alert?: Alert;
};

/** Writes it into the outbox, unless the same is there and not old enough to be told again. */
export async function keepAlert(raised: Raised, isOver: boolean, azure: Azure, signal: AbortSignal): Promise<void> {
  const { alert, key, at, told } = raised;
  const row = rowOf({ name: nameOfKey(key), raisedAt: at.toISOString(), told, text: JSON.stringify(alert) }, isOver);
  try {
    return await addRow(row, azure, signal);
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
  const present = await readRow(row.partition, row.name, azure, signal);
  if (present && present.seconds * 1000 < quietMilliseconds(alert)) return;
  try {
    await (present ? replaceRow({ ...row, etag: present.etag }, azure, signal) : addRow(row, azure, signal));
  } catch (error) {
    // Another replica has raised it just now.
    if (!isConflict(error) && !isMissing(error)) throw error;
  }
}

/** As many as one message can count. The others come with the next. */
const MOST_AT_ONCE = 500;

/** What is to be told still, the oldest first. */
export async function alertsToTell(azure: Azure, signal: AbortSignal): Promise<Kept[]> {
  const rows = await readRows(ALERTS, { count: MOST_AT_ONCE, due: new Date() }, azure, signal);
  return rows.map(keptOf).toSorted((one, other) => (one.raisedAt < other.raisedAt ? -1 : 1));
}

function keptOf({ name, values }: Row): Kept {
  const text = String(values.alert);
  const told = String(values.told ?? "")
    .split(" ")
    .filter(Boolean);
  return { name, raisedAt: String(values.raisedAt), told, text, alert: alertIn(text) };
}

function alertIn(text: string): Alert | undefined {
  try {
    return Alert.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function rowOf({ name, raisedAt, told, text }: Kept, isOver: boolean): Row {
  return {
    partition: ALERTS,
    name,
    values: { raisedAt, alert: text, told: told.join(" "), due: isOver ? OVER : TO_TELL },
  };
}

/** Notes who was told of each; with all of `ways` it is over. */
export async function noteTold(kept: Kept[], ways: string[], azure: Azure, signal: AbortSignal): Promise<void> {
  const rows = kept.map((one) =>
    rowOf(
      one,
      ways.every((way) => one.told.includes(way)),
    ),
  );
  await putRows(rows, azure, signal);
}

/** What it told of is over, and the same may be told anew. Says whether anybody had been told. */
export async function endAlert(alert: Ended, azure: Azure): Promise<boolean> {
  const key = keyOf(alert);
  mayBeRaisedAgain(key, azure);
  const signal = AbortSignal.timeout(azure.times.alerts.callLimitMilliseconds);
  const present = await readRow(ALERTS, nameOfKey(key), azure, signal);
  if (!present) return false;
  await removeRow({ partition: ALERTS, name: present.name }, azure, signal);
  // Nobody has heard of it, so nobody has to hear that it is over.
  return present.values.due === OVER;
}

/** For one process at a time; one that died keeps it from the others for so long, by storage's own clock. */
export async function takeTelling(by: string, azure: Azure, signal: AbortSignal): Promise<boolean> {
  const row = { partition: TELLING, name: "one", values: { by, mark: `${performance.now()}` } };
  try {
    const present = await readRow(row.partition, row.name, azure, signal);
    if (!present) await addRow(row, azure, signal);
    else if (present.values.by !== by && present.seconds < azure.times.alerts.holdSeconds) return false;
    else await replaceRow({ ...row, etag: present.etag }, azure, signal);
    return true;
  } catch (error) {
    if (isConflict(error) || isMissing(error)) return false;
    throw error;
  }
}

export async function leaveTelling(azure: Azure, signal: AbortSignal): Promise<void> {
  await removeRow({ partition: TELLING, name: "one" }, azure, signal);
}
