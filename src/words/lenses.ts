import type { Text } from "./said.ts";
import { lensNames } from "./sentences.ts";

/** A lens as people call it; one of a newer version's, as its record calls it. */
export function lensName(name: string): Text {
  const names: Record<string, Text> = lensNames;
  return Object.hasOwn(names, name) ? (names[name] ?? name) : name;
}
