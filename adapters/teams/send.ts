import type { Delivery, Send } from "../../src/deliver.ts";
import { log } from "../../src/log.ts";
import type { ChatReply } from "../../src/reply.ts";
import type { Settings } from "../../src/settings.ts";
import { isAmongOthers, TeamsAddress } from "./address.ts";
import { sayToAll } from "./aside.ts";
import { openConnector } from "./connector.ts";
import type { Connector } from "./connector.ts";
import { longestPromptOf } from "./form.ts";
import { isServiceAddress } from "./service-address.ts";
import type { TeamsSettings } from "./settings.ts";
import { showReply } from "./show.ts";
import type { Showing } from "./show.ts";
import { makeStand, takeAway } from "./stand.ts";
import type { Outcome, Patience } from "./stand.ts";

/** All tries of one delivery together; what takes longer is tried again later. */
const PATIENCE_MILLISECONDS = 30_000;
/** Of a message that another will follow soon. */
const PATIENCE_WAITING_MILLISECONDS = 8000;

/** Puts answers on Teams from a job's address alone, in any process. */
export function teamsSender(settings: Settings, teams: TeamsSettings): Send {
  const connector = openConnector(teams);
  return async (address, reply) => {
    const parsed = TeamsAddress.safeParse(address);
    if (!parsed.success || !isServiceAddress(parsed.data.serviceUrl, teams)) {
      return { delivered: false, because: "the address is not one of Teams" };
    }
    return deliver(connector, parsed.data, reply, { longestPrompt: longestPromptOf(settings) });
  };
}

type How = Omit<Showing, "shared" | "targeted"> & { patience?: Patience };
type Delivering = { connector: Connector; address: TeamsAddress; how: How; patience: Patience };

/** Makes a reply stand at an address. What is for the asker alone goes to them alone where others read along. */
export async function deliver(
  connector: Connector,
  address: TeamsAddress,
  reply: ChatReply,
  how: How,
): Promise<Delivery> {
  if (address.inserted) return { delivered: true };
  const milliseconds = reply.mood === "waiting" ? PATIENCE_WAITING_MILLISECONDS : PATIENCE_MILLISECONDS;
  const patience = how.patience ?? { until: AbortSignal.timeout(milliseconds) };
  const delivering = { connector, address, how, patience };
  if (reply.forAskerOnly && isAmongOthers(address) && !address.targeted) return deliverAside(reply, delivering);
  return deliveryOf(await stand(reply, delivering), address);
}

/**
 * Targeted to the asker; and what stood there for all is taken away. Where Teams does not take it (the asker has left, or
 * the tenant's Teams knows no targeted messages), all are told what may be told to all.
 */
async function deliverAside(reply: ChatReply, delivering: Delivering): Promise<Delivery> {
  const { address } = delivering;
  const alone = { ...address, targeted: true, activityId: null };
  const outcome = await stand(reply, { ...delivering, address: alone });
  if ("later" in outcome) return deliveryOf(outcome, alone);
  const open = sayToAll(reply);
  if ("stands" in outcome) {
    const left = await clear(open, delivering);
    return left ? deliveryOf(left, address) : deliveryOf(outcome, alone);
  }
  log.warn({ ...outcome, mood: reply.mood }, "teams: an answer could not be told to its asker alone");
  return open ? deliveryOf(await stand(open, delivering), address) : deliveryOf(outcome, alone);
}

/** What keeps a message from being taken away and from being changed; nothing where it is done. */
async function clear(instead: ChatReply | undefined, delivering: Delivering): Promise<Outcome | undefined> {
  const { connector, address, patience } = delivering;
  if (!address.activityId) return undefined;
  const taken = await takeAway(connector, address, address.activityId, patience);
  if ("stands" in taken || "gone" in taken) return undefined;
  const changed = instead && (await stand(instead, delivering));
  return changed && "later" in changed ? changed : undefined;
}

/** The whole reply, or, where the connector finds it too large, what is left of it without pictures and quotes. */
async function stand(reply: ChatReply, { connector, address, how, patience }: Delivering): Promise<Outcome> {
  const { targeted, conversationType } = address;
  const showing = { ...how, targeted, shared: conversationType !== "personal" && !targeted };
  const whole = await makeStand(connector, address, showReply(reply, showing), patience);
  if (!("refused" in whole)) return whole;
  log.warn({ because: whole.refused }, "teams: a card was refused, so a smaller one is sent");
  return makeStand(connector, address, showReply(reply, { ...showing, brief: true }), patience);
}

function deliveryOf(outcome: Outcome, address: TeamsAddress): Delivery {
  if ("stands" in outcome) return { delivered: true, address: { ...address, activityId: outcome.stands || null } };
  if ("later" in outcome) return { delivered: false, because: outcome.later, againInSeconds: outcome.seconds };
  return { delivered: false, because: "gone" in outcome ? outcome.gone : outcome.refused };
}
