/** Activities in the shape in which Teams sends them. */
import { randomUUID } from "node:crypto";
import { placeOf, type Account, type Attachment, type ConversationKind, type WireActivity } from "./conversations.ts";
import { teamsServiceUrl } from "./microsoft.ts";
import { teamId } from "./people.ts";

export type Scene = {
  id: string;
  kind: ConversationKind;
  conversationId: string;
  user: Account;
  bot: Account & { name: string };
  tenant: string;
  locale: string;
};

/** What all activities have in common. */
export function activityOf(scene: Scene, type: string): WireActivity {
  const { id, kind, conversationId, user, bot, tenant, locale } = scene;
  const { chatId } = placeOf(conversationId);
  const now = new Date();
  return {
    type,
    id,
    timestamp: now.toISOString(),
    localTimestamp: now.toISOString().replace("Z", "+00:00"),
    localTimezone: "Europe/London",
    channelId: "msteams",
    serviceUrl: teamsServiceUrl,
    from: user,
    recipient: { id: bot.id, name: bot.name },
    conversation: {
      ...(kind !== "personal" && { isGroup: true }),
      conversationType: kind,
      tenantId: tenant,
      id: conversationId,
    },
    locale,
    channelData: {
      tenant: { id: tenant },
      ...(chatId.startsWith("19:meeting_") && { meeting: { id: Buffer.from(`0#${chatId}#0`).toString("base64") } }),
      ...(kind === "channel" && {
        teamsChannelId: chatId,
        teamsTeamId: teamId,
        channel: { id: chatId },
        team: { id: teamId },
      }),
    },
    entities: [{ type: "clientInfo", locale, country: "GB", platform: "Web", timezone: "Europe/London" }],
  };
}

/** What a person sends along: the bot gets the attachments, and the HTML shows where in the message they are. */
export type SentAlong = { attachments: Attachment[]; html: string };

/** A message's HTML, of which the bot's copy of a mention is a part. */
export function htmlOf(text: string, { bot, mention, html = "" }: { bot: Account; mention: boolean; html?: string }) {
  const span = `<span itemtype="http://schema.skype.com/Mention" itemscope itemid="0">${bot.name}</span>&nbsp;`;
  return `<p>${mention ? span : ""}${text}</p>${html}`;
}

/** A written message. Teams sends its HTML along as an attachment, and a mention as text and entity. */
export function messageOf(scene: Scene, text: string, mention: boolean, along?: SentAlong): WireActivity {
  const activity = activityOf(scene, "message");
  const { bot } = scene;
  const tag = `<at>${bot.name}</at>`;
  const html = htmlOf(text, { bot, mention, html: along?.html });
  const mentioned = { type: "mention", mentioned: { id: bot.id, name: bot.name }, text: tag };
  return {
    ...activity,
    textFormat: "plain",
    text: mention ? `${tag} ${text}\n` : text,
    attachments: [...(along?.attachments ?? []), { contentType: "text/html", content: html }],
    entities: [...(mention ? [mentioned] : []), ...(activity.entities ?? [])],
  };
}

/** In the person's own chat with the bot: what was sent there with a message extension, without a word. */
export function insertedOf(scene: Scene, cards: Attachment[]): WireActivity {
  const html = { contentType: "text/html", content: `<attachment id="${randomUUID()}"></attachment>` };
  return { ...activityOf(scene, "message"), textFormat: "plain", text: "", attachments: [...cards, html] };
}

/** Action.Submit: a message with a value and without a text. */
export function submitOf(scene: Scene, value: unknown, replyToId: string): WireActivity {
  const activity = activityOf(scene, "message");
  const channelData = { ...activity.channelData, source: { name: "message" }, legacy: { replyToId } };
  return { ...activity, replyToId, value, channelData };
}

export function invokeOf(scene: Scene, name: string, value: unknown, replyToId?: string): WireActivity {
  const activity = activityOf(scene, "invoke");
  const channelData = { ...activity.channelData, source: { name: replyToId ? "message" : "compose" } };
  return { ...activity, name, value, channelData, ...(replyToId !== undefined && { replyToId }) };
}

export function editOf(scene: Scene, text: string, mention: boolean): WireActivity {
  const activity = messageOf(scene, text, mention);
  return { ...activity, type: "messageUpdate", channelData: { ...activity.channelData, eventType: "editMessage" } };
}

export function installationOf(scene: Scene, action: "add" | "remove"): WireActivity {
  return { ...activityOf(scene, "installationUpdate"), entities: undefined, action };
}

export function membershipOf(scene: Scene, change: "membersAdded" | "membersRemoved"): WireActivity {
  const activity = activityOf(scene, "conversationUpdate");
  const eventType = change === "membersAdded" ? "teamMemberAdded" : "teamMemberRemoved";
  const isTeam = scene.kind === "channel";
  return {
    ...activity,
    entities: undefined,
    [change]: [{ id: scene.bot.id }],
    channelData: { ...activity.channelData, ...(isTeam && { eventType }) },
  };
}
