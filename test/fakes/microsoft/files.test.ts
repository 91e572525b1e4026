import { rmSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeCertificates, type Certificates } from "../certificates.ts";
import { fetchFrom } from "./call-connector.ts";
import type { Attachment } from "./conversations.ts";
import { downloadLifetime, sharePointHost, strangerHost, type PersonsFile } from "./files.ts";
import { startListeningBot, type ListeningBot } from "./listening-bot.ts";
import { microsoftHostNames, startMicrosoft, type Microsoft } from "./microsoft.ts";
import { teamsClient, type MessageOptions, type TeamsClient } from "./teams-client.ts";

let certificates: Certificates;
let microsoft: Microsoft;
let bot: ListeningBot;
let teams: TeamsClient;
const bytes = Buffer.from("the bytes of a picture");

beforeAll(async () => {
  certificates = makeCertificates(microsoftHostNames);
  const { key, cert } = certificates;
  microsoft = await startMicrosoft({ key, cert, tenant: "tenant-1", appId: "app-1", appPassword: "secret-1" });
  bot = await startListeningBot();
  teams = teamsClient({ microsoft, botUrl: bot.url });
});
afterAll(async () => {
  bot.stop();
  await microsoft.stop();
  rmSync(certificates.directory, { recursive: true });
});
beforeEach(() => {
  microsoft.violations.splice(0);
});

const right = () => `Bearer ${microsoft.entraToken({ audience: "https://api.botframework.com" })}`;
const get = (address: string, authorization?: string) =>
  fetchFrom(microsoft, certificates.ca, { address, authorization });
/** What the bot hears when a person sends these. */
const send = async (options: MessageOptions, text = "edit it") => {
  await teams.say(text, options);
  return bot.last()?.attachments ?? [];
};
const paste = async (file: Partial<PersonsFile> = {}) => {
  const [picture] = await send({ pictures: [{ bytes, ...file }] });
  return picture?.contentUrl ?? "";
};
const attach = async (file: Partial<PersonsFile> = {}) => {
  const [attached] = await send({ files: [{ bytes, ...file }] });
  const { downloadUrl } = (attached?.content ?? {}) as { downloadUrl?: string };
  return downloadUrl ?? "";
};
const html = (attachments: Attachment[]) =>
  String(attachments.find(({ contentType }) => contentType === "text/html")?.content);

describe("a pasted picture", () => {
  test("comes as a picture, and once more in the message's HTML under another address", async () => {
    const attachments = await send({ pictures: [{ bytes }, { bytes, contentType: "image/jpeg" }] });
    expect(attachments.map(({ contentType }) => contentType)).toEqual(["image/*", "image/jpeg", "text/html"]);
    expect(attachments[0]?.contentUrl).toMatch(
      /^https:\/\/smba\.trafficmanager\.net\/emea\/tenant-1\/v3\/attachments\/0-weu-d8-[0-9a-f]{32}\/views\/original$/,
    );
    expect(html(attachments)).toMatch(
      /^<p>edit it<\/p><p><img [^>]*src="https:\/\/eu-api\.asm\.skype\.com\/.*<\/p><p><img/,
    );
    expect(bot.last()?.text).toBe("edit it");
  });

  test("is for the bot's own token alone", async () => {
    const address = await paste();
    expect(await get(address, right())).toMatchObject({ status: 200, bytes, headers: { "content-type": "image/png" } });
    const others = { audience: "https://storage.azure.com" };
    for (const token of [undefined, `Bearer ${microsoft.entraToken(others)}`, `Bearer ${microsoft.channelToken()}`])
      expect((await get(address, token)).status).toBe(401);
    expect(microsoft.violations).toEqual([]);
  });

  test("is described before it is fetched, and has one view", async () => {
    const address = await paste({ name: "fox.png" });
    const described = await get(address.replace("/views/original", ""), right());
    expect(JSON.parse(described.bytes.toString())).toMatchObject({
      name: "fox.png",
      views: [{ viewId: "original", size: bytes.length }],
    });
    for (const wrong of [address.replace("original", "small"), address.replace(/0-weu-d8-\w+/, "0-weu-d8-0")])
      expect((await get(wrong, right())).status).toBe(404);
  });

  test("in a channel or a group is out of reach: the HTML alone points to it", async () => {
    for (const conversation of ["channel", "groupChat"] as const) {
      const attachments = await send({ conversation, pictures: [{ bytes }], files: [{ bytes }] });
      expect(attachments.map(({ contentType }) => contentType)).toEqual(["text/html"]);
      expect(html(attachments)).toMatch(/src="https:\/\/graph\.microsoft\.com\/.*<attachment id=/);
    }
  });
});

describe("an attached file", () => {
  test("comes with a signed address, its id and its type, before the HTML", async () => {
    const attachments = await send({ user: "Grace Hopper", files: [{ bytes, name: "my fox.webp" }] });
    expect(attachments).toMatchObject([
      {
        contentType: "application/vnd.microsoft.teams.file.download.info",
        contentUrl: `https://${sharePointHost}/personal/grace_hopper_contoso_com/Documents/Microsoft%20Teams%20Chat%20Files/my%20fox.webp`,
        name: "my fox.webp",
        content: { uniqueId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, fileType: "webp" },
      },
      { contentType: "text/html" },
    ]);
  });

  test("is given to whoever has the address, for an hour", async () => {
    const address = await attach({ contentType: "image/webp" });
    expect(await get(address)).toMatchObject({ status: 200, bytes, headers: { "content-type": "image/webp" } });
    expect((await get(address.replace(/tempauth=[^&]+/, "tempauth=x"))).status).toBe(401);
    expect((await get(address.replace(/&tempauth=[^&]+/, ""))).status).toBe(403);
    expect((await get(address.replace(/UniqueId=[^&]+/, "UniqueId=x"))).status).toBe(404);
    const [attached] = await send({ files: [{ bytes }] });
    expect((await get(attached?.contentUrl ?? "")).status).toBe(403);
    microsoft.letTimePass(downloadLifetime);
    expect((await get(address)).status).toBe(401);
    expect(microsoft.violations).toEqual([]);
  });

  test("must not see a token", async () => {
    const address = await attach();
    expect((await get(address, right())).status).toBe(401);
    expect(microsoft.violations).toEqual([
      { about: "download", where: expect.stringContaining(sharePointHost) as string, what: "was sent a token" },
    ]);
  });
});

describe("either of them", () => {
  const ways = { pasted: paste, attached: attach };
  describe.each(Object.entries(ways))("%s", (name, bring) => {
    const fetchIt = async (file: Partial<PersonsFile>) =>
      get(await bring(file), name === "pasted" ? right() : undefined);

    test("can be gone", async () => {
      expect((await fetchIt({ gone: true })).status).toBe(404);
    });

    test("can point elsewhere, where nobody may follow", async () => {
      const { status, headers } = await fetchIt({ redirectTo: `https://${strangerHost}/fox.png` });
      expect([status, headers.location]).toEqual([302, `https://${strangerHost}/fox.png`]);
      await get(String(headers.location));
      await get(String(headers.location), right());
      expect(microsoft.violations.map(({ where, what }) => `${where} ${what}`)).toEqual([
        `https://${strangerHost}/fox.png was fetched`,
        `https://${strangerHost}/fox.png was sent a token`,
      ]);
    });

    test("can be large, and say so or not", async () => {
      const { headers, bytes: large } = await fetchIt({ size: 60_000_000 });
      expect([headers["content-length"], large.length]).toEqual(["60000000", 60_000_000]);
      expect(large.subarray(0, bytes.length)).toEqual(bytes);
      const unsaid = await fetchIt({ size: 3_000_000, withoutLength: true });
      expect([unsaid.headers["content-length"], unsaid.bytes.length]).toEqual([undefined, 3_000_000]);
    });

    test("can be cut", async () => {
      await expect(fetchIt({ cutAfter: 5 })).rejects.toThrow(/aborted/);
      await expect(fetchIt({ cutAfter: 5, withoutLength: true })).rejects.toThrow(/aborted/);
    });

    test("can be slow, at the beginning or all the way", async () => {
      const began = performance.now();
      expect((await fetchIt({ delay: 200 })).bytes).toEqual(bytes);
      expect(performance.now() - began).toBeGreaterThan(190);
      const dripping = performance.now();
      expect((await fetchIt({ drip: 30 })).bytes).toEqual(bytes);
      // 22 bytes in tenths of 3 are 8 parts.
      expect(performance.now() - dripping).toBeGreaterThan(8 * 29);
    });
  });

  test("can be left in the middle by a bot that has read enough", async () => {
    const address = await attach({ size: 60_000_000 });
    const { bytes: read } = await fetchFrom(microsoft, certificates.ca, { address, most: 1_000_000 });
    expect(read.length).toBeLessThan(3_000_000);
    expect((await get(await attach())).status).toBe(200);
  });
});
