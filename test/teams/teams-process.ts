/** The Teams adapter alone, with production settings and nobody who draws; `POST /send` is the worker's part of it. */
import { serve } from "@hono/node-server";
import { env, stdout } from "node:process";
import { teamsSender } from "../../adapters/teams/send.ts";
import { readTeamsSettings } from "../../adapters/teams/settings.ts";
import { startTeams } from "../../adapters/teams/start.ts";
import { connectAzure, prepareStorage } from "../../src/azure.ts";
import type { ChatReply } from "../../src/reply.ts";
import type { Address } from "../../src/request.ts";
import { readSettings } from "../../src/settings.ts";

const faults: string[] = [];
const settings = readSettings(env, faults);
const teams = env.LOCAL_TEAMS ? { mode: "local" as const } : readTeamsSettings(env, faults);
if (faults.length || !teams) throw new Error(faults.join("\n"));
const azure = connectAzure(settings);
await prepareStorage(azure, AbortSignal.timeout(10_000));
const door = startTeams(settings, teams, azure);
const send = teamsSender(settings, teams);

serve({ fetch: answer, port: Number(env.PORT ?? 0), hostname: "127.0.0.1" }, ({ port }) =>
  stdout.write(`${JSON.stringify({ port })}\n`),
);

async function answer(request: Request): Promise<Response> {
  if (new URL(request.url).pathname !== "/send") return door.receive(request);
  const { address, reply } = (await request.json()) as { address: Address; reply: ChatReply };
  return Response.json(await send(address, reply));
}
