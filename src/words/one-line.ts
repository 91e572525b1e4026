/** Embeddings, overrides and isolates: left open they would turn around what stands behind them. Marks of single letters may stay. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/gu;

/** Somebody's text for a line that others stand in as well. */
export function oneLine(text: string): string {
  return text.replaceAll(TURNS, "").replaceAll(/\s+/g, " ").trim();
}
