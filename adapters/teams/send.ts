import type { Delivery, Send } from "../../src/replies/delivery.ts";
import { log } from "../../src/log.ts";
import { forOthers } from "../../src/replies/for-others.ts";
import { privateWordReply } from "../../src/replies/compose-reply.ts";
import type { ChatReply } from "../../src/replies/reply.ts";
import type { Address } from "../../src/request/request.ts";
import { waiting } from "../../src/words/sentences.ts";
import type { Settings } from "../../src/settings.ts";
import { isAmongOthers, TeamsAddress } from "./address.ts";
import { openConnector } from "./connector/connector.ts";
import type { Connector } from "./connector/connector.ts";
import { longestPromptOf } from "./card/request-form.ts";
import { isServiceAddress } from "./door/service-address.ts";
import type { TeamsSettings } from "./settings.ts";
import { showReply } from "./show.ts";
import type { Showing } from "./show.ts";
import { clearUp, putMessage } from "./connector/put-message.ts";
import type { Messages, Outcome, Patience } from "./connector/put-message.ts";

/** Puts answers on Teams from a job's address alone, in any process. */
export function teamsSender(settings: Settings, teams: TeamsSettings): Send {
  const connector = openConnector(teams);
  return async (address, reply, { isLast = false } = {}) => {
    const place = placeOf(address, teams);
    if (!place) return notOfTeams;
    return deliver(connector, place, reply, { longestPrompt: longestPromptOf(settings), isLast });
  };
}

export const notOfTeams: Delivery = { delivered: false, because: "the address is not one of Teams" };

/** A place of Teams', to which our token may go. */
export function placeOf(address: Address, teams: TeamsSettings): TeamsAddress | undefined {
  const { success, data } = TeamsAddress.safeParse(address);
  return success && isServiceAddress(data.serviceUrl, teams) ? data : undefined;
}

type How = Omit<Showing, "shared" | "targeted" | "locale"> & {
  patience?: Patience;
  /** It is not tried again after this, so that the last way is taken now. */
  isLast?: boolean;
};
type Delivering = { connector: Connector; address: TeamsAddress; how: How; patience: Patience };

/** Puts a reply at an address. What is for the asker alone goes to them alone where others read along. */
export async function deliver(
  connector: Connector,
  address: TeamsAddress,
  reply: ChatReply,
  how: How,
): Promise<Delivery> {
  if (address.inserted) return { delivered: true };
  const { progressLimitMilliseconds, deliveryLimitMilliseconds } = connector.times;
  const milliseconds = reply.role === "progress" ? progressLimitMilliseconds : deliveryLimitMilliseconds;
  const patience = how.patience ?? { until: AbortSignal.timeout(milliseconds) };
  const delivering = { connector, address, how, patience };
  if (reply.forAskerOnly && isAmongOthers(address) && !address.targeted) return deliverAside(reply, delivering);
  return deliveryOf(await putReply(reply, delivering), delivering);
}

/**
 * Targeted to the asker; and what stood there for all is taken away. Where Teams is known not to take it (the asker has left,
 * or the tenant's Teams knows no targeted messages), all are told what may be told to all.
 */
async function deliverAside(reply: ChatReply, delivering: Delivering): Promise<Delivery> {
  const { connector, address, how } = delivering;
  const alone = { ...address, targeted: true, activityId: null };
  const outcome = await putReply(reply, { ...delivering, address: alone });
  const open = forOthers(reply);
  if ("stands" in outcome) {
    await clearUp(connector, address, open && (() => showReply(open, showingAt(address, how))));
    return deliveryOf(outcome, { connector, address: alone });
  }
  const mayPass = "later" in outcome || "refused" in outcome;
  if (mayPass && !how.isLast) return deliveryOf(outcome, { connector, address: alone });
  log.warn({ ...outcome, mood: reply.mood }, "teams: an answer could not be told to its asker alone");
  if (!open) return deliveryOf(outcome, { connector, address: alone });
  return deliveryOf(await putReply(open, delivering), delivering);
}

async function putReply(reply: ChatReply, { connector, address, how, patience }: Delivering): Promise<Outcome> {
  const showing = showingAt(address, how);
  const messages: Messages = {
    whole: showReply(reply, showing),
    brief: () => showReply(reply, { ...showing, brief: true }),
    instead: () => showReply(privateWordReply(waiting.below), showing),
    ...(reply.role === "progress" && { onlyInPlace: "unless it is missing" }),
    ...(reply.onlyInPlace && { onlyInPlace: "always" }),
  };
  return putMessage(connector, address, messages, patience);
}

function showingAt({ targeted, conversationType, locale }: TeamsAddress, how: How): Showing {
  return { ...how, locale, targeted, shared: conversationType !== "personal" && !targeted };
}

/** What a worker hears of it. */
export function deliveryOf(
  outcome: Outcome,
  { connector, address }: Pick<Delivering, "connector" | "address">,
): Delivery {
  if ("stands" in outcome) {
    const { stands, place = address } = outcome;
    return { delivered: true, address: { ...place, activityId: stands || null } };
  }
  if ("later" in outcome) return { delivered: false, because: outcome.later, againInSeconds: outcome.seconds };
  if ("gone" in outcome) return { delivered: false, because: outcome.gone };
  const [because = ""] = Object.values(outcome).map(String);
  const againInSeconds = "seconds" in outcome ? outcome.seconds : connector.times.refusedAgainSeconds;
  return { delivered: false, because, againInSeconds, isRefused: true };
}
