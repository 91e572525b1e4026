import { lookup } from "node:dns";
import { get as getHttp } from "node:http";
import type { IncomingMessage, RequestOptions } from "node:http";
import { get as getHttps } from "node:https";
import { BlockList, isIPv4 } from "node:net";
import type { LookupFunction } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Provider } from "./models.ts";
import type { ImagesSettings } from "./settings.ts";

const MILLISECONDS = 30_000;
const MOST_BYTES = 64_000_000;
const TRIES = 3;

/** Where each provider's results lie. A suffix of whole labels, because the storage accounts' names change. */
const HOST_SUFFIXES: Record<Provider, string[]> = {
  azure: [".blob.core.windows.net"],
  openai: [".blob.core.windows.net", ".oaiusercontent.com", ".openai.com"],
};

/** Thrown when a picture's address may not be fetched, or could not be. Its message holds no address: that is a secret. */
export class PictureNotFetched extends Error {
  override name = "PictureNotFetched";
}

/**
 * Fetches a picture that the Images API answered with as an address. The address is a bearer secret, short-lived and from
 * outside: known hosts only, https only, no redirect, no key or token sent along, nothing inside our own network.
 */
export async function fetchPicture(url: string, settings: ImagesSettings): Promise<Buffer> {
  const address = allowedAddress(url, settings);
  for (let attempt = 1; ; attempt++) {
    try {
      return await download(address, settings, AbortSignal.timeout(MILLISECONDS));
    } catch (error) {
      if (error instanceof PictureNotFetched || attempt === TRIES) {
        throw error instanceof PictureNotFetched
          ? error
          : new PictureNotFetched("the download failed", { cause: error });
      }
      await pause(attempt * 1000);
    }
  }
}

function allowedAddress(url: string, settings: ImagesSettings): URL {
  const address = URL.parse(url);
  if (!address) throw new PictureNotFetched("not an address");
  if (address.username || address.password) throw new PictureNotFetched("an address with a login");
  if (isEndpoint(address, settings)) return address;
  if (address.protocol !== "https:" || (address.port && address.port !== "443"))
    throw new PictureNotFetched("not https");
  const known = HOST_SUFFIXES[settings.provider].some((suffix) => address.hostname.endsWith(suffix));
  if (!known) throw new PictureNotFetched(`host ${address.hostname.slice(0, 100)} is not one of the provider's`);
  return address;
}

/** A gateway that serves its pictures itself is where the operator has pointed us, inside or out. */
function isEndpoint(address: URL, settings: ImagesSettings): boolean {
  return address.origin === new URL(settings.endpoint).origin;
}

function download(address: URL, settings: ImagesSettings, signal: AbortSignal): Promise<Buffer> {
  const options: RequestOptions = { signal, agent: false, headers: { accept: "image/*" } };
  if (!isEndpoint(address, settings)) options.lookup = publicLookup;
  return new Promise((resolve, reject) => {
    const request = (address.protocol === "http:" ? getHttp : getHttps)(address, options, (response) => {
      readBody(response).then(resolve, reject);
    });
    request.on("error", reject);
  });
}

async function readBody(response: IncomingMessage): Promise<Buffer> {
  const { statusCode = 0 } = response;
  if (statusCode >= 500) {
    response.destroy();
    throw new Error(`status ${statusCode}`);
  }
  if (statusCode !== 200) {
    response.destroy();
    throw new PictureNotFetched(`status ${statusCode}`);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new PictureNotFetched(`longer than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  if (!response.complete) throw new Error("cut off");
  return Buffer.concat(chunks);
}

const inside = new BlockList();
for (const [net, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["168.63.129.16", 32],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const) {
  inside.addSubnet(net, prefix, "ipv4");
}
for (const [net, prefix] of [
  ["::", 96],
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["2002::", 16],
  ["fc00::", 7],
  ["fe80::", 10],
  ["fec0::", 10],
  ["ff00::", 8],
] as const) {
  inside.addSubnet(net, prefix, "ipv6");
}

/** Whether an address lies in this machine, its network or the cloud's own; IPv4 within IPv6 counts as what it holds. */
export function isInside(address: string): boolean {
  // BlockList matches IPv4-mapped IPv6 addresses against the IPv4 rules by itself.
  return inside.check(address, isIPv4(address) ? "ipv4" : "ipv6");
}

/** A resolver for one connection that knows no inside address. Checked here, after resolving, so that no second look-up can differ. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    if (error || !first) return callback(error ?? new Error("no address"), "", 4);
    if (addresses.some(({ address }) => isInside(address))) {
      return callback(new PictureNotFetched("the host resolves to an inside address"), "", 4);
    }
    return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
  });
};
