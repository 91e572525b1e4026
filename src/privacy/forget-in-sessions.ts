import { ringSession } from "../brainstorm/clock.ts";
import { changeSession, readSession, SessionId } from "../brainstorm/session.ts";
import type { Idea, Session } from "../brainstorm/session.ts";
import { changeJob } from "../jobs/job.ts";
import type { Job } from "../jobs/job.ts";
import type { Azure } from "../storage/azure.ts";
import { isOf, without } from "./person.ts";
import type { Person } from "./person.ts";

/** What stands in place of somebody's words. */
const LEFT_OUT = "…";

/** Ids of all brainstorms there are. They are few beside pictures, so each is read. */
export async function* allSessions(azure: Azure, abortSignal: AbortSignal): AsyncGenerator<string> {
  for await (const { name } of azure.container.listBlobsFlat({ prefix: "sessions/", abortSignal })) {
    const { data: id } = SessionId.safeParse(name.slice("sessions/".length, -".json".length));
    if (id) yield id;
  }
}

/** Their names and words go out of all brainstorms; what others said there stays. */
export async function forgetInSessions(them: Person, azure: Azure, abortSignal: AbortSignal): Promise<void> {
  for await (const id of allSessions(azure, abortSignal)) {
    let isChanged = false;
    let drawnFrom: Idea[] = [];
    const forget = (session: Session) => {
      drawnFrom = session.rounds.flatMap(({ ideas }) => ideas).filter((idea) => hasAddition(idea, them));
      isChanged = forgetIn(session, them);
      return isChanged ? undefined : false;
    };
    // What is drawn from their addition is somebody else's, and its record has the words as well: that comes first.
    const present = (await readSession(id, azure, abortSignal))?.session;
    if (present) forget(present);
    for (const { job, prompt } of drawnFrom) if (job) await changeWords(job, prompt, azure, abortSignal);
    await changeSession(id, forget, azure, abortSignal);
    if (isChanged) ringSession(id, azure);
  }
}

function hasAddition({ by: [first], clauses = [] }: Idea, them: Person): boolean {
  return !(first && isOf(them, first)) && clauses.some(({ by }) => isOf(them, by));
}

/** The model may have said them again in words of its own: those go. */
async function changeWords(job: string, prompt: string, azure: Azure, abortSignal: AbortSignal): Promise<void> {
  const change = ({ request, order, pictures }: Job) => {
    request.prompt = prompt;
    if (order) order.prompt = prompt;
    for (const picture of pictures) {
      delete picture.revisedPrompt;
      delete picture.kept?.revisedPrompt;
    }
  };
  await changeJob(job, change, azure, abortSignal);
}

/** False: they have no part in it. */
export function forgetIn(session: Session, them: Person): boolean {
  const { topic } = session;
  const isTheirs = isOf(them, session.begunBy);
  for (const idea of session.rounds.flatMap(({ ideas }) => ideas)) {
    forgetWords(idea, them);
    // A direction of Easel's says the topic again.
    if (isTheirs && topic !== LEFT_OUT)
      Object.assign(idea, {
        words: idea.words.replaceAll(topic, LEFT_OUT),
        prompt: idea.prompt.replaceAll(topic, LEFT_OUT),
      });
  }
  if (isTheirs) session.topic = LEFT_OUT;
  const left = without(session, them);
  const isChanged = left !== session;
  Object.assign(session, left);
  return isChanged;
}

function forgetWords(idea: Idea, them: Person): void {
  const [first] = idea.by;
  const clauses = idea.clauses?.filter(({ by }) => !isOf(them, by));
  if (first && isOf(them, first)) idea.words = LEFT_OUT;
  else if (clauses?.length === idea.clauses?.length) return;
  idea.clauses = clauses;
  if (idea.picture) delete idea.picture.revised;
  idea.prompt = [idea.words, ...(clauses ?? []).map(({ words }) => words)].join(", ");
}
