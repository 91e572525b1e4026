/** Requests that are not from Teams for this bot, and that it must turn away with 401. */
import type { WireActivity } from "./conversations.ts";
import { teamsServiceUrl, type Microsoft } from "./microsoft.ts";

export type Forgery = {
  name: string;
  authorization: string | null;
  change?: (activity: WireActivity) => WireActivity;
};

export function forgeries(microsoft: Microsoft): Forgery[] {
  const bearer = (forging: Parameters<Microsoft["channelToken"]>[0]) => `Bearer ${microsoft.channelToken(forging)}`;
  const entra = (tenant: string) =>
    `Bearer ${microsoft.entraToken({ tenant, claims: { serviceurl: teamsServiceUrl } })}`;
  const now = Math.floor(Date.now() / 1000);
  const otherApp = "00000000-0000-4000-8000-00000000beef";
  const otherTenant = "00000000-0000-4000-8000-00000000cafe";
  const evil = "https://smba.trafficmanager.net.evil.example/teams/";
  return [
    { name: "no token", authorization: null },
    { name: "not a bearer token", authorization: `Basic ${microsoft.channelToken()}` },
    { name: "garbage", authorization: "Bearer not.a.token" },
    { name: "expired", authorization: bearer({ claims: { iat: now - 7200, nbf: now - 7200, exp: now - 3600 } }) },
    { name: "no expiry", authorization: bearer({ claims: { exp: undefined } }) },
    { name: "not valid yet", authorization: bearer({ claims: { nbf: now + 3600, exp: now + 7200 } }) },
    { name: "for another bot", authorization: bearer({ claims: { aud: otherApp } }) },
    { name: "of another issuer", authorization: bearer({ claims: { iss: "https://evil.example" } }) },
    { name: "of another service address", authorization: bearer({ serviceUrl: evil }) },
    { name: "without a service address", authorization: bearer({ serviceUrl: null }) },
    {
      name: "without a service address, in token and activity",
      authorization: bearer({ serviceUrl: null }),
      change: (activity) => ({ ...activity, serviceUrl: undefined }),
    },
    {
      name: "of another service address, in token and activity",
      authorization: bearer({ serviceUrl: evil }),
      change: (activity) => ({ ...activity, serviceUrl: evil }),
    },
    { name: "signed by nobody", authorization: bearer({ algorithm: "none" }) },
    { name: "signed by a key that nobody published", authorization: bearer({ signedBy: "rogue" }) },
    { name: "signed by another key than it names", authorization: bearer({ signedBy: "rogue", keyId: "channel-key" }) },
    { name: "signed by a key not endorsed for Teams", authorization: bearer({ signedBy: "webChat" }) },
    { name: "signed by Entra, the bot's own tenant", authorization: entra(microsoft.tenant) },
    { name: "signed by Entra, another tenant", authorization: entra(otherTenant) },
  ];
}
