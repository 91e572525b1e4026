/**
 * Pictures and files that people send to the bot in their chat with it: a pasted picture lies with the connector and wants
 * the bot's token, an attached file lies in the person's OneDrive behind a signed address and must never see a token.
 */
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { connectorHost } from "./connector.ts";
import type { Attachment } from "./conversations.ts";
import type { Answer, ReceivedRequest } from "./exchange.ts";
import type { SentFile } from "./file-writing.ts";
import type { Violation } from "./violations.ts";

export const sharePointHost = "contoso-my.sharepoint.com";
/** Where no bot has any business; whatever comes here is a violation. */
export const strangerHost = "pictures.elsewhere.example";

/** What somebody sends, and how it behaves when the bot fetches it. */
export type PersonsFile = {
  bytes: Buffer;
  name?: string;
  /** What the person's client says that it is, whatever the bytes are: `image/png` unless said. A pasted one may be `image/*`. */
  contentType?: string;
  /** Milliseconds before the first byte. */
  delay?: number;
  /** Answered with 302 to this address. */
  redirectTo?: string;
  /** Answered with 404. */
  gone?: boolean;
} & Pick<SentFile, "size" | "withoutLength" | "cutAfter" | "drip">;

export type Files = ReturnType<typeof keepFiles>;

/** Milliseconds that the signed address of an attached file is good for. */
export const downloadLifetime = 60 * 60 * 1000;

type Kept = PersonsFile & { id: string; signature: string; at: number };

export function keepFiles(options: { tenant: string; now: () => number; violations: Violation[] }) {
  const { tenant, now, violations } = options;
  const kept = new Map<string, Kept>();
  const keep = (file: PersonsFile, id: string) => {
    const made = { ...file, id, signature: randomBytes(24).toString("base64url"), at: now() };
    kept.set(id, made);
    return made;
  };

  return {
    /** A pasted picture as the bot gets it. The address in the message's HTML is another one, and not for bots. */
    paste(file: PersonsFile): { attachment: Attachment; html: string } {
      const digest = createHash("sha256").update(randomUUID()).digest("hex").slice(0, 32);
      const { id } = keep(file, `0-weu-d8-${digest}`);
      const contentUrl = `https://${connectorHost}/emea/${tenant}/v3/attachments/${id}/views/original`;
      const source = `https://eu-api.asm.skype.com/v1/objects/${id}/views/imgo`;
      const html = `<p><img alt="image" src="${source}" itemscope="image" width="640" height="480" style="vertical-align:bottom; width:640px; height:480px"></p>`;
      return { attachment: { contentType: file.contentType ?? "image/*", contentUrl }, html };
    },

    /** An attached file as the bot gets it. */
    upload(file: PersonsFile, owner: string): Attachment {
      const { id, signature } = keep(file, randomUUID());
      const name = file.name ?? "picture.png";
      const home = `https://${sharePointHost}/personal/${owner.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_")}_contoso_com`;
      const query = `UniqueId=${id}&Translate=false&tempauth=${signature}&ApiVersion=2.0`;
      return {
        contentType: "application/vnd.microsoft.teams.file.download.info",
        contentUrl: `${home}/Documents/Microsoft%20Teams%20Chat%20Files/${encodeURIComponent(name)}`,
        name,
        content: {
          downloadUrl: `${home}/_layouts/15/download.aspx?${query}`,
          uniqueId: id,
          fileType: /\.([^.]+)$/.exec(name)?.[1] ?? "",
          etag: `"{${id.toUpperCase()}},1"`,
        },
      };
    },

    /** `path` begins after `v3/attachments`. Whoever calls has checked the token. */
    answerAttachment(path: string[]): Answer | Promise<Answer> {
      const [id = "", views, view] = path;
      const file = kept.get(id);
      if (!file || file.gone) return { status: 404 };
      if (views === undefined) {
        const size = file.size ?? file.bytes.length;
        return {
          status: 200,
          body: { name: file.name ?? "original", type: "image/png", views: [{ viewId: "original", size }] },
        };
      }
      return views === "views" && view === "original" ? serve(file) : { status: 404 };
    },

    answerSharePoint(request: ReceivedRequest): Answer | Promise<Answer> {
      const { UniqueId: id = "", tempauth } = request.query;
      if (request.headers.authorization !== undefined) {
        violations.push({
          about: "download",
          where: `https://${sharePointHost}${request.path}`,
          what: "was sent a token",
        });
        return { status: 401 };
      }
      const file = kept.get(id);
      if (!request.path.endsWith("/_layouts/15/download.aspx") || tempauth === undefined) return { status: 403 };
      if (!file || file.gone) return { status: 404 };
      if (tempauth !== file.signature || now() - file.at >= downloadLifetime) return { status: 401 };
      return serve(file);
    },

    answerStranger({ host, path, headers }: ReceivedRequest): Answer {
      const what = headers.authorization === undefined ? "was fetched" : "was sent a token";
      violations.push({ about: "download", where: `https://${host}${path}`, what });
      return { status: 404 };
    },
  };
}

async function serve(file: Kept): Promise<Answer> {
  if (file.delay !== undefined) await new Promise((resolve) => setTimeout(resolve, file.delay));
  if (file.redirectTo !== undefined) return { status: 302, headers: { location: file.redirectTo } };
  const { bytes, size, withoutLength, cutAfter, drip } = file;
  const mediaType = file.contentType === undefined || file.contentType === "image/*" ? "image/png" : file.contentType;
  return { status: 200, file: { bytes, mediaType, size, withoutLength, cutAfter, drip } };
}
