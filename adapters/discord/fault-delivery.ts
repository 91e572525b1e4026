import type { Delivery } from "../../src/deliver.ts";
import type { DiscordFault } from "./faults.ts";

const TROUBLE_SECONDS = 5;

/** What is left to say of a message that Discord did not take in any form. Refusals are final: repeated ones lock the bot out. */
export function deliveryOf(fault: DiscordFault): Delivery {
  if (fault === "trouble")
    return { delivered: false, because: "Discord cannot be reached", againInSeconds: TROUBLE_SECONDS };
  if (fault === "message gone") return { delivered: false, because: "the message was deleted" };
  return { delivered: false, because: `Discord says: ${fault}` };
}
