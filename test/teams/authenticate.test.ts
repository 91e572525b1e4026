import { request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { Fault } from "../fakes/microsoft/exchange.ts";
import { forgeries } from "../fakes/microsoft/forgeries.ts";
import { page } from "../fakes/microsoft/refusals.ts";
import type { Turn } from "../fakes/microsoft/teams-client.ts";
import { tenant, worlds } from "./open-world.ts";
import type { World } from "./open-world.ts";

const open = worlds();
/** For whoever needs no process of its own. */
let shared: World;
beforeAll(async () => {
  shared = await open({ lifetime: "file", microsoft: { pace: false } });
});
const otherTenant = "3d2b7d5e-0000-4000-8000-0000000000aa";

const writesOf = ({ microsoft }: World) => microsoft.log.filter(({ host }) => host.startsWith("smba")).length;

async function expectNothing(world: World, turn: Turn, writes: number) {
  expect(turn.body).toBeUndefined();
  expect(world.microsoft.activities(turn.conversationId)).toEqual([]);
  expect(await world.jobs()).toEqual([]);
  expect(writesOf(world)).toBe(writes);
}

test("a forged request is 401 without a word, and does nothing", async () => {
  const world = shared;
  const writes = writesOf(world);
  const all = forgeries(world.microsoft);
  expect(all).toHaveLength(18);
  for (const { name, authorization, change } of all) {
    const turn = await world.teams.say("imagine a burglar", { authorization, change });
    expect([name, turn.status]).toEqual([name, 401]);
    await expectNothing(world, turn, writes);
    const token = authorization?.split(" ")[1] ?? "";
    if (token) expect(world.printed()).not.toContain(token.slice(-40));
  }
  expect(world.printed().split("\n").length).toBeLessThan(6);
  // Whoever is from Teams comes in after them.
  const turn = await world.teams.say("hi");
  expect(turn.status).toBe(200);
  expect(world.microsoft.activities(turn.conversationId)).toHaveLength(1);
});

describe("the tenant", () => {
  const inConversation = (id: unknown) => (activity: Turn["activity"]) => ({
    ...activity,
    conversation: { ...(activity.conversation as object), tenantId: id },
  });
  const inChannelData = (value: unknown) => (activity: Turn["activity"]) => ({
    ...activity,
    channelData: value as Record<string, unknown>,
  });

  test("must be allowed, in both places where Teams names it", async () => {
    const world = shared;
    const refused = [
      await world.teams.say("hi", { tenant: otherTenant }),
      await world.teams.say("hi", { change: inConversation(otherTenant) }),
      await world.teams.say("hi", { change: inChannelData({ tenant: { id: otherTenant } }) }),
      await world.teams.say("hi", { change: (activity) => inChannelData({})(inConversation(undefined)(activity)) }),
    ];
    expect(refused.map(({ status, body }) => [status, body])).toEqual(refused.map(() => [403, undefined]));
    for (const empty of [{}, { tenant: null }, { tenant: {} }, { tenant: { id: "" } }])
      expect([empty, (await world.teams.say("hi", { change: inChannelData(empty) })).status]).toEqual([empty, 200]);
    expect((await world.teams.say("hi", { change: inConversation("") })).status).toBe(200);
    const nowhere = inChannelData({ tenant: { id: "" } });
    expect((await world.teams.say("hi", { change: (one) => nowhere(inConversation("")(one)) })).status).toBe(403);
    expect((await world.teams.say("hi", { change: inConversation(tenant.toUpperCase()) })).status).toBe(200);
  });

  test("may be another than the bot's own, if it is named", async () => {
    const world = await open({ environment: { TEAMS_ALLOWED_TENANTS: otherTenant } });
    expect((await world.teams.say("hi", { tenant: otherTenant })).status).toBe(200);
    expect((await world.teams.say("hi")).status).toBe(403);
  });
});

describe("what is no activity of Teams", () => {
  test("is turned away with 4xx, signed or not", async () => {
    const world = shared;
    const writes = writesOf(world);
    const authorization = `Bearer ${world.microsoft.channelToken()}`;
    const post = async (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) => {
      const sent = { "content-type": "application/json", authorization, ...headers };
      const answer = await fetch(world.url, { method: "POST", body, headers: sent });
      expect(await answer.text()).toBe("");
      return answer.status;
    };
    expect(await post("{")).toBe(400);
    expect(await post("")).toBe(400);
    expect(await post("[]")).toBe(400);
    expect(await post("null")).toBe(400);
    expect(await post("{}")).toBe(400);
    expect(await post(`{"type":7}`)).toBe(400);
    expect(await post(`{"type":"message","from":"me"}`)).toBe(400);
    expect(await post(new Uint8Array([0x7b, 0xff, 0x7d]))).toBe(400);
    expect(await post("x".repeat(300_000))).toBe(413);
    expect(await post("{}", { "content-type": "text/plain" })).toBe(415);
    expect(await post("{}", { authorization: "" })).toBe(401);
    const turn = await world.teams.say("hi", {
      user: "Mallory",
      change: (activity) => ({ ...activity, channelId: "webchat" }),
    });
    expect(turn.status).toBe(401);
    await expectNothing(world, turn, writes);
  });
});

describe("keys that cannot be had", () => {
  const login = { host: "login.botframework.com" };
  /** After a look that failed comes the next a tenth of a second later; in production, a second. */
  const soon = { environment: { SHORT_KEYS_PAUSE: "yes" } };
  const looksAgain = () => pause(150);

  test("are not the sender's fault, in whatever way, and nothing of it is remembered", async () => {
    const world = await open(soon);
    const keys = { ...login, path: /keys$/ };
    const ways: [Parameters<typeof world.microsoft.fail>[0], Fault][] = [
      [login, { status: 500 }],
      [login, "cut"],
      [login, page(200)],
      [login, page(403)],
      [login, { status: 200, body: {} }],
      [login, { status: 302, headers: { location: "https://evil.example/" } }],
      [keys, page(200)],
      [keys, { status: 200, body: { keys: [] } }],
      [keys, { status: 200, body: { keys: [{ kty: "RSA", kid: "channel-key", n: "!", e: "" }] } }],
      [keys, { status: 200, body: "x".repeat(2_000_000) }],
    ];
    for (const [matcher, fault] of ways) {
      world.microsoft.fail(matcher, fault, 2);
      expect([fault, (await world.teams.say("hi")).status]).toEqual([fault, 503]);
      await looksAgain();
    }
    // One answer that is lost costs nobody anything.
    await world.restart();
    world.microsoft.fail(login, page(502));
    expect((await world.teams.say("hi")).status).toBe(200);
  });

  test("in time are waited for no longer than a turn can wait", async () => {
    const world = await open(soon);
    world.microsoft.fail(login, "hang");
    const turn = await world.teams.say("hi");
    expect(turn.status).toBe(503);
    expect(turn.milliseconds).toBeLessThan(8000);
    await looksAgain();
    expect((await world.teams.say("hi")).status).toBe(200);
  });

  test("are looked for once, however many made-up ones are named", async () => {
    const world = await open({ microsoft: { pace: false } });
    const looks = () => world.microsoft.log.filter(({ host }) => host === login.host).length;
    expect((await world.teams.say("hi")).status).toBe(200);
    expect(looks()).toBe(2);
    for (let number = 0; number < 20; number += 1) {
      const authorization = `Bearer ${world.microsoft.channelToken({ keyId: `made-up-${number}` })}`;
      expect((await world.teams.say("hi", { authorization })).status).toBe(401);
    }
    expect(looks()).toBe(2);
    expect(world.printed().match(/turned away/g)).toHaveLength(1);
  });
});

test("nothing of a body is read before its token has been found right", async () => {
  const world = shared;
  await world.teams.say("hi");
  const right = world.microsoft.channelToken();
  const [head = "", body = ""] = right.split(".");
  const forged = {
    "made up": "a.b.c",
    "with the right claims and a wrong signature": `${head}.${body}.${"A".repeat(342)}`,
    "of a key that nobody knows": world.microsoft.channelToken({ keyId: "made-up" }),
  };
  // Were it read, it would be found to be no JSON at all.
  for (const [what, token] of Object.entries(forged))
    expect([what, await statusOfUnsentBody(world.url, token)]).toEqual([what, 401]);
});

/** The status of a request whose body never comes to its end. */
function statusOfUnsentBody(url: string, token: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": 250_000, authorization: `Bearer ${token}` };
    const sent = request(url, { method: "POST", headers }, (response) => {
      resolve(response.statusCode);
      sent.destroy();
    });
    sent.on("error", reject);
    sent.write("{");
  });
}

describe("a login that does not work", () => {
  const login = { host: "login.microsoftonline.com" };
  test.each([
    ["a page", page(200)],
    ["400 invalid_client", { status: 400, body: { error: "invalid_client", error_codes: [7000215] } }],
    ["429", { status: 429, headers: { "retry-after": "1" }, body: { error: "temporarily_unavailable" } }],
    ["503", { status: 503 }],
    ["an answer without end", { status: 200, body: "x".repeat(2_000_000) }],
    ["nothing", "cut"],
  ] satisfies [string, Fault][])("with %s is tried again, and the word comes", async (_, fault) => {
    const world = await open();
    world.microsoft.fail(login, fault);
    const turn = await world.teams.say("hi");
    expect(turn.status).toBe(200);
    expect(world.microsoft.activities(turn.conversationId)).toHaveLength(1);
  });
});

describe("the bot's own token", () => {
  test("comes by managed identity without a secret", async () => {
    const world = await open({
      environment: ({ identityEnvironment }) => ({
        MicrosoftAppType: "UserAssignedMSI",
        MicrosoftAppPassword: "",
        ...identityEnvironment,
      }),
    });
    const turn = await world.teams.say("hi");
    expect(turn.status).toBe(200);
    expect(world.microsoft.activities(turn.conversationId)).toHaveLength(1);
    expect(world.microsoft.log.some(({ path }) => path.includes("/oauth2/"))).toBe(false);
  });

  test("missing, costs the answer and not the turn, and no secret is printed", async () => {
    const world = await open({ environment: { MicrosoftAppPassword: "the wrong secret" } });
    const turn = await world.teams.say("imagine a cat");
    expect(turn.status).toBe(200);
    expect(await world.jobs()).toHaveLength(1);
    // The turn does not wait for it.
    await vi.waitFor(() => expect(world.printed()).toContain("no token"), 30_000);
    expect(world.printed()).not.toContain("the wrong secret");
  });
});

/** `fetch` lets nobody choose the name under which a server is called. */
function statusUnderName(name: string, url: string, body: object): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { host: name, "content-type": "application/json" };
    request(url, { method: "POST", headers }, (response) => resolve(response.resume().statusCode))
      .on("error", reject)
      .end(JSON.stringify(body));
  });
}

describe("local mode", () => {
  const local = { environment: { LOCAL_TEAMS: "yes" } };
  const activity = {
    type: "message",
    id: "1",
    text: "hi",
    channelId: "msteams",
    serviceUrl: "http://127.0.0.1:9/_connector",
    from: { id: "u" },
    recipient: { id: "b" },
    conversation: { id: "c" },
  };
  const post = (url: string, body: object, headers: Record<string, string> = {}) =>
    fetch(url, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    });

  test("asks for no token, and takes nothing from a web page or for another machine", async () => {
    const { url } = await open(local);
    expect((await post(url, activity)).status).toBe(200);
    expect((await post(url, activity, { origin: "https://evil.example" })).status).toBe(401);
    expect((await post(url, { ...activity, serviceUrl: "http://10.0.0.1/" })).status).toBe(401);
    expect((await post(url, { ...activity, serviceUrl: "https://smba.trafficmanager.net/teams/" })).status).toBe(401);
    expect((await post(url, activity, { "content-type": "text/plain" })).status).toBe(415);
    expect(await statusUnderName("easel.evil.example", url, activity)).toBe(401);
  });
});
