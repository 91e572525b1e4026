import { nearestName } from "./near.ts";

/** Offsets (`+02:00`) are none here: a place's clock is put forward and back. */
export function isTimeZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}

/** What is said of a name that is none. */
export function noTimeZone(name: string): string {
  const meant = nearestName(name, Intl.supportedValuesOf("timeZone"));
  return `"${name}", which is no time zone${meant ? ` (did you mean ${meant}?)` : ""}: give an IANA name such as Europe/Berlin, or leave it out for UTC`;
}
