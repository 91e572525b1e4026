import type { Azure } from "../../../src/storage/azure.ts";
import type { Settings } from "../../../src/settings.ts";
import type { Connector } from "../connector/connector.ts";
import type { Deadline } from "../door/deadline.ts";
import type { TeamsSettings } from "../settings.ts";

/** What a turn works with, and how long it may. */
export type Reception = {
  settings: Settings;
  teams: TeamsSettings;
  azure: Azure;
  connector: Connector;
  deadline: Deadline;
  /** Of whoever this turn is for. */
  locale?: string | null;
  /** Work that the turn does not wait for, and the end of the process does for a little. It never throws. */
  goOn(work: Promise<void>): void;
};
