import { lookup } from "node:dns";
import { get as getHttp } from "node:http";
import type { IncomingMessage, RequestOptions } from "node:http";
import { get as getHttps } from "node:https";
import { BlockList, isIP, isIPv4 } from "node:net";
import type { LookupFunction } from "node:net";

export type DownloadOptions = {
  mostBytes: number;
  signal: AbortSignal;
  headers?: Record<string, string>;
  /** For an address that the operator has set: it may lie in our own network. */
  allowInside?: boolean;
};

/** An answer that another try would not change. A fault of the way there, or of the other side (5xx), is thrown as it comes. */
export class DownloadFailed extends Error {
  override name = "DownloadFailed";
  /** HTTP status, where there was one. A redirect is not followed. */
  readonly status?: number;
  readonly isTooLong: boolean;

  constructor(message: string, { status, isTooLong = false }: { status?: number; isTooLong?: boolean } = {}) {
    super(message);
    this.status = status;
    this.isTooLong = isTooLong;
  }
}

/**
 * Reads a file whose address came from outside. Which hosts are allowed is the caller's to check; here nothing inside our own
 * network is reached, no redirect is followed, and nothing is read beyond `mostBytes`.
 */
export function download(address: URL, options: DownloadOptions): Promise<Buffer> {
  const { signal, headers, allowInside, mostBytes } = options;
  const request: RequestOptions = { signal, agent: false, headers: { accept: "image/*", ...headers } };
  if (!allowInside) {
    // A host that is an address already is never looked up. `URL` has turned every spelling of one into the plain form.
    const host = address.hostname.replace(/^\[|\]$/g, "");
    if (isIP(host) && isInside(host)) return Promise.reject(new DownloadFailed("the host is an inside address"));
    request.lookup = publicLookup;
  }
  return new Promise((resolve, reject) => {
    const get = address.protocol === "http:" ? getHttp : getHttps;
    get(address, request, (response) => {
      readBody(response, mostBytes).then(resolve, reject);
    }).on("error", reject);
  });
}

async function readBody(response: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const { statusCode: status = 0 } = response;
  if (status !== 200) {
    response.destroy();
    throw status >= 500 ? new Error(`status ${status}`) : new DownloadFailed(`status ${status}`, { status });
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new DownloadFailed(`longer than ${mostBytes} bytes`, { status, isTooLong: true });
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
      return callback(new DownloadFailed("the host resolves to an inside address"), "", 4);
    }
    return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
  });
};
