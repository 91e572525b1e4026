import type { Settings } from "../../../src/settings.ts";
import type { Desk } from "../rest/call.ts";

/** What an answer works with. */
export type Reception = { settings: Settings; desk: Desk };
