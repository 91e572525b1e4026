import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

test("the page's TypeScript comes as JavaScript, and nothing of Node's comes to the terminal", () => {
  const file = new URL("../../local/discord/look-alike/page-files.ts", import.meta.url);
  const code = `
    const { readPageFile } = await import(${JSON.stringify(file.href)});
    const { body, type } = await readPageFile("app.ts");
    process.stdout.write(JSON.stringify({ type, typed: /^import type/m.test(body), none: await readPageFile("../start.ts") ?? null }));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual({ type: "text/javascript; charset=utf-8", typed: false, none: null });
});
