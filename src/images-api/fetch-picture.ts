import { setTimeout as pause } from "node:timers/promises";
import { download, DownloadFailed } from "./download.ts";
import type { Provider } from "../models.ts";
import type { ImagesSettings, Settings } from "../settings.ts";

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
export async function fetchPicture(
  url: string,
  { images: settings, times: { images: times } }: Pick<Settings, "images" | "times">,
): Promise<Buffer> {
  const address = allowedAddress(url, settings);
  for (let attempt = 1; ; attempt++) {
    try {
      const signal = AbortSignal.timeout(times.fetchLimitMilliseconds);
      return await download(address, { mostBytes: MOST_BYTES, signal, allowInside: isEndpoint(address, settings) });
    } catch (error) {
      if (error instanceof DownloadFailed) throw new PictureNotFetched(error.message, { cause: error });
      if (attempt === TRIES) throw new PictureNotFetched("the download failed", { cause: error });
      await pause(attempt * times.fetchPauseMilliseconds);
    }
  }
}

function allowedAddress(url: string, settings: ImagesSettings): URL {
  // A gateway may name a place of its own by the path alone.
  const address = url.includes("/") ? URL.parse(url, `${settings.endpoint}/`) : undefined;
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
