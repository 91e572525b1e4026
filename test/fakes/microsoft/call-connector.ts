import { readFileSync } from "node:fs";
import { request } from "node:https";
import { connectorHost } from "./connector.ts";
import type { Microsoft } from "./microsoft.ts";

export type ConnectorCall = { method: string; path: string; body?: unknown; authorization?: string };

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
