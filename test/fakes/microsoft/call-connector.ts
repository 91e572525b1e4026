import { readFileSync } from "node:fs";
import { request } from "node:https";
import { connectorHost } from "./connector.ts";
import type { Microsoft } from "./microsoft.ts";

export type ConnectorCall = { method: string; path: string; body?: unknown; authorization?: string };

/**
 * Fetches any address of Microsoft's as a bot does: with no token unless said, and up to `most` bytes. A connection that
 * is cut is an error.
 */
export function fetchFrom(
  microsoft: Microsoft,
  authority: string,
  call: { address: string; authorization?: string; most?: number },
): Promise<{ status: number; headers: Record<string, unknown>; bytes: Buffer }> {
  const { hostname, pathname, search } = new URL(call.address);
  const options = {
    host: "127.0.0.1",
    port: microsoft.port,
    path: `${pathname}${search}`,
    servername: hostname,
    ca: readFileSync(authority),
    agent: false,
    headers: { host: hostname, ...(call.authorization !== undefined && { authorization: call.authorization }) },
  };
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      const chunks: Buffer[] = [];
      const done = () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(chunks) });
      let left = call.most ?? Infinity;
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        left -= chunk.length;
        if (left > 0) return;
        done();
        sent.destroy();
      });
      response.on("error", reject);
      response.on("end", done);
    });
    sent.on("error", reject);
    sent.end();
  });
}

/** Calls the connector as a bot without an SDK does; `path` begins after the region. With the bot's own token unless said. */
export function callConnector(
  microsoft: Microsoft,
  authority: string,
  call: ConnectorCall,
): Promise<{ status: number; headers: Record<string, unknown>; body: unknown }> {
  const right = `Bearer ${microsoft.entraToken({ audience: "https://api.botframework.com" })}`;
  const options = {
    method: call.method,
    host: "127.0.0.1",
    port: microsoft.port,
    path: `/teams/v3/conversations/${call.path}`,
    servername: connectorHost,
    ca: readFileSync(authority),
    agent: false,
    headers: { host: connectorHost, "content-type": "application/json", authorization: call.authorization ?? right },
  };
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const body: unknown = text === "" ? undefined : JSON.parse(text);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
    sent.on("error", reject);
    sent.end(call.body === undefined ? undefined : JSON.stringify(call.body));
  });
}
