import { generateKeyPair, type JsonWebKey, type KeyObject } from "node:crypto";
import { promisify } from "node:util";

export type SigningKey = { keyId: string; privateKey: KeyObject; publicKey: KeyObject; endorsements?: string[] };

/**
 * `channel` signs for Teams, `webChat` is published beside it without Teams' endorsement, `entra` signs what
 * login.microsoftonline.com hands out, and `rogue` is published nowhere.
 */
export type SigningKeys = Record<"channel" | "webChat" | "entra" | "rogue", SigningKey>;

let made: Promise<SigningKeys> | undefined;

/** The same ones for all in one process: to make them takes half a second of work. */
export function signingKeys(): Promise<SigningKeys> {
  return (made ??= makeSigningKeys());
}

async function makeSigningKeys(): Promise<SigningKeys> {
  const [channel, webChat, entra, rogue] = await Promise.all([
    makeSigningKey("channel-key", ["msteams", "skype"]),
    makeSigningKey("webchat-key", ["webchat"]),
    makeSigningKey("entra-key"),
    makeSigningKey("rogue-key"),
  ]);
  return { channel, webChat, entra, rogue };
}

async function makeSigningKey(keyId: string, endorsements?: string[]): Promise<SigningKey> {
  const pair = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  return { keyId, ...pair, endorsements };
}

export function publishedKey(key: SigningKey): JsonWebKey {
  const published = { use: "sig", kid: key.keyId, x5t: key.keyId, ...key.publicKey.export({ format: "jwk" }) };
  return key.endorsements ? { ...published, endorsements: key.endorsements } : published;
}
