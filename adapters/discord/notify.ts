import { Routes } from "discord.js";
import type { APIMessage } from "discord.js";
import type { AlertMessage, TellOperator } from "../../src/replies/alert-message.ts";
import type { Azure } from "../../src/storage/azure.ts";
import { literal } from "./message/literal.ts";
import { call } from "./rest/call.ts";
import type { Desk } from "./rest/call.ts";
import { makeRest, wellFormed } from "./rest/first-answer.ts";
import type { DiscordSettings } from "./settings.ts";

const LONGEST_CONTENT = 2000;
const LONGEST_NONCE = 25;

/** Tells whoever runs Easel in a channel of theirs, by the bot and by REST alone, so any process can do it. */
export function discordOperators(discord: DiscordSettings, azure: Azure): TellOperator {
  const desk: Desk = { rest: makeRest(discord), azure, times: discord.times };
  return async (message, { to: { discordChannel = "" }, once, signal }) => {
    const body = wellFormed({
      content: contentOf(message),
      allowed_mentions: { parse: [] },
      nonce: once.slice(0, LONGEST_NONCE),
      enforce_nonce: true,
    });
    const way = { way: "alert", authority: "bot" } as const;
    const outcome = await call(way, { ...desk, signal }, async (callSignal) => {
      const path = Routes.channelMessages(discordChannel);
      return { message: (await desk.rest.post(path, { body, signal: callSignal })) as Partial<APIMessage> };
    });
    if (!("fault" in outcome)) return { delivered: true };
    return { delivered: false, because: outcome.because, againInSeconds: outcome.seconds };
  };
}

/** Whole lines, as many as there is room for. */
function contentOf({ title, lines }: AlertMessage): string {
  const shown = [`**${literal(title)}**`, ...lines.map((line) => `- ${literal(line)}`)];
  let content = "";
  for (const line of shown) {
    if (content.length + line.length + 1 > LONGEST_CONTENT) break;
    content += content ? `\n${line}` : line;
  }
  return content;
}
