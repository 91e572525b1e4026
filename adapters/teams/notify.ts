import type { AlertSettings } from "../../src/alert-settings.ts";
import type { AlertMessage, TellOperator } from "../../src/replies/alert-message.ts";
import type { TeamsAddress } from "./address.ts";
import { makeCard, textOf } from "./card/card-parts.ts";
import { openConnector } from "./connector/connector.ts";
import { describe, verdictOn } from "./connector/verdict.ts";
import type { TeamsSettings } from "./settings.ts";
import type { Message } from "./show.ts";

/** Teams' own for all regions, see "Send proactive messages". */
const EVERYWHERE = "https://smba.trafficmanager.net/teams/";

/** Tells whoever runs Easel in a conversation that the bot is in, by the connector alone, so any process can do it. */
export function teamsOperators(teams: TeamsSettings): TellOperator {
  const connector = openConnector(teams);
  return async (message, { to, signal }) => {
    const answer = await connector.post(placeOf(to, teams), messageOf(message), signal);
    if (verdictOn(answer, "POST") === "done") return { delivered: true };
    // Without an answer it may stand there: once more is better than never.
    const againInSeconds = "status" in answer ? answer.retryAfterSeconds : undefined;
    return { delivered: false, because: describe(answer, "POST"), againInSeconds };
  };
}

function placeOf(
  { teamsConversation = "", teamsServiceUrl = EVERYWHERE }: AlertSettings,
  teams: TeamsSettings,
): TeamsAddress {
  const bot = { id: teams.mode === "registered" ? `28:${teams.appId}` : "28:easel", name: null, aadObjectId: null };
  return {
    platform: "teams",
    channelId: "msteams",
    serviceUrl: teamsServiceUrl,
    conversationId: teamsConversation,
    conversationType: null,
    tenantId: teams.mode === "registered" ? (teams.tenantId ?? null) : null,
    bot,
    user: { id: "", name: null, aadObjectId: null },
    locale: null,
    activityId: null,
    targeted: false,
    inserted: false,
    nowJob: null,
  };
}

function messageOf({ title, lines }: AlertMessage): Message {
  const body = [textOf(title, { weight: "Bolder" }), ...lines.map((line) => textOf(line))];
  return {
    type: "message",
    summary: title,
    attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content: makeCard(body, []) }],
  };
}
