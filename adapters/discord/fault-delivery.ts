import type { Delivery } from "../../src/deliver.ts";
import { isTrouble } from "./faults.ts";
import type { DiscordFault } from "./faults.ts";

const TROUBLE_SECONDS = 5;
const BAD_TOKEN_SECONDS = 300;

/**
 * What is left to say of a message that Discord did not take in any form. Refusals are final: repeated ones lock the bot
 * out. A bad token is never tried twice, so waiting costs nothing, and the next start may bring a good one.
 */
export function deliveryOf(fault: DiscordFault): Delivery {
  if (isTrouble(fault))
    return { delivered: false, because: "Discord cannot be reached", againInSeconds: TROUBLE_SECONDS };
  if (fault === "bad bot token")
    return { delivered: false, because: "Discord refuses the bot's token", againInSeconds: BAD_TOKEN_SECONDS };
  if (fault === "message gone") return { delivered: false, because: "the message was deleted" };
  return { delivered: false, because: `Discord says: ${fault}` };
}
