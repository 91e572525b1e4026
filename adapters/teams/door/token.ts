import { verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { z } from "zod";
import { parseJson } from "./read-bounded.ts";

/** Who signs what Teams sends. Not Entra: it signs for any tenant. */
const CHANNEL_ISSUER = "https://api.botframework.com";
/** What a key signs for, where it says so: some sign for other channels alone. */
const ENDORSEMENT = "msteams";
/** Microsoft's own allowance for clocks that differ. */
const SKEW_SECONDS = 300;
const LONGEST_TOKEN = 16_000;

const Header = z.object({ alg: z.literal("RS256"), kid: z.string().min(1) });
const Claims = z.object({
  iss: z.literal(CHANNEL_ISSUER),
  aud: z.string(),
  exp: z.number(),
  nbf: z.number().nullish(),
  serviceurl: z.string().min(1),
});

export type Token = { claims: z.infer<typeof Claims>; keyId: string; signed: Buffer; signature: Buffer };

/**
 * What a request's token says, without asking yet who says it; or what is wrong with it. It costs next to nothing, and turns
 * away nearly all that is made up.
 */
export function readToken(authorization: string, appId: string, now = Date.now() / 1000): Token | { wrong: string } {
  if (authorization.length > LONGEST_TOKEN) return { wrong: "the token is too long" };
  const parts = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(authorization)?.slice(1);
  const [head = "", body = "", signature = ""] = parts ?? [];
  if (!parts) return { wrong: "there is no bearer token" };
  const header = Header.safeParse(decode(head));
  if (!header.success) return { wrong: "the token is not signed as the Bot Framework signs" };
  const claims = Claims.safeParse(decode(body));
  if (!claims.success) return { wrong: `the token lacks ${claims.error.issues[0]?.path.join(".") || "claims"}` };
  const { aud, exp, nbf } = claims.data;
  if (aud.toLowerCase() !== appId) return { wrong: "the token is for another bot" };
  if (exp <= now - SKEW_SECONDS) return { wrong: "the token has expired" };
  if (nbf && nbf > now + SKEW_SECONDS) return { wrong: "the token is not valid yet" };
  return {
    claims: claims.data,
    keyId: header.data.kid,
    signed: Buffer.from(`${head}.${body}`),
    signature: Buffer.from(signature, "base64url"),
  };
}

/** Whether the Bot Framework signed it, with a key that is for Teams. */
export function isSignedBy({ key, endorsements }: { key: KeyObject; endorsements: string[] }, token: Token): boolean {
  const isForTeams = !endorsements.length || endorsements.includes(ENDORSEMENT);
  return isForTeams && verify("sha256", token.signed, key, token.signature);
}

function decode(part: string): unknown {
  return parseJson(Buffer.from(part, "base64url").toString());
}
