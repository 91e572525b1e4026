import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fetchFromDiscord } from "../../adapters/discord/fetch-source.ts";
import { SourceNotFetched } from "../../src/replies/delivery.ts";
import { MOST_SOURCE_BYTES } from "../../src/pixels/read-source-picture.ts";
import type { PlayedInteraction } from "../../local/discord/played-interaction.ts";
import { noisyPicture, plainPicture, startWorld } from "./world.ts";
import type { World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorld({ atItsAddress: true });
});
afterAll(() => world.stop());

type Attached = { url: string; proxy_url: string; size: number };

/** As it comes with a command. */
async function attach(name: string, bytes: Buffer): Promise<Attached> {
  const options = { picture: { file: { name, bytes } }, change: "a hat" };
  const asked: PlayedInteraction = await world.discord.command({ name: "edit", options });
  const { resolved } = asked.event.data as { resolved: { attachments: Record<string, Attached> } };
  return Object.values(resolved.attachments)[0] ?? expect.fail("nothing is attached");
}

const address = { platform: "discord" };
const fetchIt = (url: string, declaredBytes?: number, milliseconds = 10_000) =>
  fetchFromDiscord({ from: "chat", url, declaredBytes }, address, AbortSignal.timeout(milliseconds));

/** What a person would hear of it; "trouble" is tried again instead. */
async function faultOf(fetching: Promise<Buffer>): Promise<unknown> {
  const error = await fetching.then(
    () => expect.fail("it was fetched"),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SourceNotFetched);
  return error instanceof SourceNotFetched ? (error.fault ?? "trouble") : undefined;
}

describe("a picture that somebody attached", () => {
  it("comes byte for byte, from either of Discord's hosts, and no token goes there", async () => {
    const bytes = await noisyPicture(64, 64);
    const { url, proxy_url: proxyUrl, size } = await attach("noise.png", bytes);
    expect(new URL(url).host).toBe("cdn.discordapp.com");
    expect(new URL(proxyUrl).host).toBe("media.discordapp.net");
    expect((await fetchIt(url, size)).equals(bytes)).toBe(true);
    expect((await fetchIt(proxyUrl)).equals(bytes)).toBe(true);
    for (const { headers } of world.discord.fileRequests) expect(headers.authorization).toBeUndefined();
  });

  it.each([
    ["a redirect", { redirect: "https://cdn.discordapp.com/attachments/1/2/other.png" }],
    ["one that Discord has removed", { gone: true as const }],
  ])("is not to be had any more: %s", async (_, trouble) => {
    const { url } = await attach("gone.png", await plainPicture());
    world.discord.failFile("gone.png", trouble);
    expect(await faultOf(fetchIt(url))).toEqual({ fault: "source unreachable" });
  });

  it("is not to be had by an address that is a day old, or that somebody has changed", async () => {
    const { url } = await attach("old.png", await plainPicture());
    expect(await faultOf(fetchIt(url.replace(/hm=../, "hm=00")))).toEqual({ fault: "source unreachable" });
    world.discord.letTimePass(86_400);
    expect(await faultOf(fetchIt(url))).toEqual({ fault: "source unreachable" });
  });

  it.each([
    ["an outage", { status: 503 }],
    ["a limit of pace", { status: 429 }],
    ["a page of somebody in between", { status: 403 }],
    ["a cut line", { cutAfter: 10 }],
    ["a slow line", { delaySeconds: 3 }],
  ])("may come by another try: %s", async (_, trouble) => {
    const { url } = await attach("trouble.png", await plainPicture());
    world.discord.failFile("trouble.png", trouble);
    expect(await faultOf(fetchIt(url, undefined, 2000))).toBe("trouble");
    expect((await fetchIt(url)).length).toBeGreaterThan(50);
  });

  it("of 60 MB is not even asked for where it says so", async () => {
    const { url } = await attach("large.png", await plainPicture());
    const before = world.discord.fileRequests.length;
    const bytes = 60_000_000;
    expect(await faultOf(fetchIt(url, bytes))).toEqual({ fault: "source too large", bytes, limit: MOST_SOURCE_BYTES });
    expect(world.discord.fileRequests).toHaveLength(before);
  });

  it("of 60 MB that says it is small is read no further than it may be", async () => {
    const { url, size } = await attach("liar.png", await plainPicture());
    world.discord.failFile("liar.png", { length: 60_000_000 });
    expect(await faultOf(fetchIt(url, size, 60_000))).toMatchObject({
      fault: "source too large",
      limit: MOST_SOURCE_BYTES,
    });
    expect(world.discord.fileRequests.at(-1)?.sent).toBeLessThan(58_000_000);
  });
});

describe("an address that is none of Discord's own", () => {
  it.each([
    "http://cdn.discordapp.com/attachments/1/2/a.png",
    "https://cdn.discordapp.com:8443/attachments/1/2/a.png",
    "https://cdn.discordapp.com.evil.example/a.png",
    "https://evil.example/cdn.discordapp.com/a.png",
    "https://cdn.discordapp.com@evil.example/a.png",
    "https://user:secret@cdn.discordapp.com/a.png",
    "https://discord.com/api/v10/users/@me",
    "https://images-ext-1.discordapp.net/external/x/https/evil.example/a.png",
    "https://127.0.0.1/a.png",
    "https://[::1]/a.png",
    "file:///etc/passwd",
    "data:image/png;base64,AAAA",
    "cdn.discordapp.com/a.png",
    "",
  ])("is never fetched: %s", async (url) => {
    const before = world.discord.fileRequests.length;
    expect(await faultOf(fetchIt(url))).toEqual({ fault: "source host refused" });
    expect(world.discord.fileRequests).toHaveLength(before);
  });
});
