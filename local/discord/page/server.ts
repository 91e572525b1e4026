import type { NotSent, Uploaded } from "../page-protocol.ts";

/** Tells the look-alike's server what a person does; what a client would not send comes back as an error with its sentence. */
export async function post<Answer>(what: string, body: unknown): Promise<Answer> {
  return ask<Answer>(what, { "content-type": "application/json" }, JSON.stringify(body));
}

export async function upload(file: File): Promise<Uploaded> {
  const type = file.type || "application/octet-stream";
  return ask<Uploaded>(`upload?name=${encodeURIComponent(file.name)}`, { "content-type": type }, file);
}

async function ask<Answer>(what: string, headers: Record<string, string>, body: BodyInit): Promise<Answer> {
  const response = await fetch(what, { method: "POST", headers, body });
  if (response.status === 204) return undefined as Answer;
  const answer = (await response.json()) as Answer | NotSent;
  if (!response.ok) throw new Error((answer as NotSent).error);
  return answer as Answer;
}
