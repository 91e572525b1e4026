import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { BlobServiceClient } from "@azure/storage-blob";
import { QueueServiceClient } from "@azure/storage-queue";
import { afterEach, describe, expect, test } from "vitest";
import type { AzuriteServerOptions } from "../../local/azurite-server.ts";
import { azuriteHostNames, startAzurite, type Azurite } from "./azurite.ts";
import { makeCertificates, trustAuthority } from "./certificates.ts";
import { microsoftHostNames, startMicrosoft } from "./microsoft/microsoft.ts";
import { readRedirectLog, redirectEnvironment } from "../../local/redirect.ts";

const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function start(options?: AzuriteServerOptions): Promise<Azurite> {
  const azurite = await startAzurite(options);
  cleanUps.push(() => azurite.stop());
  return azurite;
}

const isOutOfReach = { code: expect.stringMatching(/^ECONN(REFUSED|RESET)$/) as string };
const impatient = { retryOptions: { maxTries: 1 } };

describe("with the account's key", () => {
  test("a blob is written once and a message comes back whole", async () => {
    const { connectionString } = await start();
    const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient("easel");
    await container.create();
    const blob = container.getBlockBlobClient("jobs/1.json");
    await blob.upload("{}", 2, { conditions: { ifNoneMatch: "*" } });
    await expect(blob.upload("{}", 2, { conditions: { ifNoneMatch: "*" } })).rejects.toMatchObject({ statusCode: 409 });

    const queue = QueueServiceClient.fromConnectionString(connectionString).getQueueClient("easel");
    await queue.create();
    await queue.sendMessage("a <job> é");
    expect((await queue.receiveMessages()).receivedMessageItems[0]?.messageText).toBe("a <job> é");
  });

  test("a wrong key is refused", async () => {
    const { connectionString, accountKey } = await start();
    const wrong = connectionString.replace(accountKey, Buffer.from("wrong").toString("base64"));
    const service = BlobServiceClient.fromConnectionString(wrong, impatient);
    await expect(service.getContainerClient("easel").create()).rejects.toMatchObject({ statusCode: 403 });
  });

  test("two of them share nothing", async () => {
    const [one, other] = [await start(), await start()];
    await BlobServiceClient.fromConnectionString(one.connectionString).getContainerClient("easel").create();
    const elsewhere = BlobServiceClient.fromConnectionString(other.connectionString).getContainerClient("easel");
    expect(await elsewhere.exists()).toBe(false);
  });
});

test("an outage refuses connections, and afterwards the same data stand at the same address", async () => {
  const azurite = await start();
  const blobs = BlobServiceClient.fromConnectionString(azurite.connectionString, impatient);
  const queues = QueueServiceClient.fromConnectionString(azurite.connectionString, impatient);
  await blobs.getContainerClient("easel").create();
  await blobs.getContainerClient("easel").getBlockBlobClient("a").upload("kept", 4);
  await queues.getQueueClient("easel").create();
  await queues.getQueueClient("easel").sendMessage("kept");

  await azurite.interrupt();
  await expect(blobs.getContainerClient("easel").exists()).rejects.toMatchObject(isOutOfReach);
  await expect(queues.getQueueClient("easel").receiveMessages()).rejects.toMatchObject(isOutOfReach);

  await azurite.resume();
  const kept = await blobs.getContainerClient("easel").getBlockBlobClient("a").downloadToBuffer();
  expect(kept.toString()).toBe("kept");
  expect((await queues.getQueueClient("easel").receiveMessages()).receivedMessageItems).toHaveLength(1);
});

test("it can be stopped during an outage", async () => {
  const azurite = await startAzurite();
  await azurite.interrupt();
  await azurite.stop();
});

test("with a location, a later one finds what an earlier one kept", async () => {
  const location = mkdtempSync(join(tmpdir(), "easel-azurite-"));
  cleanUps.push(() => rmSync(location, { recursive: true }));
  const earlier = await startAzurite({ location });
  const container = BlobServiceClient.fromConnectionString(earlier.connectionString).getContainerClient("easel");
  await container.create();
  await container.getBlockBlobClient("a").upload("kept", 4);
  await earlier.stop();

  const later = await start({ location });
  const again = BlobServiceClient.fromConnectionString(later.connectionString).getContainerClient("easel");
  expect((await again.getBlockBlobClient("a").downloadToBuffer()).toString()).toBe("kept");
});

describe("with Entra ID, at the address of production", () => {
  const code = `
    import { DefaultAzureCredential } from "@azure/identity";
    import { BlobServiceClient } from "@azure/storage-blob";
    import { QueueServiceClient } from "@azure/storage-queue";
    const credential = process.env.TOKEN
      ? { getToken: async () => ({ token: process.env.TOKEN, expiresOnTimestamp: Date.now() + 60_000 }) }
      : new DefaultAzureCredential();
    const options = { retryOptions: { maxTries: 1 } };
    const say = (value) => process.stdout.write(JSON.stringify(value));
    try {
      const container = new BlobServiceClient("https://easel.blob.core.windows.net", credential, options).getContainerClient("easel");
      await container.createIfNotExists();
      await container.getBlockBlobClient("a").upload("kept", 4);
      const queue = new QueueServiceClient("https://easel.queue.core.windows.net", credential, options).getQueueClient("easel");
      await queue.createIfNotExists();
      await queue.sendMessage("id");
      const { receivedMessageItems } = await queue.receiveMessages();
      say({ blob: (await container.getBlockBlobClient("a").downloadToBuffer()).toString(), message: receivedMessageItems[0].messageText });
    } catch (error) {
      say({ name: error.name, status: error.statusCode, code: error.code });
    }`;

  async function runClient(
    environmentOf: (microsoft: Awaited<ReturnType<typeof startMicrosoft>>) => Record<string, string>,
  ) {
    const certificates = makeCertificates([...azuriteHostNames, ...microsoftHostNames]);
    cleanUps.push(() => rmSync(certificates.directory, { recursive: true }));
    const { key, cert } = certificates;
    const azurite = await start({ tls: { key, cert, oauth: true } });
    const microsoft = await startMicrosoft({ key, cert, tenant: "tenant-1", appId: "app-1", appPassword: "secret-1" });
    cleanUps.push(() => microsoft.stop());
    const log = join(certificates.directory, "hosts.log");
    const hosts = { ...azurite.hosts, ...microsoft.hosts };
    const redirect = redirectEnvironment({ hosts, authority: certificates.ca, log });
    const environment = { ...process.env, ...redirect, ...environmentOf(microsoft) };
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code], {
      env: environment,
    });
    trustAuthority(certificates);
    return { azurite, answer: JSON.parse(stdout) as unknown, log: microsoft.log, decisions: readRedirectLog(log) };
  }

  test("a managed identity reads and writes blobs and messages", async () => {
    const { answer, azurite, log, decisions } = await runClient(({ identityEnvironment }) => identityEnvironment);
    expect(answer).toEqual({ blob: "kept", message: "id" });
    const container = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient("easel");
    expect((await container.getBlockBlobClient("a").downloadToBuffer()).toString()).toBe("kept");
    expect(log.map(({ query }) => query.resource)).toContain("https://storage.azure.com");
    expect(new Set(decisions.filter(({ decision }) => decision === "redirected").map(({ host }) => host))).toEqual(
      new Set(["easel.blob.core.windows.net", "easel.queue.core.windows.net"]),
    );
    expect(decisions.filter(({ decision }) => decision === "refused")).toEqual([]);
  });

  test("an application's secret does as well", async () => {
    const { answer, log } = await runClient(() => ({
      AZURE_TENANT_ID: "tenant-1",
      AZURE_CLIENT_ID: "app-1",
      AZURE_CLIENT_SECRET: "secret-1",
    }));
    expect(answer).toEqual({ blob: "kept", message: "id" });
    expect(log.map(({ path }) => path)).toContain("/tenant-1/oauth2/v2.0/token");
  });

  test("a wrong secret gets no token", async () => {
    const { answer, log } = await runClient(() => ({
      AZURE_TENANT_ID: "tenant-1",
      AZURE_CLIENT_ID: "app-1",
      AZURE_CLIENT_SECRET: "wrong",
    }));
    expect(answer).toMatchObject({ name: "AuthenticationError" });
    expect(JSON.stringify(log.at(-1)?.answer)).toContain("AADSTS7000215");
  });

  test("a token for another resource is refused by the storage itself", async () => {
    const { answer } = await runClient((microsoft) => ({
      TOKEN: microsoft.entraToken({ audience: "https://cognitiveservices.azure.com" }),
    }));
    expect(answer).toMatchObject({ status: 403 });
  });

  test("an expired token is refused by the storage itself", async () => {
    const { answer } = await runClient((microsoft) => ({
      TOKEN: microsoft.entraToken({ audience: "https://storage.azure.com", claims: { exp: 1_700_000_000 } }),
    }));
    expect(answer).toMatchObject({ status: 403 });
  });
});
