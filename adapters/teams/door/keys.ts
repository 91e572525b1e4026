import { createPublicKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { becauseOf, log } from "../../../src/log.ts";
import type { TeamsTimes } from "../times.ts";
import { member } from "./own-member.ts";
import { parseJson, readBounded } from "./read-bounded.ts";

const METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration";

const MOST_BYTES = 1_000_000;
const MOST_KEYS = 100;
const FEWEST_BITS = 2048;
const PublishedKey = z.object({
  kty: z.literal("RSA"),
  kid: z.string(),
  n: z.string().max(2000),
  e: z.string().max(20),
  endorsements: z.array(z.string()).default([]),
});

type Keys = { byId: Map<string, { key: KeyObject; endorsements: string[] }>; at: number };

/** Nobody can be let in, and nobody is to blame for it. */
export class KeysOutOfReach extends Error {
  override name = "KeysOutOfReach";
}

export type KeyRing = { find(keyId: string): Promise<{ key: KeyObject; endorsements: string[] } | undefined> };

/** The keys with which the Bot Framework signs. One look at a time, whoever waits for it. `find` throws `KeysOutOfReach`. */
export function openKeyRing(times: TeamsTimes): KeyRing {
  let keys: Keys | undefined;
  let looking: Promise<void> | undefined;
  let failed: { error: KeysOutOfReach; at: number } | undefined;
  const look = async () => {
    try {
      // A turn that is turned away for one lost answer may be a button's, which Teams does not press again.
      keys = await fetchKeys(times).catch(() => pause(times.keysOnceMoreMilliseconds).then(() => fetchKeys(times)));
      failed = undefined;
    } catch (error) {
      failed = { error: new KeysOutOfReach(becauseOf(error), { cause: error }), at: Date.now() };
      log.error({ because: becauseOf(error) }, "teams: the keys of the Bot Framework are out of reach");
    }
  };
  const lookOnce = () => (looking ??= look().finally(() => (looking = undefined)));
  const ageOf = () => Date.now() - (keys?.at ?? 0);
  return {
    async find(keyId) {
      const known = keys?.byId.get(keyId);
      const isPaused = failed && Date.now() - failed.at < times.keysPauseMilliseconds;
      const isDue = ageOf() > (known ? times.keysFreshMilliseconds : times.unknownKeyMilliseconds);
      if (isDue && !isPaused) await lookOnce();
      if (ageOf() > times.keysUsableMilliseconds) throw failed?.error ?? new KeysOutOfReach("no keys yet");
      const found = keys?.byId.get(keyId);
      // It may be a new one.
      if (!found && failed) throw failed.error;
      return found;
    },
  };
}

async function fetchKeys({ keysLimitMilliseconds }: TeamsTimes): Promise<Keys> {
  const signal = AbortSignal.timeout(keysLimitMilliseconds);
  const address = String(member(await fetchJson(METADATA, signal), "jwks_uri"));
  if (!address.startsWith("https://")) throw new Error("login.botframework.com names no address of its keys");
  const published = member(await fetchJson(address, signal), "keys");
  const byId: Keys["byId"] = new Map();
  for (const each of Array.isArray(published) ? published.slice(0, MOST_KEYS) : []) {
    const { success, data } = PublishedKey.safeParse(each);
    const key = success && readKey(data);
    if (key) byId.set(data.kid, { key, endorsements: data.endorsements });
  }
  if (!byId.size) throw new Error("login.botframework.com names no keys");
  return { byId, at: Date.now() };
}

function readKey({ kty, n, e }: z.infer<typeof PublishedKey>): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: { kty, n, e }, format: "jwk" });
    return (key.asymmetricKeyDetails?.modulusLength ?? 0) >= FEWEST_BITS ? key : undefined;
  } catch {
    return undefined;
  }
}

async function fetchJson(address: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(address, { signal, redirect: "error", headers: { accept: "application/json" } });
  const json = parseJson(await readBounded(response.body, MOST_BYTES));
  if (!response.ok || json === undefined)
    throw new Error(`login.botframework.com answered ${response.status} ${json === undefined ? "with a page" : ""}`);
  return json;
}
