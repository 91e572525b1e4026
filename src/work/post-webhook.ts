import { askedWait } from "../images-api/asked-wait.ts";
import { becauseOf } from "../log.ts";
import type { AlertMessage, TellOperator } from "../replies/alert-message.ts";
import type { Delivery } from "../replies/delivery.ts";

/**
 * Posts alerts to an address of the operator's own. It is a secret as a whole, so no line of the log names more than its host;
 * nothing is followed from there, and of its answer no more than the status is used.
 */
export const tellWebhook: TellOperator = async (message, { to: { webhook }, once, signal }) => {
  const address = URL.parse(webhook ?? "");
  if (!address) return { delivered: false, because: "no webhook is set" };
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8", "idempotency-key": once },
      body: JSON.stringify(bodyFor(address, message)),
      redirect: "manual",
      signal,
    });
    // Whatever it says, and however long: nobody reads it.
    await response.body?.cancel().catch(() => undefined);
    return verdictOn(response, address.host);
  } catch (error) {
    return { delivered: false, because: `webhook ${address.host}: ${withoutAddress(becauseOf(error), address)}` };
  }
};

function verdictOn({ status, headers }: Response, host: string): Delivery {
  if (status >= 200 && status < 300) return { delivered: true };
  const isRedirect = status >= 300 && status < 400;
  const because = `webhook ${host}: status ${status}${isRedirect ? ", a redirect, which is not followed" : ""}`;
  return { delivered: false, because, againInSeconds: askedWait(headers, "") };
}

function withoutAddress(text: string, { href, pathname, search }: URL): string {
  return [href, `${pathname}${search}`, pathname].reduce(
    (shown, secret) => (secret.length > 1 ? shown.replaceAll(secret, "…") : shown),
    text,
  );
}

const HOSTS = {
  slack: /(^|\.)hooks\.slack(-gov)?\.com$/,
  discord: /(^|\.)discord(app)?\.com$/,
  teams: /\.(logic\.azure\.(com|us)|webhook\.office\.com|powerplatform\.com)$/,
};

/** Each of these hosts takes a form of its own and refuses what it does not know; everybody else gets all of it. */
function bodyFor({ hostname }: URL, message: AlertMessage): object {
  if (HOSTS.slack.test(hostname)) return { text: plainText(message, slackEscaped) };
  if (HOSTS.discord.test(hostname))
    return { content: plainText(message).slice(0, 2000), allowed_mentions: { parse: [] } };
  if (HOSTS.teams.test(hostname)) return { type: "message", attachments: [cardOf(message)] };
  return { source: "easel", text: plainText(message), ...message };
}

function plainText({ title, lines }: AlertMessage, escaped = (line: string) => line): string {
  return [title, ...lines.map((line) => `• ${line}`)].map(escaped).join("\n");
}

/** By Slack's own rule: with these three a text has no link and no mention in it. */
function slackEscaped(line: string): string {
  return line.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function cardOf({ title, lines }: AlertMessage): object {
  const run = (text: string, look: object = {}) => ({
    type: "RichTextBlock",
    inlines: [{ type: "TextRun", text, ...look }],
  });
  const content = {
    type: "AdaptiveCard",
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    version: "1.4",
    body: [run(title, { weight: "Bolder" }), ...lines.map((line) => run(line))],
  };
  return { contentType: "application/vnd.microsoft.card.adaptive", content };
}
