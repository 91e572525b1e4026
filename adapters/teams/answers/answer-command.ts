import { familyByNumber, historyReply } from "../../../src/ask/browse.ts";
import { helpReply, notUnderstoodReply, privateWordReply } from "../../../src/replies/compose-reply.ts";
import { sentenceOfFault } from "../../../src/words/fault-sentences.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import { sentencesFor } from "../../../src/words/said.ts";
import { edit } from "../../../src/words/sentences.ts";
import { askerOf, isAmongOthers, personOf } from "../address.ts";
import type { TeamsAddress } from "../address.ts";
import { commandFor } from "../commands.ts";
import { formCard } from "../card/request-form.ts";
import type { Words } from "../read.ts";
import type { Reception } from "./reception.ts";
import { sayUntilHeard } from "./say-until-heard.ts";
import { deliveryOf } from "../send.ts";
import { messageWith } from "../show.ts";
import { putMessage } from "../connector/put-message.ts";
import { answer } from "./answer-request.ts";

/** Answers what asks for no picture. True: the answer stands. */
export async function answerCommand(heard: Words, address: TeamsAddress, reception: Reception): Promise<boolean> {
  if (heard.words === "form") return bringForm(address, reception);
  return answer(address, await replyTo(heard, address, reception), reception);
}

async function bringForm(address: TeamsAddress, reception: Reception): Promise<boolean> {
  const { settings, connector } = reception;
  const { form } = sentencesFor(address.locale);
  const whole = messageWith(formCard(personOf(address.user), settings, address), form.title);
  return sayUntilHeard(
    reception,
    async (patience = { until: AbortSignal.timeout(connector.times.formLimitMilliseconds) }) =>
      deliveryOf(await putMessage(connector, address, { whole }, patience), { connector, address }),
  );
}

async function replyTo(
  heard: Words,
  address: TeamsAddress,
  { settings, azure, deadline }: Reception,
): Promise<ChatReply> {
  const command = commandFor(address);
  switch (heard.words) {
    case "help":
      return helpReply(command, settings, true);
    case "history":
      return historyReply(askerOf(address), 0, settings, azure);
    case "family":
      return familyByNumber(heard.number, { by: askerOf(address), signal: deadline.signal }, settings, azure);
    case "no picture":
      return privateWordReply(
        isAmongOthers(address) ? edit.noPictureHere : sentenceOfFault({ fault: "source missing" }),
      );
    case "form":
    case "unknown words":
      return notUnderstoodReply(command);
  }
}
