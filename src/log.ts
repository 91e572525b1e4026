import pino from "pino";
import type { Logger } from "pino";

export type Log = Logger;

/** Prompts, tokens and pictures never go into the log; a reference, ids and codes do. */
export const log: Log = pino({
  name: "easel",
  level: "info",
  base: undefined,
  timestamp: pino.stdTimeFunctions.isoTime,
});
