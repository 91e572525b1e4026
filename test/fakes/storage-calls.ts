import type { IncomingHttpHeaders } from "node:http";

/** A call to storage as it came over the wire. `path` is that of the wire, with its query. */
export type StorageCall = {
  number: number;
  service: "blob" | "queue" | "table";
  method: string;
  path: string;
  /** What it does in words: "PUT job", "acquire lease on open", "append history", "POST ticket". */
  name: string;
  /** The blob's name without its container; the message's id, or nothing, in a queue; the partition in a table. */
  target: string;
  at: number;
  /** What Azurite made of it; nothing where it was never asked, or is still at it. */
  status?: number;
};

/** Whatever Easel keeps in Blob, by the first folder of its name. */
const THINGS: Record<string, string> = {
  jobs: "job",
  addresses: "address",
  cancels: "cancellation",
  inputs: "input",
  drafts: "draft",
  presses: "press",
  sheets: "sheet mark",
  sessions: "session",
  "pace.json": "pace",
  "durations.json": "durations",
};

type Wire = { service: StorageCall["service"]; method: string; path: string; headers: IncomingHttpHeaders };

export function readStorageCall({ service, method, path, headers }: Wire): Pick<StorageCall, "name" | "target"> {
  const { pathname, searchParams } = new URL(path, "https://storage.test");
  const parts = decodeURIComponent(pathname).split("/").slice(1);
  if (service === "table") {
    // Its rows are named in the body alone.
    if (pathname.endsWith("/$batch")) return { name: `${method} transaction`, target: "" };
    const partition = /PartitionKey(?:=| eq )'([^']*)'/.exec(decodeURIComponent(path))?.[1] ?? "";
    const thing = partition.startsWith("first-") ? partition : partition.split(/[-.]/, 1)[0];
    // A row that is not there yet is named in the body.
    return { name: `${method} ${thing || "table"}`, target: partition };
  }
  // An address by number has the account in its path, a product's address in its host name.
  if (/^(\d|localhost)/.test(headers.host ?? "")) parts.shift();
  const target = parts.slice(1).join("/");
  const name =
    service === "queue"
      ? nameQueueCall(method, target, searchParams)
      : nameBlobCall(method, target, searchParams, headers);
  return { name, target: service === "queue" ? target.replace(/^messages\/?/, "") : target };
}

function nameQueueCall(method: string, target: string, query: URLSearchParams): string {
  if (!target) return method === "GET" ? "GET queue length" : `${method} queue`;
  if (target === "messages") return method === "GET" ? "GET tickets" : `${method} ticket`;
  if (method !== "PUT") return `${method} ticket`;
  return query.get("visibilitytimeout") === "0" ? "show ticket" : "hide ticket";
}

function nameBlobCall(method: string, target: string, query: URLSearchParams, headers: IncomingHttpHeaders): string {
  const operation = query.get("comp") ?? "";
  if (!target) return operation === "list" ? `list ${thingIn(query.get("prefix") ?? "")}` : `${method} container`;
  const thing = thingIn(target);
  if (operation === "lease") return `${String(headers["x-ms-lease-action"])} lease on ${thing}`;
  if (operation === "appendblock") return `append ${thing}`;
  if (operation === "blocklist") return `commit ${thing}`;
  return operation ? `${method} ${operation} of ${thing}` : `${method} ${thing}`;
}

function thingIn(name: string): string {
  const [folder = "", second = ""] = name.split("/");
  if (folder === "pictures") return /-(partial|preview|grid|sheet)/.exec(name)?.[1] ?? "picture";
  if (folder === "lists" || (folder === "teams" && second)) return second;
  if (folder === "discord" && second) return `Discord's ${second.replace(/\.json$/, "")}`;
  return THINGS[folder] ?? folder;
}
