import { Routes } from "discord.js";
import type { APIChatInputApplicationCommandInteraction, APIMessage } from "discord.js";
import { familyByNumber, familyReply } from "../../../src/ask/browse.ts";
import { privateWordReply } from "../../../src/replies/compose-reply.ts";
import type { Sorry } from "../../../src/ask/go-on.ts";
import { log } from "../../../src/log.ts";
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
  const [, channel, message] = LINK.exec(given) ?? (MESSAGE_ID.test(given) ? [given, by.channel, given] : []);
  const family = async (signal: AbortSignal) => {
    if (channel && message) {
      const found = await refInMessage(channel, message, { ...desk, signal });
      if ("sorry" in found) return privateWordReply(found.sorry);
      return familyReply({ ref: found.ref, by, signal }, settings, desk.azure);
    }
    const number = given ? Number(NUMBER.exec(given)?.[1] ?? 0) : undefined;
    if (number === 0) return privateWordReply(failed.gonePicture);
    return familyByNumber(number, { by, signal }, settings, desk.azure);
  };
  return answerInPrivate(interaction, family, reception);
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
