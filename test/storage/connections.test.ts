import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { editPanelReply } from "../../src/ask/begin-edit.ts";
import { readSettings } from "../../src/settings.ts";
import { connectAzure } from "../../src/storage/azure.ts";
import { findInLine } from "../../src/jobs/line.ts";
import { readJob } from "../../src/jobs/job.ts";
import { storeOnce } from "../../src/storage/picture-blobs.ts";
import { startAzurite } from "../fakes/azurite.ts";
import { startStorageProxy } from "../fakes/storage-proxy.ts";
import { openCore, until } from "../src/core-world.ts";

it("opens a bounded number of connections, however many calls come at once", async () => {
  let connections = 0;
  const server = createServer(({ method }, response) => {
    response.statusCode = method === "DELETE" ? 204 : 200;
    setTimeout(() => response.end(), 20);
  });
  server.on("connection", () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/easel`;
  const endpoints = ["Blob", "Queue", "Table"].map((service) => `${service}Endpoint=${origin}`).join(";");
  const key = Buffer.from("a key").toString("base64");
  const AZURE_STORAGE_CONNECTION_STRING = `DefaultEndpointsProtocol=http;AccountName=easel;AccountKey=${key};${endpoints}`;
  const { container, queue, table } = connectAzure(readSettings({ AZURE_STORAGE_CONNECTION_STRING }, []));
  const asked = Array.from({ length: 50 }, () => [
    container.getProperties(),
    queue.getProperties(),
    table.deleteEntity("partition", "row"),
  ]);
  await Promise.all<unknown>(asked.flat());
  expect(connections).toBeLessThanOrEqual(32);
  server.closeAllConnections();
  server.close();
});

it("pictures that hang open so many connections and no more, and hold up neither a record nor a ticket", async () => {
  const azurite = await startAzurite();
  const storage = await startStorageProxy(azurite);
  const core = await openCore(storage.connectionString, "http://127.0.0.1:1");
  const hanging = storage.fail({ call: "PUT picture" }, "hang", Infinity);
  for (let number = 0; number < 60; number += 1) {
    const name = `${String(number).padStart(40, "0")}.png`;
    void storeOnce(name, { bytes: Buffer.alloc(100), mediaType: "image/png" }, core.azure).catch(() => undefined);
  }
  await until(() => hanging.met.length >= 32);
  const id = await core.accept();
  const own = findInLine(id, core.azure)?.own ?? expect.fail("not in line");
  await own.renew();
  await own.change((job) => void (job.listed = true));
  expect((await readJob(id, core.azure))?.job.listed).toBe(true);
  expect(hanging.met).toHaveLength(32);
  await storage.stop();
  await azurite.stop();
});

it("pictures that are read slowly for the grid of an edit hold up no record either", async () => {
  const azurite = await startAzurite();
  const storage = await startStorageProxy(azurite);
  const core = await openCore(storage.connectionString, "http://127.0.0.1:1");
  const hanging = storage.fail({ call: "HEAD picture" }, "hang", Infinity);
  const { askedBy, address } = core.request();
  const draft = {
    id: "0".repeat(40),
    source: { from: "drawn", picture: { job: "test-1", place: 1 } } as const,
    blob: `pictures/${"0".repeat(40)}.png`,
    width: 1024,
    height: 1024,
    options: {},
    private: false,
    askedBy,
    address,
    expiresAt: new Date().toISOString(),
  };
  for (let number = 0; number < 40; number += 1) void editPanelReply(draft, core.settings, core.azure);
  await until(() => hanging.met.length >= 32);
  expect(await readJob(await core.accept(), core.azure)).toBeDefined();
  await storage.stop();
  await azurite.stop();
});
