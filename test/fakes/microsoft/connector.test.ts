import { rmSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeCertificates, type Certificates } from "../certificates.ts";
import { callConnector, type ConnectorCall } from "./call-connector.ts";
import type { WireActivity } from "./conversations.ts";
import { microsoftHostNames, startMicrosoft, type Microsoft } from "./microsoft.ts";
import { person } from "./people.ts";

let certificates: Certificates;
let microsoft: Microsoft;
const channel = "19:channel@thread.tacv2";
const chat = "a:1chat";
const ada = person("Ada Lovelace");

beforeAll(() => {
  certificates = makeCertificates(microsoftHostNames);
});
afterAll(() => rmSync(certificates.directory, { recursive: true }));

beforeEach(async () => {
  const { key, cert } = certificates;
  microsoft = await startMicrosoft({ key, cert, tenant: "tenant-1", appId: "app-1", appPassword: "secret-1" });
  microsoft.conversations.join({ conversationId: channel, kind: "channel", tenant: "tenant-1" }, ada);
  microsoft.conversations.join({ conversationId: chat, kind: "personal", tenant: "tenant-1" }, ada);
  microsoft.conversations.hear(channel, "1700000000000");
});
afterEach(() => microsoft.stop());

const call = (method: string, path: string, body?: unknown, authorization?: string) => {
  const parts: ConnectorCall = { method, path, body, authorization };
  return callConnector(microsoft, certificates.ca, parts);
};
const post = (activity: Partial<WireActivity>, conversationId = chat, query = "") =>
  call("POST", `${encodeURIComponent(conversationId)}/activities${query}`, {
    type: "message",
    text: "hi",
    ...activity,
  });
const idOf = async (answer: ReturnType<typeof post>) => ((await answer).body as { id: string }).id;
const codeOf = async (answer: ReturnType<typeof post>) => {
  const { status, body } = await answer;
  return `${status} ${(body as { error?: { code: string } } | undefined)?.error?.code}`;
};

describe("who may write", () => {
  const audience = "https://api.botframework.com";
  test.each<[string, () => string]>([
    ["none", () => ""],
    ["for another resource", () => microsoft.entraToken({ audience: "https://storage.azure.com" })],
    ["of another tenant", () => microsoft.entraToken({ audience, tenant: "x" })],
    ["of another bot", () => microsoft.entraToken({ audience, clientId: "x" })],
    ["expired", () => microsoft.entraToken({ audience, claims: { exp: 1 } })],
    ["without expiry", () => microsoft.entraToken({ audience, claims: { exp: undefined } })],
    ["signed by another", () => microsoft.entraToken({ audience, signedBy: "rogue", keyId: "entra-key" })],
    ["signed by nobody", () => microsoft.entraToken({ audience, algorithm: "none" })],
    ["of Teams itself", () => microsoft.channelToken()],
  ])("a token %s is refused", async (_name, tokenOf) => {
    const activity = { type: "message", text: "hi" };
    expect(await call("POST", `${chat}/activities`, activity, `Bearer ${tokenOf()}`)).toMatchObject({ status: 401 });
    expect(microsoft.activities(chat)).toEqual([]);
  });

  test("the right one is taken", async () => {
    expect(await post({})).toMatchObject({ status: 201 });
  });
});

describe("where", () => {
  test("an unknown chat, or a thread that nobody began, is not found", async () => {
    expect(await codeOf(post({}, "a:1other"))).toBe("404 ConversationNotFound");
    expect(await codeOf(post({}, `${channel};messageid=1`))).toBe("404 ConversationNotFound");
    expect(await post({}, `${channel};messageid=1700000000000`)).toMatchObject({ status: 201 });
  });

  test("a message can be changed and deleted by its id, once it is there and as long as it is", async () => {
    expect(await codeOf(call("PUT", `${chat}/activities/1`, { type: "message", text: "x" }))).toMatch("404");
    const id = await idOf(post({}));
    expect(
      await codeOf(call("PUT", `${encodeURIComponent(channel)}/activities/${id}`, { type: "message", text: "x" })),
    ).toMatch("404");
    await call("PUT", `${chat}/activities/${id}`, { type: "message", text: "changed" });
    expect(microsoft.activities(chat)).toMatchObject([{ id, text: "changed", changes: 1 }]);
    await call("DELETE", `${chat}/activities/${id}`);
    expect(microsoft.activities(chat)).toEqual([]);
    expect(await codeOf(call("DELETE", `${chat}/activities/${id}`))).toBe("404 ActivityNotFoundInConversation");
  });
});

describe("what", () => {
  const card = (text: string) => ({
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        content: { type: "AdaptiveCard", version: "1.5", body: [{ type: "TextBlock", text }] },
      },
    ],
  });
  const label = { type: "https://schema.org/Message", "@type": "Message" };
  const picture = (length: number) => ({
    contentType: "image/png",
    contentUrl: `data:image/png;base64,${"A".repeat(length)}`,
  });

  test.each<[string, Partial<WireActivity>, string]>([
    ["nothing at all", { text: "" }, "400 BadSyntax"],
    ["two labels of generated content", { entities: [label, label] }, "400 BadArgument"],
    [
      "a card that is none",
      {
        attachments: [
          { ...card("")["attachments"][0], contentType: "application/vnd.microsoft.card.adaptive", content: "{}" },
        ],
      },
      "400 BadArgument",
    ],
    ["51 K characters", { text: "x".repeat(51 * 1024) }, "413 MessageSizeTooBig"],
    ["a card over 28 KB", card("x".repeat(28 * 1024)), "413 MessageSizeTooBig"],
  ])("%s is refused", async (_name, activity, expected) => {
    expect(await codeOf(post(activity))).toBe(expected);
  });

  test.each<[string, Partial<WireActivity>]>([
    ["one label", { entities: [label] }],
    ["a card alone", { text: undefined, ...card("done") }],
    ["a large picture of its own", { attachments: [picture(200_000)] }],
  ])("%s is taken", async (_name, activity) => {
    expect(await post(activity)).toMatchObject({ status: 201 });
  });
});

describe("how fast", () => {
  test("the eighth message in a second is told when to come back", async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => post({})));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(7);
    expect(answers.find(({ status }) => status === 429)?.headers["retry-after"]).toBe("1");
    expect(await post({}, channel)).toMatchObject({ status: 201 });
  });

  test("the third reaction in a second too, over all chats", async () => {
    const id = await idOf(post({}));
    const react = (path: string) => call("PUT", `${path}/reactions/like`);
    expect(await react(`${chat}/activities/${id}`)).toMatchObject({ status: 200 });
    expect(await react(`${encodeURIComponent(channel)}/activities/1700000000000`)).toMatchObject({ status: 200 });
    expect(microsoft.reactions).toHaveLength(2);
    expect(await react(`${chat}/activities/${id}`)).toMatchObject({ status: 429 });
  });
});

describe("a targeted message", () => {
  const query = "?isTargetedActivity=true";
  const place = encodeURIComponent(channel);
  const day = 24 * 60 * 60 * 1000;
  const changed = { type: "message", text: "changed" };
  const grace = person("Grace Hopper");
  const textsFor = ({ name }: { name: string }) => microsoft.seenBy(name, channel).map(({ text }) => text);
  const target = () => idOf(post({ recipient: ada }, channel, query));

  test("goes to a member, and not in a personal chat", async () => {
    expect(await codeOf(post({}, channel, query))).toBe("400 BadArgument");
    expect(await codeOf(post({ recipient: grace }, channel, query))).toBe("403 BotNotInConversationRoster");
    expect(await codeOf(post({ recipient: ada }, chat, query))).toBe("400 BadArgument");
    expect(await post({ recipient: ada }, channel, query)).toMatchObject({ status: 201 });
    expect(microsoft.activities(chat)).toEqual([]);
  });

  test("is changed and deleted only as what it is", async () => {
    const id = await target();
    const path = `${place}/activities/${id}`;
    expect(await codeOf(call("PUT", path, changed))).toBe("404 ActivityNotFoundInConversation");
    expect(await codeOf(call("DELETE", path))).toBe("404 ActivityNotFoundInConversation");
    expect(await codeOf(call("PUT", `${path}${query}`, { ...changed, recipient: ada }))).toBe("400 BadArgument");
    expect(await call("PUT", `${path}${query}`, changed)).toMatchObject({ status: 200 });
    expect(microsoft.activities(channel)).toMatchObject([{ targeted: true, text: "changed", recipient: ada }]);
    expect(await call("DELETE", `${path}${query}`)).toMatchObject({ status: 200 });
    expect(microsoft.activities(channel)).toEqual([]);
    const open = await idOf(post({}, channel));
    expect(await codeOf(call("PUT", `${place}/activities/${open}${query}`, changed))).toMatch("404");
    expect(await codeOf(call("DELETE", `${place}/activities/${open}${query}`))).toMatch("404");
  });

  test("is seen by its recipient alone, also when it was changed", async () => {
    microsoft.conversations.join({ conversationId: channel, kind: "channel", tenant: "tenant-1" }, grace);
    await post({ text: "for all" }, channel);
    const id = await target();
    await call("PUT", `${place}/activities/${id}${query}`, changed);
    expect([textsFor(ada), textsFor(grace)]).toEqual([["for all", "changed"], ["for all"]]);
    expect(textsFor(person("A stranger"))).toEqual([]);
  });

  test("is gone after a day, and not before", async () => {
    const id = await target();
    await post({ text: "for all" }, channel);
    microsoft.letTimePass(day - 60_000);
    expect(await call("PUT", `${place}/activities/${id}${query}`, changed)).toMatchObject({ status: 200 });
    microsoft.letTimePass(60_000);
    expect(await codeOf(call("PUT", `${place}/activities/${id}${query}`, changed))).toMatch("404 ActivityNotFound");
    expect(await codeOf(call("DELETE", `${place}/activities/${id}${query}`))).toMatch("404 ActivityNotFound");
    expect(textsFor(ada)).toEqual(["for all"]);
    expect(microsoft.history(id).map(({ what }) => what)).toEqual(["sent", "changed", "expired"]);
  });

  test("can show the words that it answers, if a person wrote them for the bot alone", async () => {
    microsoft.conversations.hear(channel, "1", { targeted: true });
    microsoft.conversations.hear(channel, "2", { targeted: false });
    for (const messageId of ["1", "2", "3"])
      await post({ recipient: ada, entities: [{ type: "targetedMessageInfo", messageId }] }, channel, query);
    const named = microsoft.violations.map(({ about, what }) => `${about} ${/names (\d)/.exec(what)?.[1]}`);
    expect(named).toEqual(["message 2", "message 3"]);
  });
});

describe("what happened to a message", () => {
  test("is kept with its times, and after it was deleted", async () => {
    const before = Date.now();
    const id = await idOf(post({ text: "waiting" }));
    await new Promise((resolve) => setTimeout(resolve, 40));
    await call("PUT", `${chat}/activities/${id}`, { type: "message", text: "half" });
    await call("DELETE", `${chat}/activities/${id}`);
    const history = microsoft.history(id);
    expect(history.map(({ what, activity }) => `${what} ${activity?.text}`)).toEqual([
      "sent waiting",
      "changed half",
      "deleted undefined",
    ]);
    const [sent = 0, changed = 0, deleted = 0] = history.map(({ at }) => at);
    expect(sent).toBeGreaterThanOrEqual(before);
    expect(changed - sent).toBeGreaterThanOrEqual(40);
    expect(deleted).toBeGreaterThanOrEqual(changed);
    expect(microsoft.history("1")).toEqual([]);
  });

  test("is not changed by who looks at it", async () => {
    const id = await idOf(post({ text: "waiting" }));
    const [edit] = microsoft.history(id);
    if (edit?.activity) edit.activity.text = "forged";
    expect(microsoft.history(id)[0]?.activity?.text).toBe("waiting");
  });
});

test("what a person sent with a message extension is not the bot's to change", async () => {
  const standing = microsoft.conversations.stand(chat, { type: "message", text: "a card" }, false, ada);
  const path = `${chat}/activities/${standing.id}`;
  expect(await codeOf(call("PUT", path, { type: "message", text: "mine" }))).toBe("403 ServiceError");
  expect(await codeOf(call("DELETE", path))).toBe("403 ServiceError");
  expect(microsoft.seenBy("Ada Lovelace", chat)).toMatchObject([{ text: "a card", author: ada }]);
  expect(microsoft.activities(chat)).toEqual([]);
});

test("a card that Teams takes and does not show is written down, when it comes and when it changes", async () => {
  const attachment = (content: object) => ({
    contentType: "application/vnd.microsoft.card.adaptive",
    content: { fallbackText: "a card", ...content },
  });
  const bad = attachment({ type: "AdaptiveCard", version: "1.6", body: [] });
  const id = await idOf(post({ attachments: [attachment({ type: "AdaptiveCard", version: "1.5" })] }));
  expect(microsoft.violations).toEqual([]);
  await call("PUT", `${chat}/activities/${id}`, { type: "message", summary: "a card", attachments: [bad] });
  await post({ attachments: [bad] });
  expect(microsoft.violations).toMatchObject([
    { about: "card", where: `message ${id}`, what: "its version is 1.6, not 1.5" },
    { about: "card" },
  ]);
  microsoft.violations.splice(0);
  await call("PUT", `${chat}/activities/${id}`, {
    type: "message",
    attachments: [attachment({ type: "AdaptiveCard", version: "1.5", fallbackText: "" })],
  });
  expect(microsoft.violations.map(({ what }) => what)).toEqual(["nothing tells it in short", "no fallbackText"]);
});

describe("members", () => {
  type Page = { members: { name: string }[]; continuationToken?: string };
  const pageOf = async (place: string, query: string) =>
    (await call("GET", `${place}/pagedmembers${query}`)).body as Page;
  const fill = (conversationId: string, kind: "channel" | "groupChat") => {
    for (let index = 1; index <= 120; index += 1)
      microsoft.conversations.join({ conversationId, kind, tenant: "tenant-1" }, person(`Person ${index}`));
  };

  test("are listed and looked up, by either id", async () => {
    const found = { status: 200, body: { name: ada.name, userRole: "user", tenantId: "tenant-1" } };
    expect(await call("GET", `${chat}/members/${ada.id}`)).toMatchObject(found);
    expect(await call("GET", `${chat}/members/${ada.aadObjectId}`)).toMatchObject(found);
    expect(await call("GET", `${chat}/members`)).toMatchObject({ body: [{ aadObjectId: ada.aadObjectId }] });
    expect(await pageOf(chat, "")).toMatchObject({ members: [{ aadObjectId: ada.aadObjectId }] });
  });

  test("who is none is not found", async () => {
    expect(await codeOf(call("GET", `${chat}/members/${person("Nobody").id}`))).toBe(
      "404 MemberNotFoundInConversation",
    );
    expect(await codeOf(call("GET", `a:1other/members/${ada.id}`))).toBe("404 ConversationNotFound");
  });

  test("have the role that they have", async () => {
    const guest = { ...person("A guest"), userRole: "guest" };
    microsoft.conversations.join({ conversationId: channel, kind: "channel", tenant: "tenant-1" }, guest);
    const place = encodeURIComponent(channel);
    expect(await call("GET", `${place}/members/${guest.id}`)).toMatchObject({ body: { userRole: "guest" } });
  });

  test("of a channel come in pages, of at least 50", async () => {
    fill(channel, "channel");
    const place = encodeURIComponent(channel);
    const names: string[] = [];
    let token = "";
    for (const size of [50, 50, 21]) {
      const { members, continuationToken } = await pageOf(place, `?pageSize=7${token}`);
      expect(members).toHaveLength(size);
      names.push(...members.map(({ name }) => name));
      token = `&continuationToken=${encodeURIComponent(continuationToken ?? "")}`;
    }
    expect(token).toBe("&continuationToken=");
    expect(new Set(names).size).toBe(121);
    expect((await pageOf(place, "")).members).toHaveLength(121);
  });

  test("of a chat come all at once", async () => {
    const group = "19:group@thread.v2";
    fill(group, "groupChat");
    const { members, continuationToken } = await pageOf(encodeURIComponent(group), "?pageSize=50");
    expect([members.length, continuationToken]).toEqual([120, undefined]);
  });
});

test("a fault comes as often as planned, and can be called off", async () => {
  const callOff = microsoft.fail({ method: "POST", path: /activities$/ }, { status: 503 }, 3);
  expect(await post({})).toMatchObject({ status: 503 });
  callOff();
  expect(await post({})).toMatchObject({ status: 201 });
  microsoft.fail({ text: /ship/ }, { status: 502 });
  expect(await post({})).toMatchObject({ status: 201 });
  expect(await post({ text: "a ship" })).toMatchObject({ status: 502 });
  expect(await post({ text: "a ship" })).toMatchObject({ status: 201 });
});
