/** What came of reading a body that somebody else wrote. */
export type Unread = { unread: "too large" | "too slow" | "not a form" };
export type ReadBody = { bytes: Buffer } | Unread;
export type ReadForm = { words: string; mask?: Buffer } | Unread;

type Limits = { mostBytes: number; milliseconds: number };

/** The words, the mask, and what some browser may add. */
const MOST_PARTS = 4;
const LONGEST_PART_HEAD = 2000;

/**
 * Reads the words and the mask out of a multipart form. No byte beyond the limit is read, whatever length it gives itself, and
 * nobody holds the line open: the parts are few and are found by their boundary, so that the cost is that of their bytes.
 */
export async function readForm(request: Request, limits: Limits): Promise<ReadForm> {
  const type = request.headers.get("content-type") ?? "";
  const [, quoted, bare] =
    /^multipart\/form-data\s*;[^"]{0,200}?boundary=(?:"([^"]{1,70})"|([^\s";]{1,70}))/i.exec(type) ?? [];
  const boundary = quoted ?? bare;
  if (!boundary) return { unread: "not a form" };
  const read = await readBody(request, limits);
  if ("unread" in read) return read;
  const parts = partsOf(read.bytes, boundary);
  const words = parts?.find(({ name }) => name === "words");
  const mask = parts?.find(({ name }) => name === "mask");
  if (!words || words.isFile || (mask && !mask.isFile)) return { unread: "not a form" };
  return { words: words.content.toString("utf8"), mask: mask?.content };
}

export async function readBody(request: Request, { mostBytes, milliseconds }: Limits): Promise<ReadBody> {
  if (Number(request.headers.get("content-length") ?? 0) > mostBytes) return { unread: "too large" };
  const reader = request.body?.getReader();
  if (!reader) return { bytes: Buffer.alloc(0) };
  const chunks: Uint8Array[] = [];
  let length = 0;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(resolve, milliseconds, "late");
  });
  try {
    for (;;) {
      const next = await Promise.race([reader.read(), late]);
      if (next === "late") return { unread: "too slow" };
      if (next.done) return { bytes: Buffer.concat(chunks, length) };
      length += next.value.length;
      if (length > mostBytes) return { unread: "too large" };
      chunks.push(next.value);
    }
  } finally {
    clearTimeout(timer);
    // What is left of it is nobody's; of one that is read there is nothing left.
    void reader.cancel().catch(() => undefined);
  }
}

type Part = { name: string; isFile: boolean; content: Buffer };

/** RFC 7578, as browsers write it: nothing before the first boundary, one header block, and the content as it is. */
function partsOf(body: Buffer, boundary: string): Part[] | undefined {
  const mark = Buffer.from(`\r\n--${boundary}`);
  if (!body.subarray(0, mark.length - 2).equals(mark.subarray(2))) return undefined;
  const parts: Part[] = [];
  for (let at = mark.length - 2; parts.length <= MOST_PARTS;) {
    if (body.toString("latin1", at, at + 2) === "--") return parts;
    const start = body.toString("latin1", at, at + LONGEST_PART_HEAD);
    const head = start.slice(0, Math.max(0, start.indexOf("\r\n\r\n")));
    const [, name] = /\bname="([^"]{1,100})"/i.exec(head) ?? [];
    const begin = at + head.length + 4;
    const end = body.indexOf(mark, begin);
    if (!name || end < 0) return undefined;
    const isFile = /\bfilename\*?=/i.test(head);
    parts.push({ name, isFile, content: body.subarray(begin, end) });
    at = end + mark.length;
  }
  return undefined;
}
