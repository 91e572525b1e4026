import sharp from "sharp";
import { FRAME, GROUND } from "./draw-contact-sheet.ts";
import { lettering, widthOfLettering } from "./lettering.ts";

/** `day`: 2026-11-30. */
export type Day = { day: string; dollars: number };

const [WIDTH, HEIGHT] = [1024, 420];
const PLOT = { left: 116, right: 1004, top: 36, bottom: 366 };
const [GRID, BAR, MONTH] = ["#4a4d55", "#6ea8fe", "#9aa0aa"];
const [AMOUNT_HEIGHT, DAY_HEIGHT] = [20, 12];
const MOST_DAYS = 62;
const MOST_LINES = 4;

/**
 * What was spent on each day, as bars beside an axis of dollars, in PNG. The last day is of the colour of what is not over yet. Throws
 * over no days, or more than two months.
 */
export async function drawDays(days: Day[]): Promise<{ bytes: Buffer; width: number; height: number }> {
  if (!days.length || days.length > MOST_DAYS) throw new RangeError(`${days.length} days, not 1 to ${MOST_DAYS}`);
  const step = stepFor(Math.max(...days.map(({ dollars }) => dollars)));
  const lines = Math.max(1, Math.ceil(Math.max(...days.map(({ dollars }) => dollars)) / step - 1e-9));
  const parts = [...gridOf(step, lines), ...days.flatMap((day, index) => partsOf(day, index, days, step * lines))];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"><rect width="100%" height="100%" fill="${GROUND}"/>${parts.join("")}</svg>`;
  return { bytes: await sharp(Buffer.from(svg)).png().toBuffer(), width: WIDTH, height: HEIGHT };
}

/** 1, 2 or 5 of some power of ten, no less than a tenth of a cent, so that there are few lines. */
function stepFor(most: number): number {
  for (let power = 0.001; ; power *= 10)
    for (const first of [1, 2, 5]) if (first * power * MOST_LINES >= most) return first * power;
}

/** What has no amount is at the bottom. */
function heightOf(dollars: number, top: number): number {
  return (PLOT.bottom - PLOT.top) * Math.min(1, Math.max(0, dollars) / top);
}

function gridOf(step: number, lines: number): string[] {
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  return Array.from({ length: lines + 1 }, (_, index) => {
    const y = PLOT.bottom - heightOf(index, lines);
    const text = `$${(index * step).toFixed(decimals && Math.max(2, decimals))}`;
    const x = PLOT.left - 16 - widthOfLettering(text, AMOUNT_HEIGHT);
    const line = `<path d="M${PLOT.left} ${y}H${PLOT.right}" stroke="${GRID}" stroke-width="${index ? 1 : 3}"/>`;
    return `${line}${lettering(text, { x, y: y - AMOUNT_HEIGHT / 2, height: AMOUNT_HEIGHT })}`;
  });
}

function partsOf({ day, dollars }: Day, index: number, days: Day[], top: number): string[] {
  const wide = (PLOT.right - PLOT.left) / days.length;
  const left = PLOT.left + index * wide;
  const height = heightOf(dollars, top);
  const bar = Math.min(wide * 0.72, 60);
  const number = String(Number(day.slice(8)));
  const isFirst = number === "1" && index > 0;
  const everyFew = days.length > 31 ? 2 : 1;
  const x = left + (wide - widthOfLettering(number, DAY_HEIGHT)) / 2;
  return [
    ...(isFirst
      ? [`<path d="M${left} ${PLOT.top}V${HEIGHT - 20}" stroke="${MONTH}" stroke-width="2" stroke-dasharray="4 6"/>`]
      : []),
    // The least that was spent is to be seen.
    ...(dollars > 0
      ? [
          `<rect x="${left + (wide - bar) / 2}" y="${PLOT.bottom - Math.max(3, height)}" width="${bar}" height="${Math.max(3, height)}" rx="3" fill="${index === days.length - 1 ? FRAME : BAR}"/>`,
        ]
      : []),
    ...(index % everyFew ? [] : [lettering(number, { x, y: PLOT.bottom + 16, height: DAY_HEIGHT })]),
  ];
}
