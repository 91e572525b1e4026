import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { forgeries } from "../fakes/microsoft/forgeries.ts";
import type { Forgery } from "../fakes/microsoft/forgeries.ts";
import type { Turn } from "../fakes/microsoft/teams-client.ts";
import { tenant, worlds } from "./open-world.ts";
import type { World } from "./open-world.ts";

const open = worlds();
const otherTenant = "3d2b7d5e-0000-4000-8000-0000000000aa";

async function expectNothing(world: World, turn: Turn) {
  expect(turn.body).toBeUndefined();
  expect(world.microsoft.activities(turn.conversationId)).toEqual([]);
  expect(await world.jobs()).toEqual([]);
  expect(world.microsoft.log.filter(({ host }) => host.startsWith("smba"))).toEqual([]);
}

describe("a forged request is 401 without a word, and does nothing", () => {
  // botbuilder keeps keys as long as its process lives, so each has one of its own.
  const names = [
    "no token",
    "not a bearer token",
    "garbage",
    "expired",
    "no expiry",
    "not valid yet",
    "for another bot",
    "of another issuer",
  ];
  const more = [
    "of another service address",
    "without a service address",
    "without a service address, in token and activity",
    "of another service address, in token and activity",
    "signed by nobody",
    "signed by a key that nobody published",
    "signed by another key than it names",
    "signed by a key not endorsed for Teams",
    "signed by Entra, the bot's own tenant",
    "signed by Entra, another tenant",
  ];
  const forgery = (world: World, name: string): Forgery => {
    const found = forgeries(world.microsoft).find((each) => each.name === name);
    if (!found) throw new Error(`no forgery ${name}`);
    return found;
  };

  test.each([...names, ...more])("%s", async (name) => {
    const world = await open();
    const { authorization, change } = forgery(world, name);
    const turn = await world.teams.say("imagine a burglar", { authorization, change });
    expect(turn.status).toBe(401);
    await expectNothing(world, turn);
    const token = authorization?.split(" ")[1] ?? "";
    if (token) expect(world.printed()).not.toContain(token.slice(-40));
    expect(world.printed().split("\n").length).toBeLessThan(6);
  });

  test("all of them are known here, and whoever is from Teams comes in after them", async () => {
    const world = await open({ microsoft: { pace: false } });
    expect(forgeries(world.microsoft).map(({ name }) => name)).toEqual([...names, ...more]);
    for (const { authorization, change, name } of forgeries(world.microsoft)) {
      expect([name, (await world.teams.say("hi", { authorization, change })).status]).toEqual([name, 401]);
    }
    const turn = await world.teams.say("hi");
    expect(turn.status).toBe(200);
    expect(world.microsoft.activities(turn.conversationId)).toHaveLength(1);
  });
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
    const world = await open();
    const refused = [
      await world.teams.say("hi", { tenant: otherTenant }),
      await world.teams.say("hi", { change: inConversation(otherTenant) }),
      await world.teams.say("hi", { change: inChannelData({ tenant: { id: otherTenant } }) }),
      await world.teams.say("hi", { change: (activity) => inChannelData({})(inConversation(undefined)(activity)) }),
    ];
    expect(refused.map(({ status, body }) => [status, body])).toEqual(refused.map(() => [403, undefined]));
    expect((await world.teams.say("hi", { change: inChannelData({}) })).status).toBe(200);
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
    const world = await open();
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
    const turn = await world.teams.say("hi", { change: (activity) => ({ ...activity, channelId: "webchat" }) });
    expect(turn.status).toBe(401);
    await expectNothing(world, turn);
  });
});

test("keys that cannot be had are not the sender's fault", async () => {
  const world = await open();
  const stop = world.microsoft.fail({ host: "login.botframework.com" }, { status: 500 }, Infinity);
  expect((await world.teams.say("hi")).status).toBe(503);
  stop();
  world.microsoft.fail({ host: "login.botframework.com" }, "cut");
  expect((await world.teams.say("hi")).status).toBe(503);
  world.microsoft.fail({ host: "login.botframework.com" }, "hang");
  expect((await world.teams.say("hi")).status).toBe(503);
  expect((await world.teams.say("hi")).status).toBe(200);
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
    expect(world.printed()).toContain("no token");
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
