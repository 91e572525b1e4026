import type { TeamsSettings } from "../settings.ts";

/**
 * Where our token may go. Microsoft's list in "Send proactive messages"; GCC High and DoD, which are on it too, sign with
 * another issuer and log in elsewhere, and Easel is not made for them.
 */
const TEAMS_HOSTS = ["smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com"];

/** Whether answers may be sent to this service address. Asked again each time before a token goes out. */
export function isServiceAddress(serviceUrl: string, teams: Pick<TeamsSettings, "mode">): boolean {
  if (!URL.canParse(serviceUrl)) return false;
  const { protocol, hostname, port, username, password, search, hash } = new URL(serviceUrl);
  if (username || password || search || hash) return false;
  if (teams.mode === "local") return protocol === "http:" && isLoopback(hostname);
  return protocol === "https:" && !port && TEAMS_HOSTS.includes(hostname);
}

export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
}
