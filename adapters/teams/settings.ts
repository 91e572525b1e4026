import { z } from "zod";
import type { Environment } from "../../src/settings.ts";
import { TEAMS_TIMES } from "./times.ts";
import type { TeamsTimes } from "./times.ts";

export type TeamsSettings = (
  | {
      mode: "registered";
      appId: string;
      appType: AppType;
      /** Absent with a managed identity. */
      password?: string;
      tenantId?: string;
      /** Tenants that may use the bot, in lower case. Never empty: an app's audience keeps nobody out by itself. */
      allowedTenants: string[];
      /** Entra object ids, in lower case, of people who may delete and cancel what others asked for. */
      moderators: string[];
    }
  /** No authentication, and on this machine alone. Made by `main.ts`, and by no setting. */
  | { mode: "local" }
) & {
  /** No setting of anybody's: handed along with them. */
  times: TeamsTimes;
};

export type RegisteredTeams = Extract<TeamsSettings, { mode: "registered" }>;

const APP_TYPES = ["SingleTenant", "UserAssignedMSI", "MultiTenant"] as const;
type AppType = (typeof APP_TYPES)[number];

export const TEAMS_SETTINGS = [
  "MicrosoftAppId",
  "MicrosoftAppPassword",
  "MicrosoftAppType",
  "MicrosoftAppTenantId",
  "TEAMS_ALLOWED_TENANTS",
  "TEAMS_MODERATORS",
] as const;
type Name = (typeof TEAMS_SETTINGS)[number];

const whereToGet: Record<Name, string> = {
  MicrosoftAppId:
    "Azure portal, your Azure Bot, Configuration, Microsoft App ID (or the Teams Developer Portal, Bot management)",
  MicrosoftAppPassword: "Azure portal, App registrations, your bot's app, Certificates & secrets, the secret's value",
  MicrosoftAppType: `one of ${APP_TYPES.join(", ")}, as in the Azure portal, your Azure Bot, Configuration, Bot Type`,
  MicrosoftAppTenantId: "Azure portal, your Azure Bot, Configuration, App Tenant ID",
  TEAMS_ALLOWED_TENANTS:
    "the ids of the tenants that may use the bot, comma separated (Azure portal, Microsoft Entra ID, Overview, Tenant ID)",
  TEAMS_MODERATORS:
    "the object ids of the people who may delete and cancel what others asked for, comma separated (Azure portal, Microsoft Entra ID, Users, the person, Object ID)",
};

/** Teams is on when one of its names is set. What is missing or malformed is added to `faults`, all of it at once. */
export function readTeamsSettings(environment: Environment, faults: string[]): TeamsSettings | undefined {
  const value = (name: string) => environment[name]?.trim() || undefined;
  if (!TEAMS_SETTINGS.some(value)) return undefined;
  const missing = (name: Name) => faults.push(`${name} is missing, and Teams needs it: ${whereToGet[name]}.`);
  const guid = (name: Name, id: string | undefined) => {
    if (id && !z.guid().safeParse(id).success) {
      faults.push(
        `${name} has "${id}", which is not an id like 00000000-0000-0000-0000-000000000000: ${whereToGet[name]}.`,
      );
    }
    return id?.toLowerCase();
  };

  const appType = readAppType(value("MicrosoftAppType"), faults);
  const appId = guid("MicrosoftAppId", value("MicrosoftAppId"));
  if (!appId) missing("MicrosoftAppId");
  const tenantId = guid("MicrosoftAppTenantId", value("MicrosoftAppTenantId"));
  if (!tenantId && appType !== "MultiTenant") missing("MicrosoftAppTenantId");
  const password = value("MicrosoftAppPassword");
  if (!password && appType !== "UserAssignedMSI") missing("MicrosoftAppPassword");
  if (password && appType === "UserAssignedMSI") {
    faults.push("MicrosoftAppPassword is set, but a bot of type UserAssignedMSI has none: remove it.");
  }
  const guids = (name: Name) => {
    const ids = (value(name) ?? "").split(",").map((id) => id.trim());
    return ids.filter(Boolean).map((id) => guid(name, id) ?? "");
  };
  const listed = guids("TEAMS_ALLOWED_TENANTS");
  const moderators = guids("TEAMS_MODERATORS");
  const allowedTenants = (listed.length ? listed : [tenantId ?? ""]).filter(Boolean);
  // A MultiTenant bot hears everybody's tenants, so somebody has to say whose are meant.
  if (!allowedTenants.length && appType === "MultiTenant") missing("TEAMS_ALLOWED_TENANTS");
  checkPublicUrl(value("PUBLIC_URL"), faults);
  if (!appId || !appType) return undefined;
  return { mode: "registered", appId, appType, password, tenantId, allowedTenants, moderators, times: TEAMS_TIMES };
}

/** Unset or misspelt, botbuilder would take it for MultiTenant, and every answer would fail for a token of the wrong tenant. */
function readAppType(text: string | undefined, faults: string[]): AppType | undefined {
  const found = APP_TYPES.find((name) => name.toLowerCase() === text?.toLowerCase());
  if (!text) faults.push(`MicrosoftAppType is missing, and Teams needs it: ${whereToGet.MicrosoftAppType}.`);
  else if (!found) faults.push(`MicrosoftAppType is "${text}", which does not exist: ${whereToGet.MicrosoftAppType}.`);
  return found;
}

/** Malformed ones are the core's to complain of. */
function checkPublicUrl(text: string | undefined, faults: string[]): void {
  const where = "the bot's own address as the internet sees it, https://…; Teams fetches the pictures from there";
  if (!text) faults.push(`PUBLIC_URL is missing, and Teams needs it: ${where}.`);
  else if (/^http:/i.test(text) && !faults.some((fault) => fault.startsWith("PUBLIC_URL ")))
    faults.push(`PUBLIC_URL is "${text}", but Teams shows pictures from https alone: ${where}.`);
}
