/**
 * So many people vote, as an adapter lets them, or so many bare rows are written: says what each took and all together, as JSON in
 * milliseconds. With `SECONDS` they come spread over that time, beside whoever looks after the session, and its board's edits are counted.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { beginSession } from "../src/brainstorm/begin.ts";
import { startSessions } from "../src/brainstorm/drive.ts";
import { doBoardPress } from "../src/brainstorm/press-board.ts";
import { changeSession, roundOf } from "../src/brainstorm/session.ts";
import type { Idea } from "../src/brainstorm/session.ts";
import { log } from "../src/log.ts";
import { readSettings } from "../src/settings.ts";
import { connectAzure, prepareStorage } from "../src/storage/azure.ts";
import { putRow } from "../src/storage/table.ts";

const { MODE, PEOPLE, SECONDS = "0" } = process.env;
const people = Array.from({ length: Number(PEOPLE) }, (_, index) => index);
log.level = "silent";
const settings = readSettings(process.env, []);
const azure = connectAzure(settings);
await prepareStorage(azure, AbortSignal.timeout(60_000));

const asker = (name: string) => ({ platform: "bench", channel: "1", user: name, name });
const session = await atVotes();
let edits = 0;
const show = () => {
  edits += 1;
  return Promise.resolve({ delivered: true as const });
};
const boards = { bench: { show, post: show, change: show } };
const sessions = Number(SECONDS) ? startSessions({ settings, azure, boards }) : undefined;
// The connection is open, and the board stands.
await write("warm up");
if (sessions) await pause(4000);
edits = 0;

const began = performance.now();
const milliseconds = await Promise.all(
  people.map(async (index) => {
    await pause((index * Number(SECONDS) * 1000) / people.length);
    const began = performance.now();
    await write(`person ${index}`);
    return performance.now() - began;
  }),
);
const all = performance.now() - began;
// What the last votes bring is shown, too.
if (sessions) await pause(4000);
await sessions?.stop();
console.log(JSON.stringify({ milliseconds, all, edits }));
process.exit();

async function write(name: string): Promise<void> {
  const at = new Date().toISOString();
  const event = randomUUID();
  if (MODE === "bare") return putRow({ partition: "bare", name: event, values: { at, event, ideas: "2,5" } }, azure);
  const by = asker(name);
  const values = { vote: ["2", "5"] };
  const press = { does: "vote" as const, session, round: 1, values, by, isModerator: false, at, event };
  const outcome = await doBoardPress(press, settings, azure);
  if (!("word" in outcome) || outcome.isRefused) throw new Error(`not counted: ${JSON.stringify(outcome)}`);
}

async function atVotes(): Promise<string> {
  const address = { platform: "bench" };
  const asked = { topic: "a logo", options: {}, by: asker("Mia"), address, event: randomUUID() };
  const beginning = await beginSession(asked, settings, azure);
  if (!("began" in beginning)) throw new Error("no session began");
  const { id } = beginning.began;
  const ideas = Array.from({ length: 6 }, (_, index) => ideaOf(index + 1));
  const votesUntil = new Date(Date.now() + 3_600_000).toISOString();
  await changeSession(
    id,
    (session) => void Object.assign(roundOf(session), { stage: "voting", votesUntil, ideas }),
    azure,
  );
  return id;
}

function ideaOf(number: number): Idea {
  const picture = {
    ref: "job.1",
    name: "picture.png",
    mediaType: "image/png",
    width: 1536,
    height: 1024,
    bytes: 2_000_000,
  };
  return { number, by: [], words: `idea ${number}`, prompt: `idea ${number}`, state: "drawn", from: [], picture };
}
