import { raiseAlert } from "../alerts/raise-alert.ts";
import { log } from "../log.ts";
import type { Azure } from "../storage/azure.ts";

/** What has no price is reckoned as the dearest, and whoever runs Easel can put that right. */
export function tellUnknownPrice(deployment: string, azure: Azure): void {
  log.warn(
    { deployment },
    "a call has no price in src/prices.json, and is counted as the dearest: put it into PRICES_FILE, then `npm run reprice`",
  );
  raiseAlert({ kind: "unknown price", deployment }, azure);
}
