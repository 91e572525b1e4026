import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

const OID = { commonName: "550403", alternativeNames: "551d11", ecdsaWithSha256: "2a8648ce3d040302" } as const;
const DAY = 86_400_000;

/**
 * A key, and a certificate for these host names that it signs itself, as PEM texts: good for whoever is told to trust it,
 * and for nobody else. Made here, as not every machine has `openssl`.
 */
export function makeCertificate(hosts: readonly string[]): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const serial = randomBytes(16);
  // Positive, and as short as it can be written.
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  const algorithm = sequence(objectId(OID.ecdsaWithSha256));
  const name = sequence(tagged(0x31, sequence(objectId(OID.commonName), text("Easel on this machine"))));
  const alternatives = sequence(...hosts.map((host) => tagged(0x82, Buffer.from(host, "ascii"))));
  const extension = sequence(objectId(OID.alternativeNames), tagged(0x04, alternatives));
  const content = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, serial),
    algorithm,
    name,
    sequence(time(Date.now() - DAY), time(Date.now() + 365 * DAY)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(extension)),
  );
  const signature = tagged(0x03, Buffer.concat([Buffer.from([0]), sign("sha256", content, privateKey)]));
  const base64 = sequence(content, algorithm, signature).toString("base64").replaceAll(/.{64}/g, "$&\n");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64.trimEnd()}\n-----END CERTIFICATE-----\n`,
  };
}

/** One value in DER: its tag, its length, its bytes. */
function tagged(tag: number, bytes: Uint8Array): Buffer {
  const { length } = bytes;
  const long = length > 0xff ? [0x82, length >> 8, length & 0xff] : [0x81, length];
  return Buffer.concat([Buffer.from([tag, ...(length < 0x80 ? [length] : long)]), bytes]);
}

function sequence(...parts: Uint8Array[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function objectId(hexadecimal: string): Buffer {
  return tagged(0x06, Buffer.from(hexadecimal, "hex"));
}

function text(words: string): Buffer {
  return tagged(0x0c, Buffer.from(words, "utf8"));
}

/** UTCTime, which is right until 2049. */
function time(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replaceAll(/\D/g, "").slice(2, 14);
  return tagged(0x17, Buffer.from(`${digits}Z`, "ascii"));
}
