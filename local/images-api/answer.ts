import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** An answer as it goes over the wire, in the shape of the recorded ones: a string is sent as it stands, the rest as JSON. */
export type Answer = {
  status: number;
  headers?: Record<string, string>;
  /** `application/json` unless set. */
  contentType?: string;
  body: unknown;
};

/** Reads one of the recorded answers by its name, without `.json`. */
export async function readRecordedAnswer(directory: string, name: string): Promise<Answer> {
  if (!/^[\w-]+$/.test(name)) throw new Error(`"${name}" is no name of a recorded answer`);
  return JSON.parse(await readFile(join(directory, `${name}.json`), "utf8"));
}

export function toResponse(answer: Answer, headers: Record<string, string> = {}): Response {
  const text = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
  return new Response(text, {
    status: answer.status,
    headers: { ...headers, ...answer.headers, "content-type": answer.contentType ?? "application/json" },
  });
}
