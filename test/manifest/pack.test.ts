import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { packManifest } from "../../manifest/pack.ts";
import type { PackageValues } from "../../manifest/pack.ts";
import { schemaFaults } from "./schema.ts";

const folder = join(import.meta.dirname, "../../manifest");
const MicrosoftAppId = "01234567-89ab-cdef-0123-456789abcdef";
const whole: PackageValues = { MicrosoftAppId, PUBLIC_URL: "https://easel.example.com" };

function bytesOf(values: PackageValues): Uint8Array {
  const packed = packManifest(values);
  if ("faults" in packed) throw new Error(packed.faults.join("\n"));
  return packed.bytes;
}

function faultsOf(values: PackageValues): string[] {
  const packed = packManifest(values);
  return "faults" in packed ? packed.faults : [];
}

function manifestOf(values: PackageValues) {
  return JSON.parse(strFromU8(unzipSync(bytesOf(values))["manifest.json"] ?? new Uint8Array()));
}

describe("the package", () => {
  it("holds the manifest and both icons at the top, and nothing else", () => {
    const files = unzipSync(bytesOf(whole));
    expect(Object.keys(files).sort()).toEqual(["color.png", "manifest.json", "outline.png"]);
    for (const icon of ["color.png", "outline.png"]) {
      expect(Buffer.from(files[icon] ?? []).equals(readFileSync(join(folder, "icons", icon)))).toBe(true);
    }
  });

  it("names the icons that it holds", () => {
    const named: string[] = Object.values(manifestOf(whole).icons);
    expect(Object.keys(unzipSync(bytesOf(whole)))).toEqual(expect.arrayContaining(named));
  });

  it("leaves no placeholder unfilled", () => expect(JSON.stringify(manifestOf(whole))).not.toContain("${{"));

  it("is the same bytes for the same settings, at any time and in any zone", async () => {
    const script = `import { packManifest } from ${JSON.stringify(join(folder, "pack.ts"))};
      process.stdout.write(Buffer.from(packManifest(${JSON.stringify(whole)}).bytes).toString("base64"));`;
    const packIn = async (TZ: string) => {
      const run = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
        env: { ...process.env, TZ },
      });
      return run.stdout;
    };
    const here = Buffer.from(bytesOf(whole)).toString("base64");
    expect(await Promise.all(["Pacific/Kiritimati", "America/Los_Angeles"].map(packIn))).toEqual([here, here]);
  });
});

describe("what is filled in", () => {
  it("comes from the public address where nothing else is set", () => {
    expect(manifestOf({ ...whole, PUBLIC_URL: "https://example.com/easel/", DEVELOPER_NAME: " " }).developer).toEqual({
      name: "Easel",
      websiteUrl: "https://example.com/easel",
      privacyUrl: "https://example.com/easel/privacy",
      termsOfUseUrl: "https://example.com/easel/terms",
    });
  });

  it("is what was set, quotation marks and all, and still content for the schema", () => {
    const manifest = manifestOf({
      ...whole,
      DEVELOPER_NAME: 'Pictures "R" Us $& Co.',
      WEBSITE_URL: "https://pictures.example.com/help?about=easel",
      PRIVACY_URL: "https://pictures.example.com/data",
      TERMS_URL: "https://pictures.example.com/rules",
    });
    expect(manifest.developer).toEqual({
      name: 'Pictures "R" Us $& Co.',
      websiteUrl: "https://pictures.example.com/help?about=easel",
      privacyUrl: "https://pictures.example.com/data",
      termsOfUseUrl: "https://pictures.example.com/rules",
    });
    expect(manifest.description.full).toContain("at https://pictures.example.com/help?about=easel, and");
    expect(schemaFaults(manifest)).toEqual([]);
  });
});

describe("settings that are missing or half made", () => {
  it.each<[string, PackageValues, string[]]>([
    ["nothing at all", {}, ["MicrosoftAppId is missing", "PUBLIC_URL is missing"]],
    ["no id", { PUBLIC_URL: whole.PUBLIC_URL }, ["MicrosoftAppId is missing"]],
    ["blanks", { MicrosoftAppId: "  ", PUBLIC_URL: "\t" }, ["MicrosoftAppId is missing", "PUBLIC_URL is missing"]],
    ["an id that is no GUID", { ...whole, MicrosoftAppId: "easel-bot" }, ['MicrosoftAppId is "easel-bot"']],
    [
      "an id of zeros",
      { ...whole, MicrosoftAppId: "00000000-0000-0000-0000-000000000000" },
      ["MicrosoftAppId is all zeros"],
    ],
    [
      "an http address",
      { ...whole, PUBLIC_URL: "http://easel.example.com" },
      ['PUBLIC_URL is "http://easel.example.com"'],
    ],
    ["no address", { ...whole, PUBLIC_URL: "easel.example.com" }, ['PUBLIC_URL is "easel.example.com"']],
    ["this machine's address", { ...whole, PUBLIC_URL: "https://localhost:3978" }, ["reached from outside"]],
    ["an address of numbers", { ...whole, PUBLIC_URL: "https://192.168.1.4" }, ["reached from outside"]],
    ["an IPv6 address", { ...whole, PUBLIC_URL: "https://[::1]" }, ["reached from outside"]],
    ["a name of the house alone", { ...whole, PUBLIC_URL: "https://easel.local" }, ["reached from outside"]],
    ["a query", { ...whole, PUBLIC_URL: "https://easel.example.com/?a=b" }, ["PUBLIC_URL has a query"]],
    [
      "a password",
      { ...whole, WEBSITE_URL: "https://me:secret@example.com" },
      ["WEBSITE_URL carries a user name or a password"],
    ],
    ["a developer's name of 33", { ...whole, DEVELOPER_NAME: "x".repeat(33) }, ["DEVELOPER_NAME has 33 characters"]],
    [
      "an address of 2049",
      { ...whole, TERMS_URL: `https://example.com/${"x".repeat(2029)}` },
      ["TERMS_URL has 2049 characters"],
    ],
    [
      "an address that a long public one makes too long",
      { ...whole, PUBLIC_URL: `https://example.com/${"x".repeat(2024)}` },
      ["PRIVACY_URL has 2052", "TERMS_URL has 2050"],
    ],
    [
      "several at once",
      {
        MicrosoftAppId: "1",
        PUBLIC_URL: "http://a.example.com",
        PRIVACY_URL: "ftp://a.example.com",
        DEVELOPER_NAME: "x".repeat(40),
      },
      ["PUBLIC_URL is", "MicrosoftAppId is", "DEVELOPER_NAME has", "PRIVACY_URL is"],
    ],
  ])("%s", (_, values, complaints) => {
    expect(faultsOf(values).length).toBe(complaints.length);
    for (const complaint of complaints) expect(faultsOf(values)).toContainEqual(expect.stringContaining(complaint));
  });

  it.each(["https", "http"])("never show the password that an %s address carries", (scheme) => {
    const faults = faultsOf({ ...whole, WEBSITE_URL: `${scheme}://me:secret@example.com` });
    expect(faults).toEqual([expect.not.stringContaining("secret")]);
  });
});
