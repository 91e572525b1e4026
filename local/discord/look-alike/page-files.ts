import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";

const folder = new URL("../page/", import.meta.url);

const types: Record<string, string> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  ts: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

export type PageFile = { type: string; body: string };

/** A file of the page by its path; TypeScript comes as the JavaScript in it. None for what is not there, or no file of a page. */
export async function readPageFile(path: string): Promise<PageFile | undefined> {
  const name = path || "index.html";
  const type = types[/^[\w-]+(?:\/[\w-]+)*\.([a-z]+)$/.exec(name)?.[1] ?? ""];
  if (type === undefined) return undefined;
  const text = (await read(name)) ?? (name.endsWith(".js") ? await read(name.replace(/js$/, "ts")) : undefined);
  if (text === undefined) return undefined;
  return { type, body: type === types["js"] ? stripTypes(text) : text };
}

/** Node calls this experimental, once in each process, in a terminal that is read by people who try Easel. */
function stripTypes(text: string): string {
  // oxlint-disable-next-line typescript/unbound-method -- it is put back where it was
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(text);
  } finally {
    process.emitWarning = emitWarning;
  }
}

async function read(name: string): Promise<string | undefined> {
  try {
    return await readFile(new URL(name, folder), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "EISDIR"))
      return undefined;
    throw error;
  }
}
