import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { download, isInside } from "../../src/images-api/download.ts";
import { fetchPicture } from "../../src/images-api/fetch-picture.ts";
import type { Settings } from "../../src/settings.ts";
import { TIMES } from "../../src/times.ts";
import { tenth } from "../times.ts";

type Given = Pick<Settings, "images" | "times">;
const times = tenth(TIMES);
const azure: Given = { images: { provider: "azure", endpoint: "https://x.openai.azure.com" }, times };

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

async function serve(listener: RequestListener): Promise<Given> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  return { images: { provider: "openai", endpoint: `http://127.0.0.1:${port}/v1` }, times };
}

describe("addresses that may not be fetched", () => {
  it.each([
    ["plain http", "http://dalleproduse.blob.core.windows.net/x.png"],
    ["another host", "https://example.org/x.png"],
    ["a host that only ends alike", "https://evilblob.core.windows.net/x.png"],
    ["a host that only begins alike", "https://dalleproduse.blob.core.windows.net.evil.example/x.png"],
    ["a login", "https://dalleproduse.blob.core.windows.net@evil.example/x.png"],
    ["a port", "https://dalleproduse.blob.core.windows.net:8443/x.png"],
    ["the metadata address", "http://169.254.169.254/metadata/instance"],
    ["this machine", "https://127.0.0.1/x.png"],
    ["this machine in IPv6", "https://[::1]/x.png"],
    ["a file", "file:///etc/passwd"],
    ["no address", "nonsense"],
    ["nothing", ""],
  ])("%s", async (_, url) => {
    await expect(fetchPicture(url, azure)).rejects.toThrow("");
    await expect(fetchPicture(url, azure)).rejects.toMatchObject({ name: "PictureNotFetched" });
  });

  it.each([
    "127.0.0.1",
    "10.1.2.3",
    "172.31.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "::ffff:10.0.0.1",
    "::ffff:7f00:1",
    "64:ff9b::a00:1",
    "168.63.129.16",
    "::127.0.0.1",
    "fec0::1",
  ])("%s is inside", (address) => expect(isInside(address)).toBe(true));
  it.each(["20.60.1.1", "8.8.8.8", "2603:1030::1", "::ffff:8.8.8.8"])("%s is not", (address) =>
    expect(isInside(address)).toBe(false),
  );
});

describe("a host that is an address already", () => {
  it.each([
    "127.0.0.1",
    "0x7f.1",
    "2130706433",
    "0177.0.0.1",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "127.1.",
  ])("%s is not reached when it lies inside", async (host) => {
    let asked = 0;
    const { images } = await serve((_, response) => {
      asked += 1;
      response.end("inside");
    });
    const address = new URL(`http://${host}:${new URL(images.endpoint).port}/x`);
    const signal = AbortSignal.timeout(5000);
    await expect(download(address, { mostBytes: 100, signal })).rejects.toMatchObject({ name: "DownloadFailed" });
    expect(asked).toBe(0);
  });
});

describe("an address without a host", () => {
  it("leads to the endpoint's own, and one that only looks so is held to the list", async () => {
    const seen: unknown[] = [];
    const settings = await serve((request, response) => {
      seen.push(request.url);
      response.end("picture");
    });
    expect(String(await fetchPicture("/files/x.png?sig=a%2Bb", settings))).toBe("picture");
    expect(seen).toEqual(["/files/x.png?sig=a%2Bb"]);
    for (const url of ["//evil.example/x.png", "/\\evil.example/x.png", "nonsense"])
      await expect(fetchPicture(url, settings)).rejects.toMatchObject({ name: "PictureNotFetched" });
    expect(seen).toHaveLength(1);
  });
});

describe("a gateway that serves its pictures itself", () => {
  const picture = Buffer.alloc(1000, 7);

  it("is fetched, with the query as it stands and no key sent along", async () => {
    const seen: unknown[] = [];
    const settings = await serve((request, response) => {
      seen.push(request.url, request.headers.authorization, request.headers["api-key"]);
      response.end(picture);
    });
    const url = `${settings.images.endpoint.replace("/v1", "")}/x.png?sig=a%2Bb%2Fc%3D`;
    expect(await fetchPicture(url, { ...settings, images: { ...settings.images, apiKey: "secret" } })).toEqual(picture);
    expect(seen).toEqual(["/x.png?sig=a%2Bb%2Fc%3D", undefined, undefined]);
  });

  it("is asked again after a fault of its own, and three times at most", async () => {
    let asked = 0;
    const settings = await serve((_, response) => {
      asked += 1;
      if (asked === 1) response.writeHead(503).end();
      else if (asked === 2)
        response.writeHead(200, { "content-length": 1000 }).write(picture.subarray(0, 10), () => response.destroy());
      else response.end(picture);
    });
    expect(await fetchPicture(`${settings.images.endpoint}/x.png`, settings)).toEqual(picture);
    expect(asked).toBe(3);
  });

  it.each([
    ["a redirect", 302],
    ["an expired address", 403],
  ])("%s is not followed and not repeated", async (_, status) => {
    let asked = 0;
    const settings = await serve((_request, response) => {
      asked += 1;
      response.writeHead(status, { location: "http://127.0.0.1:1/" }).end();
    });
    await expect(fetchPicture(`${settings.images.endpoint}/x.png`, settings)).rejects.toMatchObject({
      name: "PictureNotFetched",
      message: `status ${status}`,
    });
    expect(asked).toBe(1);
  });

  it("is cut off where a picture cannot be that long", async () => {
    const settings = await serve((_, response) => {
      const more = () => !response.destroyed && response.write(Buffer.alloc(1_000_000), () => setImmediate(more));
      more();
    });
    await expect(fetchPicture(`${settings.images.endpoint}/x.png`, settings)).rejects.toThrow("longer than");
  });
});
