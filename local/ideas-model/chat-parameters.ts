import { Refused } from "../images-api/refused.ts";
import * as refusals from "../images-api/refusals.ts";

export type Chat = {
  model: string;
  /** The schema that the answer has to keep. */
  schema: Record<string, unknown>;
  given: Record<string, unknown>;
  picture?: Buffer;
  mostTokens?: number;
  /** Of all that was sent. */
  tokens: number;
};

const KNOWN = new Set([
  "model",
  "messages",
  "max_completion_tokens",
  "max_tokens",
  "response_format",
  "user",
  "safety_identifier",
  "temperature",
  "n",
]);

/** The body of a chat completion, within the rules of the service. */
export function readChat(body: unknown): Chat {
  const parameters = recordOf(body);
  if (!parameters) throw new Refused(refusals.unreadableBody());
  const unknown = Object.keys(parameters).find((name) => !KNOWN.has(name));
  if (unknown) throw new Refused(refusals.unknownParameter(unknown));
  const { model, messages, max_completion_tokens: mostTokens } = parameters;
  if (!Array.isArray(messages) || !messages.length) throw new Refused(refusals.missingParameter("messages"));
  if (typeof model !== "string") throw new Refused(refusals.missingParameter("model"));
  if (mostTokens !== undefined && !Number.isInteger(mostTokens))
    throw new Refused(refusals.wrongType("max_completion_tokens", "an integer", mostTokens));
  const last = recordOf(messages.at(-1))?.content;
  const parts = (Array.isArray(last) ? last : [{ type: "text", text: last }]).map(recordOf);
  const text = parts.find((part) => part?.type === "text")?.text;
  const picture = recordOf(parts.find((part) => part?.type === "image_url")?.image_url)?.url;
  return {
    model,
    schema: schemaOf(parameters.response_format),
    given: readGiven(String(text)),
    picture: typeof picture === "string" ? pictureOf(picture) : undefined,
    mostTokens: mostTokens as number | undefined,
    tokens: Math.ceil(JSON.stringify(messages).replace(/base64,[^"]*/, "").length / 4) + (picture ? 765 : 0),
  };
}

function recordOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function readGiven(text: string): Record<string, unknown> {
  try {
    return recordOf(JSON.parse(text)) ?? {};
  } catch {
    return {};
  }
}

function pictureOf(url: string): Buffer {
  const [, base64] = /^data:image\/(?:jpeg|png|webp|gif);base64,([A-Za-z0-9+/=]+)$/.exec(url) ?? [];
  if (base64) return Buffer.from(base64, "base64");
  const message = "Invalid image data.";
  throw new Refused({
    status: 400,
    body: { error: { message, type: "invalid_request_error", param: null, code: "invalid_image_url" } },
  });
}

function schemaOf(format: unknown): Record<string, unknown> {
  const { type, json_schema: asked } = recordOf(format) ?? {};
  if (type === undefined) return {};
  if (type !== "json_schema")
    throw new Refused(refusals.notSupported("response_format.type", JSON.stringify(type), ["json_schema"]));
  const { name, schema } = recordOf(asked) ?? {};
  if (typeof name !== "string" || !/^[a-zA-Z0-9_-]{1,64}$/.test(name))
    throw new Refused(refusals.notSupported("response_format.json_schema.name", String(name), ["^[a-zA-Z0-9_-]+$"]));
  const fault = faultOf(schema, []);
  if (fault) {
    const message = `Invalid schema for response_format '${name}': ${fault}`;
    throw new Refused({
      status: 400,
      body: { error: { message, type: "invalid_request_error", param: "response_format", code: null } },
    });
  }
  return recordOf(schema) ?? {};
}

/** What a strict schema may not hold on Azure. */
const UNSUPPORTED = ["minLength", "maxLength", "pattern", "minItems", "maxItems", "minimum", "maximum"];

function faultOf(schema: unknown, context: string[]): string | undefined {
  const { properties, additionalProperties, required, items, ...others } = recordOf(schema) ?? {};
  const at = `In context=(${context.map((name) => `'${name}'`).join(", ")})`;
  const unsupported = UNSUPPORTED.find((name) => name in others);
  if (unsupported) return `${at}, '${unsupported}' is not permitted.`;
  if (items) return faultOf(items, [...context, "items"]);
  if (!properties) return undefined;
  const named = recordOf(properties) ?? {};
  if (additionalProperties !== false)
    return `${at}, 'additionalProperties' is required to be supplied and to be false.`;
  const missing = Object.keys(named).find((name) => !(Array.isArray(required) && required.includes(name)));
  if (missing)
    return `${at}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`;
  return Object.entries(named)
    .map(([name, each]) => faultOf(each, [...context, "properties", name]))
    .find(Boolean);
}
