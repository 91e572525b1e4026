/** Promises to whoever pays: every picture is drawn once, and once more only where its answer was lost or its process killed. */
import type { Job } from "../../src/jobs/job.ts";
import type { Broken, Verdict } from "./judge-answers.ts";
import { askerOf, commandOfJob, keysOfJob } from "./evidence.ts";
import type { Evidence, Paint } from "./evidence.ts";
import { losesAnswer } from "./faults.ts";

const PAID = "no picture is paid twice but where its answer was lost or its process killed";
const FAILED = "no picture fails where the image service did not fail often enough";

/** Faults of the image service, or kills, without which a picture may not end like this. */
const FEWEST_FAULTS: Partial<Record<string, number>> = { "answer lost": 2, "service trouble": 3, busy: 2 };

export function judgeCosts(evidence: Evidence): Verdict[] {
  const groups = Map.groupBy(
    evidence.jobs.filter(({ order }) => order),
    (job) => `${askerOf(job)} ${job.order?.prompt}`,
  );
  const paid = Map.groupBy(evidence.paints, ({ asker, prompt }) => `${asker} ${prompt}`);
  const twice: Broken[] = [];
  const failed: Broken[] = [];
  let repeated = 0;
  for (const [key, jobs] of groups) {
    const [first] = jobs;
    if (!first) continue;
    const paints = paid.get(key) ?? [];
    const calls = paints.filter(({ isPaid }) => isPaid);
    const pictures = jobs.reduce((sum, { order }) => sum + (order?.count ?? 0), 0);
    const mayRepeat = calls.filter((paint) => isLost(paint, jobs, evidence)).length;
    repeated += Math.max(0, calls.length - pictures);
    const tell = (promise: string, about: string): Broken => ({
      promise,
      about: `${jobs.map(({ id }) => id).join(", ")}: ${about}`,
      keys: jobs.flatMap((job) => keysOfJob(job, evidence)),
      command: commandOfJob(first, evidence.commands),
    });
    if (calls.length > pictures + mayRepeat)
      twice.push(tell(PAID, `${calls.length} paid calls for ${pictures} pictures, ${mayRepeat} might be repeated`));
    for (const { failure, state } of jobs.flatMap((job) => job.pictures)) {
      if (state !== "failed") continue;
      const faults = faultsOf(key, evidence) + mayRepeat;
      if (faults < (FEWEST_FAULTS[failure ?? ""] ?? Infinity))
        failed.push(tell(FAILED, `“${failure}” after ${faults} faults`));
    }
  }
  const all = evidence.paints.filter(({ isPaid }) => isPaid).length;
  const unasked = [...paid]
    .filter(([key]) => !groups.has(key))
    .flatMap(([, paints]) => paints.filter(({ isPaid }) => isPaid));
  const strangers = unasked.map(({ prompt, call }) => ({
    promise: PAID,
    about: `drawn for no job: “${prompt}” by ${call.process}`,
    keys: [/picture-\d+-/.exec(prompt)?.[0] ?? prompt],
  }));
  const pictures = evidence.jobs.flatMap((job) => job.pictures);
  return [
    { what: PAID, count: all, broken: [...twice, ...strangers], note: `${repeated} more than pictures` },
    { what: FAILED, count: pictures.length, broken: failed, note: count(pictures.map(({ state }) => state)) },
  ];
}

/** The picture did not come home: its answer was lost, or the process died before the job was told. */
function isLost({ call }: Paint, jobs: Job[], { world }: Evidence): boolean {
  const { fault, process, at, endedAt = Infinity } = call;
  if (losesAnswer(fault)) return true;
  const end = world.replicas.find((replica) => replica.process === process)?.end;
  if (!end || end.at < at) return false;
  // Told to stop, it need not wait for a call that hangs.
  if (end.by === "SIGTERM") return endedAt > end.at + 5000;
  const told = jobs.map(({ toldAt }) => Date.parse(toldAt ?? "")).filter((time) => time > at);
  return !told.some((time) => time < end.at);
}

/** Faults of which the service itself knows nothing are among them. */
function faultsOf(key: string, { world }: Evidence): number {
  const prompt = key.slice(key.indexOf(" ") + 1);
  const own = ({ service, text, fault }: { service: string; text: string; fault?: object }) =>
    service === "images" && fault && text.includes(prompt);
  return world.traffic.calls.filter(own).length;
}

export function count(items: string[]): string {
  return [...Map.groupBy(items, (item) => item)].map(([item, all]) => `${all.length} ${item}`).join(", ");
}
