import { describeBrought } from "../../../src/ask/describe.ts";
import { privateWordReply } from "../../../src/replies/compose-reply.ts";
import { descriptions, edit } from "../../../src/words/sentences.ts";
import { askerOf, isAmongOthers } from "../address.ts";
import type { TeamsAddress } from "../address.ts";
import { deadlineOf, unlessLate } from "../door/deadline.ts";
import { teamsFetcher } from "../fetch-source.ts";
import type { Words } from "../read.ts";
import { answer } from "./answer-request.ts";
import type { Reception } from "./reception.ts";

/** What a picture shows that was sent along, for whoever sent it alone. A model that takes longer than the turn answers after it. */
export async function answerDescribe(
  { pictures, outOfReach }: Extract<Words, { words: "describe" }>,
  address: TeamsAddress,
  reception: Reception,
): Promise<boolean> {
  const [url] = pictures;
  if (url === undefined) {
    const why = outOfReach && isAmongOthers(address) ? edit.noPictureHere : descriptions.noPicture;
    return answer(address, privateWordReply(why), reception);
  }
  const telling = tell(url, address, reception);
  reception.goOn(telling.then(() => undefined));
  return unlessLate(telling, reception.deadline.signal, true);
}

async function tell(url: string, address: TeamsAddress, reception: Reception): Promise<boolean> {
  const { settings, azure, teams } = reception;
  const signal = AbortSignal.timeout(settings.times.ideas.patienceLimitMilliseconds);
  const fetch = () => teamsFetcher(teams)({ from: "chat", url }, address, signal);
  const reply = await describeBrought(fetch, { by: askerOf(address), signal }, settings, azure);
  const deadline = deadlineOf({ type: "message" }, teams.times, performance.now());
  return answer(address, reply, { ...reception, deadline });
}
