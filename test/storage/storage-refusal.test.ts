import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { BlobServiceClient } from "@azure/storage-blob";
import { QueueServiceClient } from "@azure/storage-queue";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isConflict, isMissing, isOutage } from "../../src/storage/storage-refusal.ts";
import { becauseOf } from "../../src/log.ts";
import { startAzurite } from "../fakes/azurite.ts";
import type { Azurite } from "../fakes/azurite.ts";

type Meaning = "conflict" | "missing" | "outage" | "final";

/** A storage service that answers every call in one way. */
let server: Server;
let answer: { status: number; code?: string; body?: string };
let azurite: Azurite;
beforeAll(async () => {
  azurite = await startAzurite();
  server = createServer((request, response) => {
    request.resume();
    const { status, code, body = "" } = answer;
    const type = body.startsWith("<html") ? "text/html" : "application/xml";
    response.writeHead(status, { "content-type": type, ...(code && { "x-ms-error-code": code }) });
    response.end(request.method === "HEAD" ? undefined : body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await azurite.stop();
});

const retryOptions = { maxTries: 1 };

function clients(blobPort: number, queuePort: number) {
  const connectionString = azurite.connectionString
    .replace(`:${azurite.blobPort}/`, `:${blobPort}/`)
    .replace(`:${azurite.queuePort}/`, `:${queuePort}/`);
  return {
    container: BlobServiceClient.fromConnectionString(connectionString, { retryOptions }).getContainerClient(
      "pictures",
    ),
    queue: QueueServiceClient.fromConnectionString(connectionString, { retryOptions }).getQueueClient("pictures"),
  };
}

function atScript() {
  const { port } = server.address() as AddressInfo;
  return clients(port, port);
}

async function faultOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => expect.fail("it was taken"),
    (error: unknown) => error,
  );
}

function meaningOf(error: unknown): Meaning {
  if (isConflict(error)) return "conflict";
  if (isMissing(error)) return "missing";
  return isOutage(error) ? "outage" : "final";
}

const html =
  "<html><head><title>403 Forbidden</title></head><body>Microsoft-Azure-Application-Gateway/v2</body></html>";

describe.each<[status: number, code: string | undefined, meaning: Meaning]>([
  [409, "BlobAlreadyExists", "conflict"],
  [412, "ConditionNotMet", "conflict"],
  [412, "TargetConditionNotMet", "conflict"],
  [409, "LeaseAlreadyPresent", "conflict"],
  [412, "LeaseIdMissing", "conflict"],
  [412, "LeaseLost", "conflict"],
  [404, "BlobNotFound", "missing"],
  [404, "ResourceNotFound", "missing"],
  [404, "MessageNotFound", "missing"],
  [404, "ContainerNotFound", "outage"],
  [404, "QueueNotFound", "outage"],
  [404, undefined, "outage"],
  [409, "BlobImmutableDueToPolicy", "outage"],
  [409, "ContainerBeingDeleted", "outage"],
  [409, "SnapshotsPresent", "outage"],
  [409, undefined, "outage"],
  [412, undefined, "outage"],
  [401, "InvalidAuthenticationInfo", "outage"],
  [403, "AuthorizationFailure", "outage"],
  [403, "AuthorizationPermissionMismatch", "outage"],
  [403, "AccountIsDisabled", "outage"],
  [403, "KeyBasedAuthenticationNotPermitted", "outage"],
  [400, "InvalidHeaderValue", "outage"],
  [400, undefined, "outage"],
  [507, "InsufficientAccountPermissions", "outage"],
  [503, "ServerBusy", "outage"],
  [409, "BlockCountExceedsLimit", "final"],
  [413, "RequestBodyTooLarge", "final"],
])("%i %s", (status, code, meaning) => {
  it(`is ${meaning}, whichever call it answers`, async () => {
    answer = { status, code };
    const { container, queue } = atScript();
    const blob = container.getBlockBlobClient("jobs/1.json");
    const calls = [
      blob.upload("x", 1, { conditions: { ifNoneMatch: "*" } }),
      blob.download(),
      blob.getProperties(),
      blob.getBlobLeaseClient("3c8a2a4e-9a3a-4b3a-8c3a-3c8a2a4e9a3a").renewLease(),
      queue.deleteMessage("1", "2"),
    ];
    for (const fault of await Promise.all(calls.map(faultOf))) {
      expect(meaningOf(fault)).toBe(meaning);
      expect(becauseOf(fault)).toContain([status, code].filter(Boolean).join(" "));
    }
  });
});

it("the code is read from the body where a proxy has dropped the header", async () => {
  const body =
    '<?xml version="1.0" encoding="utf-8"?><Error><Code>BlobAlreadyExists</Code><Message>It is.</Message></Error>';
  answer = { status: 409, body };
  expect(isConflict(await faultOf(atScript().container.getBlockBlobClient("a").upload("x", 1)))).toBe(true);
});

it.each([403, 404, 409, 412])("a page with the status %i is nobody's decision", async (status) => {
  answer = { status, body: html };
  const { container, queue } = atScript();
  const calls = [
    container.getBlockBlobClient("a").download(),
    queue.sendMessage("x"),
    container.listBlobsFlat().next(),
  ];
  for (const fault of await Promise.all(calls.map(faultOf))) expect(meaningOf(fault)).toBe("outage");
});

it("a way that is closed is an outage", async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const fault = await faultOf(clients(port, port).container.getBlockBlobClient("a").download());
  expect(meaningOf(fault)).toBe("outage");
  expect(becauseOf(fault)).toContain("ECONNREFUSED");
});

it("an answer that is cut off is an outage", async () => {
  const cut = createServer((_request, response) => {
    response.writeHead(200, { "content-length": "1000", etag: '"1"' });
    response.write("half", () => response.destroy());
  });
  await new Promise<void>((resolve) => cut.listen(0, "127.0.0.1", resolve));
  const { port } = cut.address() as AddressInfo;
  const fault = await faultOf(clients(port, port).container.getBlockBlobClient("a").downloadToBuffer());
  expect(meaningOf(fault)).toBe("outage");
  cut.close();
});

it("means the same by what Azurite really answers", async () => {
  const { container, queue } = clients(azurite.blobPort, azurite.queuePort);
  const blob = container.getBlockBlobClient("a");
  expect(meaningOf(await faultOf(blob.download()))).toBe("outage");
  expect(meaningOf(await faultOf(blob.getProperties()))).toBe("outage");
  expect(meaningOf(await faultOf(queue.sendMessage("x")))).toBe("outage");
  await Promise.all([container.create(), queue.create()]);
  expect(meaningOf(await faultOf(blob.download()))).toBe("missing");
  expect(meaningOf(await faultOf(blob.getProperties()))).toBe("missing");
  await blob.upload("x", 1);
  expect(meaningOf(await faultOf(blob.upload("y", 1, { conditions: { ifNoneMatch: "*" } })))).toBe("conflict");
  expect(meaningOf(await faultOf(blob.getProperties({ conditions: { ifMatch: '"0"' } })))).toBe("conflict");
  const { messageId, popReceipt } = await queue.sendMessage("x");
  await queue.deleteMessage(messageId, popReceipt);
  expect(meaningOf(await faultOf(queue.deleteMessage(messageId, popReceipt)))).toBe("missing");
});
