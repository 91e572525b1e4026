import { z } from "zod";

/** Our own loopback is for trying it out, and for tests. */
const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];
const LONGEST = 2000;

/** Its path and query are a secret: what is said of a wrong one repeats nothing of it. */
const Webhook = z
  .string()
  .refine(isWebhook, "has to be a whole address that begins with https:// and has no login in it");

function isWebhook(text: string): boolean {
  const address = text.length <= LONGEST && !/\s/.test(text) ? URL.parse(text) : null;
  if (!address || address.username || address.password || address.hash) return false;
  return address.protocol === "https:" || (address.protocol === "http:" && LOOPBACK.includes(address.hostname));
}

/** The link that Teams copies of a channel holds its id. */
const Conversation = z
  .string()
  .transform((text) => (/^https:\/\/[^/]+\/l\/channel\/([^/?]+)/.exec(text)?.[1] ?? text).trim())
  .transform((text) => decodedOnce(text))
  .pipe(
    z
      .string()
      .regex(
        /^(19|a|48):[\w.:@;=-]{5,300}$/,
        "has to be the id of a conversation, as 19:…@thread.tacv2, or the link to a channel",
      ),
  );

function decodedOnce(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Where whoever runs Easel is told what needs them. All that are set are told. */
export const AlertSettings = z.strictObject({
  /** Gets one JSON body by POST, in the form that its host takes. */
  webhook: Webhook.optional(),
  /** A channel's id, where the bot may write. */
  discordChannel: z
    .string()
    .regex(/^\d{17,20}$/, "has to be a channel's id, a number of 17 to 20 digits")
    .optional(),
  teamsConversation: Conversation.optional(),
  /** Where that conversation is reached; Teams' own address for all regions unless set. */
  teamsServiceUrl: z
    .string()
    .regex(/^https?:\/\/[\w.:/[\]-]{3,300}$/, "has to be the service address of Teams")
    .optional(),
});
export type AlertSettings = z.infer<typeof AlertSettings>;

/** The same in the file of rules, which is kept in git: a webhook is a secret, and is none of it. */
export const AlertSection = AlertSettings.extend({
  webhook: z.undefined({ error: "is a secret: set ALERT_WEBHOOK in its place" }).optional(),
});

export const ALERT_SETTINGS = [
  "ALERT_WEBHOOK",
  "ALERT_DISCORD_CHANNEL",
  "ALERT_TEAMS_CONVERSATION",
  "ALERT_TEAMS_SERVICE_URL",
] as const;

const NAMES = {
  webhook: "ALERT_WEBHOOK",
  discordChannel: "ALERT_DISCORD_CHANNEL",
  teamsConversation: "ALERT_TEAMS_CONVERSATION",
  teamsServiceUrl: "ALERT_TEAMS_SERVICE_URL",
} as const satisfies Record<keyof AlertSettings, (typeof ALERT_SETTINGS)[number]>;

export function readAlerts(value: (name: string) => string | undefined, faults: string[]): AlertSettings {
  const given = Object.fromEntries(Object.entries(NAMES).map(([key, name]) => [key, value(name)]));
  const read = AlertSettings.safeParse(given);
  if (read.success) return read.data;
  for (const { path, message } of read.error.issues)
    faults.push(`${NAMES[String(path[0]) as keyof AlertSettings]} ${message}; or leave it out.`);
  return {};
}

/** Settings as far as alerts need them. */
export type WithAlerts = {
  alerts: AlertSettings;
  configuration: { present: { alerts?: z.infer<typeof AlertSection> } };
};

/** Where alerts go by now: what the file names wins. */
export function alertsIn({ alerts, configuration }: WithAlerts): AlertSettings {
  return { ...alerts, ...configuration.present.alerts };
}

/** A destination needs its platform. */
export function alertsWithoutPlatform(settings: WithAlerts, has: { discord?: object; teams?: object }): string[] {
  const { discordChannel, teamsConversation } = alertsIn(settings);
  return [
    ...(discordChannel && !has.discord
      ? ["ALERT_DISCORD_CHANNEL is set without Discord: set DISCORD_TOKEN and DISCORD_APPLICATION_ID too."]
      : []),
    ...(teamsConversation && !has.teams
      ? ["ALERT_TEAMS_CONVERSATION is set without Teams: set MicrosoftAppId and what belongs to it too."]
      : []),
  ];
}

/** Whether anybody is told. Where nobody is, what happened stands in the log alone, and that is what people hear. */
export function isAlerting(settings: WithAlerts): boolean {
  const { webhook, discordChannel, teamsConversation } = alertsIn(settings);
  return Boolean(webhook ?? discordChannel ?? teamsConversation);
}
