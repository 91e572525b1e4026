import { editorsOf } from "../../../src/request/check.ts";
import { findLast } from "../../../src/ask/go-on.ts";
import { familyByNumber, historyReply } from "../../../src/ask/browse.ts";
import { helpReply, notUnderstoodReply } from "../../../src/replies/compose-reply.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import { sentencesFor } from "../../../src/words/said.ts";
import { askerOf, personOf } from "../address.ts";
import type { TeamsAddress } from "../address.ts";
import { commandFor } from "../commands.ts";
import type { Card } from "../card/card-parts.ts";
import { formCard, wordsCard } from "../card/request-form.ts";
import type { Words } from "../read.ts";
import type { Reception } from "./reception.ts";
import { sayUntilHeard } from "./say-until-heard.ts";
import { deliveryOf } from "../send.ts";
import { messageWith } from "../show.ts";
import { putMessage } from "../connector/put-message.ts";
import { answer } from "./answer-request.ts";

/** Answers what asks for no picture. True: the answer stands. */
export async function answerCommand(heard: Words, address: TeamsAddress, reception: Reception): Promise<boolean> {
  if (heard.words === "form") {
    const { form } = sentencesFor(address.locale);
    return bring(formCard(personOf(address.user), reception.settings, address), form.title, address, reception);
  }
  if (heard.words === "unknown words" && heard.said) return bringWords(heard.said, address, reception);
  return answer(address, await replyTo(heard, address, reception), reception);
}

/** Where it cannot be seen whether there is a picture to change, it is not offered. */
async function bringWords(said: string, address: TeamsAddress, reception: Reception): Promise<boolean> {
  const { settings, azure, teams, deadline } = reception;
  const signal = AbortSignal.any([deadline.signal, AbortSignal.timeout(teams.times.readLimitMilliseconds)]);
  const last = editorsOf(settings).length ? await findLast({ by: askerOf(address), signal }, azure) : undefined;
  const canChange = last !== undefined && "ref" in last;
  const card = wordsCard(personOf(address.user), said, { settings, canChange }, address);
  return bring(card, sentencesFor(address.locale).notUnderstood.titleOfWords, address, reception);
}

async function bring(card: Card, summary: string, address: TeamsAddress, reception: Reception): Promise<boolean> {
  const { connector } = reception;
  const whole = messageWith(card, summary);
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
    case "form":
    case "unknown words":
      return notUnderstoodReply(command);
  }
}
