import type { Delivery, Send } from "../../src/deliver.ts";
import { log } from "../../src/log.ts";
import type { ChatReply } from "../../src/reply.ts";
import type { Settings } from "../../src/settings.ts";
import { TeamsAddress } from "./address.ts";
import { openConnector } from "./connector.ts";
import type { Connector } from "./connector.ts";
import { longestPromptOf } from "./form.ts";
import { isServiceAddress } from "./service-address.ts";
import type { TeamsSettings } from "./settings.ts";
import { showReply } from "./show.ts";
import type { Showing } from "./show.ts";
import { makeStand } from "./stand.ts";
import type { Patience } from "./stand.ts";

/** All tries of one delivery together; what takes longer is tried again later. */
const PATIENCE_MILLISECONDS = 30_000;

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

/** The whole reply, or, where the connector finds it too large, what is left of it without pictures and quotes. */
export async function deliver(
  connector: Connector,
  address: TeamsAddress,
  reply: ChatReply,
  how: Omit<Showing, "shared"> & { patience?: Patience },
): Promise<Delivery> {
  const showing = { ...how, shared: address.conversationType !== "personal" };
  const patience = how.patience ?? { until: AbortSignal.timeout(PATIENCE_MILLISECONDS) };
  const whole = await makeStand(connector, address, showReply(reply, showing), patience);
  const outcome =
    "refused" in whole
      ? await makeStand(connector, address, showReply(reply, { ...showing, brief: true }), patience)
      : whole;
  if ("refused" in whole) log.warn({ because: whole.refused }, "teams: a card was refused, so a smaller one was sent");
  if ("stands" in outcome) return { delivered: true, address: { ...address, activityId: outcome.stands || null } };
  if ("later" in outcome) return { delivered: false, because: outcome.later, againInSeconds: outcome.seconds };
  return { delivered: false, because: "gone" in outcome ? outcome.gone : outcome.refused };
}
