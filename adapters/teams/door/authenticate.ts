import { CloudAdapter, ConfigurationBotFrameworkAuthentication } from "botbuilder";
import type { Activity } from "botbuilder";
import { log } from "../../../src/log.ts";
import { KeysOutOfReach, openKeyRing } from "./keys.ts";
import type { RegisteredTeams } from "../settings.ts";
import type { TeamsTimes } from "../times.ts";
import { isSignedBy, readToken } from "./token.ts";
import type { Token } from "./token.ts";

type Identity = Exclude<Parameters<CloudAdapter["processActivityDirect"]>[0], string>;
type ClaimsIdentity = Identity["claimsIdentity"];

const CONNECTOR = "https://api.botframework.com";

export type Claims = Token["claims"];

export type Guard = {
  /** Whose request it is, by its token alone: nothing of the body has been read by then. */
  letIn(authorization: string): Promise<{ claims: Claims } | { refused: 401 | 503 }>;
  /** Runs a turn of somebody who was let in. */
  run(activity: Activity, turn: () => Promise<void>): Promise<void>;
};

/** Lets in what Teams signed for this bot, with an expiry and a service address, and nothing else. */
export function openGuard(teams: RegisteredTeams): Guard {
  const keyRing = openKeyRing(teams.times);
  const turnAway = turningAway(teams.times);
  return {
    async letIn(authorization) {
      const token = readToken(authorization, teams.appId);
      if ("wrong" in token) return turnAway(token.wrong);
      try {
        const key = await inTime(keyRing.find(token.keyId), teams.times);
        if (!key) return turnAway("the token names a key that nobody published");
        return isSignedBy(key, token) ? { claims: token.claims } : turnAway("the token is not signed by its key");
      } catch (error) {
        if (!(error instanceof KeysOutOfReach)) throw error;
        return { refused: 503 };
      }
    },
    run: runnerOf(botbuilderSettings(teams)),
  };
}

/** botbuilder's turn, for one whose token was checked here. Without an app id, as in local mode, there is none to check. */
export function runnerOf(settings: { MicrosoftAppId?: string }): Guard["run"] {
  const authentication = new ConfigurationBotFrameworkAuthentication(settings);
  const adapter = new CloudAdapter(authentication);
  const claims = settings.MicrosoftAppId ? [{ type: "aud", value: settings.MicrosoftAppId }] : [];
  const getClaimValue = (name: string) => claims.find(({ type }) => type === name)?.value ?? null;
  // botbuilder's class of this shape is in a package of its own.
  const claimsIdentity = { claims, isAuthenticated: true, getClaimValue } as unknown as ClaimsIdentity;
  const connectorFactory = authentication.createConnectorFactory(claimsIdentity);
  return (activity, turn) =>
    adapter.processActivityDirect({ audience: CONNECTOR, claimsIdentity, connectorFactory }, activity, turn);
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

function turningAway({ turnedAwayMilliseconds }: TeamsTimes): (because: string) => { refused: 401 } {
  let toldAt = -Infinity;
  let untold = 0;
  return (because) => {
    untold += 1;
    if (performance.now() - toldAt > turnedAwayMilliseconds) {
      log.warn({ because, requests: untold }, "teams: a request was turned away");
      [toldAt, untold] = [performance.now(), 0];
    }
    return { refused: 401 };
  };
}

async function inTime<Result>(work: Promise<Result>, times: TeamsTimes): Promise<Result> {
  const clock = Promise.withResolvers<never>();
  const late = () => clock.reject(new KeysOutOfReach("login.botframework.com is silent"));
  const timer = setTimeout(late, times.keysWaitLimitMilliseconds);
  try {
    return await Promise.race([work, clock.promise]);
  } finally {
    clearTimeout(timer);
  }
}
