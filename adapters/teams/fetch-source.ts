import { SourceNotFetched } from "../../src/replies/delivery.ts";
import type { FetchSource } from "../../src/replies/delivery.ts";
import { download, DownloadFailed } from "../../src/images-api/download.ts";
import { MOST_SOURCE_BYTES } from "../../src/pixels/read-source-picture.ts";
import { becauseOf } from "../../src/log.ts";
import { addToken, dropToken } from "./door/entra.ts";
import { isLoopback, isServiceAddress } from "./door/service-address.ts";
import type { TeamsSettings } from "./settings.ts";

/**
 * Where people's files lie. Each tenant's SharePoint has a name of its own below this one, in GCC too; the clouds whose
 * SharePoint has another name are those whose Teams Easel is not made for.
 */
const FILE_HOST_SUFFIX = ".sharepoint.com";

/**
 * A pasted picture lies with the connector and wants the bot's token. An attached file lies with its owner behind an address
 * that is signed itself, good for an hour or so: no token goes there.
 */
export function teamsFetcher(teams: TeamsSettings): FetchSource {
  return async ({ url }, _address, signal) => {
    const address = URL.parse(url);
    const place = address && placeOf(address, teams);
    if (!address || !place) throw new SourceNotFetched("not one of Teams' own hosts", { fault: "source host refused" });
    const headers = new Headers();
    try {
      if (place === "connector") await addToken(headers, teams, signal);
      const options = { mostBytes: MOST_SOURCE_BYTES, signal, headers: Object.fromEntries(headers) };
      return await download(address, { ...options, allowInside: teams.mode === "local" });
    } catch (error) {
      if (place === "connector" && error instanceof DownloadFailed && error.status === 401) dropToken(teams);
      throw notFetched(error);
    }
  };
}

/** Our token goes to the connector and to nobody else. */
function placeOf(address: URL, teams: TeamsSettings): "connector" | "files" | undefined {
  const { protocol, hostname, port, username, password, host } = address;
  if (username || password) return undefined;
  if (isServiceAddress(`${protocol}//${host}/`, teams)) return "connector";
  if (teams.mode === "local") return undefined;
  const isFile = protocol === "https:" && !port && hostname.endsWith(FILE_HOST_SUFFIX) && !isLoopback(hostname);
  return isFile ? "files" : undefined;
}

/**
 * The person hears at once what another try would not change. No status is such a thing: a proxy says it, a throttled
 * service, one that stumbles; where it stays, the picture is out of reach.
 */
function notFetched(error: unknown): SourceNotFetched {
  const because = becauseOf(error);
  if (!(error instanceof DownloadFailed && error.isTooLong))
    return new SourceNotFetched(because, undefined, { cause: error });
  const fault = { fault: "source too large", bytes: MOST_SOURCE_BYTES + 1, limit: MOST_SOURCE_BYTES } as const;
  return new SourceNotFetched(because, fault, { cause: error });
}
