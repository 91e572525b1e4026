import { Routes } from "discord.js";
import type { APIChatInputApplicationCommandInteraction, APIMessage } from "discord.js";
import { familyByNumber, familyReply, refInHistory } from "../../../src/ask/browse.ts";
import { privateWordReply } from "../../../src/replies/compose-reply.ts";
import type { Sorry } from "../../../src/ask/go-on.ts";
import { log } from "../../../src/log.ts";
import type { Asker } from "../../../src/request/request.ts";
import { failed } from "../../../src/words/sentences.ts";
import { askerOf } from "../address.ts";
import { answerInPrivate } from "./answer-in-private.ts";
import type { Reception } from "./reception.ts";
import { call } from "../rest/call.ts";
import type { Desk } from "../rest/call.ts";
import { isFinal } from "../rest/faults.ts";
import { refsIn } from "../message/read-message.ts";

const LINK = /\/channels\/(?:\d{1,20}|@me)\/(\d{17,20})\/(\d{17,20})/;
const MESSAGE_ID = /^\d{17,20}$/;
const NUMBER = /^#?(\d{1,6})\.?$/;

/** `/family`, of a picture by its message or by its number in the asker's history; the newest of that unless given. */
export async function answerFamily(
  interaction: APIChatInputApplicationCommandInteraction,
  reception: Reception,
): Promise<void> {
  const [option] = interaction.data.options ?? [];
  const given = option && "value" in option ? String(option.value).trim() : "";
  const by = askerOf(interaction);
  const { settings, desk } = reception;
  const family = async (signal: AbortSignal) => {
    if (!given) return familyByNumber(undefined, { by, signal }, settings, desk.azure);
    const found = await refGiven(given, by, { ...desk, signal });
    if ("sorry" in found) return privateWordReply(found.sorry);
    return familyReply({ ref: found.ref, by, signal }, settings, desk.azure);
  };
  return answerInPrivate(interaction, family, reception);
}

/** The picture that somebody names by its message or by its number in their history. */
export async function refGiven(
  given: string,
  by: Asker,
  desk: Desk & { signal: AbortSignal },
): Promise<{ ref: string } | Sorry> {
  const [, channel, message] = LINK.exec(given) ?? (MESSAGE_ID.test(given) ? [given, by.channel, given] : []);
  if (channel && message) return refInMessage(channel, message, desk);
  const number = Number(NUMBER.exec(given)?.[1] ?? 0);
  if (number === 0) return { sorry: failed.gonePicture };
  return refInHistory(by, number, desk.azure, desk.signal);
}

/** Whether the asker may see that picture is looked at afterwards, as for any press. */
async function refInMessage(
  channelId: string,
  messageId: string,
  desk: Desk & { signal: AbortSignal },
): Promise<{ ref: string } | Sorry> {
  const route = Routes.channelMessage(channelId, messageId);
  const message = await call(
    { way: "look at a message", authority: "bot" },
    desk,
    async () => (await desk.rest.get(route, { signal: desk.signal })) as APIMessage,
  );
  if ("fault" in message) {
    log.warn({ because: message.because }, "discord: a message could not be looked at");
    return { sorry: isFinal(message) ? failed.gonePicture : failed.notLookedAt };
  }
  const [ref] = refsIn(message);
  return ref ? { ref } : { sorry: failed.noPictureThere };
}
