import { CloudAdapter, ConfigurationBotFrameworkAuthentication } from "botbuilder";
import type { Activity } from "botbuilder";
import { log } from "../../src/log.ts";
import { becauseOf } from "../../src/until-reached.ts";
import type { Deadline } from "./deadline.ts";
import { withQuietConsole } from "./quiet-console.ts";
import type { RegisteredTeams, TeamsSettings } from "./settings.ts";

type Identity = Exclude<Parameters<CloudAdapter["processActivityDirect"]>[0], string>;
type Claim = { type: string; value: unknown };

/** Who signs what Teams sends. botbuilder alone would also take Entra tokens of any tenant. */
const CHANNEL_ISSUER = "https://api.botframework.com";

/** The keys come from login.botframework.com and are then kept for a day; a turn cannot wait for them longer. */
const KEYS_MILLISECONDS = 5000;

export type Guard = {
  /** Runs the turns of those who were let in. */
  adapter: CloudAdapter;
  authenticate(
    activity: Activity,
    authorization: string,
    deadline: Deadline,
  ): Promise<{ identity: Identity } | { refused: 401 | 503 }>;
};

/** Lets in what Teams signed for this bot, with an expiry and the service address of the activity, and nothing else. */
export function openGuard(teams: TeamsSettings): Guard {
  // Without an app id botbuilder asks for no token. That is what local mode wants, and no other mode has none.
  const authentication = new ConfigurationBotFrameworkAuthentication(
    teams.mode === "local" ? {} : botbuilderSettings(teams),
    undefined,
    teams.mode === "local" ? undefined : { requiredEndorsements: ["msteams"], validateClaims },
  );
  return {
    adapter: new CloudAdapter(authentication),
    async authenticate(activity, authorization, deadline) {
      try {
        const checked = withQuietConsole(() => authentication.authenticateRequest(activity, authorization));
        return { identity: await inTime(checked, Math.min(KEYS_MILLISECONDS, deadline.left())) };
      } catch (error) {
        return refuse(error);
      }
    },
  };
}

/** botbuilder's own names. Nothing else of the environment reaches it: a stray `ChannelService` would change whom it trusts. */
export function botbuilderSettings({ appId, appType, password, tenantId }: RegisteredTeams) {
  return {
    MicrosoftAppId: appId,
    MicrosoftAppType: appType,
    MicrosoftAppPassword: password,
    MicrosoftAppTenantId: tenantId,
  };
}

async function validateClaims(claims: Claim[]): Promise<void> {
  const value = (name: string) => claims.find(({ type }) => type === name)?.value;
  if (value("iss") !== CHANNEL_ISSUER) throw new Error("the token is not the Bot Framework's");
  if (!value("serviceurl")) throw new Error("the token names no service address");
  if (!value("exp")) throw new Error("the token never expires");
}

/** A bad token, in whatever way botbuilder says so, is the sender's fault; keys that cannot be had are not. */
function refuse(error: unknown): { refused: 401 | 503 } {
  const because = becauseOf(error);
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  const outOfReach =
    error instanceof KeysLate || (error instanceof Error && error.name === "FetchError") || status === 500;
  if (outOfReach)
    log.error({ because }, "teams: the keys of the Bot Framework are out of reach, so nobody can be let in");
  else log.warn({ because }, "teams: a request was turned away");
  return { refused: outOfReach ? 503 : 401 };
}

class KeysLate extends Error {
  override name = "KeysLate";
}

async function inTime<Result>(work: Promise<Result>, milliseconds: number): Promise<Result> {
  const clock = Promise.withResolvers<never>();
  const timer = setTimeout(() => clock.reject(new KeysLate("login.botframework.com is silent")), milliseconds);
  try {
    return await Promise.race([work, clock.promise]);
  } finally {
    clearTimeout(timer);
  }
}
