import { once } from "node:events";
import { fork } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BlobServiceClient } from "@azure/storage-blob";
import { QueueServiceClient } from "@azure/storage-queue";
import { describe, expect, onTestFinished, test } from "vitest";
import { startAzurite } from "../../local/azurite.ts";
import { startPlayground } from "../../local/playground.ts";
import { startLocalWorld } from "../../local/start.ts";
import { readSettings } from "../../src/settings.ts";
import { listeningOn, processesWith, until } from "./processes.ts";

describe("Azurite", () => {
  test("keeps blobs and messages from one start to the next", async () => {
    const location = makeDirectory();
    const first = await startAzurite({ location });
    await containerOf(first.connectionString).createIfNotExists();
    await containerOf(first.connectionString).getBlockBlobClient("a.txt").upload("kept", 4);
    await queueOf(first.connectionString).createIfNotExists();
    await queueOf(first.connectionString).sendMessage("job-1");
    await first.stop();

    const second = await startAzurite({ location });
    onTestFinished(() => second.stop());
    const blob = await containerOf(second.connectionString).getBlockBlobClient("a.txt").downloadToBuffer();
    expect(blob.toString()).toBe("kept");
    const { receivedMessageItems } = await queueOf(second.connectionString).receiveMessages();
    expect(receivedMessageItems.map(({ messageText }) => messageText)).toEqual(["job-1"]);
  });

  test("without a directory keeps everything in memory", async () => {
    const azurite = await startAzurite();
    onTestFinished(() => azurite.stop());
    await containerOf(azurite.connectionString).createIfNotExists();
    await containerOf(azurite.connectionString).getBlockBlobClient("a.txt").upload("here", 4);
    expect(await containerOf(azurite.connectionString).getBlockBlobClient("a.txt").exists()).toBe(true);
  });

  test("listens on this machine alone, and stops at once", async () => {
    const azurite = await startAzurite();
    const ports = [...azurite.connectionString.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port));
    expect(ports.map(listeningOn)).toEqual([["127.0.0.1"], ["127.0.0.1"], ["127.0.0.1"]]);
    await azurite.stop();
    expect(ports.flatMap(listeningOn)).toEqual([]);
  });
});

describe("the Playground", () => {
  test("answers, listens on this machine alone, calls nobody outside, and leaves nothing behind", async () => {
    const port = await freePort();
    const playground = await startPlayground({
      port,
      botUrl: "http://127.0.0.1:9/api/messages",
      directory: makeDirectory(),
    });
    const page = await fetch(playground.url);
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(listeningOn(port)).toEqual(["127.0.0.1"]);
    expect(processesWith(`-p ${port}`)).toHaveLength(1);
    const { config } = (await (await fetch(`${playground.url}/_internal/v1/testConfig`)).json()) as {
      config: { personalChat: { id: string } };
    };
    expect(config.personalChat.id).not.toBe("");
    await playground.stop();
    expect(playground.refusedHosts).toEqual([]);
    expect(listeningOn(port)).toEqual([]);
    expect(processesWith(`-p ${port}`)).toEqual([]);
  });

  test("would be kept from calling outside", async () => {
    const port = await freePort();
    const playground = await startPlayground({
      port,
      botUrl: "http://bot.example.com/api/messages",
      directory: makeDirectory(),
    });
    onTestFinished(() => playground.stop());
    const { config } = (await (await fetch(`${playground.url}/_internal/v1/testConfig`)).json()) as {
      config: { personalChat: { id: string }; currentUser: { id: string } };
    };
    const address = `${playground.url}/_conversation/v1/conversations/${config.personalChat.id}/messages`;
    const body = JSON.stringify({ from: { id: config.currentUser.id }, text: "hello", textFormat: "plain" });
    await fetch(address, { method: "POST", headers: { "content-type": "application/json" }, body });
    expect(await until(() => playground.refusedHosts.includes("bot.example.com"))).toBe(true);
  });
});

describe("the local world", () => {
  test("is up with settings that the bot accepts, keeps its directory for oneself, and goes without a trace", async () => {
    const [botPort, playgroundPort, discordPort] = [await freePort(), await freePort(), await freePort()];
    const directory = makeDirectory();
    // As an older Easel has left it.
    mkdirSync(join(directory, "azurite"), { mode: 0o755 });
    chmodSync(directory, 0o755);
    const world = await startLocalWorld({
      EASEL_DIRECTORY: directory,
      PORT: String(botPort),
      EASEL_CHAT_PORT: String(playgroundPort),
      EASEL_DISCORD_PORT: String(discordPort),
    });
    for (const kept of [directory, join(directory, "azurite")]) expect(statSync(kept).mode & 0o777).toBe(0o700);
    const faults: string[] = [];
    const settings = readSettings(world.environment, faults);
    expect(faults).toEqual([]);
    expect(settings.models[0]).toEqual({ name: "dall-e-3", deployment: "dalle3" });
    expect(settings).toMatchObject({ host: "127.0.0.1", port: botPort, publicUrl: `http://127.0.0.1:${botPort}` });
    expect(settings.images.endpoint).toBe(world.imagesUrl);
    await world.stop();
    for (const port of [playgroundPort, discordPort]) expect(listeningOn(port)).toEqual([]);
    expect(listeningOn(Number(new URL(world.imagesUrl).port))).toEqual([]);
    expect(processesWith(directory)).toEqual([]);
  });

  test.each([
    {
      whose: "bot",
      takes: "PORT",
      says: "Port PORT, which the bot needs, is taken by another program: stop that program, or choose another port with PORT.",
    },
    {
      whose: "chat client",
      takes: "EASEL_CHAT_PORT",
      says: "Port PORT, which the chat client needs, is taken by another program: stop that program, or choose another port with EASEL_CHAT_PORT.",
    },
    {
      whose: "look-alike",
      takes: "EASEL_DISCORD_PORT",
      says: "Port PORT, which the Discord look-alike needs, is taken by another program: stop that program, or choose another port with EASEL_DISCORD_PORT.",
    },
  ])(
    "when the $whose's port is taken, says which and what to do, and leaves nothing running",
    async ({ takes, says }) => {
      const server = createServer().listen(0, "127.0.0.1");
      onTestFinished(() => void server.close());
      await new Promise((resolve) => server.once("listening", resolve));
      const { port } = server.address() as AddressInfo;
      const directory = makeDirectory();
      const places = {
        EASEL_DIRECTORY: directory,
        PORT: String(await freePort()),
        EASEL_CHAT_PORT: String(await freePort()),
        EASEL_DISCORD_PORT: String(await freePort()),
        [takes]: String(port),
      };
      await expect(startLocalWorld(places)).rejects.toThrow(says.replace(/PORT/, String(port)));
      expect(processesWith(directory)).toEqual([]);
    },
  );

  test("keeps a second one out of the same directory, and a third comes in when the first has gone", async () => {
    const { parent, directory } = await holdWorld();
    const places = async () => ({
      EASEL_DIRECTORY: directory,
      PORT: String(await freePort()),
      EASEL_CHAT_PORT: String(await freePort()),
      EASEL_DISCORD_PORT: String(await freePort()),
    });
    await expect(startLocalWorld(await places())).rejects.toThrow(`Another Easel (process ${parent.pid}) keeps`);
    // A process that has ended keeps its id until its parent has seen it.
    const reaped = once(parent, "exit");
    parent.kill("SIGKILL");
    await reaped;
    expect(await until(() => processesWith(directory).length === 0)).toBe(true);
    const third = await startLocalWorld(await places());
    await third.stop();
  });

  test.each(["abc", "0", "99999"])("names the setting when a port is %s", async (port) => {
    const places = { EASEL_DIRECTORY: makeDirectory(), EASEL_CHAT_PORT: port };
    await expect(startLocalWorld({ ...places, PORT: String(await freePort()) })).rejects.toThrow(
      `EASEL_CHAT_PORT is "${port}": give a whole number from 1 to 65535`,
    );
  });

  test("when its parent is killed, saves and goes too", async () => {
    const { parent, environment, directory, playgroundPort } = await holdWorld();
    const container = containerOf(environment.AZURE_STORAGE_CONNECTION_STRING ?? "");
    await container.createIfNotExists();
    await container.getBlockBlobClient("last.txt").upload("kept", 4);
    parent.kill("SIGKILL");

    expect(await until(() => processesWith(directory).length === 0)).toBe(true);
    expect(await until(() => listeningOn(playgroundPort).length === 0)).toBe(true);
    const again = await startAzurite({ location: join(directory, "azurite") });
    onTestFinished(() => again.stop());
    expect(await containerOf(again.connectionString).getBlockBlobClient("last.txt").exists()).toBe(true);
  });

  test("on Ctrl-C, which reaches the parent's whole process group, waits for the parent", async () => {
    const { parent, environment, playgroundPort } = await holdWorld();
    const interrupted = new Promise((resolve) => parent.once("message", resolve));
    process.kill(-(parent.pid ?? 0), "SIGINT");
    expect(await interrupted).toBe("interrupted");
    expect((await fetch(`http://127.0.0.1:${playgroundPort}/_debug/ping`)).ok).toBe(true);
    await containerOf(environment.AZURE_STORAGE_CONNECTION_STRING ?? "").createIfNotExists();
  });
});

async function holdWorld() {
  const [botPort, playgroundPort, discordPort] = [await freePort(), await freePort(), await freePort()];
  const directory = makeDirectory();
  const file = fileURLToPath(new URL("hold-world.ts", import.meta.url));
  const parameters = [directory, ...[botPort, playgroundPort, discordPort].map(String)];
  const parent = fork(file, parameters, { execArgv: [], execPath: process.execPath, detached: true });
  onTestFinished(async () => {
    parent.kill("SIGKILL");
    await until(() => processesWith(directory).length === 0 && listeningOn(playgroundPort).length === 0);
  });
  const environment = await new Promise<Record<string, string>>((resolve) => {
    parent.once("message", (message) => resolve(message as Record<string, string>));
  });
  return { parent, environment, directory, playgroundPort };
}

function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "easel-local-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function containerOf(connectionString: string) {
  return BlobServiceClient.fromConnectionString(connectionString).getContainerClient("easel");
}

function queueOf(connectionString: string) {
  return QueueServiceClient.fromConnectionString(connectionString).getQueueClient("easel");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
