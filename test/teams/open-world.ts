/** The adapter in a process of its own, behind the redirect, between Microsoft's stand-ins and a real Azurite. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll } from "vitest";
import type { Board } from "../../src/brainstorm/board.ts";
import type { Delivery } from "../../src/replies/delivery.ts";
import { readAddress } from "../../src/jobs/line.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import type { Azure } from "../../src/storage/azure.ts";
import { readJob } from "../../src/jobs/job.ts";
import type { Job } from "../../src/jobs/job.ts";
import type { AlertMessage } from "../../src/replies/alert-message.ts";
import type { ChatReply } from "../../src/replies/reply.ts";
import type { Address } from "../../src/request/request.ts";
import { readSettings } from "../../src/settings.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { makeCertificates } from "../fakes/certificates.ts";
import type { Certificates } from "../fakes/certificates.ts";
import { microsoftHostNames, startMicrosoft } from "../fakes/microsoft/microsoft.ts";
import type { Microsoft, MicrosoftOptions } from "../fakes/microsoft/microsoft.ts";
import { teamsClient } from "../fakes/microsoft/teams-client.ts";
import type { TeamsClient, TeamsClientOptions } from "../fakes/microsoft/teams-client.ts";
import { redirectEnvironment } from "../../local/redirect.ts";
import { openStallableWay } from "./stallable.ts";
import type { Tell } from "./teams-process.ts";

export const tenant = "3d2b7d5e-0000-4000-8000-000000000001";
export const appId = "3d2b7d5e-0000-4000-8000-000000000002";
const appPassword = "the right secret";

export type World = {
  microsoft: Microsoft;
  /** Whoever says something sees what it is answered with a moment after the turn: `say` waits for that too. */
  teams: TeamsClient;
  azurite: Azurite;
  /** The bot's storage, for a look inside. */
  azure: Azure;
  /** Storage hangs, and answers nothing, until the returned function is called. */
  stallStorage(): () => void;
  url: string;
  /** Everything that the process printed, on either stream. */
  printed(): string;
  /** Those that were asked for in this place, or all, each with the newest address of its answer. */
  jobs(conversationId?: string): Promise<Job[]>;
  send(address: Address, reply: ChatReply, how?: { isLast?: boolean }): Promise<Delivery>;
  board(address: Address, board: Board): Promise<Delivery>;
  /** Of a message beside a board. */
  change(address: Address, reply: ChatReply): Promise<Delivery>;
  /** Tells whoever runs Easel, where `ALERT_TEAMS_CONVERSATION` says. */
  alert(message: AlertMessage): Promise<Delivery>;
  /** The worker of this very process takes a job up, as soon as it may: it sends `reply`, and with `finish` is done with it. */
  tell(job: string, how: Omit<Tell, "job">): Promise<void>;
  /** What a worker gets of a picture in the chat, as text; or whose fault it is that it gets nothing. */
  fetchSource(url: string): Promise<unknown>;
  /** Stops the process and starts another on the same storage. */
  restart(): Promise<void>;
};

type Lifetime = "test" | "file";
type Options = {
  lifetime?: Lifetime;
  microsoft?: Partial<MicrosoftOptions>;
  teams?: Partial<TeamsClientOptions>;
  environment?: Changes;
};
type Changes = Record<string, string> | ((microsoft: Microsoft) => Record<string, string>);

let certificates: Certificates;
let azurite: Azurite;
let count = 0;
type CleanUps = (() => unknown)[];
const cleanUps: Record<Lifetime, CleanUps> = { test: [], file: [] };

/** Registers what a test file needs; the result opens a world, with a process and a container of its own, for a test or for the whole file. */
export function worlds(lifetime: Lifetime = "test"): (options?: Options) => Promise<World> {
  beforeAll(async () => {
    certificates = makeCertificates(microsoftHostNames);
    azurite = await startAzurite();
  });
  afterAll(async () => {
    await azurite.stop();
    rmSync(certificates.directory, { recursive: true });
  });
  const cleanUp = async (of: Lifetime) => {
    for (const one of cleanUps[of].splice(0).toReversed()) await one();
  };
  afterEach(() => cleanUp("test"));
  afterAll(() => cleanUp("file"));
  return (options) => openWorld({ lifetime, ...options });
}

async function openWorld({ lifetime = "test", ...options }: Options): Promise<World> {
  const undo = cleanUps[lifetime];
  const { key, cert } = certificates;
  const microsoft = await startMicrosoft({ key, cert, tenant, appId, appPassword, ...options.microsoft });
  undo.push(() => microsoft.stop());
  const container = `easel-${(count += 1)}`;
  const ports = [azurite.blobPort, azurite.queuePort, azurite.tablePort];
  const ways = await Promise.all(ports.map((port) => openStallableWay(port)));
  undo.push(() => ways.map((way) => way.stop()));
  const connectionString = ways.reduce(
    (text, way, index) => text.replace(`:${ports[index]}/`, `:${way.port}/`),
    azurite.connectionString,
  );
  const plan = { microsoft, container, connectionString, changes: options.environment, undo };
  let bot = await startBot(plan);
  const azure = connectAzure(
    readSettings({ AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString, AZURE_STORAGE_CONTAINER: container }, []),
  );
  const origin = `http://127.0.0.1:${bot.port}`;
  const client = teamsClient({ microsoft, botUrl: `${origin}/api/messages`, ...options.teams });
  return {
    microsoft,
    azurite,
    azure,
    stallStorage() {
      for (const way of ways) way.stall();
      return () => ways.forEach((way) => way.flow());
    },
    teams: {
      ...client,
      async say(...said) {
        const turn = await client.say(...said);
        // One that has died meanwhile has nothing left to do.
        await fetch(`${origin}/settle`).catch(() => undefined);
        return turn;
      },
    },
    url: `${origin}/api/messages`,
    printed: () => bot.printed(),
    async jobs(conversationId) {
      const jobs: Job[] = [];
      for await (const { name } of azure.container.listBlobsFlat({ prefix: "jobs/" })) {
        // In one call: the bot may write it meanwhile.
        const file = await readJob(name.slice("jobs/".length, -".json".length), azure);
        if (file) jobs.push({ ...file.job, address: (await readAddress(file.job.id, azure)) ?? file.job.address });
      }
      return jobs.filter(({ address }) => !conversationId || address.conversationId === conversationId);
    },
    async send(address, reply, how) {
      const answer = await fetch(`${origin}/send`, { method: "POST", body: JSON.stringify({ address, reply, how }) });
      return (await answer.json()) as Delivery;
    },
    async board(address, board) {
      const answer = await fetch(`${origin}/board`, { method: "POST", body: JSON.stringify({ address, board }) });
      return (await answer.json()) as Delivery;
    },
    async change(address, reply) {
      const answer = await fetch(`${origin}/change`, { method: "POST", body: JSON.stringify({ address, reply }) });
      return (await answer.json()) as Delivery;
    },
    async alert(message) {
      const answer = await fetch(`${origin}/alert`, { method: "POST", body: JSON.stringify(message) });
      return (await answer.json()) as Delivery;
    },
    async tell(job, how) {
      await fetch(`${origin}/tell`, { method: "POST", body: JSON.stringify({ job, ...how }) });
    },
    async fetchSource(url) {
      return (await fetch(`${origin}/fetch`, { method: "POST", body: url })).json();
    },
    async restart() {
      bot.kill();
      bot = await startBot(plan, bot.port);
    },
  };
}

type Plan = { microsoft: Microsoft; container: string; connectionString: string; changes?: Changes; undo: CleanUps };

async function startBot({ microsoft, container, connectionString, changes = {}, undo }: Plan, port = 0) {
  const redirect = redirectEnvironment({
    hosts: microsoft.hosts,
    authority: certificates.ca,
    log: join(certificates.directory, `${container}.log`),
  });
  const settings = {
    MicrosoftAppType: "SingleTenant",
    MicrosoftAppId: appId,
    MicrosoftAppPassword: appPassword,
    MicrosoftAppTenantId: tenant,
    PUBLIC_URL: "https://easel.example",
    IMAGE_MODELS: "dall-e-3,gpt-image-2",
    OPENAI_API_KEY: "none",
    AZURE_STORAGE_CONNECTION_STRING: connectionString,
    AZURE_STORAGE_CONTAINER: container,
    PORT: String(port),
  };
  const child = spawn(process.execPath, [join(import.meta.dirname, "teams-process.ts")], {
    env: {
      ...process.env,
      ...redirect,
      ...settings,
      ...(typeof changes === "function" ? changes(microsoft) : changes),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const kill = () => child.kill("SIGKILL");
  undo.push(kill);
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const reader = createInterface(child.stdout);
  const [line] = (await Promise.race([once(reader, "line"), died(child, () => printed)])) as [string];
  return { port: (JSON.parse(line) as { port: number }).port, printed: () => printed, kill };
}

async function died(child: ReturnType<typeof spawn>, printed: () => string): Promise<never> {
  await once(child, "exit");
  throw new Error(`the bot did not start: ${printed()}`);
}

/** What an Adaptive Card says to a person, one text after the other. */
export function textsIn(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(textsIn);
  if (typeof part !== "object" || part === null) return [];
  const own = "text" in part && typeof part.text === "string" ? [part.text] : [];
  return [...own, ...Object.values(part).flatMap((value) => (typeof value === "object" ? textsIn(value) : []))];
}
