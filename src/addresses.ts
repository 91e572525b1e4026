/** What the start has to say: `faults` keep it from starting, `notes` go into the log. */
export type Said = { faults: string[]; notes: string[] };

const LONGEST = 2000;

/** Below these an address of the Images API is somebody's call, copied whole: the portals show it so. */
const CALLS =
  "(?:images(?:/(?:generations|edits|variations))?|chat/completions|completions|responses|embeddings|models)";
const AZURE_TAIL = new RegExp(
  `/openai(?:/v1(?:/${CALLS})?|/deployments(?:/[^/]+(?:/${CALLS})?)?|/${CALLS})?$|/images/(?:generations|edits)$`,
  "i",
);
const OPENAI_TAIL = new RegExp(`/(?:images/(?:generations|edits|variations)|(?!images)${CALLS})$`, "i");
const OWN_TAIL = /\/(?:api\/messages|healthz|readyz|privacy|terms)$/i;
/** A Foundry project, or its catalogue of models, on the resource that also serves the Images API. */
const FOUNDRY_TAIL = /^\/(?:api\/projects(?:\/[^/]+)?|models)$/i;

const AZURE_HOST = /\.(?:openai|cognitiveservices|services\.ai)\.azure\.(?:com|us|cn)$/i;
const PORTAL_HOST = /^(?:(?:portal|ai|oai)\.azure\.com|platform\.openai\.com)$/i;
/** A key in the query would be left out with it, and every call refused: API Management takes one so, Functions another. */
const SECRET_NAME = /key|token|secret|password|^sig$|^code$/i;

/**
 * `AZURE_OPENAI_ENDPOINT`: what stands before `/openai/v1/…` and `/openai/deployments/…`, without a slash at its end. A
 * gateway keeps its path; what is known to be a part of the calls themselves is left out, with a note.
 */
export function readAzureEndpoint(text: string, said: Said): string | undefined {
  const name = "AZURE_OPENAI_ENDPOINT";
  const address = openAddress(name, text, said.faults);
  if (!address) return undefined;
  const refuse = (why: string) => void said.faults.push(`${name} ${why}`);
  if (address.hostname === "api.openai.com")
    return refuse("is OpenAI's own address: set OPENAI_API_KEY in its place, and leave it out.");
  let path = withoutTail(address, AZURE_TAIL);
  if (AZURE_HOST.test(address.hostname)) {
    path = path.replace(FOUNDRY_TAIL, "");
    if (path)
      return refuse(
        `has the path "${path}", but Azure's own addresses have none: give https://${address.host}, from Keys and Endpoint.`,
      );
  }
  const call = /\/(?:openai\/v1|openai\/deployments|deployments\/[^/]+|images\/(?:generations|edits))(?:\/|$)/i.exec(
    path,
  );
  if (call)
    return refuse(
      `has "${call[0]}" in the middle of its path: give what stands before /openai, as in https://gateway.example.org/team-a.`,
    );
  return settle(name, address, path, said);
}

/** `OPENAI_BASE_URL`: what stands before `/images/generations`, mostly with `/v1` at its end. */
export function readOpenAiBase(text: string, said: Said): string | undefined {
  const name = "OPENAI_BASE_URL";
  const address = openAddress(name, text, said.faults);
  if (!address) return undefined;
  const path = withoutTail(address, OPENAI_TAIL);
  if (AZURE_HOST.test(address.hostname) && !/^\/openai\/v1$/i.test(path)) {
    said.faults.push(
      `${name} is an address of Azure's: set AZURE_OPENAI_ENDPOINT to https://${address.host} in its place.`,
    );
    return undefined;
  }
  return settle(name, address, path || (address.hostname === "api.openai.com" ? "/v1" : ""), said);
}

/** `PUBLIC_URL`: a path is kept, for a proxy may serve the bot below one. */
export function readPublicUrl(text: string, said: Said): string | undefined {
  const address = openAddress("PUBLIC_URL", text, said.faults);
  return address && settle("PUBLIC_URL", address, withoutTail(address, OWN_TAIL), said);
}

/** https everywhere; plain http on this machine alone, so that no key leaves it in the clear. */
function openAddress(name: string, text: string, faults: string[]): URL | undefined {
  const address = text.length <= LONGEST && /^https?:\/\/[^/]/i.test(text) ? URL.parse(text) : null;
  const refuse = (why: string) => void faults.push(`${name} ${why}`);
  // A login, a key or a whole password in the wrong line is not for the log.
  const shown =
    address || /^[^@\s]{1,200}\.[^@\s]{1,200}$/.test(text) ? ` is "${text.replace(/\?.*/s, "?…")}"` : " is no address";
  if (address?.username || address?.password)
    return refuse("has a login in it: take out what stands before the @; a key has a setting of its own.");
  const isLoopback = address && ["127.0.0.1", "localhost", "[::1]"].includes(address.hostname);
  if (!address || (address.protocol !== "https:" && !isLoopback)) {
    faults.push(`${name}${shown}: give a whole address that begins with https://.`);
    return undefined;
  }
  if (PORTAL_HOST.test(address.hostname))
    return refuse("is the address of a portal: give the one that the portal shows, not its own.");
  const secret = [...address.searchParams.keys()].find((key) => SECRET_NAME.test(key));
  if (secret) return refuse(`has "${secret}" in its query: leave the query out; a key has a setting of its own.`);
  return address;
}

function withoutTail({ pathname }: URL, tail: RegExp): string {
  return pathname
    .replaceAll(/\/{2,}/g, "/")
    .replace(/\/$/, "")
    .replace(tail, "")
    .replace(/\/$/, "");
}

/** What was changed beside a slash at the end is said, so that nothing is corrected in silence. */
function settle(name: string, address: URL, path: string, { notes }: Said): string {
  const settled = `${address.origin}${path}`;
  const given = address.pathname.replace(/\/+$/, "");
  if (given !== path || address.search || address.hash) {
    const query = address.search ? `?${[...new Set(address.searchParams.keys())].join("&")}` : "";
    notes.push(`${name} is taken as ${settled}, not as ${address.origin}${given}${query}${address.hash ? "#…" : ""}.`);
  }
  return settled;
}
