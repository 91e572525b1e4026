import { randomBytes, randomUUID } from "node:crypto";

type Kept = { bytes: Buffer; mediaType: string; path: string; query: string; ends: number };

/** Pictures behind addresses that nobody can guess and that end, like those of the real service. */
export type KeptPictures = {
  /** Path and query of the address at which the picture now lies. */
  keep(bytes: Buffer, mediaType: string, expired?: boolean): string;
  read(address: URL): Response;
};

const MOST_KEPT = 200;

export function keepPictures(minutes: number): KeptPictures {
  const pictures = new Map<string, Kept>();
  return {
    keep: (bytes, mediaType, expired = false) => {
      const path = `/private/images/${randomUUID()}/generated_00.${mediaType.replace("image/", "")}`;
      const ends = Date.now() + (expired ? -1 : minutes * 60_000);
      const query = new URLSearchParams({
        se: new Date(ends).toISOString().replace(/\.\d+Z$/, "Z"),
        sig: randomBytes(32).toString("base64"),
        sp: "r",
        sr: "b",
        sv: "2020-10-02",
      }).toString();
      pictures.set(path, { bytes, mediaType, path, query, ends });
      const oldest = pictures.keys().next();
      if (pictures.size > MOST_KEPT && !oldest.done) pictures.delete(oldest.value);
      return `${path}?${query}`;
    },
    read: (address) => {
      const kept = pictures.get(address.pathname);
      if (!kept) return refuse(404, "BlobNotFound", "The specified blob does not exist.");
      if (address.search !== `?${kept.query}`) {
        return refuse(
          403,
          "AuthenticationFailed",
          "Server failed to authenticate the request. Signature did not match.",
        );
      }
      if (Date.now() > kept.ends) {
        return refuse(
          403,
          "AuthenticationFailed",
          "Server failed to authenticate the request. Signature not valid in the specified time frame.",
        );
      }
      return new Response(new Uint8Array(kept.bytes), { headers: { "content-type": kept.mediaType } });
    },
  };
}

/** Blob storage speaks XML. */
function refuse(status: number, code: string, message: string): Response {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return new Response(body, { status, headers: { "content-type": "application/xml", "x-ms-error-code": code } });
}
