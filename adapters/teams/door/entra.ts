import { ConfigurationServiceClientCredentialFactory } from "botbuilder";
import { askedWait } from "../../../src/images-api/asked-wait.ts";
import { becauseOf, log } from "../../../src/log.ts";
import { botbuilderSettings } from "./authenticate.ts";
import { member } from "./own-member.ts";
import { parseJson, readBounded } from "./read-bounded.ts";
import type { RegisteredTeams, TeamsSettings } from "../settings.ts";

const LOGIN = "https://login.microsoftonline.com/";
const SCOPE = "https://api.botframework.com";
/** Where bots log in that belong to no tenant. */
const COMMON_TENANT = "botframework.com";

const MOST_ANSWER_BYTES = 100_000;

type Token = { text: string; since: number; until: number };
type Wallet = { token?: Token; asking?: Promise<Token>; refused?: { error: Error; until: number } };

/** The bot's tokens for the connector, which are the same for all who send and fetch with the same settings. */
const wallets = new WeakMap<TeamsSettings, Wallet>();

function walletOf(teams: RegisteredTeams): Wallet {
  const wallet = wallets.get(teams) ?? {};
  wallets.set(teams, wallet);
  return wallet;
}

/** The bot's own token for the connector, which also gives out what people paste. None in local mode. */
export async function addToken(headers: Headers, teams: TeamsSettings, signal: AbortSignal): Promise<void> {
  if (teams.mode === "local") return;
  const wallet = walletOf(teams);
  const { token, refused } = wallet;
  if (token && token.until > Date.now()) return headers.set("authorization", `Bearer ${token.text}`);
  if (refused && refused.until > Date.now()) throw refused.error;
  wallet.asking ??= askForToken(teams)
    .then((fresh) => (wallet.token = fresh))
    .catch((error: unknown) => {
      const seconds = error instanceof LoginRefused ? error.seconds : teams.times.loginPauseSeconds;
      wallet.refused = { error: new Error(becauseOf(error)), until: Date.now() + seconds * 1000 };
      throw error;
    })
    .finally(() => delete wallet.asking);
  const { text } = await unlessAborted(wallet.asking, signal);
  headers.set("authorization", `Bearer ${text}`);
}

/** The connector has not taken the token: the next call comes with another. */
export function dropToken(teams: TeamsSettings): void {
  if (teams.mode === "local") return;
  const wallet = walletOf(teams);
  if (!wallet.token || Date.now() - wallet.token.since < teams.times.newTokenSeconds * 1000) return;
  delete wallet.token;
  log.warn("teams: the connector refused the bot's token, so the bot logs in anew");
}

class LoginRefused extends Error {
  override name = "LoginRefused";
  readonly seconds: number;

  constructor(because: string, seconds: number) {
    super(because);
    this.seconds = seconds;
  }
}

async function askForToken(teams: RegisteredTeams): Promise<Token> {
  const { longestUseSeconds, beforeEndSeconds, loginPauseSeconds } = teams.times;
  const since = Date.now();
  const granted = teams.appType === "UserAssignedMSI" ? await byIdentity(teams) : await bySecret(teams);
  const seconds = Math.min(longestUseSeconds, granted.seconds - beforeEndSeconds);
  return { text: granted.text, since, until: since + Math.max(loginPauseSeconds, seconds) * 1000 };
}

/** OAuth 2.0, client credentials. By hand, for the SDK's own login reads answers without bound and knows no time limit. */
async function bySecret({ appId, password = "", appType, tenantId, times }: RegisteredTeams) {
  const tenant = appType === "SingleTenant" && tenantId ? tenantId : COMMON_TENANT;
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: appId,
    client_secret: password,
    scope: `${SCOPE}/.default`,
  });
  const signal = AbortSignal.timeout(times.loginLimitMilliseconds);
  const url = `${LOGIN}${tenant}/oauth2/v2.0/token`;
  const response = await fetch(url, { method: "POST", body, signal, redirect: "manual" });
  const answer = parseJson(await readBounded(response.body, MOST_ANSWER_BYTES));
  const text = member(answer, "access_token");
  if (response.ok && typeof text === "string" && text)
    return { text, seconds: Number(member(answer, "expires_in")) || 0 };
  const what = [member(answer, "error"), ...[member(answer, "error_codes")].flat()].filter(
    (part) => typeof part === "string" || typeof part === "number",
  );
  const asked = askedWait(response.headers, "") ?? times.loginPauseSeconds;
  const said = what.join(" ").slice(0, 100) || "and no token";
  throw new LoginRefused(
    `login.microsoftonline.com answered ${response.status} ${said}`,
    Math.min(asked, times.longestLoginPauseSeconds),
  );
}

/** From the machine's own endpoint, by botbuilder. */
async function byIdentity(teams: RegisteredTeams) {
  const factory = new ConfigurationServiceClientCredentialFactory(botbuilderSettings(teams));
  const credentials = await factory.createCredentials(teams.appId, SCOPE, `${LOGIN}${COMMON_TENANT}`, true);
  const headers = new Headers();
  // It sets one header, and a web-standard `Headers` has all that it uses. botbuilder itself keeps the token until shortly before it ends.
  const request = { headers } as unknown as Parameters<typeof credentials.signRequest>[0];
  await unlessAborted(credentials.signRequest(request), AbortSignal.timeout(teams.times.loginLimitMilliseconds));
  return { text: (headers.get("authorization") ?? "").replace(/^Bearer /, ""), seconds: teams.times.beforeEndSeconds };
}

/** For work that knows no signal. */
async function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
