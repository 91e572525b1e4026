import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

function sources(folder: string, endings = /\.ts$/): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && endings.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

/** What a file imports, statically or not: paths from the root for our own files, names for packages. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const names = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g)].map(([, name]) => name ?? "");
  return names.map((name) => (name.startsWith(".") ? relative(root, join(root, dirname(file), name)) : name));
}

const chatSdks = ["discord.js", "botbuilder", "botframework", "discord-api-types", "@discordjs"];
const isChatSdk = (name: string) => chatSdks.some((sdk) => name.startsWith(sdk));

/** For each folder, what its files may not import. */
const forbidden: Record<string, (name: string) => boolean> = {
  src: (name) => name.startsWith("adapters/") || name.startsWith("local/") || name === "main.ts" || isChatSdk(name),
  "adapters/discord": (name) =>
    name.startsWith("adapters/teams") ||
    name.startsWith("local/") ||
    name === "main.ts" ||
    name.startsWith("botb") ||
    name.startsWith("botf"),
  "adapters/teams": (name) =>
    name.startsWith("adapters/discord") ||
    name.startsWith("local/") ||
    name === "main.ts" ||
    name.startsWith("discord") ||
    name.startsWith("@discordjs"),
  local: (name) => name.startsWith("adapters/") || name.startsWith("test/") || name === "main.ts" || isChatSdk(name),
  manifest: (name) => name.startsWith("local/") || name.startsWith("test/") || name === "main.ts",
};

describe("arrows point down", () => {
  it.each(Object.entries(forbidden))("%s imports nothing above or beside it", (folder, isForbidden) => {
    const files = sources(folder);
    expect(files.length).toBeGreaterThan(0);
    expect(
      files.flatMap((file) =>
        importsOf(file)
          .filter(isForbidden)
          .map((name) => `${file} → ${name}`),
      ),
    ).toEqual([]);
  });

  it("finds imports at all", () =>
    expect(importsOf("main.ts")).toEqual(
      expect.arrayContaining(["src/work/worker.ts", "local/start.ts", "adapters/discord/start.ts"]),
    ));
});

/**
 * From the top down. A file belongs to the first name here that it is, or that it lies in; it may import what belongs to
 * the same name or stands further down, types included. `*` is the files that lie in the folder itself.
 */
const floors: Record<string, readonly string[]> = {
  src: [
    "web",
    "privacy",
    "panels",
    "brainstorm",
    "ask",
    "work",
    "replies",
    "words",
    "jobs",
    "purse",
    "audit",
    "ideas-model",
    "images-api",
    "styles",
    "request",
    "alerts",
    "storage",
    "pixels",
    "*",
  ],
  "adapters/discord": [
    "start.ts",
    "register.ts",
    "gateway",
    "answers",
    "notify.ts",
    "send-board.ts",
    "send.ts",
    "rest",
    "show-board.ts",
    "show.ts",
    "message",
    "read.ts",
    "fetch-source.ts",
    "commands.ts",
    "address.ts",
    "settings.ts",
    "times.ts",
  ],
  "adapters/teams": [
    "start.ts",
    "answers",
    "notify.ts",
    "send-board.ts",
    "send.ts",
    "connector",
    "show.ts",
    "read.ts",
    "fetch-source.ts",
    "card",
    "commands.ts",
    "address.ts",
    "door",
    "settings.ts",
    "times.ts",
  ],
};

describe.each(Object.entries(floors))("inside %s", (folder, order) => {
  const floorOf = (file: string) => {
    const [first = "", ...inner] = relative(folder, file).split("/");
    const named = order.indexOf(first);
    return named < 0 && !inner.length ? order.indexOf("*") : named;
  };

  it("every file has its place, and every place its files", () => {
    const files = sources(folder);
    expect(files.filter((file) => floorOf(file) < 0)).toEqual([]);
    expect(order.filter((_, floor) => !files.some((file) => floorOf(file) === floor))).toEqual([]);
  });

  it("nothing imports from further up", () => {
    const arrows = sources(folder).flatMap((file) => importsOf(file).map((name) => ({ file, name })));
    const inside = arrows.filter(({ name }) => name.startsWith(`${folder}/`));
    expect(inside.length).toBeGreaterThan(0);
    const upward = inside.filter(({ file, name }) => floorOf(name) < floorOf(file));
    expect(upward.map(({ file, name }) => `${file} → ${name}`)).toEqual([]);
  });
});

describe("rooms", () => {
  it("every adapter has the same file names", () => {
    const adapters = readdirSync(join(root, "adapters"));
    expect(adapters.sort()).toEqual(["discord", "teams"]);
    for (const adapter of adapters) {
      expect(readdirSync(join(root, "adapters", adapter))).toEqual(
        expect.arrayContaining(["settings.ts", "commands.ts", "read.ts", "start.ts", "show.ts", "send.ts"]),
      );
      expect(readdirSync(join(root, "adapters", adapter, "answers"))).toEqual(
        expect.arrayContaining(["answer-command.ts", "answer-form.ts", "answer-press.ts", "answer-request.ts"]),
      );
    }
  });

  it("tests lie by the room that they are about", () => {
    const folders = readdirSync(join(root, "test"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const mirrored = [...(floors.src ?? []), "src", "discord", "teams", "local", "manifest"];
    const others = ["browser", "end-to-end", "fakes", "image-answers", "promises"];
    expect(folders.map(({ name }) => name).filter((name) => ![...mirrored, ...others].includes(name))).toEqual([]);
  });

  it("nothing is a catch-all, and nothing only re-exports", () => {
    const files = ["src", "adapters", "local", "manifest", "test"].flatMap((folder) => sources(folder));
    expect(files.filter((file) => /(^|\/)(utils?|helpers?|types|index|common|misc)\.ts$/.test(file))).toEqual([]);
    expect(files.filter((file) => /^export \* from/m.test(readFileSync(join(root, file), "utf8")))).toEqual([]);
  });

  it("only entry points read the environment", () => {
    const readers = ["src", "adapters", "local", "manifest"]
      .flatMap((folder) => sources(folder))
      .filter((file) => /process\.env\b/.test(readFileSync(join(root, file), "utf8")));
    const entries = [
      "adapters/discord/register.ts",
      "manifest/pack.ts",
      "local/playground.ts",
      "local/loopback-only.ts",
      "local/azurite-process.ts",
      "local/azurite.ts",
      "src/audit/print.ts",
      "src/purse/reprice-since.ts",
    ];
    expect(readers.filter((file) => !entries.includes(file))).toEqual([]);
  });
});

describe("what people read stands in src/words/english.ts and src/words/english/ alone", () => {
  /** And what speaks to whoever runs Easel, at its start and in its log; or to the model. */
  const others = [
    "src/addresses.ts",
    "src/alert-settings.ts",
    "src/configuration.ts",
    "src/rules.ts",
    // What a model is told.
    "src/ideas-model/instructions.ts",
    "src/request/sketch-prompt.ts",
    "src/prices.ts",
    "src/purse/reprice-since.ts",
    "src/retirement.ts",
    "src/settings.ts",
    "src/time-zone.ts",
    "src/storage/storage-refusal.ts",
    "src/styles/apply-style.ts",
    "src/unknown-settings.ts",
    "src/web/readiness.ts",
    "adapters/discord/register.ts",
    "adapters/discord/settings.ts",
    "adapters/teams/settings.ts",
  ];
  const files = ["src", "adapters"].flatMap((folder) => sources(folder, /\.[jt]s$/));
  const isEnglish = (file: string) => file === "src/words/english.ts" || file.startsWith("src/words/english/");
  const speechless = files.filter((file) => !isEnglish(file) && !others.includes(file));
  /** Without comments, and without what is written into the log or thrown. */
  const codeOf = (file: string) =>
    withoutCalls(readFileSync(join(root, file), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, ""));

  it("no other file has a sentence in it: three words or more, the first with a capital", () => {
    const sentence = /["`](?:\$\{[^}]*\})?\s?“?\p{Lu}\p{L}*(?:[^"`\n]*?\s\p{Ll}\p{L}+(?=[\s.,:;!?”"`])){2}.*/gu;
    const found = speechless.flatMap((file) =>
      [...codeOf(file).matchAll(sentence)].map(([text]) => `${file}: ${text}`),
    );
    expect(found).toEqual([]);
    expect("say(`${name} Has gone away.`)").toMatch(sentence);
  });

  it("nor a text between the tags of a page", () => {
    const pages = speechless.filter((file) => importsOf(file).includes("hono/html"));
    expect(pages).toContain("src/web/edit-page/page.ts");
    const texts = pages.flatMap((file) => [...codeOf(file).matchAll(/<[a-z][^<>]*>([^<>{}]*\p{L}[^<>{}]*)<\//gu)]);
    expect(texts.map(([, text]) => text)).toEqual([]);
  });
});

/** Calls of the log, and errors that are made, are left out with all that is in them. */
function withoutCalls(code: string): string {
  const call =
    /\blog\.\w+\(|\bnew \w*(?:Error|Failed|Fetched|Refused|Reach|Answer|Discord|Contested|Lost)\(|\bsuper\(/g;
  let kept = "";
  let from = 0;
  for (let found = call.exec(code); found; found = call.exec(code)) {
    if (found.index < from) continue;
    kept += code.slice(from, found.index);
    let depth = 1;
    let at = call.lastIndex;
    for (; depth && at < code.length; at += 1) depth += code[at] === "(" ? 1 : code[at] === ")" ? -1 : 0;
    from = at;
    call.lastIndex = at;
  }
  return kept + code.slice(from);
}
