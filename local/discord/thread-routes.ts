import { findChannel, findMessage } from "./channel-routes.ts";
import { describeChannel, makeChannel } from "./places.ts";
import type { LoggedRequest } from "./records.ts";
import { refusal, type Answer } from "./refusals.ts";
import { noteChange, type World } from "./world.ts";

/** A thread that hangs on a message has the message's id: there is one for each, and none within a thread. */
export async function openThread(world: World, request: LoggedRequest, parts: string[]): Promise<Answer> {
  const { message, channel, refused } = findMessage(world, parts);
  if (refused) return refused;
  if (channel.kind !== "text") return refusal(50024);
  if (world.channels.has(message.id)) return refusal(160004);
  if (!channel.threads) return refusal(50013);
  const { name } = request.body as { name: string };
  const { guildId, access, write, attach, embed } = channel;
  const place = { id: message.id, guildId, name, kind: "thread", parentId: channel.id } as const;
  const thread = makeChannel({ ...place, access, write, attach, embed, overwrites: channel.overwrites });
  world.channels.set(thread.id, thread);
  noteChange(world);
  return { status: 201, body: describeChannel(thread, world.people) };
}

/** Of a channel the fake changes whether it is archived: whoever may send in a thread may open it again, unless it is locked. */
export async function changeChannel(world: World, request: LoggedRequest, [id]: string[]): Promise<Answer> {
  const { channel, refused } = findChannel(world, id);
  if (refused) return refused;
  const { archived } = request.body as { archived?: boolean | null };
  if (channel.kind !== "thread" || archived !== false) return refusal(50013);
  if (channel.locked || !channel.write) return refusal(50013);
  channel.archived = false;
  noteChange(world);
  return { status: 200, body: describeChannel(channel, world.people) };
}
