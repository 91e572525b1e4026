import { randomUUID } from "node:crypto";
import { BlobServiceClient, RestError } from "@azure/storage-blob";
import type { ContainerClient } from "@azure/storage-blob";
import { QueueServiceClient } from "@azure/storage-queue";
import type { QueueClient } from "@azure/storage-queue";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { startAzurite } from "./azurite.ts";
import type { Azurite } from "./azurite.ts";
import { startStorageProxy } from "./storage-proxy.ts";
import type { StorageProxy } from "./storage-proxy.ts";
import { storageRefusals } from "./storage-refusals.ts";

let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
});
afterAll(() => azurite.stop());

const retryOptions = { maxTries: 1 };
let storage: StorageProxy;
let container: ContainerClient;
let queue: QueueClient;
beforeEach(async () => {
  storage = await startStorageProxy(azurite);
  const name = `t${randomUUID()}`;
  container = BlobServiceClient.fromConnectionString(storage.connectionString, { retryOptions }).getContainerClient(
    name,
  );
  queue = QueueServiceClient.fromConnectionString(storage.connectionString, { retryOptions }).getQueueClient(name);
  await Promise.all([container.create(), queue.create()]);
  storage.calls.length = 0;
});
afterEach(() => storage.stop());

const blob = (name: string) => container.getBlockBlobClient(name);
const write = (name: string, text = "x") => blob(name).upload(text, text.length);
/** "409 BlobAlreadyExists", or what else came of it. */
const said = (call: Promise<unknown>) =>
  call.then(
    () => "done",
    (error: unknown) =>
      error instanceof RestError
        ? [error.statusCode, error.code ?? (error.details as { errorCode?: string } | undefined)?.errorCode]
            .filter(Boolean)
            .join(" ")
        : String(error),
  );

it("names every call by what it does", async () => {
  await write("jobs/discord-1.json");
  await write("open/discord-1");
  const lease = blob("open/discord-1").getBlobLeaseClient();
  await lease.acquireLease(15);
  await blob("open/discord-1").setMetadata({ a: "b" }, { conditions: { leaseId: lease.leaseId } });
  await lease.releaseLease();
  const list = container.getAppendBlobClient("lists/history/discord-7/0");
  await list.exists();
  await list.create();
  await list.appendBlock("x", 1);
  await write("pictures/1234-preview.jpg");
  await write("teams/answered/2026-11-29/1");
  for await (const found of container.listBlobsFlat({ prefix: "open/" })) expect(found.name).toBe("open/discord-1");
  const { messageId, popReceipt } = await queue.sendMessage("discord-1");
  const [taken] = (await queue.receiveMessages({ visibilityTimeout: 20 })).receivedMessageItems;
  expect(taken?.messageId).toBe(messageId);
  const hidden = await queue.updateMessage(messageId, taken?.popReceipt ?? popReceipt, undefined, 20);
  const shown = await queue.updateMessage(messageId, hidden.popReceipt ?? "", undefined, 0);
  await queue.getProperties();
  await queue.deleteMessage(messageId, shown.popReceipt ?? "");
  expect(storage.calls.map(({ name }) => name)).toEqual([
    "PUT job",
    "PUT open",
    "acquire lease on open",
    "PUT metadata of open",
    "release lease on open",
    "HEAD history",
    "PUT history",
    "append history",
    "PUT preview",
    "PUT answered",
    "list open",
    "POST ticket",
    "GET tickets",
    "hide ticket",
    "show ticket",
    "GET queue length",
    "DELETE ticket",
  ]);
  expect(storage.calls[0]).toMatchObject({ number: 1, target: "jobs/discord-1.json", status: 201 });
});

it("keeps a policy of immutability: what is new can be written, what is there cannot be changed", async () => {
  await write("jobs/before.json");
  storage.fail({}, "immutable", Infinity);
  const list = container.getAppendBlobClient("lists/history/discord-7/0");
  const first = await Promise.all([write("jobs/1.json"), write("jobs/2.json"), list.create()].map(said));
  expect(first).toEqual(["done", "done", "done"]);
  const lease = blob("jobs/1.json").getBlobLeaseClient();
  expect(await said(lease.acquireLease(15))).toBe("done");
  expect(await said(lease.releaseLease())).toBe("done");
  for (const change of [
    () => write("jobs/1.json"),
    () => write("jobs/before.json"),
    () => blob("jobs/2.json").setMetadata({ a: "b" }),
    () => blob("jobs/2.json").delete(),
    () => list.appendBlock("x", 1),
  ])
    expect(await said(change())).toBe("409 BlobImmutableDueToPolicy");
  expect((await blob("jobs/1.json").downloadToBuffer()).toString()).toBe("x");
  expect(await said(queue.sendMessage("x"))).toBe("done");
});

it.each(Object.entries(storageRefusals))("refuses in storage's own form: %s", async (_, refusal) => {
  storage.fail({ path: /jobs/ }, refusal, 2);
  expect(await said(write("jobs/1.json"))).toBe(`${refusal.status} ${refusal.code}`);
  const head = await blob("jobs/1.json")
    .getProperties()
    .catch((error: unknown) => error);
  expect(head).toMatchObject({ statusCode: refusal.status, details: { errorCode: refusal.code } });
  expect(await said(write("jobs/1.json"))).toBe("done");
});

it("shows a page that is nobody's word", async () => {
  storage.fail({ path: /jobs/ }, { page: 404 });
  const error = await write("jobs/1.json").catch((cause: unknown) => cause);
  expect(error).toMatchObject({ statusCode: 404, details: { "content-type": "text/html" } });
  expect((error as RestError).code).toBeUndefined();
});

it("cuts the connection before a call is forwarded, or when it has taken effect", async () => {
  const done: string[] = [];
  storage.fail({ call: "PUT job", path: /before/ }, { cut: "before", and: () => done.push("before") });
  storage.fail({ call: "PUT job", path: /after/ }, { cut: "after", and: () => done.push("after") });
  expect(await said(write("jobs/before.json"))).toBe("ECONNRESET");
  expect(await said(write("jobs/after.json"))).toBe("ECONNRESET");
  expect(await blob("jobs/before.json").exists()).toBe(false);
  expect(await blob("jobs/after.json").exists()).toBe(true);
  expect(done).toEqual(["before", "after"]);
});

it("leaves a call without an answer, whether or not it took effect", async () => {
  storage.fail({ call: "PUT job", path: /hangs/ }, "hang");
  storage.fail({ call: "PUT job", path: /lost/ }, "lose");
  await expect(blob("jobs/hangs.json").upload("x", 1, { abortSignal: AbortSignal.timeout(500) })).rejects.toThrow(
    "abort",
  );
  await expect(blob("jobs/lost.json").upload("x", 1, { abortSignal: AbortSignal.timeout(500) })).rejects.toThrow(
    "abort",
  );
  expect(await blob("jobs/hangs.json").exists()).toBe(false);
  expect(await blob("jobs/lost.json").exists()).toBe(true);
});

it("meets the n-th call that fits, so many of them, or all for a while that begins with a call", async () => {
  const second = storage.fail({ call: /^(PUT|GET) job$/, from: 2 }, storageRefusals.serverBusy);
  expect(await said(write("jobs/1.json"))).toBe("done");
  expect(await said(blob("jobs/1.json").download())).toBe("503 ServerBusy");
  expect(await said(blob("jobs/1.json").download())).toBe("done");
  expect(second.met.map(({ name }) => name)).toEqual(["GET job"]);

  const refused = storage.fail({ startsWith: "PUT picture", seconds: 600 }, storageRefusals.authorizationFailure);
  expect(await said(write("jobs/2.json"))).toBe("done");
  expect(await said(write("pictures/1.png"))).toBe("403 AuthorizationFailure");
  expect(await said(queue.sendMessage("x"))).toBe("403 AuthorizationFailure");
  refused.end();
  expect(await said(write("pictures/1.png"))).toBe("done");

  storage.fail({ call: "PUT job", seconds: 0 }, storageRefusals.serverBusy);
  expect(await said(write("jobs/3.json"))).toBe("503 ServerBusy");
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await said(write("jobs/3.json"))).toBe("done");
});
