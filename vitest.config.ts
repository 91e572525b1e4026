import { configDefaults, defineConfig } from "vitest/config";

/** They send the connections of their own process elsewhere, and for good. */
const ALONE = ["test/discord/edit.test.ts", "test/discord/fetch-source.test.ts"];

/** What was compiled once, for this process's children and theirs: half of what a bot's start costs. */
process.env.NODE_COMPILE_CACHE ??= new URL("node_modules/.cache/compiled", import.meta.url).pathname;

export default defineConfig({
  test: {
    globalSetup: "test/compile-once.ts",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Most of them wait for something much of the time.
    maxWorkers: 4,
    projects: [
      { extends: true, test: { name: "alone", include: ALONE } },
      // Loading the SDKs takes longer than most files of tests, so a worker goes on with the next file.
      {
        extends: true,
        test: {
          name: "together",
          include: ["test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...ALONE],
          isolate: false,
        },
      },
    ],
  },
});
