import { serveOwnFiles } from "../own-files.ts";

/** The page's own scripts. */
const SCRIPTS = [
  "editor.js",
  "brush.js",
  "find.js",
  "keyboard.js",
  "left-off.js",
  "mask-png.js",
  "painting.js",
  "server.js",
  "stage.js",
  "words.js",
] as const;

export const serveAsset = serveOwnFiles(SCRIPTS.map((name) => `${import.meta.dirname}/browser/${name}`));
