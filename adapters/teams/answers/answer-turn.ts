import { log } from "../../../src/log.ts";
import { failed } from "../../../src/words/sentences.ts";
import type { TeamsActivity } from "../door/activity.ts";
import { newMessageAt } from "../address.ts";
import type { TeamsAddress } from "../address.ts";
import { forgetInstaller, noteInstaller } from "./admins.ts";
import { answerCommand, changeOfLast } from "./answer-command.ts";
import { unlessLate } from "../door/deadline.ts";
import { readActivity } from "../read.ts";
import { endDialog, answerExtension } from "./answer-extension.ts";
import { answerExecute, answerSubmit, words } from "./answer-action.ts";
import { answerBrainstorm } from "./answer-brainstorm.ts";
import { answerPanelCommand } from "./answer-panel.ts";
import { answerOnlyOnce, answerTyped } from "./answer-request.ts";
import type { Reception } from "./reception.ts";
import { forgetWelcome, welcome } from "./welcome.ts";

/** Does what an activity asks for, quickly; what is slow is left to the workers. The answer is the HTTP answer to Teams. */
export async function answerTurn(activity: TeamsActivity, reception: Reception): Promise<Response> {
  const heard = readActivity(activity);
  switch (heard.heard) {
    case "request":
      await answerTyped(heard.request, heard.address, reception);
      return done();
    case "help":
    case "form":
    case "history":
    case "wall":
    case "privacy":
    case "family":
    case "style":
    case "describe":
    case "no sketch":
    case "sentence":
    case "unknown words":
      await answerOnce(activity, heard.words, heard.address, reception);
      return done();
    case "usage":
    case "easel": {
      const { words: panel, address } = heard;
      await answerOnlyOnce(panel.event, () => answerPanelCommand(panel, address, reception), reception);
      return done();
    }
    case "no picture": {
      const change = await changeOfLast(heard.words, heard.address, reception);
      if (change) await answerTyped(change, newMessageAt(heard.address, change.private), reception);
      else await answerOnce(activity, heard.words, heard.address, reception);
      return done();
    }
    case "brainstorm":
      await answerBrainstorm(heard, reception);
      return done();
    case "press":
      if (heard.by === "execute")
        return inTime(answerExecute(heard, reception), words(failed.storageInDoubt, reception), reception);
      await answerSubmit(heard, reception);
      return activity.type === "invoke" ? Response.json({}) : done();
    case "strange press":
      if (heard.by === "execute") return Response.json(words(failed.goneJob, reception));
      if (activity.type === "invoke") return Response.json({});
      await answerOnce(activity, { words: "unknown words" }, { ...heard.address, activityId: null }, reception);
      return done();
    case "extension":
      return inTime(
        answerExtension(heard.call, heard.address, reception),
        endDialog(failed.storageInDoubt, reception),
        reception,
      );
    case "installed":
      await noteInstaller(heard.place, heard.address, reception.azure);
      await welcome(heard.place, heard.address, reception);
      return done();
    case "removed":
      await forgetInstaller(heard.place, heard.address, reception.azure);
      await forgetWelcome(heard.place, reception);
      return done();
    case "feedback":
      log.info({ reaction: heard.reaction }, "teams: somebody rated a picture");
      return Response.json({});
    case "acknowledge":
      return Response.json({});
    case "unknown invoke":
      log.info({ name: heard.name }, "teams: an invoke that Easel does not answer");
      return new Response(null, { status: 501 });
    case "nothing":
      return done();
  }
}

async function answerOnce(
  { id }: TeamsActivity,
  heard: Parameters<typeof answerCommand>[0],
  address: TeamsAddress,
  reception: Reception,
): Promise<void> {
  const event = JSON.stringify([address.conversationId, id ?? ""]);
  await answerOnlyOnce(event, () => answerCommand(heard, address, reception), reception);
}

/** An invoke without an answer reads as a broken bot. */
async function inTime(work: Promise<object>, late: object, { deadline }: Reception): Promise<Response> {
  return Response.json(await unlessLate(work, deadline.signal, late));
}

function done(): Response {
  return new Response(null, { status: 200 });
}
