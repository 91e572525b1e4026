import { setTimeout as pause } from "node:timers/promises";
import type { Azure } from "../../src/storage/azure.ts";
import { sorryReply } from "../../src/replies/compose-reply.ts";
import { log } from "../../src/log.ts";
import { failed } from "../../src/words/sentences.ts";
import type { Settings } from "../../src/settings.ts";
import type { TeamsActivity } from "./door/activity.ts";
import { addressOf } from "./address.ts";
import { admit } from "./door/admit.ts";
import { openGuard, runnerOf } from "./door/authenticate.ts";
import { openConnector } from "./connector/connector.ts";
import type { TeamsSettings } from "./settings.ts";
import { endDialog } from "./answers/answer-extension.ts";
import { words } from "./answers/answer-action.ts";
import { answer } from "./answers/answer-request.ts";
import type { Reception } from "./answers/reception.ts";
import { answerTurn } from "./answers/answer-turn.ts";

/**
 * Teams' way in. `receive` answers each request of `POST /api/messages`, never with a 500 and never with a reason. `stop`
 * waits a little for what turns have left to be done.
 */
export function startTeams(
  settings: Settings,
  teams: TeamsSettings,
  azure: Azure,
): { receive(request: Request): Promise<Response>; stop(): Promise<void> } {
  const guard = teams.mode === "local" ? { run: runnerOf({}), letIn: undefined } : openGuard(teams);
  const underWay = new Set<Promise<void>>();
  const goOn = (work: Promise<void>) => {
    const kept = work.finally(() => underWay.delete(kept));
    underWay.add(kept);
  };
  const room = { settings, teams, azure, connector: openConnector(teams), goOn };
  return {
    async receive(request) {
      const admitted = await admit(request, guard.letIn, teams);
      if ("refused" in admitted) return new Response(null, { status: admitted.refused });
      const { activity, signed, deadline } = admitted;
      const reception: Reception = { ...room, deadline, locale: activity.locale };
      let response = new Response(null, { status: 200 });
      try {
        await guard.run(signed, async () => {
          response = await answerTurn(activity, reception);
        });
      } catch (error) {
        log.error({ error, type: activity.type, activity: activity.id }, "teams: a turn broke");
        return await answerBroken(activity, reception);
      }
      return response;
    },
    async stop() {
      await Promise.race([
        Promise.all(underWay),
        pause(teams.times.finishLimitMilliseconds, undefined, { ref: false }),
      ]);
    },
  };
}

/** A repeated turn would most likely break again, so Teams is told that it is done, and the person that it went wrong. */
async function answerBroken(activity: TeamsActivity, reception: Reception): Promise<Response> {
  if (activity.type === "invoke" && activity.name === "adaptiveCard/action")
    return Response.json(words(failed.unforeseen, reception));
  if (activity.type === "invoke" && activity.name?.startsWith("composeExtension/"))
    return Response.json(endDialog(failed.unforeseen, reception));
  const address = addressOf(activity);
  if (address && activity.type === "message") {
    await answer(address, sorryReply(failed.unforeseen), reception).catch((error: unknown) =>
      log.error({ error }, "teams: nor could that be said"),
    );
  }
  return new Response(null, { status: 200 });
}
