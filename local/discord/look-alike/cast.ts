import { makeChannel, makeGuild, makePerson, type Channel, type Person } from "../places.ts";
import type { Cast } from "../world.ts";

/** The id of the thread. */
export const THREAD = idOf(22);

/**
 * Who is in the look-alike, and where. Ids are the same at every start, so that a person finds the pictures of last time in
 * their history, and what a restart takes up again finds its channel.
 */
export function lookAlikeCast(): Cast {
  const guild = makeGuild("The Drawing Room", "en-US", idOf(1));
  const people: Cast["people"] = [
    makePerson("Ada", { id: idOf(11) }),
    makePerson("Grace", { id: idOf(12) }),
    makePerson("Alan", { id: idOf(13), moderator: true, manager: true }),
  ];
  const text = makeChannel({ id: idOf(21), guildId: guild.id, name: "pictures" });
  const thread = { id: THREAD, guildId: guild.id, name: "lighthouses", kind: "thread", parentId: text.id } as const;
  const second = makeChannel({ id: idOf(23), guildId: guild.id, name: "design-team" });
  // People have names in small letters, bots as they like.
  const bot = { ...makePerson("Easel", { id: idOf(2), bot: true }), username: "Easel" };
  return { bot, people, guild, channels: [text, makeChannel(thread), second, ...people.map(directChannelOf)] };
}

function directChannelOf({ id, name }: Person, index: number): Channel {
  return makeChannel({ id: idOf(31 + index), kind: "direct", name, recipientId: id });
}

/** As if of early 2024. */
function idOf(number: number): string {
  return String(1_200_000_000_000_000_000n + BigInt(number));
}
