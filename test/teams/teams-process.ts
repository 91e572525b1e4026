/**
 * The Teams adapter alone, with production settings and nobody who draws: `POST /send`, `/board`, `/change`, `/tell` and `/fetch` are

 * The Teams adapter alone, with production settings and nobody who draws: `POST /send`, `/board`, `/tell`, `/alert` and `/fetch` are
 * the worker's part of it. `/settle` waits as the end of the process does.
 */
import { serve } from "@hono/node-server";
import { env, stdout } from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { teamsFetcher } from "../../adapters/teams/fetch-source.ts";
import { teamsOperators } from "../../adapters/teams/notify.ts";
import { teamsBoards } from "../../adapters/teams/send-board.ts";
import { teamsSender } from "../../adapters/teams/send.ts";
import { readTeamsSettings } from "../../adapters/teams/settings.ts";
import { startTeams } from "../../adapters/teams/start.ts";
import type { Board } from "../../src/brainstorm/board.ts";
import { connectAzure, prepareStorage } from "../../src/storage/azure.ts";
import { findInLine, leaveLine, takeAtOnce } from "../../src/jobs/line.ts";
import type { OwnJob } from "../../src/jobs/own-job.ts";
import { SourceNotFetched } from "../../src/replies/delivery.ts";
import type { AlertMessage } from "../../src/replies/alert-message.ts";
import type { ChatReply } from "../../src/replies/reply.ts";
import type { Address } from "../../src/request/request.ts";
import { openRuleBook } from "../../src/purse/rule-book.ts";
import { readSettings } from "../../src/settings.ts";
import { sendTo } from "../../src/work/tell-answer.ts";
import { TEAMS_TIMES } from "../../adapters/teams/times.ts";

/** What the worker is asked to do with a job; to `finish` it is to write down that it is told, too. */
export type Tell = { job: string; reply?: ChatReply; finish: boolean };

const faults: string[] = [];
const settings = readSettings(env, faults);
const teams = env.LOCAL_TEAMS ? { mode: "local" as const, times: TEAMS_TIMES } : readTeamsSettings(env, faults);
// Between two looks for the keys of Microsoft's tokens.
if (teams && env.SHORT_KEYS_PAUSE) teams.times = { ...teams.times, keysPauseMilliseconds: 100 };
if (faults.length || !teams) throw new Error(faults.join("\n"));
const azure = connectAzure(settings);
await prepareStorage(azure, AbortSignal.timeout(10_000));
openRuleBook(azure, new AbortController().signal);
const door = startTeams(settings, teams, azure);
const send = teamsSender(settings, teams);
const boards = teamsBoards(settings, teams);
const fetchSource = teamsFetcher(teams);

serve({ fetch: answer, port: Number(env.PORT ?? 0), hostname: "127.0.0.1" }, ({ port }) =>
  stdout.write(`${JSON.stringify({ port })}\n`),
);

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (pathname === "/fetch") return Response.json(await fetchPicture(await request.text()));
  if (pathname === "/settle") return door.stop().then(() => new Response());
  if (pathname === "/tell") return tell((await request.json()) as Tell);
  if (pathname === "/board") return showBoard((await request.json()) as { address: Address; board: Board });
  if (pathname === "/change") return change((await request.json()) as { address: Address; reply: ChatReply });
  if (pathname === "/alert") return Response.json(await alert((await request.json()) as AlertMessage));
  if (pathname !== "/send") return door.receive(request);
  const { address, reply, how } = (await request.json()) as { address: Address; reply: ChatReply; how?: object };
  return Response.json(await send(address, reply, how));
}

async function showBoard({ address, board }: { address: Address; board: Board }): Promise<Response> {
  return Response.json(await boards.show(address, board));
}

async function change({ address, reply }: { address: Address; reply: ChatReply }): Promise<Response> {
  return Response.json(await boards.change(address, reply));
}

const alert = (message: AlertMessage) =>
  teamsOperators(teams)(message, { to: settings.alerts, once: "once", signal: AbortSignal.timeout(10_000) });

/** As soon as the job may begin. */
async function tell({ job, reply, finish }: Tell): Promise<Response> {
  let own: OwnJob | undefined;
  for (; !own; await pause(20)) if ((findInLine(job, azure)?.startsAt ?? 0) <= Date.now()) own = takeAtOnce(job, azure);
  if (reply) await sendTo(own, reply, { azure, senders: { teams: send } });
  if (finish) {
    const kept = { name: `${"a".repeat(40)}.png`, mediaType: "image/png", width: 9, height: 9, bytes: 9 };
    await own.change((changed) => {
      for (const picture of changed.pictures) Object.assign(picture, { state: "kept", kept });
      changed.toldAt = new Date().toISOString();
    });
    leaveLine(job, azure);
    await own.release();
  }
  return new Response();
}

async function fetchPicture(url: string): Promise<object> {
  try {
    const bytes = await fetchSource({ from: "chat", url }, { platform: "teams" }, AbortSignal.timeout(10_000));
    return { bytes: bytes.toString() };
  } catch (error) {
    if (!(error instanceof SourceNotFetched)) throw error;
    return { refused: true, fault: error.fault };
  }
}
