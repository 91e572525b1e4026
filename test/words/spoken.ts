import { sentencesFor, speakAll } from "../../src/words/said.ts";
import type { Spoken } from "../../src/words/said.ts";

/** What a person reads of it, in English. */
export function spoken<Value>(value: Value): Spoken<Value> {
  return speakAll(value, sentencesFor());
}
