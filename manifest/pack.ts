import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { strToU8, zipSync } from "fflate";

/** The names that the package is filled from; the first two are needed, each of the others has a default. */
export const PACKAGE_SETTINGS = [
  "MicrosoftAppId",
  "PUBLIC_URL",
  "DEVELOPER_NAME",
  "WEBSITE_URL",
  "PRIVACY_URL",
  "TERMS_URL",
] as const;

export type PackageValues = { [name in (typeof PACKAGE_SETTINGS)[number]]?: string };

export type Packed = { bytes: Uint8Array } | { faults: string[] };

type Filling = Record<Exclude<keyof PackageValues, "PUBLIC_URL">, string>;

/** The schema's own limits. */
const LONGEST_DEVELOPER_NAME = 32;
const LONGEST_ADDRESS = 2048;

/** A zip keeps a time for each file. One and the same makes the same settings the same bytes. fflate reads it as local time. */
const packedAt = new Date(2026, 0, 1, 12);

/** The Teams app package as a zip, or all that is wrong with the settings, one sentence each. */
export function packManifest(values: PackageValues): Packed {
  const faults: string[] = [];
  const filling = readFilling(values, faults);
  if (faults.length) return { faults };
  const files = {
    "manifest.json": strToU8(`${JSON.stringify(fillManifest(filling), null, 2)}\n`),
    "color.png": readFileSync(join(import.meta.dirname, "icons/color.png")),
    "outline.png": readFileSync(join(import.meta.dirname, "icons/outline.png")),
  };
  return { bytes: zipSync(files, { level: 9, mtime: packedAt }) };
}

function readFilling(values: PackageValues, faults: string[]): Filling {
  const value = (name: keyof PackageValues) => values[name]?.trim() || undefined;
  const publicUrl = readPublicUrl(value("PUBLIC_URL"), faults);
  return {
    MicrosoftAppId: readAppId(value("MicrosoftAppId"), faults),
    DEVELOPER_NAME: readDeveloperName(value("DEVELOPER_NAME") ?? "Easel", faults),
    WEBSITE_URL: readAddress("WEBSITE_URL", value("WEBSITE_URL") ?? publicUrl, faults),
    PRIVACY_URL: readAddress("PRIVACY_URL", value("PRIVACY_URL") ?? below(publicUrl, "privacy"), faults),
    TERMS_URL: readAddress("TERMS_URL", value("TERMS_URL") ?? below(publicUrl, "terms"), faults),
  };
}

function readAppId(id: string | undefined, faults: string[]): string {
  if (!id) {
    faults.push("MicrosoftAppId is missing: the Microsoft App ID of your Azure Bot resource, under Configuration.");
    return "";
  }
  if (!/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id)) {
    faults.push(`MicrosoftAppId is "${id}": give a GUID such as 01234567-89ab-cdef-0123-456789abcdef.`);
  } else if (/^[0-]+$/.test(id)) {
    faults.push("MicrosoftAppId is all zeros: give your bot's own id.");
  }
  return id.toLowerCase();
}

function readDeveloperName(name: string, faults: string[]): string {
  if (name.length > LONGEST_DEVELOPER_NAME) {
    faults.push(`DEVELOPER_NAME has ${name.length} characters: Teams takes at most ${LONGEST_DEVELOPER_NAME}.`);
  }
  return name;
}

/** Nothing when it is missing or wrong: what would be derived from it is then no second fault. */
function readPublicUrl(text: string | undefined, faults: string[]): string | undefined {
  if (!text) {
    faults.push("PUBLIC_URL is missing: the https address at which the world reaches Easel.");
    return undefined;
  }
  const before = faults.length;
  const address = readAddress("PUBLIC_URL", text, faults);
  if (faults.length > before) return undefined;
  const { origin, pathname, search, hash } = new URL(address);
  if (search || hash) {
    faults.push("PUBLIC_URL has a query or a fragment: give the bare https address.");
    return undefined;
  }
  return (origin + pathname).replace(/\/+$/, "");
}

function below(publicUrl: string | undefined, page: string): string | undefined {
  return publicUrl && `${publicUrl}/${page}`;
}

/** Teams and its store open these for everybody, so they must be https and reachable from outside. */
function readAddress(name: keyof PackageValues, text: string | undefined, faults: string[]): string {
  if (!text) return "";
  const address = URL.parse(text);
  if (address?.username || address?.password) {
    faults.push(`${name} carries a user name or a password: everybody will read this address.`);
  } else if (address?.protocol !== "https:") {
    faults.push(`${name} is "${text}": give a whole address that begins with https://.`);
  } else if (isPrivate(address.hostname)) {
    faults.push(`${name} is "${text}": give an address that can be reached from outside.`);
  } else if (text.length > LONGEST_ADDRESS) {
    faults.push(`${name} has ${text.length} characters: Teams takes at most ${LONGEST_ADDRESS}.`);
  }
  return text;
}

/** An address of numbers has no certificate that Teams would take, even a public one. */
function isPrivate(host: string): boolean {
  return !/\.[a-z][a-z0-9-]*\.?$/.test(host) || /\.(?:localhost|local|internal|test|invalid)\.?$/.test(host);
}

/** Filled value by value, so that a quotation mark in a name stays a quotation mark. */
function fillManifest(filling: Filling): unknown {
  const known = new Map(Object.entries(filling));
  const template = readFileSync(join(import.meta.dirname, "manifest.json"), "utf8");
  return JSON.parse(template, (_key, value: unknown) =>
    typeof value === "string"
      ? value.replaceAll(/\$\{\{(.*?)\}\}/g, (_whole, name: string) => fillingFor(name, known))
      : value,
  );
}

function fillingFor(name: string, known: Map<string, string>): string {
  const value = known.get(name);
  if (value === undefined) throw new Error(`manifest.json has a placeholder that nothing fills: ${name}`);
  return value;
}

if (import.meta.main) {
  const packed = packManifest(process.env);
  if ("faults" in packed) {
    console.error("The Teams app package cannot be made:");
    for (const fault of packed.faults) console.error(`  - ${fault}`);
    process.exitCode = 1;
  } else {
    const file = join(import.meta.dirname, "../dist/easel-teams.zip");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, packed.bytes);
    console.log(`Packed: ${relative(process.cwd(), file)}. In Teams: Apps, Manage your apps, Upload an app.`);
  }
}
