import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { DISCORD_SETTINGS } from "../adapters/discord/settings.ts";
import { TEAMS_SETTINGS } from "../adapters/teams/settings.ts";
import { PACKAGE_SETTINGS } from "../manifest/pack.ts";
import { EVERYWHERE_SETTINGS, REAL_SETTINGS } from "../src/settings.ts";

const root = join(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const code = globSync("src/**/*.ts", { cwd: root }).map(read);
const scripts: Record<string, string> = JSON.parse(read("package.json")).scripts;

const settings = [
  ...new Set([...REAL_SETTINGS, ...DISCORD_SETTINGS, ...TEAMS_SETTINGS, ...PACKAGE_SETTINGS, ...EVERYWHERE_SETTINGS]),
];

it(".env.example names exactly the settings that the code reads", () => {
  const named = [...read(".env.example").matchAll(/^([A-Za-z_]+)=/gm)].map(([, name]) => name);
  expect(new Set(named)).toEqual(new Set(settings));
  expect(named).toHaveLength(settings.length);
});

describe.each(["README.md", "CONTRIBUTING.md", "docs/architecture.md"])("%s", (document) => {
  // A blob's name looks like a path.
  const text = read(document).replaceAll(/^\| blob .*$/gm, "");

  it("names only paths that exist", () => {
    const path = /(?:[\w.-]+\/)+[\w.-]*|[\w-]+\.(?:ts|md|json|png|example)/.source;
    const linked = [...text.matchAll(new RegExp(`\\]\\((${path})\\)`, "g"))].map(([, name]) =>
      join(dirname(document), name ?? ""),
    );
    const named = [...text.matchAll(new RegExp(`\`(${path})\``, "g"))].map(([, name]) => name ?? "");
    const paths = [...linked, ...named];
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.filter((name) => !/^(dist|\.easel)\//.test(name) && !existsSync(join(root, name)))).toEqual([]);
  });

  it("names only npm scripts that exist", () => {
    const named = [...text.matchAll(/(?:^|`|&& )npm (?:run )?([\w:-]+)/gm)].map(([, name]) => name ?? "");
    expect(named.filter((name) => !["ci", "install"].includes(name) && !(name in scripts))).toEqual([]);
  });

  it("names only settings, and constants, that exist", () => {
    const named = [...text.matchAll(/`((?:[A-Z]{2,}_)+[A-Z]+|MicrosoftApp\w+)`/g)].map(([, name]) => name ?? "");
    const isConstant = (name: string) => code.some((file) => file.includes(`export const ${name}`));
    expect(named.filter((name) => ![...settings, "NODE_ENV"].includes(name) && !isConstant(name))).toEqual([]);
  });
});

it("the README says how to start and test, and what to set first", () => {
  const readme = read("README.md");
  for (const name of ["npm start", "npm test", "IMAGE_MODELS", "PUBLIC_URL"]) expect(readme).toContain(name);
});

it("CI runs the README's test command", () => {
  expect(read("README.md")).toContain("npm ci && npm test");
  expect(read(".ci/run")).toMatch(/^npm ci.*\nnpm test$/m);
});
