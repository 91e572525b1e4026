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

  test("goes to a member, and is changed only as what it is", async () => {
    expect(await codeOf(post({}, chat, query))).toBe("400 BadArgument");
    expect(await codeOf(post({ recipient: person("Nobody") }, chat, query))).toBe("403 BotNotInConversationRoster");
    const id = await idOf(post({ recipient: ada }, chat, query));
    const changed = { type: "message", text: "changed" };
    expect(await codeOf(call("PUT", `${chat}/activities/${id}`, changed))).toBe("404 ActivityNotFoundInConversation");
    expect(await codeOf(call("PUT", `${chat}/activities/${id}${query}`, { ...changed, recipient: ada }))).toBe(
      "400 BadArgument",
    );
    expect(await call("PUT", `${chat}/activities/${id}${query}`, changed)).toMatchObject({ status: 200 });
    expect(microsoft.activities(chat)).toMatchObject([{ targeted: true, text: "changed" }]);
  });
});

test("members are listed and looked up", async () => {
  expect(await call("GET", `${chat}/members/${ada.id}`)).toMatchObject({ status: 200, body: { name: ada.name } });
  expect(await call("GET", `${chat}/pagedmembers`)).toMatchObject({
    body: { members: [{ aadObjectId: ada.aadObjectId }] },
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
