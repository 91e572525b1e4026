/** What came of reading a form that somebody else wrote. */
export type ReadForm = { form: FormData } | { unread: "too large" | "not a form" };

/** Reads a multipart form, and no byte beyond `mostBytes`, whatever length it gives itself. */
export async function readForm(request: Request, mostBytes: number): Promise<ReadForm> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^multipart\/form-data\s*;/i.test(type)) return { unread: "not a form" };
  if (Number(request.headers.get("content-length") ?? 0) > mostBytes) return { unread: "too large" };
  const bytes = await readAtMost(request, mostBytes);
  if (!bytes) return { unread: "too large" };
  try {
    return { form: await new Response(bytes, { headers: { "content-type": type } }).formData() };
  } catch (error) {
    // That is how a body is refused that is no form, such as one cut in the middle.
    if (error instanceof TypeError) return { unread: "not a form" };
    throw error;
  }
}

/** Nothing, where there is more. */
export async function readAtMost({ body }: Request, mostBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
