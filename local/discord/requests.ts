import type { IncomingMessage } from "node:http";
import { invalidForm, refusal, type Answer } from "./refusals.ts";
import type { LoggedRequest, SentFile } from "./records.ts";
import { mebibyte, type Fields } from "./wire.ts";

const requestBytes = 25 * mebibyte;

/** Reads a request to its end, even one that is far too large: so that the client reads the answer. */
export async function readRequest(incoming: IncomingMessage): Promise<LoggedRequest & { refused?: Answer }> {
  const address = new URL(incoming.url ?? "/", "http://discord.test");
  const request: LoggedRequest = {
    time: Date.now(),
    method: incoming.method ?? "GET",
    path: decodeURIComponent(address.pathname).replace(/^\/api(\/v\d+)?/, ""),
    query: address.searchParams,
    body: undefined,
    files: [],
    headers: incoming.headers,
  };
  const bytes = Buffer.concat(await Array.fromAsync(incoming as AsyncIterable<Buffer>));
  if (bytes.length > requestBytes) return { ...request, refused: refusal(40005) };
  return { ...request, ...(await parseBody(bytes, incoming.headers["content-type"] ?? "")) };
}

async function parseBody(
  bytes: Buffer<ArrayBuffer>,
  type: string,
): Promise<{ body?: unknown; files?: SentFile[]; refused?: Answer }> {
  if (bytes.length === 0) return {};
  if (!type.startsWith("multipart/form-data")) return parseJson(bytes.toString("utf8"));
  const form = await parseForm(bytes, type);
  if (form === undefined) return { refused: invalidForm([{ path: [], code: "BAD_MULTIPART", message: "Not a form" }]) };
  const payload = form.get("payload_json");
  const parsed = typeof payload === "string" ? parseJson(payload) : { body: {} };
  return { ...parsed, files: await readFiles(form) };
}

function parseJson(text: string): { body?: unknown; refused?: Answer } {
  try {
    return { body: withTextIds(JSON.parse(text)) };
  } catch (error) {
    if (error instanceof SyntaxError) return { refused: refusal(50109) };
    throw error;
  }
}

async function parseForm(bytes: Buffer<ArrayBuffer>, type: string): Promise<FormData | undefined> {
  try {
    return await new Response(bytes, { headers: { "content-type": type } }).formData();
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

async function readFiles(form: FormData): Promise<SentFile[]> {
  const files: SentFile[] = [];
  for (const [field, value] of form.entries()) {
    const index = /^files\[(\d+)\]$/.exec(field)?.[1];
    if (index === undefined || typeof value === "string") continue;
    const bytes = new Uint8Array(await value.arrayBuffer());
    files.push({ index: Number(index), name: value.name, contentType: value.type, bytes });
  }
  return files;
}

/** Discord's documentation names new attachments by number, its description by text: both are taken. */
function withTextIds(body: unknown): unknown {
  for (const holder of [body, (body as Fields | null)?.["data"]]) {
    const attachments = (holder as Fields | null | undefined)?.["attachments"];
    if (!Array.isArray(attachments)) continue;
    for (const attachment of attachments as Fields[]) {
      if (typeof attachment["id"] === "number") attachment["id"] = String(attachment["id"]);
    }
  }
  return body;
}
