import { randomUUID } from "node:crypto";
import type { Configuration } from "../../src/configuration.ts";
import { admit } from "../../src/purse/admit.ts";
import type { Admission, Asking } from "../../src/purse/admit.ts";
import { checkRequest } from "../../src/request/check.ts";
import { AT_EVENT } from "../../src/request/request.ts";
import type { Asker, AtEvent, ImageRequest } from "../../src/request/request.ts";
import type { Azure } from "../../src/storage/azure.ts";
import type { Core } from "../src/core-world.ts";

export const GUILD = "80351110224678912";
export const CHANNEL = "90351110224678912";

/** Somebody on Discord: `mia`, or by another number. */
export function person(user = "70351110224678912", change: Partial<Asker> = {}, now: AtEvent = {}): Asker {
  return { platform: "discord", workspace: GUILD, channel: CHANNEL, user, name: "Mia", ...change, [AT_EVENT]: now };
}

export type Wanted = {
  by?: Asker;
  options?: ImageRequest["options"];
  sources?: ImageRequest["sources"];
  at?: Date;
  job?: string;
};

/** Asks the rules of `configuration` as they are for this core, on a replica. */
export async function ask(core: Core, wanted: Wanted = {}, azure: Azure = core.azure): Promise<Admission> {
  return admit(asking(core, wanted), { settings: core.settings, azure });
}

export function asking(core: Core, wanted: Wanted = {}): Asking {
  const { by = person(), options = {}, sources, at = new Date(), job = `discord-${randomUUID()}` } = wanted;
  const request = { ...core.request(options, job), sources, askedBy: by };
  const checked = checkRequest(request, core.settings);
  if ("faults" in checked) throw new Error(JSON.stringify(checked.faults));
  return { job, asker: by, request, order: checked.order, at };
}

export function rule(core: Core, configuration: Configuration): void {
  core.settings.configuration.present = configuration;
}
