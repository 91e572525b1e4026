import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { teamsFetcher } from "../../adapters/teams/fetch-source.ts";
import { SourceNotFetched } from "../../src/replies/delivery.ts";
import type { Fault } from "../fakes/microsoft/exchange.ts";
import { page } from "../fakes/microsoft/refusals.ts";
import { worlds } from "./open-world.ts";
import { TEAMS_TIMES } from "../../adapters/teams/times.ts";
import type { World } from "./open-world.ts";

const address = { platform: "teams" };
const never = () => AbortSignal.timeout(10_000);

describe("in local mode", () => {
  const fetchSource = teamsFetcher({ mode: "local", times: TEAMS_TIMES });

  test("comes from this machine, without a token", async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer(({ headers }, response) => {
      seen.push(headers.authorization);
      response.end("bytes");
    }).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/_connector/v3/attachments/1/views/original`;
    expect(String(await fetchSource({ from: "chat", url }, address, never()))).toBe("bytes");
    expect(seen).toEqual([undefined]);
  });

  test.each(["https://smba.trafficmanager.net/x", "https://contoso.sharepoint.com/x", "http://10.0.0.1/x", "nothing"])(
    "and from nowhere else: %s",
    async (url) => {
      await expect(fetchSource({ from: "chat", url }, address, never())).rejects.toMatchObject({
        name: SourceNotFetched.name,
        fault: { fault: "source host refused" },
      });
    },
  );
});

describe("with a bot's token", () => {
  const open = worlds("file");
  let world: World;
  beforeAll(async () => {
    world = await open();
  });
  const picture = () => world.microsoft.files.paste({ bytes: Buffer.from("bytes") }).attachment.contentUrl ?? "";

  test("what the connector has is fetched, and a query in its address harms nobody", async () => {
    const url = picture();
    expect(await world.fetchSource(url)).toEqual({ bytes: "bytes" });
    expect(await world.fetchSource(`${url}?x=https://evil.example/`)).toEqual({ bytes: "bytes" });
  });

  test.each([
    { status: 401 },
    { status: 403 },
    page(403),
    { status: 404 },
    { status: 429 },
    { status: 503 },
    { status: 302, headers: { location: "https://evil.example/" } },
    "cut",
  ] satisfies Fault[])("an answer of %j decides nothing", async (answer) => {
    const url = picture();
    world.microsoft.fail({ method: "GET", host: "smba.trafficmanager.net" }, answer);
    expect(await world.fetchSource(url)).toEqual({ refused: true });
    expect(await world.fetchSource(url)).toEqual({ bytes: "bytes" });
  });

  test("without a token to be had is tried again", async () => {
    // The first token of a process is kept, so it takes one that has none yet.
    await world.restart();
    const url = picture();
    onTestFinished(world.microsoft.fail({ host: "login.microsoftonline.com" }, { status: 500 }, Infinity));
    expect(await world.fetchSource(url)).toEqual({ refused: true });
  });
});
