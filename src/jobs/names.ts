import { createHash } from "node:crypto";
import { becauseOf, log } from "../log.ts";
import { atEvent, personOf } from "../request/request.ts";
import type { Asker } from "../request/request.ts";
import type { Azure } from "../storage/azure.ts";
import { putRow, readRow, removeRow } from "../storage/table.ts";
import type { Row } from "../storage/table.ts";

/**
 * The ledger knows people by a hash. Who that is, and what a channel is called, is kept beside it, for whoever runs the place to read
 * and rule by; what is deleted here is a hash for everybody.
 */
const [PEOPLE, CHANNELS] = ["people", "channels"];

export type KnownPerson = { person: string; platform: string; id: string; name: string };
export type KnownChannel = { platform: string; id: string; workspace?: string; name: string };

/** What this process has written already. */
const noted = new WeakMap<Azure, Map<string, string>>();
const MOST_NOTED = 10_000;

/** Notes what somebody is called who pays, and their channel, unless that is known. Never throws; nobody waits for it. */
export async function noteNames(asker: Asker, azure: Azure): Promise<void> {
  const known = noted.get(azure) ?? new Map<string, string>();
  noted.set(azure, known);
  const fresh = rowsOf(asker).filter((row) => known.get(keyIn(row)) !== JSON.stringify(row.values));
  for (const row of fresh) {
    try {
      await putRow(row, azure, AbortSignal.timeout(azure.times.storage.smallBlobLimitMilliseconds));
      known.set(keyIn(row), JSON.stringify(row.values));
    } catch (error) {
      log.warn({ because: becauseOf(error) }, "what somebody is called was not noted");
    }
  }
  for (const [oldest] of known) {
    if (known.size <= MOST_NOTED) break;
    known.delete(oldest);
  }
}

function rowsOf(asker: Asker): Row[] {
  const { platform, workspace, channel, user, name } = asker;
  const { channelName } = atEvent(asker);
  const person = { partition: PEOPLE, name: personOf(asker), values: { platform, id: user, name } };
  const place = { partition: CHANNELS, name: keyOfChannel(asker.platform, channel) };
  return [
    ...(name ? [person] : []),
    // Money that is spent in a thread is its channel's, whose name nobody says there.
    ...(channelName && asker.parentChannel === undefined
      ? [{ ...place, values: { platform, id: channel, workspace, name: channelName } }]
      : []),
  ];
}

const keyIn = ({ partition, name }: Row) => `${partition}/${name}`;

/** Ids of Teams hold what no name of a row may. */
function keyOfChannel(platform: string, id: string): string {
  return createHash("sha256").update(`${platform}/${id}`).digest("hex").slice(0, 32);
}

/** By `personOf`; whoever is not known is not there. */
export async function peopleNamed(
  people: readonly string[],
  azure: Azure,
  signal?: AbortSignal,
): Promise<Map<string, KnownPerson>> {
  const rows = await Promise.all([...new Set(people)].map((person) => readRow(PEOPLE, person, azure, signal)));
  return new Map(
    rows.flatMap((row) => {
      if (!row) return [];
      const { platform, id, name } = row.values;
      return [[row.name, { person: row.name, platform: String(platform), id: String(id), name: String(name) }]];
    }),
  );
}

/** By their ids. */
export async function channelsNamed(
  channels: readonly { platform: string; id: string }[],
  azure: Azure,
  signal?: AbortSignal,
): Promise<Map<string, KnownChannel>> {
  const rows = await Promise.all(
    channels.map(({ platform, id }) => readRow(CHANNELS, keyOfChannel(platform, id), azure, signal)),
  );
  return new Map(
    rows.flatMap((row) => {
      if (!row) return [];
      const { platform, id, workspace, name } = row.values;
      const known = { platform: String(platform), id: String(id), name: String(name) };
      return [[known.id, workspace === undefined ? known : { ...known, workspace: String(workspace) }]];
    }),
  );
}

/** From then on they are a hash for everybody. A picture that they pay for later names them again. */
export async function forgetName(person: string, azure: Azure, signal?: AbortSignal): Promise<void> {
  noted.get(azure)?.delete(`${PEOPLE}/${person}`);
  await removeRow({ partition: PEOPLE, name: person }, azure, signal);
}
