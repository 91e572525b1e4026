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
    const present = (await readSession(id, azure, abortSignal))?.session;
    if (!present) continue;
    const left = structuredClone(present);
    if (!forgetIn(left, them)) continue;
    // Whoever began a round asked for its pictures: those records have the words as well, and come first.
    const before = new Map(ideasOf(present).map(({ job, prompt }) => [job, prompt]));
    for (const { job, prompt } of ideasOf(left))
      if (job && before.get(job) !== prompt) await changeWords(job, prompt, azure, abortSignal);
    await changeSession(id, (session) => (forgetIn(session, them) ? undefined : false), azure, abortSignal);
    ringSession(id, azure);
  }
}

const ideasOf = ({ rounds }: Session) => rounds.flatMap(({ ideas }) => ideas);

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
  const isTheirs = isOf(them, session.begunBy);
  for (const idea of ideasOf(session)) {
    forgetWords(idea, them);
    if (isTheirs) forgetTopic(idea, session.topic);
  }
  if (isTheirs) session.topic = LEFT_OUT;
  const left = without(session, them);
  const isChanged = left !== session;
  Object.assign(session, left);
  return isChanged;
}

/** A direction of Easel's says it again, and it stands before what others' ideas are drawn from; their own words are left alone. */
function forgetTopic(idea: Idea, topic: string): void {
  if (idea.prompt.startsWith(`${topic}: `)) idea.prompt = `${LEFT_OUT}: ${idea.prompt.slice(topic.length + 2)}`;
  if (idea.by.length) return;
  idea.words = idea.words.replaceAll(topic, LEFT_OUT);
  idea.prompt = idea.prompt.replaceAll(topic, LEFT_OUT);
}

function forgetWords(idea: Idea, them: Person): void {
  const [first] = idea.by;
  // Two ideas in one say the words of both.
  const isTheirs = idea.from.length > 1 ? idea.by.some((by) => isOf(them, by)) : first && isOf(them, first);
  const clauses = idea.clauses?.filter(({ by }) => !isOf(them, by));
  if (isTheirs) idea.words = LEFT_OUT;
  else if (clauses?.length === idea.clauses?.length) return;
  idea.clauses = clauses;
  if (idea.picture) delete idea.picture.revised;
  idea.prompt = [idea.words, ...(clauses ?? []).map(({ words }) => words)].join(", ");
}
