import { welcomeReply } from "../../../src/replies/help-reply.ts";
import { becauseOf, log } from "../../../src/log.ts";
import { forget, isFirst } from "../../../src/storage/first-of-several.ts";
import { labels } from "../../../src/words/sentences.ts";
import type { TeamsAddress } from "../address.ts";
import { commandFor } from "../commands.ts";
import { answer, noteAnswered } from "./answer-request.ts";
import type { Reception } from "./reception.ts";

/** Once for each installation, although Teams tells it in two activities, and each of them perhaps twice. */
export async function welcome(place: string, address: TeamsAddress, reception: Reception): Promise<void> {
  const { azure, deadline } = reception;
  const once = { what: "welcome", of: place } as const;
  try {
    if (!(await isFirst(once, azure, { abortSignal: deadline.signal }))) return;
  } catch (error) {
    // Rather no welcome than several.
    log.warn({ because: becauseOf(error) }, "teams: no welcome, for storage is out of reach");
    return;
  }
  const reply = welcomeReply(commandFor(address));
  const adder = address.conversationType === "personal" ? null : address.user.name;
  const facts = adder ? [{ name: labels.addedBy, value: adder }] : [];
  await noteAnswered(once, await answer(address, { ...reply, facts }, reception), azure);
}

/** So that the next installation is welcomed again. */
export async function forgetWelcome(place: string, { azure }: Reception): Promise<void> {
  await forget({ what: "welcome", of: place }, azure).catch((error: unknown) =>
    log.warn({ because: becauseOf(error) }, "teams: the next installation here will not be welcomed"),
  );
}
