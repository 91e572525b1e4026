import { welcomeReply } from "../../src/compose-reply.ts";
import { log } from "../../src/log.ts";
import { labels } from "../../src/sentences.ts";
import { becauseOf } from "../../src/until-reached.ts";
import type { TeamsAddress } from "./address.ts";
import { IMAGINE } from "./commands.ts";
import { forget, isFirst } from "./once.ts";
import { answer } from "./take-request.ts";
import type { Reception } from "./take-request.ts";

/** Once for each installation, although Teams tells it in two activities, and each of them perhaps twice. */
export async function welcome(place: string, address: TeamsAddress, reception: Reception): Promise<void> {
  try {
    if (!(await isFirst({ what: "welcomed", of: place }, reception.azure))) return;
  } catch (error) {
    // Rather no welcome than several.
    log.warn({ because: becauseOf(error) }, "teams: no welcome, for storage is out of reach");
    return;
  }
  const reply = welcomeReply(IMAGINE);
  const adder = address.conversationType === "personal" ? null : address.user.name;
  await answer(address, { ...reply, facts: adder ? [{ name: labels.addedBy, value: adder }] : [] }, reception);
}

/** So that the next installation is welcomed again. */
export async function forgetWelcome(place: string, { azure }: Reception): Promise<void> {
  await forget({ what: "welcomed", of: place }, azure).catch((error: unknown) =>
    log.warn({ because: becauseOf(error) }, "teams: the next installation here will not be welcomed"),
  );
}
