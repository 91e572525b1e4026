/**
 * After `npm ci`, under the Node that the packages brought along. npm judges optional packages, and so the native parts
 * of sharp, oxlint and vitest, by the Node that runs npm itself, and leaves out without a word what that one is too old
 * for. On such a machine the install is completed by the same npm under Node 24.
 */
import { spawnSync } from "node:child_process";
import { env, execPath, exit, versions } from "node:process";

const [, major = 24, minor = 0] = /node\/v(\d+)\.(\d+)/.exec(env.npm_config_user_agent ?? "") ?? [];
const tooOld = Number(major) < 20 || (Number(major) === 20 && Number(minor) < 19);
const npm = env.npm_execpath;

if (tooOld && npm && Number(versions.node.split(".")[0]) >= 24) {
  const options = ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync(execPath, [npm, ...options], { stdio: "inherit" });
  exit(status ?? 1);
}
