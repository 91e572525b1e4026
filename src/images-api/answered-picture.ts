/** One picture of an answer, in the form in which it came: base64, or an address to fetch it from. */
export type AnsweredPicture = { base64?: string; url?: string; revisedPrompt?: string };

/** Under these names services and gateways have been seen to answer with an encoded picture ... */
const BASE64_NAMES = new Set([
  "b64_json",
  "b64",
  "b64json",
  "base64",
  "image_base64",
  "image_b64",
  "b64_image",
  "base64_image",
  // Google's own forms, and what the Responses API calls it.
  "bytesbase64encoded",
  "result",
]);
/** ... and under these with an address, which may be a whole picture behind `data:`. */
const ADDRESS_NAMES = new Set(["url", "image_url", "imageurl", "image", "images", "uri", "output", "file_uri"]);
/** What these two hold is meant as a picture, however little it looks like one. */
const SURE_NAMES = new Set(["b64_json", "url"]);
/** Texts in which a picture may stand among words, as an answer of a chat model. */
const WORDS_NAMES = new Set(["content", "text"]);
/** Nothing in these is the picture: a problem, notes of a filter, or the request said back. */
const OTHER_NAMES = new Set(["error", "errors", "request", "input", "inputs", "parameters", "usage"]);

/** What a picture begins with in base64: PNG, JPEG (also with the alphabet of addresses), WebP, GIF. */
const BASE64_BEGINNINGS = ["iVBORw0KGgo", "/9j/", "_9j_", "UklGR", "R0lGOD"];

/** Pictures that are looked at in one answer, and how deep and wide is looked for them. One was asked for. */
const MOST_PICTURES = 8;
const DEEPEST = 8;
const MOST_NODES = 2000;

/** Foreign text without a bound of its own, which is shown to people. */
const MOST_REVISED_CHARACTERS = 10_000;

/**
 * The pictures in the body of a success, whatever is wrapped around them: `data` as a list, as one object or missing, a list at the
 * top, `images`, an answer of a chat model. The money is spent when this is read, so it is the name or the look of a text
 * that counts, not its place. What lies least deep comes first, and `data` before all else.
 */
export function picturesIn(body: unknown): AnsweredPicture[] {
  const pictures: AnsweredPicture[] = [];
  const data: Node[] =
    isRecord(body) && body.data !== undefined
      ? [{ name: "data", value: body.data, revisedPrompt: revisedPromptOf(body) }]
      : [];
  let level: Node[] = [...data, { name: "", value: data.length ? { ...(body as object), data: undefined } : body }];
  for (let depth = 0, nodes = 0; level.length && depth < DEEPEST && pictures.length < MOST_PICTURES; depth++) {
    const below: Node[] = [];
    for (const node of level) {
      if ((nodes += 1) > MOST_NODES) return pictures;
      below.push(...lookAt(node, pictures));
    }
    level = below;
  }
  return pictures.slice(0, MOST_PICTURES);
}

/** A value, what it was called, and what the object around it says of the words it was drawn from. */
type Node = { name: string; value: unknown; revisedPrompt?: string };

function lookAt({ name, value, revisedPrompt }: Node, pictures: AnsweredPicture[]): Node[] {
  if (typeof value === "string") {
    const picture = pictureOfText(name.toLowerCase(), value);
    if (picture) pictures.push(revisedPrompt ? { ...picture, revisedPrompt } : picture);
    return [];
  }
  if (Array.isArray(value)) return value.map((each: unknown) => ({ name, value: each, revisedPrompt }));
  if (!isRecord(value)) return [];
  const words = revisedPromptOf(value) ?? revisedPrompt;
  return Object.entries(value)
    .filter(([each]) => !OTHER_NAMES.has(each.toLowerCase()))
    .map(([each, inside]) => ({ name: each, value: inside, revisedPrompt: words }));
}

function pictureOfText(name: string, value: string): AnsweredPicture | undefined {
  const text = value.trim();
  if (WORDS_NAMES.has(name)) return pictureAmongWords(text);
  const isPicture = text.startsWith("data:image/") || BASE64_BEGINNINGS.some((beginning) => text.startsWith(beginning));
  if (isPicture || (name === "url" && text.startsWith("data:"))) return { base64: text };
  const isAddress = /^(https?:)?\/\/?[^\s]{1,20000}$/.test(text);
  if (isAddress && (BASE64_NAMES.has(name) || ADDRESS_NAMES.has(name))) return { url: text };
  if (!text || !SURE_NAMES.has(name)) return undefined;
  return name === "url" ? { url: text } : { base64: text };
}

/** `![words](address)`, or a whole picture behind `data:`. */
function pictureAmongWords(text: string): AnsweredPicture | undefined {
  const start = text.indexOf("data:image/");
  if (start >= 0) return { base64: /^[^\s)"'>]*/.exec(text.slice(start))?.[0] };
  const opening = text.indexOf("](http");
  const closing = opening < 0 ? -1 : text.indexOf(")", opening);
  return closing < 0 || closing - opening > 20_000
    ? undefined
    : { url: text.slice(opening + 2, closing).split(/\s/)[0] };
}

function revisedPromptOf({ revised_prompt: words }: Record<string, unknown>): string | undefined {
  if (typeof words !== "string" || !words) return undefined;
  // Half of an emoji at the cut, or from outside, would make a message that chat platforms refuse.
  return words.slice(0, MOST_REVISED_CHARACTERS).toWellFormed();
}

/** The bytes of an encoded picture: with or without `data:` before it, line breaks, either alphabet, padding or none. */
export function bytesOfBase64(text: string): Buffer {
  let encoded = text.trim();
  // Gateways have been seen to put it there twice.
  for (let times = 0; times < 3 && encoded.startsWith("data:"); times++)
    encoded = encoded.slice(encoded.indexOf(",") + 1);
  return Buffer.from(encoded.includes("%") ? fromPercents(encoded) : encoded, "base64");
}

function fromPercents(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
