/**
 * Before the start, in words that any Node understands: TypeScript runs as it is from Node 24 on. A whole `npm ci` brings that
 * along; one without the development packages leaves it to the machine. A version may be named, for whoever asks for another.
 */
import { createRequire } from "node:module";
import { argv, exit, stderr, versions } from "node:process";

const NEEDED = createRequire(import.meta.url)("../package.json").engines.node.replace(">=", "");
const present = argv[2] ?? versions.node;
const [major, minor] = present.split(".").map(Number);
const [neededMajor, neededMinor] = NEEDED.split(".").map(Number);

if (major < neededMajor || (major === neededMajor && minor < neededMinor)) {
  stderr.write(
    `Easel needs Node ${NEEDED} or later, and this is ${present}: install that, or run \`npm ci --include=dev\`, which brings it along.\n`,
  );
  exit(1);
}
