import { helpReply, notUnderstoodReply } from "../../src/compose-reply.ts";
import { log } from "../../src/log.ts";
import type { ChatReply } from "../../src/reply.ts";
import { failed, form } from "../../src/sentences.ts";
import { becauseOf } from "../../src/until-reached.ts";
import type { TeamsActivity } from "./activity.ts";
import type { TeamsAddress } from "./address.ts";
import { commandFor } from "./commands.ts";
import { formCard } from "./form.ts";
import type { Mark } from "./once.ts";
import { personOf, readActivity } from "./read.ts";
import { messageWith } from "./show.ts";
import { makeStand } from "./stand.ts";
import { takeExecute, takeSubmit, words } from "./take-press.ts";
import { answer, endMark, takeRequest } from "./take-request.ts";
import type { Reception } from "./reception.ts";
import { forgetWelcome, welcome } from "./welcome.ts";

type Words = "help" | "form" | "unknown words";

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
      await answerOnce(activity, heard.heard, heard.address, reception);
      return done();
    case "press":
      if (heard.by === "execute") return Response.json(await takeExecute(heard.pressed, heard.address, reception));
      await takeSubmit(heard.pressed, heard.address, reception);
      return done();
    case "strange press":
      if (heard.by === "execute") return Response.json(words(failed.goneJob));
      await answerOnce(activity, "unknown words", { ...heard.address, activityId: null }, reception);
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
async function answerOnce(
  { id, timestamp }: TeamsActivity,
  heard: Words,
  address: TeamsAddress,
  reception: Reception,
): Promise<void> {
  const mark: Mark = { what: "answered", of: JSON.stringify([address.conversationId, id ?? ""]), at: timestamp };
  let marked = true;
  try {
    if (!(await reception.marks.isFirst(mark, reception.deadline.signal))) return;
  } catch (error) {
    log.warn({ because: becauseOf(error) }, "teams: storage is out of reach, so an answer may come twice");
    marked = false;
  }
  const answered = await answerWords(heard, address, reception);
  if (marked) await endMark(mark, answered, reception);
}

/** Whether it stands. */
async function answerWords(heard: Words, address: TeamsAddress, reception: Reception): Promise<boolean> {
  const { settings, connector, deadline } = reception;
  if (heard === "form") {
    const message = messageWith(formCard(personOf(address.user), settings), form.title);
    const outcome = await makeStand(connector, address, message, { until: deadline.signal });
    if (!("stands" in outcome)) log.warn({ ...outcome }, "teams: the form could not be shown");
    return "stands" in outcome;
  }
  const command = commandFor(address);
  const reply: ChatReply = heard === "help" ? helpReply(command, settings, true) : notUnderstoodReply(command);
  return answer(address, reply, reception);
}

function done(): Response {
  return new Response(null, { status: 200 });
}
