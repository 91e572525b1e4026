import { editorsOf } from "../request/check.ts";
import type { Settings } from "../settings.ts";
import { boardActions } from "../words/sentences.ts";
import type { ChatForm } from "../replies/form.ts";
import type { BoardAction } from "./board.ts";
import { addForm, combineForm, endForm, finishForm, nextForm, rewordForm, yesAndForm } from "./board-forms.ts";
import { isRefusedToPeople, mayBeReworded } from "./bring-ideas.ts";
import { isGathering } from "./rounds.ts";
import { MOST_ROUNDS } from "./session.ts";
import type { Round, Session } from "./session.ts";

/** What can be done just now, the most likely first. Whether the presser may is seen when they press. */
export function actionsOf(session: Session, round: Round, settings: Settings): BoardAction[] {
  switch (round.stage) {
    case "gathering":
      return isGathering(round) ? gatheringActions(session) : [];
    case "drawing":
      return [...rewordActions(session, round), action("code")];
    case "voting":
      return [action("votes"), action("close"), ...rewordActions(session, round), action("code")];
    case "counting":
      return [];
    case "closed":
      return closedActions(session, round, settings);
  }
}

/** Whoever brought an idea that was refused reads why, also where it is drawn no more. */
function rewordActions({ topic }: Session, round: Round): BoardAction[] {
  if (!round.ideas.some(isRefusedToPeople)) return [];
  const ideas = round.ideas.filter((idea) => mayBeReworded(round, idea));
  return [ideas.length ? action("reword", "main", rewordForm(ideas, topic)) : action("reword")];
}

function gatheringActions(session: Session): BoardAction[] {
  const yesAnd = yesAndForm(session);
  return [
    action("add", "main", addForm()),
    ...(yesAnd ? [action("yes-and", "usual", yesAnd)] : []),
    action("draw"),
    action("code"),
    action("end", "danger", endForm()),
  ];
}

function closedActions(session: Session, round: Round, settings: Settings): BoardAction[] {
  const { ideas, result } = round;
  const drawn = ideas.filter(({ state }) => state === "drawn").length;
  const isTie = (result?.winners.length ?? 0) > 1;
  const end = action("end", "danger", endForm());
  if (session.rounds.length >= MOST_ROUNDS) return [end];
  return [
    ...(isTie ? [action("run-off", "main")] : []),
    ...(drawn ? [action("next", isTie ? "usual" : "main", nextForm(session, settings))] : []),
    ...(drawn > 1 && editorsOf(settings).length ? [action("combine", "usual", combineForm(session, settings))] : []),
    ...(drawn ? [action("finish", "usual", finishForm(session, settings))] : []),
    action("new", drawn ? "usual" : "main"),
    ...rewordActions(session, round),
    end,
  ];
}

function action(does: BoardAction["does"], tone: BoardAction["tone"] = "usual", form?: ChatForm): BoardAction {
  return { does, label: boardActions[does], tone, ...(form ? { form } : {}) };
}
