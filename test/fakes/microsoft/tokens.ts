import { randomUUID, sign } from "node:crypto";
import { jwtVerify, type JWTPayload } from "jose";
import type { SigningKeys } from "./keys.ts";

export type Claims = Record<string, unknown>;

export type Forging = {
  /** Laid over the right claims; one that is `undefined` is left out of the token. */
  claims?: Claims;
  signedBy?: keyof SigningKeys;
  /** Names another key than the one that signs. */
  keyId?: string;
  algorithm?: "RS256" | "none";
};

export type EntraTokenRequest = Forging & { audience: string; clientId: string; tenant: string };

/** Seconds. */
export const tokenLifetime = 3599;
const channelIssuer = "https://api.botframework.com";

export const connectorAudience = "https://api.botframework.com";

/** The token that Teams sends along with an activity. */
export function mintChannelToken(
  keys: SigningKeys,
  appId: string,
  serviceUrl: string | undefined,
  forging: Forging = {},
): string {
  const claims = { serviceurl: serviceUrl, iss: channelIssuer, aud: appId, ...times(), ...forging.claims };
  return mint(keys, claims, { signedBy: "channel", ...forging });
}

/** An application's own token, in the older form that storage and the connector still get. */
export function mintEntraToken(keys: SigningKeys, request: EntraTokenRequest): string {
  const { audience, clientId, tenant } = request;
  const claims = {
    aud: audience,
    iss: entraIssuer(tenant),
    ...times(),
    appid: clientId,
    appidacr: "1",
    idp: entraIssuer(tenant),
    oid: randomUUID(),
    tid: tenant,
    ver: "1.0",
    ...request.claims,
  };
  return mint(keys, claims, { signedBy: "entra", ...request });
}

/** The claims of a bearer token of Entra, or what is wrong with it. */
export async function checkEntraToken(
  keys: SigningKeys,
  authorization: string | undefined,
  expected: { audience: string; tenant: string },
): Promise<{ claims: JWTPayload } | { wrong: string }> {
  const token = authorization?.match(/^Bearer (\S+)$/)?.[1];
  if (token === undefined) return { wrong: "no bearer token" };
  try {
    const { payload } = await jwtVerify(token, keys.entra.publicKey, {
      algorithms: ["RS256"],
      issuer: entraIssuer(expected.tenant),
      audience: [expected.audience, `${expected.audience}/`],
      requiredClaims: ["exp", "iss", "aud", "appid"],
    });
    return { claims: payload };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
}

export function entraIssuer(tenant: string): string {
  return `https://sts.windows.net/${tenant}/`;
}

function times(): Claims {
  const now = Math.floor(Date.now() / 1000);
  return { iat: now, nbf: now, exp: now + tokenLifetime };
}

function mint(keys: SigningKeys, claims: Claims, forging: Forging & { signedBy: keyof SigningKeys }): string {
  const key = keys[forging.signedBy];
  const algorithm = forging.algorithm ?? "RS256";
  const header = { typ: "JWT", alg: algorithm, kid: forging.keyId ?? key.keyId };
  const content = `${encode(header)}.${encode(claims)}`;
  const signature =
    algorithm === "none" ? "" : sign("sha256", Buffer.from(content), key.privateKey).toString("base64url");
  return `${content}.${signature}`;
}

function encode(part: Claims): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
