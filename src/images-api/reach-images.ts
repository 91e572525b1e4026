import { once } from "node:events";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ImagesSettings } from "../settings.ts";

/** Throws when nobody answers at the image service's address. A connection and no request: nothing is counted, drawn or paid. */
export async function reachImages({ endpoint }: ImagesSettings, signal: AbortSignal): Promise<void> {
  const { protocol, hostname, port } = new URL(endpoint);
  const host = hostname.replace(/^\[|\]$/g, "");
  const secure = protocol === "https:";
  const socket = secure
    ? connectTls({ host, servername: host, port: Number(port) || 443 })
    : connect({ host, port: Number(port) || 80 });
  try {
    await once(socket, secure ? "secureConnect" : "connect", { signal });
  } finally {
    socket.destroy();
  }
}
