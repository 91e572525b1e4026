import { Routes } from "discord.js";
import type { APIMessage } from "discord.js";
import type { ChatReply } from "../../../src/replies/reply.ts";
import { readRef } from "../../../src/request/request.ts";
import type { DiscordAddress } from "../address.ts";
import { readControl } from "../message/buttons.ts";
import { call } from "./call.ts";
import type { Desk } from "./call.ts";
import { controlsIn } from "../message/read-message.ts";

/** As many as Discord gives at once, the newest. */
const MOST_MESSAGES = 100;

/**
 * A follow-up has no nonce: where the answer to it was lost, only a look into the channel tells whether it stands, and a second
 * one would leave the first waiting for ever. It is known by the job that its buttons hold. Where the bot cannot look, nothing is found.
 */
export async function findFollowUp(
  address: DiscordAddress,
  reply: ChatReply,
  desk: Desk,
): Promise<APIMessage | undefined> {
  const { botIsThere, ephemeral, channelId, applicationId } = address;
  const [job] = [
    ...reply.actions.flatMap((action) => ("job" in action ? [action.job] : [])),
    ...reply.pictures.flatMap(({ ref }) => (ref && readRef(ref)?.job) || []),
  ];
  if (!botIsThere || ephemeral || !job) return undefined;
  const query = new URLSearchParams({ limit: String(MOST_MESSAGES) });
  const found = await call({ way: "look for a message", authority: "bot" }, desk, async (signal) => {
    const route = Routes.channelMessages(channelId);
    return { messages: (await desk.rest.get(route, { query, signal })) as APIMessage[] };
  });
  if ("fault" in found || !Array.isArray(found.messages)) return undefined;
  return found.messages.find(
    (message) => message.application_id === applicationId && controlsIn(message).some((id) => jobIn(id) === job),
  );
}

function jobIn(customId: string): string | undefined {
  const of = readControl(customId)?.of;
  return of && (readRef(of)?.job ?? of);
}
