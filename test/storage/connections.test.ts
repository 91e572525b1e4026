import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { readSettings } from "../../src/settings.ts";
import { connectAzure } from "../../src/storage/azure.ts";

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
