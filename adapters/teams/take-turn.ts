import { helpReply, notUnderstoodReply } from "../../src/compose-reply.ts";
import { log } from "../../src/log.ts";
import type { ChatReply } from "../../src/reply.ts";
import { failed, form } from "../../src/sentences.ts";
import { becauseOf } from "../../src/until-reached.ts";
import type { TeamsActivity } from "./activity.ts";
import type { TeamsAddress } from "./address.ts";
import { IMAGINE } from "./commands.ts";
import { formCard } from "./form.ts";
import { isFirst } from "./once.ts";
import { personOf, readActivity } from "./read.ts";
import { messageWith } from "./show.ts";
import { makeStand } from "./stand.ts";
import { takeExecute, takeSubmit, words } from "./take-press.ts";
import { answer, takeRequest } from "./take-request.ts";
import type { Reception } from "./take-request.ts";
import { forgetWelcome, welcome } from "./welcome.ts";

const FORM_MILLISECONDS = 8000;

/** Does what an activity asks for, quickly; what is slow is left to the workers. The answer is the HTTP answer to Teams. */
export async function takeTurn(activity: TeamsActivity, reception: Reception): Promise<Response> {
  const heard = readActivity(activity);
  switch (heard.heard) {
    case "request":
      await takeRequest(heard.request, heard.address, reception);
      return done();
    case "help":
    case "form":
    case "unknown words":
      if (await isNew(activity, heard.address, reception)) await answerWords(heard.heard, heard.address, reception);
      return done();
    case "press":
      if (heard.by === "execute") return Response.json(await takeExecute(heard.pressed, heard.address, reception));
      await takeSubmit(heard.pressed, heard.address, reception);
      return done();
    case "strange press":
      if (heard.by === "execute") return Response.json(words(failed.goneJob));
      if (await isNew(activity, heard.address, reception))
        await answerWords("unknown words", { ...heard.address, activityId: null }, reception);
      return done();
    case "installed":
      await welcome(heard.place, heard.address, reception);
      return done();
    case "removed":
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

/** Teams has been seen to deliver one activity four times. Jobs look after themselves; this is for all other answers. */
async function isNew({ id }: TeamsActivity, { conversationId }: TeamsAddress, { azure }: Reception): Promise<boolean> {
  try {
    return await isFirst({ what: "answered", of: JSON.stringify([conversationId, id ?? ""]) }, azure);
  } catch (error) {
    log.warn({ because: becauseOf(error) }, "teams: storage is out of reach, so an answer may come twice");
    return true;
  }
}

async function answerWords(
  heard: "help" | "form" | "unknown words",
  address: TeamsAddress,
  reception: Reception,
): Promise<void> {
  const { settings, connector } = reception;
  if (heard === "form") {
    const message = messageWith(formCard(personOf(address.user), settings), form.title);
    const outcome = await makeStand(connector, address, message, AbortSignal.timeout(FORM_MILLISECONDS));
    if (!("stands" in outcome)) log.warn({ ...outcome }, "teams: the form could not be shown");
    return;
  }
  const reply: ChatReply = heard === "help" ? helpReply(IMAGINE, settings) : notUnderstoodReply(IMAGINE);
  await answer(address, reply, reception);
}

function done(): Response {
  return new Response(null, { status: 200 });
}
