import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { AlertSection } from "./alert-settings.ts";
import { BRAKE_NAMES, BrakeSettings } from "./brake-settings.ts";
import { becauseOf } from "./log.ts";
import type { ModelName } from "./models.ts";
import { nearestName } from "./near.ts";
import { isTimeZone, noTimeZone } from "./time-zone.ts";
import { Access, ACCESS_LISTS, Budget, contradictions, LIMITED, ruleSections } from "./rules.ts";

export const MOST_KEEP_DAYS = 36_500;

/** What an operator keeps in a file, and in git. Each section is its owner's, who says what may stand there. */
const Configuration = z.strictObject({
  /** Wins over TIME_ZONE; read at the start alone, for all sums are counted in it. */
  timeZone: z
    .string()
    .refine(isTimeZone, { error: ({ input }) => noTimeZone(String(input)) })
    .optional(),
  /** Wins over KEEP_DAYS. */
  keepDays: z.int().min(1).max(MOST_KEEP_DAYS).optional(),
  ...ruleSections,
  /** Read again at each alert. */
  alerts: AlertSection.optional(),
  brake: BrakeSettings.optional(),
});
export type Configuration = z.infer<typeof Configuration>;

/** The same object for as long as the process lives; `present` changes when the file does. */
export type ConfigurationFile = {
  /** Nothing where none is named and none lies at its usual place. */
  path?: string;
  /** As it was read; empty without a file. */
  text: string;
  present: Configuration;
};

/** Beside `package.json`. */
const USUAL_PLACE = fileURLToPath(new URL("../easel.config.json", import.meta.url));

/** Reads the file that the setting names, or the one at the usual place. What is wrong in it is added to `faults`, all at once. */
export function readConfiguration(
  named: string | undefined,
  models: readonly ModelName[],
  faults: string[],
): ConfigurationFile {
  const read = readFrom(named, models);
  faults.push(...read.faults);
  return { path: read.path, text: read.text, present: read.present ?? {} };
}

type Read = { path?: string; text: string; present?: Configuration; faults: string[] };

function readFrom(named: string | undefined, models: readonly ModelName[]): Read {
  const path = named ?? USUAL_PLACE;
  let text = "";
  try {
    text = readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    const isAbsent = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (isAbsent && named === undefined) return { text: "", present: {}, faults: [] };
    return { path, text, faults: [`EASEL_CONFIG is "${path}", which cannot be read (${becauseOf(error)}).`] };
  }
  try {
    return { path, text, ...check(JSON.parse(text), models) };
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    return { path, text, faults: [`EASEL_CONFIG at its beginning: ${path} is no JSON (${because}).`] };
  }
}

function check(json: unknown, models: readonly ModelName[]): Pick<Read, "present" | "faults"> {
  const read = Configuration.safeParse(json);
  const issues = read.success ? [...contradictions(read.data), ...notHere(read.data, models)] : read.error.issues;
  const faults = issues.map((issue) => `EASEL_CONFIG at ${placeOf(issue.path)}: ${messageOf(issue)}.`);
  return faults.length ? { faults } : { present: read.data, faults };
}

/** As people count: `budgets → 2 → dollars` is the second. */
function placeOf(path: readonly PropertyKey[]): string {
  return path.map((name) => (typeof name === "number" ? name + 1 : String(name))).join(" → ") || "its beginning";
}

const NAMES = [
  ...Object.keys(Configuration.shape),
  ...LIMITED,
  ...ACCESS_LISTS,
  ...Object.keys(Budget.shape),
  ...Object.keys(Access.shape),
  ...BRAKE_NAMES,
  ...Object.keys(AlertSection.shape),
  "directMessages",
  "userInstalls",
];

function messageOf(issue: { message: string; keys?: unknown }): string {
  const keys = Array.isArray(issue.keys) ? issue.keys.map(String) : [];
  const meant = keys.flatMap((key) => nearestName(key, NAMES) ?? []);
  return `${issue.message.replace(/\.$/, "")}${meant.length ? ` (did you mean ${meant.join(", ")}?)` : ""}`;
}

/** A limit to models of which none is set up would close the bot to all whom it is for. */
function notHere({ limits = [] }: Configuration, models: readonly ModelName[]) {
  return limits.flatMap(({ models: allowed }, index) => {
    const message = `none of ${allowed?.join(", ")} is set up (IMAGE_MODELS has ${models.join(", ")})`;
    return allowed && !allowed.some((name) => models.includes(name))
      ? [{ path: ["limits", index, "models"], message }]
      : [];
  });
}

/**
 * Looks at the file again and again, and takes what changed there; one with faults is told of once, and what was read before
 * goes on. Reading is cheap, and events of a file system are not to be had everywhere.
 */
export async function watchConfiguration(
  file: ConfigurationFile,
  { named, models, milliseconds }: { named?: string; models: readonly ModelName[]; milliseconds: number },
  heard: { changed(before: string): void; faulty(faults: string[]): void },
  stopping: AbortSignal,
): Promise<void> {
  let refused = "";
  while (!stopping.aborted) {
    await pause(milliseconds, undefined, { signal: stopping, ref: false }).catch(() => undefined);
    if (stopping.aborted) return;
    const read = readFrom(named ?? file.path, models);
    const seen = `${read.text}\n${read.faults.join("\n")}`;
    if (read.present && read.text !== file.text) {
      const before = file.text;
      Object.assign(file, { path: read.path, text: read.text, present: read.present });
      heard.changed(before);
    } else if (read.faults.length && seen !== refused) heard.faulty(read.faults);
    refused = read.faults.length ? seen : "";
  }
}
