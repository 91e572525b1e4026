import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import sharp from "sharp";

/** One call that reached the service. */
export type ScriptedCall = {
  number: number;
  path: string;
  headers: IncomingMessage["headers"];
  parameters: Record<string, unknown>;
  at: number;
};
export type Script = (call: ScriptedCall, response: ServerResponse) => void | Promise<void>;

export type ScriptedImages = {
  origin: string;
  calls: ScriptedCall[];
  play(script: Script): void;
  stop(): Promise<void>;
};

/** An Images API that answers with whatever a test scripts, byte by byte: for what a well-behaved service never does. */
export async function startScriptedImages(
  script: Script = drawn(),
  onPort = 0,
  /** What is fetched from it and is no call. */
  serve: (request: IncomingMessage, response: ServerResponse) => void = (_, response) =>
    void response.writeHead(404).end(),
): Promise<ScriptedImages> {
  let play = script;
  const calls: ScriptedCall[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
      if (request.method !== "POST") return serve(request, response);
      const call = {
        number: calls.length + 1,
        path: request.url ?? "",
        headers: request.headers,
        parameters: await readParameters(body, request.headers["content-type"]),
        at: Date.now(),
      };
      calls.push(call);
      await play(call, response);
    })();
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  await listen(onPort);
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    calls,
    play(next) {
      play = next;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** JSON, or the fields of a form without its files. */
async function readParameters(body: Buffer<ArrayBuffer>, type = ""): Promise<Record<string, unknown>> {
  if (!type.startsWith("multipart/form-data")) return JSON.parse(body.toString("utf8") || "{}");
  const form = await new Response(body, { headers: { "content-type": type } }).formData();
  return Object.fromEntries([...form].filter(([, value]) => typeof value === "string"));
}

export const paint = (width = 1024, height = 1024, background = "#357") =>
  sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Script {
  return (_, response) =>
    void response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** A picture in the form in which it was asked for: a stream, or JSON. */
export function drawn(revisedPrompt?: string): Script {
  return async (call, response) => {
    const b64_json = (
      await paint(1024, 1024, `#${(call.number * 1_234_567).toString(16).padStart(6, "0").slice(0, 6)}`)
    ).toString("base64");
    if (!call.parameters.stream)
      return json(200, { created: 1, data: [{ b64_json, revised_prompt: revisedPrompt }] })(call, response);
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(event({ type: "image_generation.partial_image", b64_json, partial_image_index: 0 }));
    response.end(event({ type: "image_generation.completed", b64_json, usage: {} }));
  };
}

export function event(data: Record<string, unknown>): string {
  return `event: ${String(data.type)}\ndata: ${JSON.stringify(data)}\n\n`;
}
