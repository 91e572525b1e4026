import type { Happening } from "../src/narration.ts";

const MOST_WORDS = 100;

/** One line in the terminal for what has become of a request: `drawn in 2.1 s · a lighthouse made of books`. */
export function lineOf(happening: Happening): string {
  return `  ${becameOf(happening)} · ${inOneLine(happening.words)}`;
}

export function farewell(directory: string): string[] {
  return ["", `Easel has ended. Pictures and jobs are kept in ${directory}/, and the next start goes on from there.`];
}

function becameOf({ what, seconds = 0, pictures, reference, why = "" }: Happening): string {
  const time = `${seconds.toFixed(1)} s`;
  switch (what) {
    case "drawn": {
      const { came, asked } = pictures ?? { came: 1, asked: 1 };
      if (asked === 1) return `drawn in ${time}`;
      return `${came === asked ? came : `${came} of ${asked}`} pictures drawn in ${time}`;
    }
    case "refused":
      return `stopped by the filter after ${time}`;
    case "failed":
      return `failed after ${time}, reference ${reference} (LOG_LEVEL=info says more)`;
    case "cancelled":
      return `cancelled after ${time}`;
    case "deleted":
      return "deleted";
    case "declined":
      return "not drawn, it needs a small change";
    case "taken up":
      return "taken up again, as it was unfinished when Easel ended";
    case "left":
      return "left for the next start";
    case "voting":
      return "drafts of a brainstorm are there, and it is voted on them";
    case "decided":
      return "a round of a brainstorm is over";
    case "ended":
      return "a brainstorm has ended";
    case "reported":
      return `reported, reference ${reference}: ${inOneLine(why)}`;
  }
}

/** What people type may hold anything, and a terminal obeys some of it. */
function inOneLine(words: string): string {
  const plain = words.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return plain.length > MOST_WORDS ? `${plain.slice(0, MOST_WORDS - 1).toWellFormed()}…` : plain;
}
