import { configDefaults, defineConfig } from "vitest/config";

/** They send the connections of their own process elsewhere, and for good. */
const ALONE = ["test/discord/{edit,fetch-source,panels,style}.test.ts"];

/**
 * They take the longest: begun last, they would be waited for alone. Vitest begins the largest files first, and size says nothing of
 * what goes by the clock of production, kills processes, sits at a browser, or has its tests in another file.
 */
const FIRST = [
  "test/promises/*.test.ts",
  "test/end-to-end/{kill,kill-sleep,kill-many,kill-stream,kill-brainstorm}.test.ts",
  "test/end-to-end/{outage,outage-refusals,discord-progress,local-mode,playground-brainstorm,brainstorm-on-both}.test.ts",
  "test/browser/{brainstorm,look-alike}.test.ts",
  "test/brainstorm/kill.test.ts",
  "test/teams/{slow,turns,authenticate}.test.ts",
  "test/discord/{answer,gateway,brainstorm}.test.ts",
  "test/{work/storage-in-hand,ask/storage-faults}.test.ts",
];

/** What was compiled once, for this process's children and theirs: half of what a bot's start costs. */
process.env.NODE_COMPILE_CACHE ??= new URL("node_modules/.cache/compiled", import.meta.url).pathname;

export default defineConfig({
  test: {
    globalSetup: "test/compile-once.ts",
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Most of them wait for something much of the time.
    maxWorkers: 6,
    // Loading the SDKs takes longer than most files of tests, so a worker goes on with the next file. In the order of their names:
    projects: [
      { extends: true, test: { name: "1 first", include: FIRST, isolate: false } },
      { extends: true, test: { name: "2 alone", include: ALONE } },
      {
        extends: true,
        test: {
          name: "3 together",
          include: ["test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...FIRST, ...ALONE],
          isolate: false,
        },
      },
    ],
  },
});
