import type { FetchSource } from "../../src/replies/delivery.ts";
import { SourceNotFetched } from "../../src/replies/delivery.ts";
import { download, DownloadFailed } from "../../src/images-api/download.ts";
import { MOST_SOURCE_BYTES } from "../../src/pixels/read-source-picture.ts";
import type { SourceFault } from "../../src/pixels/read-source-picture.ts";

/** Where Discord keeps what people attach. The addresses are signed for about a day, and no token of ours goes there. */
const HOSTS = ["cdn.discordapp.com", "media.discordapp.net"];

/** Fetches what somebody attached. Whoever may see a message has its address, so the bot's place in the chat does not matter. */
export const fetchFromDiscord: FetchSource = async ({ url, declaredBytes = 0 }, _address, signal) => {
  const address = ownAddress(url);
  if (!address) throw new SourceNotFetched("the address is none of Discord's own", { fault: "source host refused" });
  if (declaredBytes > MOST_SOURCE_BYTES) throw new SourceNotFetched("too large as declared", tooLarge(declaredBytes));
  try {
    return await download(address, { mostBytes: MOST_SOURCE_BYTES, signal });
  } catch (error) {
    throw new SourceNotFetched(error instanceof Error ? error.message : String(error), faultOf(error, declaredBytes), {
      cause: error,
    });
  }
};

export function isOwnAddress(url: string): boolean {
  return ownAddress(url) !== undefined;
}

function ownAddress(url: string): URL | undefined {
  const address = URL.parse(url);
  if (address?.protocol !== "https:" || !HOSTS.includes(address.hostname)) return undefined;
  const isPlain = !address.port && !address.username && !address.password;
  return isPlain ? address : undefined;
}

/** None for what may be better in a moment. */
function faultOf(error: unknown, declaredBytes: number): SourceFault | undefined {
  if (!(error instanceof DownloadFailed)) return undefined;
  if (error.isTooLong) return tooLarge(Math.max(declaredBytes, MOST_SOURCE_BYTES + 1));
  if (error.status === undefined) return { fault: "source host refused" };
  // Gone, or gone elsewhere. Anything else may be a page of somebody in between.
  const isGone = [404, 410].includes(error.status) || error.status < 400;
  return isGone ? { fault: "source unreachable" } : undefined;
}

function tooLarge(bytes: number): SourceFault {
  return { fault: "source too large", bytes, limit: MOST_SOURCE_BYTES };
}
