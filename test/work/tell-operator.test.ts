import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import type { Alert } from "../../src/alerts/alert.ts";
import { endAlert } from "../../src/alerts/outbox.ts";
import { raiseAlert } from "../../src/alerts/raise-alert.ts";
import { log } from "../../src/log.ts";
import { alertMessage } from "../../src/replies/alert-message.ts";
import type { Operators } from "../../src/replies/alert-message.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import type { Azure } from "../../src/storage/azure.ts";
import { tellWebhook } from "../../src/work/post-webhook.ts";
import { startTelling } from "../../src/work/tell-operator.ts";
import type { Telling } from "../../src/work/tell-operator.ts";
import { TIMES } from "../../src/times.ts";
import { tenth } from "../times.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";
import { startWebhook, WEBHOOK_SECRETS } from "../fakes/webhook.ts";
import type { Webhook } from "../fakes/webhook.ts";
import { openCore, until } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";

let azurite: Azurite;
let webhook: Webhook;
let core: Core;
let replicas: { azure: Azure; telling: Telling }[];

beforeAll(async () => {
  azurite = await startAzurite();
});
beforeEach(async () => {
  webhook = await startWebhook();
  replicas = [];
  const times = tenth(TIMES);
  core = await openCore(
    azurite.connectionString,
    "http://127.0.0.1:9",
    { ALERT_WEBHOOK: webhook.url },
    { ...times, alerts: { ...times.alerts, holdSeconds: 3 } },
  );
});
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(replicas.map(({ telling }) => telling.stop()));
  await core.stop();
  await webhook.stop();
});
afterAll(() => azurite.stop());

/** Another process on the same storage. */
function replica(operators: Operators = { webhook: tellWebhook }): Azure {
  const azure = connectAzure(core.settings);
  replicas.push({ azure, telling: startTelling(operators, core.settings, azure) });
  return azure;
}

const quota: Alert = { kind: "quota", deployment: "pictures", reference: "AB12CD34" };
const reported = (number: number): Alert => ({
  kind: "reported",
  reference: `0000${1000 + number}`,
  place: 1,
  by: "5f2c",
});

it("tells of one thing once, whoever raises it and however often", async () => {
  const both = [replica(), replica()];
  for (const azure of [...both, ...both]) raiseAlert(quota, azure);
  await until(() => webhook.posted.length > 0);
  for (const azure of both) raiseAlert({ ...quota, reference: "another" }, azure);
  const third = replica();
  raiseAlert(quota, third);
  raiseAlert({ kind: "set aside", reference: "LATER" }, third);
  await until(() => webhook.lines().some((line) => line.includes("LATER")));
  expect(webhook.lines().filter((line) => line.includes("pictures"))).toEqual([
    "The image service says that the allowance of the deployment pictures is used up. Nothing can be drawn with it until you raise it there. The log has more under AB12CD34.",
  ]);
  expect(webhook.posted[0]).toMatchObject({ source: "easel", alerts: [{ kind: "quota", deployment: "pictures" }] });
});

it("makes one message of a storm, in which no kind hides another", async () => {
  const azure = replica();
  for (let number = 0; number < 45; number += 1) raiseAlert(reported(number), azure);
  raiseAlert(quota, azure);
  await until(() => webhook.posted.length > 0);
  const [first] = webhook.posted;
  expect(first?.title).toBe("Easel needs you: 46 things");
  expect(first?.lines).toHaveLength(7);
  expect(first?.lines.some((line) => line.includes("allowance"))).toBe(true);
  expect(first?.lines.at(-1)).toBe("… and 40 more: 40 × picture reported. All of them stand in the log.");
});

it("counts what comes faster than it can be noted, and keeps no more in memory", async () => {
  const azure = replica();
  for (let number = 0; number < 1000; number += 1) raiseAlert(reported(number), azure);
  await until(() => webhook.posted.length > 0);
  expect(webhook.posted[0]?.title).toMatch(/^Easel needs you: 1,?000 things$/);
  expect(JSON.stringify(webhook.posted).length).toBeLessThan(6000);
});

it("is told by another process what one left behind when it was killed", async () => {
  const killed = connectAzure(core.settings);
  webhook.answers.push("silence", "silence", "silence");
  const telling = startTelling({ webhook: tellWebhook }, core.settings, killed);
  raiseAlert(quota, killed);
  await until(() => webhook.answers.length < 3);
  // It holds the right to tell, and no more is heard of it.
  void telling.stop();
  webhook.answers.length = 0;
  replica();
  await until(() => webhook.posted.length > 0);
  expect(webhook.lines()).toHaveLength(1);
});

it("waits for a destination that is away, and keeps nothing from the others", async () => {
  const [away, here] = [vi.fn(), vi.fn()];
  let isAway = true;
  const operators: Operators = {
    webhook: (message) => {
      away(message.lines.length);
      return Promise.resolve(isAway ? { delivered: false, because: "it is away" } : { delivered: true });
    },
    discordChannel: (message) => {
      here(message.lines.length);
      return Promise.resolve({ delivered: true });
    },
  };
  core.settings.alerts.discordChannel = "12345678901234567";
  const azure = replica(operators);
  raiseAlert(quota, azure);
  await until(() => here.mock.calls.length > 0 && away.mock.calls.length > 1);
  raiseAlert({ kind: "set aside", reference: "LATER" }, azure);
  isAway = false;
  await until(() => here.mock.calls.length > 1);
  await until(() => away.mock.calls.at(-1)?.[0] === 2);
  expect(here.mock.calls).toEqual([[1], [1]]);
});

it("follows no redirect, and shows nothing of the address in the log", async () => {
  const said: unknown[] = [];
  for (const level of ["info", "warn", "error"] as const)
    vi.spyOn(log, level).mockImplementation((...line: unknown[]) => void said.push(line));
  webhook.answers.push(302, 500);
  const azure = replica();
  raiseAlert(quota, azure);
  await until(() => webhook.posted.length > 0);
  expect(JSON.stringify(said)).toContain("status 302, a redirect, which is not followed");
  expect(JSON.stringify(said)).not.toMatch(WEBHOOK_SECRETS);
});

it.each([
  ["https://hooks.slack.com/services/T/B/x", { text: expect.stringMatching(/^Easel needs you\n• .*&lt;!channel&gt;/) }],
  ["https://discord.com/api/webhooks/1/x", { content: expect.any(String), allowed_mentions: { parse: [] } }],
  [
    "https://prod-1.westeurope.logic.azure.com/workflows/x",
    { type: "message", attachments: [{ contentType: "application/vnd.microsoft.card.adaptive" }] },
  ],
  ["https://example.org/hook", { source: "easel", title: "Easel needs you", alerts: [{ kind: "quota" }], more: 0 }],
])("gives %s the form that it takes", async (to, body) => {
  const sent = vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response("ok"));
  const raisedAt = new Date().toISOString();
  const message = alertMessage([{ alert: { kind: "quota", deployment: "<!channel>" }, raisedAt }]);
  const how = { to: { webhook: to }, once: "once", signal: AbortSignal.timeout(1000) };
  expect(await tellWebhook(message, how)).toEqual({ delivered: true });
  const [address, init] = sent.mock.calls[0] ?? [];
  expect(address).toEqual(new URL(to));
  expect(init).toMatchObject({ method: "POST", redirect: "manual" });
  expect(await new Response(init?.body).json()).toMatchObject(body);
});

it("tells that storage refuses without storage", async () => {
  const azure = replica();
  await until(() => webhook.posted.length === 0);
  await azurite.interrupt();
  try {
    raiseAlert({ kind: "storage refuses", because: "403 AuthorizationFailure" }, azure);
    await until(() => webhook.posted.length > 0);
  } finally {
    await azurite.resume();
  }
  expect(webhook.lines()).toEqual([
    "Storage does not take what Easel writes, so nothing can be promised to anybody: 403 AuthorizationFailure.",
  ]);
  raiseAlert({ kind: "set aside", reference: "LATER" }, azure);
  await until(() => webhook.posted.length > 1);
  expect(webhook.posted[1]?.lines).toEqual([expect.stringContaining("LATER")]);
});

it("is told anew of what had ended", async () => {
  const azure = replica();
  raiseAlert(quota, azure);
  await until(() => webhook.posted.length > 0);
  await until(() => endAlert({ kind: "quota", deployment: "pictures" }, azure));
  raiseAlert(quota, azure);
  await until(() => webhook.posted.length > 1);
  expect(new Set(webhook.lines()).size).toBe(1);
});

it("asks nothing of storage where nobody is to be told", async () => {
  core.settings.alerts = {};
  const azure = replica();
  const asked = vi.spyOn(azure.table, "createEntity");
  const looked = vi.spyOn(azure.table, "listEntities");
  raiseAlert(quota, azure);
  await replicas.pop()?.telling.stop();
  expect([asked.mock.calls, looked.mock.calls]).toEqual([[], []]);
});
