import { readFileSync } from "node:fs";
import { join } from "node:path";
import draft04 from "ajv-draft-04";

const folder = "node_modules/@microsoft/app-manifest/build/json-schemas/teams/v1.29";
const root = join(import.meta.dirname, "../..");

/** Microsoft's own schema, read as a file: the package's code does not load. `uri` is the one format in it. */
const validate = new draft04.default({
  strict: false,
  allErrors: true,
  formats: { uri: (text: string) => URL.canParse(text) },
}).compile(JSON.parse(readFileSync(join(root, folder, "MicrosoftTeams.schema.json"), "utf8")));

/** What the schema says against a manifest; nothing when it is content. */
export function schemaFaults(manifest: unknown): string[] {
  if (validate(manifest)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
