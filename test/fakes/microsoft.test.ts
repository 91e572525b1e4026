import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { makeCertificates, type Certificates } from "./certificates.ts";
import { forgeries } from "./microsoft/forgeries.ts";
import { microsoftHostNames, startMicrosoft, type Microsoft, type MicrosoftOptions } from "./microsoft/microsoft.ts";
import { refusals, throttled } from "./microsoft/refusals.ts";
import { teamsClient, type TeamsClient, type TeamsClientOptions } from "./microsoft/teams-client.ts";
import { readRedirectLog, redirectEnvironment } from "../../local/redirect.ts";

const tenant = "3d2b7d5e-0000-4000-8000-000000000001";
const appId = "3d2b7d5e-0000-4000-8000-000000000002";
const appPassword = "the right secret";

type BotLine = {
  port?: number;
  failed?: number | null;
  message?: string;
  heard?: string;
  invoked?: string;
  value?: unknown;
  fetched?: string;
};
type Bot = { url: string; lines: BotLine[]; log: string; end(): void };
type World = { microsoft: Microsoft; bot: Bot; teams: TeamsClient };

let certificates: Certificates;
let logs = 0;
const cleanUps: (() => unknown)[] = [];
/** For all tests but those that need one that knows nothing yet; Microsoft is another each time, at the same port. */
let shared: Bot | undefined;
let port = 0;

beforeAll(() => {
  certificates = makeCertificates(microsoftHostNames);
});
afterAll(() => {
  shared?.end();
  rmSync(certificates.directory, { recursive: true });
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function openWorld(
  options: {
    microsoft?: Partial<MicrosoftOptions>;
    teams?: Partial<TeamsClientOptions>;
    /** A process of its own, with these settings. */
    bot?: Record<string, string>;
  } = {},
): Promise<World> {
  const { key, cert } = certificates;
  const microsoft = await startMicrosoft({ key, cert, port, tenant, appId, appPassword, ...options.microsoft });
  ({ port } = microsoft);
  cleanUps.push(() => microsoft.stop());
  const bot = options.bot ? await startBot(microsoft, options.bot) : (shared ??= await startBot(microsoft));
  if (options.bot) cleanUps.push(() => bot.end());
  // Behind the line that says its port.
  bot.lines.splice(1);
  return { microsoft, bot, teams: teamsClient({ microsoft, botUrl: bot.url, ...options.teams }) };
}

/** botbuilder keeps keys and tokens as long as the process lives. */
async function startBot(microsoft: Microsoft, changes: Record<string, string> = {}): Promise<Bot> {
  const log = join(certificates.directory, `hosts-${(logs += 1)}.log`);
  const redirect = redirectEnvironment({ hosts: microsoft.hosts, authority: certificates.ca, log });
  const settings = {
    MicrosoftAppType: "SingleTenant",
    MicrosoftAppId: appId,
    MicrosoftAppPassword: appPassword,
    MicrosoftAppTenantId: tenant,
  };
  const child = spawn(process.execPath, [join(import.meta.dirname, "microsoft/plain-bot.ts")], {
    env: { ...process.env, ...redirect, ...settings, ...changes },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const lines: BotLine[] = [];
  const reader = createInterface(child.stdout);
  reader.on("line", (line) => lines.push(JSON.parse(line) as BotLine));
  await once(reader, "line");
  return { url: `http://127.0.0.1:${lines[0]?.port}/api/messages`, lines, log, end: () => void child.kill("SIGKILL") };
}

const soon = { timeout: 30_000, interval: 20 };
const textsIn = (microsoft: Microsoft, conversationId: string) =>
  microsoft.activities(conversationId).map(({ text, attachments }) => text ?? attachments?.[0]?.contentType);
const isDone = (microsoft: Microsoft, conversationId: string) =>
  expect.poll(() => textsIn(microsoft, conversationId), soon).toEqual(["application/vnd.microsoft.card.adaptive"]);
const failuresOf = (bot: Bot) => bot.lines.filter((line) => "failed" in line).map(({ failed }) => failed);

describe("a turn of botbuilder, both ways", () => {
  test.each(["personal", "groupChat", "channel"] as const)(
    "in %s: waits, then is replaced by a card",
    async (conversation) => {
      const { microsoft, bot, teams } = await openWorld();
      const turn = await teams.say("a lighthouse", { conversation });
      expect(turn.status).toBe(200);
      await isDone(microsoft, turn.conversationId);
      expect(microsoft.activities(turn.conversationId)[0]).toMatchObject({ changes: 1, replyToId: turn.activity.id });
      expect(bot.lines.slice(1)).toEqual([]);
      const hosts = new Set(readRedirectLog(bot.log).map(({ decision, host }) => `${decision} ${host}`));
      const needed = ["login.microsoftonline.com", "login.botframework.com", "smba.trafficmanager.net"];
      expect(hosts).toEqual(new Set(needed.map((host) => `redirected ${host}`)));
    },
  );

  test("in a channel the answer stands in the thread, not at top level", async () => {
    const { microsoft, teams } = await openWorld();
    const turn = await teams.say("a lighthouse", { conversation: "channel" });
    expect(turn.conversationId).toBe(`${teams.chatId("channel")};messageid=${turn.activity.id}`);
    expect(microsoft.activities(turn.conversationId)).toHaveLength(1);
    expect(microsoft.activities(teams.chatId("channel"))).toEqual([]);
  });

  test("what is deleted stands no more, and typing never stands", async () => {
    const { microsoft, teams } = await openWorld();
    const turn = await teams.say("type and delete");
    await expect.poll(() => microsoft.log.at(-1), soon).toMatchObject({ method: "DELETE", status: 200 });
    expect(textsIn(microsoft, turn.conversationId)).toEqual([]);
    const sent = microsoft.log.filter(({ path }) => path.includes("/activities"));
    expect(sent.map(({ method, body }) => `${method} ${(body as { type?: string } | undefined)?.type}`)).toEqual([
      "POST typing",
      "POST message",
      "DELETE undefined",
    ]);
  });

  test("a managed identity sends as well as a secret", async () => {
    const { key, cert } = certificates;
    const microsoft = await startMicrosoft({ key, cert, tenant, appId, appPassword });
    cleanUps.push(() => microsoft.stop());
    const bot = await startBot(microsoft, {
      MicrosoftAppType: "UserAssignedMsi",
      MicrosoftAppPassword: "",
      ...microsoft.identityEnvironment,
    });
    cleanUps.push(() => bot.end());
    const turn = await teamsClient({ microsoft, botUrl: bot.url }).say("a lighthouse");
    await isDone(microsoft, turn.conversationId);
    expect(microsoft.log.map(({ path }) => path)).toContain("/msi/token");
    expect(microsoft.log.map(({ path }) => path)).not.toContain(`/${tenant}/oauth2/v2.0/token`);
  });
});

describe("the token of Teams", () => {
  /** botbuilder as it comes lets these in, as measured in facts/teams.md; a hardened bot must not. */
  const letIn = [
    "no expiry",
    "without a service address, in token and activity",
    "of another service address, in token and activity",
    "signed by Entra, the bot's own tenant",
    "signed by Entra, another tenant",
  ];
  /** And these it turns away, but with 500. */
  const brokenBy = ["not valid yet", "signed by nobody", "signed by another key than it names"];

  test("each forgery meets the check that it is meant for", async () => {
    const { microsoft, teams } = await openWorld({ microsoft: { pace: false } });
    const statuses: Record<string, number> = {};
    for (const { name, ...forgery } of forgeries(microsoft))
      statuses[name] = (await teams.say("answer nothing", forgery)).status;
    const expected = forgeries(microsoft).map(({ name }) => {
      if (letIn.includes(name)) return [name, 200];
      return [name, brokenBy.includes(name) ? 500 : 401];
    });
    expect(statuses).toEqual(Object.fromEntries(expected));
  });
});

describe("the token of the bot", () => {
  test.each<{ name: string; changes: Record<string, string>; code: string }>([
    { name: "a wrong secret", changes: { MicrosoftAppPassword: "wrong" }, code: "AADSTS7000215" },
    { name: "another tenant", changes: { MicrosoftAppTenantId: "nowhere" }, code: "AADSTS90002" },
    { name: "the tenant of multi-tenant bots", changes: { MicrosoftAppType: "" }, code: "AADSTS700016" },
  ])("$name gets none, and nothing is sent", async ({ changes, code }) => {
    const { microsoft, bot, teams } = await openWorld({ bot: changes });
    const turn = await teams.say("hi");
    await expect.poll(() => failuresOf(bot).length, soon).toBeGreaterThan(0);
    const refusal = microsoft.log.find(({ path }) => path.endsWith("/token"))?.answer;
    expect(JSON.stringify(refusal)).toContain(code);
    expect(microsoft.activities(turn.conversationId)).toEqual([]);
  });

  test("a login that is down costs botbuilder the turn, and only that", async () => {
    const { microsoft, bot, teams } = await openWorld({ bot: {} });
    microsoft.fail({ host: "login.microsoftonline.com", path: /token$/ }, { status: 500 });
    const turn = await teams.say("hi");
    expect(failuresOf(bot)).toHaveLength(1);
    expect(microsoft.activities(turn.conversationId)).toEqual([]);
    await teams.say("hi");
    await isDone(microsoft, turn.conversationId);
  });
});

describe("what the connector may answer", () => {
  test.each([
    { refusal: throttled(1), tries: 4 },
    { refusal: refusals.preconditionFailed, tries: 1 },
    { refusal: refusals.serviceUnavailable, tries: 4 },
    { refusal: refusals.messageWritesBlocked, tries: 1 },
  ])("$refusal.status reaches the bot after $tries tries of botbuilder's own", async ({ refusal, tries }) => {
    const { microsoft, bot, teams } = await openWorld();
    microsoft.fail({ host: "smba.trafficmanager.net", method: "POST" }, refusal, Infinity);
    const turn = await teams.say("hi");
    await expect.poll(() => failuresOf(bot), soon).toEqual([refusal.status]);
    expect(microsoft.log.filter(({ path }) => path.includes("/activities"))).toHaveLength(tries);
    expect(microsoft.activities(turn.conversationId)).toEqual([]);
  });

  test("a message that is too large is refused", async () => {
    const { microsoft, bot, teams } = await openWorld();
    const turn = await teams.say("large");
    await expect.poll(() => failuresOf(bot), soon).toEqual([413]);
    expect(microsoft.activities(turn.conversationId)).toEqual([]);
  });

  test("where the bot was removed, it may not write", async () => {
    const { microsoft, bot, teams } = await openWorld();
    await teams.install();
    await teams.uninstall();
    await teams.say("hi");
    await expect.poll(() => failuresOf(bot), soon).toEqual([403]);
    expect(microsoft.log.at(-1)?.answer).toEqual(refusals.botNotInConversationRoster.body);
  });

  test("hang: the message never stands, and Teams gives up on the turn", async () => {
    const { microsoft, teams } = await openWorld({ teams: { patience: { turn: 700, repeats: 0 } }, bot: {} });
    microsoft.fail({ host: "smba.trafficmanager.net" }, "hang", Infinity);
    const turn = await teams.say("hi");
    expect(turn.status).toBe(504);
    expect(microsoft.activities(turn.conversationId)).toEqual([]);
  });

  test.each([
    { fault: "cut", stands: 1 },
    { fault: "lose", stands: 2 },
  ] as const)("$fault: botbuilder sends again by itself, and $stands stand", async ({ fault, stands }) => {
    const { microsoft, teams } = await openWorld();
    microsoft.fail({ host: "smba.trafficmanager.net", method: "POST" }, fault);
    const turn = await teams.say("hi");
    expect(turn.status).toBe(200);
    expect(microsoft.activities(turn.conversationId)).toHaveLength(stands);
  });
});

describe("a turn that takes too long", () => {
  test("is delivered once more, as the same activity", async () => {
    const { microsoft, teams } = await openWorld({ teams: { patience: { turn: 400 } } });
    const turn = await teams.say("slow");
    expect(turn.deliveries.map(({ status }) => status)).toEqual([504, 504]);
    await expect.poll(() => microsoft.activities(turn.conversationId).length, soon).toBe(2);
  });

  test("is left alone while Teams is patient", async () => {
    const { microsoft, teams } = await openWorld();
    const turn = await teams.say("slow");
    expect(turn.deliveries).toHaveLength(1);
    expect(turn.milliseconds).toBeGreaterThan(600);
    await isDone(microsoft, turn.conversationId);
  });
});

test("pictures that a person pastes and attaches are fetched from where they lie", async () => {
  const { microsoft, bot, teams } = await openWorld();
  const pictures = [{ bytes: Buffer.from("pasted") }];
  const files = [
    { bytes: Buffer.from("attached"), name: "fox.png" },
    { bytes: Buffer.from("lost"), gone: true },
  ];
  await teams.say("look at this", { pictures, files });
  const fetched = () => bot.lines.flatMap((line) => line.fetched ?? []);
  await expect.poll(fetched, soon).toEqual(["200 pasted", "200 attached", "404 "]);
  expect(microsoft.violations).toEqual([]);
  const hosts = readRedirectLog(bot.log).map(({ decision, host }) => `${decision} ${host}`);
  expect(hosts).toEqual(
    expect.arrayContaining(["redirected smba.trafficmanager.net", "redirected contoso-my.sharepoint.com"]),
  );
});

test("a pressed button reaches botbuilder, and the card in its answer takes the place of the pressed one", async () => {
  const { microsoft, bot, teams } = await openWorld();
  const turn = await teams.say("a lighthouse", { conversation: "channel" });
  await isDone(microsoft, turn.conversationId);
  const [card] = microsoft.activities(turn.conversationId);
  if (!card) throw new Error("no card");
  const pressed = await teams.press("Again", card);
  expect(pressed.status).toBe(200);
  const data = { job: 7 };
  expect(bot.lines.at(-1)).toMatchObject({
    invoked: "adaptiveCard/action",
    value: { action: { verb: "again", data } },
  });
  expect(JSON.stringify(microsoft.activities(turn.conversationId))).toContain("working");
});
