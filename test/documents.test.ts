import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { DISCORD_SETTINGS } from "../adapters/discord/settings.ts";
import { TEAMS_SETTINGS } from "../adapters/teams/settings.ts";
import { PACKAGE_SETTINGS } from "../manifest/pack.ts";
import { EVERYWHERE_SETTINGS, REAL_SETTINGS } from "../src/settings.ts";

const root = join(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const readme = read("README.md");
const scripts: Record<string, string> = JSON.parse(read("package.json")).scripts;

const settings = [
  ...new Set([...REAL_SETTINGS, ...DISCORD_SETTINGS, ...TEAMS_SETTINGS, ...PACKAGE_SETTINGS, ...EVERYWHERE_SETTINGS]),
];

it(".env.example names exactly the settings that the code reads", () => {
  const named = [...read(".env.example").matchAll(/^([A-Za-z_]+)=/gm)].map(([, name]) => name);
  expect(new Set(named)).toEqual(new Set(settings));
  expect(named).toHaveLength(settings.length);
});

it("the README names only paths that exist", () => {
  const paths = [
    ...readme.matchAll(/(?:\]\(|`)((?:[\w.-]+\/)+[\w.-]*|[\w-]+\.(?:ts|md|json|png|example))(?:\)|`)/g),
  ].map(([, path]) => path ?? "");
  expect(paths.length).toBeGreaterThan(5);
  expect(
    paths.filter(
      (path) => !path.startsWith("http") && !/^(dist|\.easel)\//.test(path) && !existsSync(join(root, path)),
    ),
  ).toEqual([]);
});

it("the README names only npm scripts that exist", () => {
  const named = [...readme.matchAll(/(?:^|`|&& )npm (?:run )?([\w:-]+)/gm)].map(([, name]) => name ?? "");
  expect(named).toEqual(expect.arrayContaining(["start", "test"]));
  expect(named.filter((name) => !["ci", "install"].includes(name) && !(name in scripts))).toEqual([]);
});

it("the README names only settings that exist", () => {
  const named = [...readme.matchAll(/`((?:[A-Z]{2,}_)+[A-Z]+|MicrosoftApp\w+)`/g)].map(([, name]) => name ?? "");
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => ![...settings, "NODE_ENV"].includes(name))).toEqual([]);
});

it("CI runs the README's test command", () => {
  expect(readme).toContain("npm ci && npm test");
  expect(read(".ci/run")).toMatch(/^npm ci.*\nnpm test$/m);
});
