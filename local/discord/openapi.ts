import { readFileSync } from "node:fs";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { Problem } from "./refusals.ts";

type Media = { content?: Record<string, { schema: unknown }>; $ref?: string };
type Operation = { requestBody?: Media; responses: Record<string, Media> };
type Description = {
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, { properties?: Record<string, { type?: unknown }> }>;
    responses: Record<string, Media>;
  };
};

/** What Discord's description says of one call: no list of problems is as good as an empty one. */
export type Contract = {
  template: string;
  checkRequest: (body: unknown) => Problem[];
  checkAnswer: (status: number, body: unknown) => Problem[];
};

const description = JSON.parse(readFileSync(new URL("discord-openapi.json", import.meta.url), "utf8")) as Description;
const root = "discord";
const templates = Object.keys(description.paths).map((template) => ({
  template,
  pattern: new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`),
  variables: template.split("{").length,
}));
templates.sort((one, other) => one.variables - other.variables);

mendDescription();

const ajv = new Ajv2020({
  strict: false,
  allErrors: true,
  verbose: false,
  code: { optimize: false },
  inlineRefs: false,
});
addFormats.default(ajv, ["date-time", "uri"]);
ajv.addFormat("snowflake", /^\d{1,20}$/);
ajv.addFormat("nonce", true);
ajv.addFormat("double", { type: "number", validate: Number.isFinite });
ajv.addFormat("int32", { type: "number", validate: (value) => Math.abs(value) <= 2 ** 32 });
ajv.addFormat("int64", { type: "number", validate: Number.isInteger });
ajv.addSchema(description, root);

const validators = new Map<string, ValidateFunction>();

/** Finds the call in Discord's description; undefined where it knows no such path or method. */
export function findContract(method: string, path: string): Contract | undefined {
  const template = templates.find(({ pattern }) => pattern.test(path))?.template;
  const operation = template === undefined ? undefined : description.paths[template]?.[method.toLowerCase()];
  if (template === undefined || operation === undefined) return undefined;
  const pointer = `/paths/${escape(template)}/${method.toLowerCase()}`;
  return {
    template,
    checkRequest: (body) =>
      operation.requestBody === undefined ? [] : check(`${pointer}/requestBody${jsonSchema}`, body),
    checkAnswer: (status, body) => checkAnswer(operation, pointer, { status, body }),
  };
}

/** Checks a value against one of the named schemas, for what travels over the gateway. */
export function checkAgainst(schema: string, value: unknown): Problem[] {
  return check(`/components/schemas/${schema}`, value);
}

const jsonSchema = "/content/application~1json/schema";

function checkAnswer(operation: Operation, pointer: string, { status, body }: { status: number; body: unknown }) {
  const key = [String(status), `${String(status)[0]}XX`].find((name) => name in operation.responses);
  if (key === undefined) return status >= 500 ? [] : [undescribed(`status ${status}`)];
  const media = operation.responses[key];
  const at = media?.$ref === undefined ? `${pointer}/responses/${key}` : media.$ref.slice(1);
  const named = media?.$ref?.split("/").at(-1);
  const content = (named === undefined ? media : description.components.responses[named])?.content;
  if (content === undefined) return body === undefined ? [] : [undescribed(`a body with status ${status}`)];
  return check(`${at}${jsonSchema}`, body);
}

function undescribed(what: string): Problem {
  return { path: [], code: "UNDESCRIBED", message: `Discord's description knows no ${what} here` };
}

function check(pointer: string, value: unknown): Problem[] {
  const validate = validators.get(pointer) ?? ajv.compile({ $ref: `${root}#${encodeURI(pointer)}` });
  validators.set(pointer, validate);
  if (validate(value)) return [];
  const problems = deepest(validate.errors ?? []).map(toProblem);
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

/** In a union each branch complains: the complaints furthest down are about the branch that was meant. */
function deepest(errors: ErrorObject[]): ErrorObject[] {
  const telling = errors.filter(({ keyword }) => !["oneOf", "anyOf", "allOf", "const", "enum"].includes(keyword));
  const candidates = telling.length > 0 ? telling : errors;
  const depth = Math.max(...candidates.map(({ instancePath }) => instancePath.split("/").length));
  return candidates.filter(({ instancePath }) => instancePath.split("/").length === depth).slice(0, 5);
}

function toProblem({ instancePath, keyword, message, params }: ErrorObject): Problem {
  const path = instancePath.split("/").slice(1);
  if (keyword === "required") path.push(String(params["missingProperty"]));
  return { path, code: codes[keyword] ?? "BASE_TYPE_CHOICES", message: message ?? keyword };
}

const codes: Record<string, string> = {
  required: "BASE_TYPE_REQUIRED",
  maxLength: "BASE_TYPE_MAX_LENGTH",
  minLength: "BASE_TYPE_MIN_LENGTH",
  maxItems: "BASE_TYPE_MAX_LENGTH",
  minItems: "BASE_TYPE_MIN_LENGTH",
  format: "BASE_TYPE_BAD_FORMAT",
};

function escape(template: string): string {
  return template.replaceAll("~", "~0").replaceAll("/", "~1");
}

/**
 * Where the description errs: permissions travel as text in Discord's documentation and in every library, and the
 * errors of single fields have codes of letters.
 */
function mendDescription(): void {
  for (const [name, { properties }] of Object.entries(description.components.schemas)) {
    const permissions = properties?.["default_member_permissions"];
    if (permissions && /^ApplicationCommand\w*Request/.test(name)) permissions.type = ["integer", "string", "null"];
    if (name === "Error" && properties?.["code"]) properties["code"].type = ["integer", "string"];
  }
}
