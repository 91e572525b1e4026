import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Environment } from "../src/settings.ts";
import { saySlips, unknownSettings } from "../src/unknown-settings.ts";

const root = join(import.meta.dirname, "..");
const { PATH, NODE_COMPILE_CACHE } = process.env;
let elsewhere = "";
beforeAll(() => {
  elsewhere = mkdtempSync(join(tmpdir(), "easel-start-"));
});
afterAll(() => rmSync(elsewhere, { recursive: true }));

/** What `npm start` says with these settings and no others, in a folder without an `.env`. */
function start(environment: Environment): Promise<{ code: number; lines: string[]; count: string }> {
  const env = { PATH, NODE_COMPILE_CACHE, NODE_ENV: "production", PORT: "0", ...environment };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(root, "main.ts")],
      { cwd: elsewhere, env, timeout: 60_000 },
      (error, _, stderr) => {
        const [first = "", ...lines] = stderr.trim().split("\n");
        resolve({ code: Number(error?.code ?? 0), lines, count: first });
      },
    );
  });
}

const real = {
  IMAGE_MODELS: "gpt-image-2=pictures",
  AZURE_OPENAI_ENDPOINT: "https://contoso.openai.azure.com",
  AZURE_STORAGE_ACCOUNT: "easelpictures",
};

describe("a start that cannot be", () => {
  it("names all that is missing of the core and of both platforms, each once", async () => {
    const { code, lines, count } = await start({
      DISCORD_APPLICATION_ID: "123456789012345678",
      MicrosoftAppId: "00000000-0000-0000-0000-000000000001",
    });
    expect(code).toBe(1);
    const missing = lines.flatMap((line) => /^ {2}- (\w+) is missing/.exec(line)?.[1] ?? []);
    expect(missing.toSorted()).toEqual(
      (
        "IMAGE_MODELS AZURE_OPENAI_ENDPOINT AZURE_STORAGE_ACCOUNT DISCORD_TOKEN PUBLIC_URL " +
        "MicrosoftAppPassword MicrosoftAppTenantId MicrosoftAppType"
      )
        .split(" ")
        .toSorted(),
    );
    expect(count).toBe("Easel cannot start. 8 settings need a change:");
  });

  it("says that no platform is set up beside whatever else is wrong", async () => {
    const { lines, count } = await start({});
    expect(lines.filter((line) => line.includes("No chat platform"))).toHaveLength(1);
    expect(count).toContain("4 settings");
  });

  it("counts a setting once, whatever is wrong with it", async () => {
    const { lines, count } = await start({
      ...real,
      IMAGE_MODELS: "dall-e-4=a,gpt-imgae-2=b,gpt-image-2=c,gpt-image-2=d",
      PUBLIC_URL: "http://easel.example.org",
      MicrosoftAppId: "00000000-0000-0000-0000-000000000001",
      MicrosoftAppType: "UserAssignedMSI",
      MicrosoftAppTenantId: "00000000-0000-0000-0000-000000000002",
    });
    expect(count).toContain("2 settings");
    expect(lines.filter((line) => line.includes("PUBLIC_URL"))).toHaveLength(1);
    expect(lines.join()).toMatch(/"dall-e-4".*"gpt-imgae-2".*did you mean gpt-image-2/);
  });

  it("asks beside the missing name whether a misspelt one was meant", async () => {
    const { IMAGE_MODELS, ...others } = real;
    const { lines, count } = await start({
      ...others,
      IMAGE_MODEL: IMAGE_MODELS,
      IMAGE_CONCURENCY: "4",
      DISCORD_TOKN: "x",
      DISCORD_APPLICATION_ID: "123456789012345678",
    });
    expect(count).toContain("2 settings");
    expect(lines.find((line) => line.includes("IMAGE_MODELS is missing"))).toMatch(/IMAGE_MODEL is set.*did you mean/);
    expect(lines.find((line) => line.includes("DISCORD_TOKEN is missing"))).toMatch(
      /DISCORD_TOKN is set.*did you mean/,
    );
    expect(lines).toContain("Note: IMAGE_CONCURENCY is set, but nothing reads it: did you mean IMAGE_CONCURRENCY?");
  });
});

it("says once where the Images API is called, what was left out of its address, and which names nothing reads", async () => {
  const env = {
    PATH,
    NODE_COMPILE_CACHE,
    NODE_ENV: "production",
    PORT: "0",
    HOST: "127.0.0.1",
    IMAGE_MODELS: "gpt-image-2=pictures",
    IMAGE_CONCURENCY: "4",
    AZURE_OPENAI_ENDPOINT: "http://127.0.0.1:9/team-a/openai/v1?api-version=preview",
    // Nobody answers there, and nothing else is asked.
    AZURE_STORAGE_CONNECTION_STRING:
      "DefaultEndpointsProtocol=http;AccountName=easel;AccountKey=ZWFzZWw=;BlobEndpoint=http://127.0.0.1:9/easel;QueueEndpoint=http://127.0.0.1:9/easel",
    PUBLIC_URL: "https://easel.example.org/api/messages",
    MicrosoftAppId: "00000000-0000-0000-0000-000000000001",
    MicrosoftAppPassword: "x",
    MicrosoftAppType: "SingleTenant",
    MicrosoftAppTenantId: "00000000-0000-0000-0000-000000000002",
  };
  const bot = spawn(process.execPath, [join(root, "main.ts")], { cwd: elsewhere, env });
  let log = "";
  bot.stdout.setEncoding("utf8").on("data", (text: string) => {
    log += text;
    if (log.includes("Easel listens")) bot.kill("SIGKILL");
  });
  await new Promise((resolve) => bot.once("exit", resolve));
  const said = log.split("\n").filter((line) => line.includes("127.0.0.1:9/team-a"));
  expect(said).toEqual([
    expect.stringContaining(
      "is taken as http://127.0.0.1:9/team-a, not as http://127.0.0.1:9/team-a/openai/v1?api-version",
    ),
    expect.stringContaining('"address":"http://127.0.0.1:9/team-a/openai/v1"'),
  ]);
  expect(log).toContain("PUBLIC_URL is taken as https://easel.example.org,");
  expect(log).toContain("did you mean IMAGE_CONCURRENCY?");
});

describe("names that nothing reads", () => {
  const known = [
    "IMAGE_MODELS",
    "AZURE_STORAGE_ACCOUNT",
    "DISCORD_TOKEN",
    "PORT",
    "HOST",
    "MicrosoftAppId",
    "PUBLIC_URL",
  ];
  it.each([
    ["AZURE_STORAGE_ACOUNT", "AZURE_STORAGE_ACCOUNT"],
    ["AZURE_STORAGE_ACCOUNT_NAME", "AZURE_STORAGE_ACCOUNT"],
    ["image_models", "IMAGE_MODELS"],
    ["MICROSOFT_APP_ID", "MicrosoftAppId"],
    ["PUBLIC_URI", "PUBLIC_URL"],
    ["DISCORD_BOT_TOKEN", "DISCORD_TOKEN"],
  ])("%s looks like %s", (name, meant) => {
    expect(unknownSettings({ [name]: "x" }, known)).toEqual([{ name, meant }]);
    // What is set itself was not misspelt.
    expect(unknownSettings({ [name]: "x", [meant]: "y" }, known)).toEqual([]);
    expect(unknownSettings({ [name]: " " }, known)).toEqual([]);
  });
  it.each(["PORTS", "HOSTNAME", "DISCORD_WEBHOOK", "IMAGE_DIGEST", "AZURE_CLIENT_ID", "PATH", "x".repeat(100_000)])(
    "%s is somebody else's",
    (name) => expect(unknownSettings({ [name]: "x" }, known)).toEqual([]),
  );
  it("stay out of a sentence that is not theirs", () => {
    const faults = ["IMAGE_MODELS is missing."];
    expect(saySlips([{ name: "PUBLIC_URI", meant: "PUBLIC_URL" }], faults)).toHaveLength(1);
    expect(faults).toEqual(["IMAGE_MODELS is missing."]);
  });
});

describe("before the start", () => {
  const ask = (version: string): Promise<{ code: number; said: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [join(root, "local/needed-node.mjs"), version], (error, _, said) =>
        resolve({ code: Number(error?.code ?? 0), said }),
      );
    });

  it.each(["18.20.0", "20.20.2", "24.11.9"])(
    "a Node that is too old, %s, hears in one line what is needed",
    async (old) => {
      const { code, said } = await ask(old);
      expect([code, said.trim().split("\n").length]).toEqual([1, 1]);
      expect(said).toMatch(new RegExp(`Node 24\\.12.*${old}.*npm ci`));
    },
  );

  it.each(["24.12.0", "25.0.1"])("%s hears nothing", async (fit) => {
    expect(await ask(fit)).toEqual({ code: 0, said: "" });
  });
});
