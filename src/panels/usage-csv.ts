import { noteAudit } from "../audit/audit.ts";
import { dayIn } from "../purse/periods.ts";
import { PERIODS } from "../rules.ts";
import { keepExport } from "../storage/exports.ts";
import { sentencesFor, speak } from "../words/said.ts";
import { easelPanels, usage } from "../words/sentences.ts";
import { forAdmins, scopeOfSight } from "./rights.ts";
import { panelOf, toPanel } from "./usage.ts";
import { KINDS, namedSums } from "./usage-by.ts";
import { daysOf } from "./usage-days.ts";

const MOST_ROWS = 10_000;
const COLUMNS = ["what", "name", "id", "period", "dollars", "pictures"];

/** All sums of a period, and each of the last days, as a file: `usage-csv.here.month`. */
export const usageCsvPanel = forAdmins(async ([periodWord], stand) => {
  const { sight, visit, rooms } = stand;
  const { settings, azure } = rooms;
  const { where } = sight;
  const per = PERIODS.find((each) => each === periodWord) ?? "month";
  const back = toPanel(easelPanels.back, `usage-by.${where}.person.${per}`);
  if (!visit.takesFiles && !settings.publicUrl)
    return { show: panelOf(usage.by({ kind: "person", per }), [usage.csvNowhere], [back]) };
  const sentences = sentencesFor(visit.by.locale);
  const today = dayIn(azure.timeZone, new Date());
  const rows: (string | number)[][] = [];
  for (const kind of KINDS.filter((each) => each !== "workspace" || !sight.within)) {
    const { listed } = await namedSums({ kind, per, most: MOST_ROWS }, stand);
    for (const { name, id, dollars, pictures } of listed)
      rows.push([kind, speak(name, sentences), id, `${per} of ${today}`, dollars.toFixed(6), pictures]);
  }
  for (const { day, dollars, pictures } of await daysOf(scopeOfSight(sight), rooms, visit.signal))
    rows.push(["day", day, "", day, dollars.toFixed(6), pictures]);
  const file = { name: `easel-usage-${today}.csv`, mediaType: "text/csv; charset=utf-8", bytes: csvOf(rows) };
  await noteAudit({ by: visit.by, did: "exported", of: `usage of ${where}, ${per}` }, azure, visit.signal);
  if (visit.takesFiles) {
    const panel = panelOf(usage.csv, [usage.csvThere], [back]);
    return { show: { ...panel, file: { ...file, base64: file.bytes.toString("base64") } } };
  }
  const id = await keepExport(file, azure, visit.signal);
  const open = { do: "open", label: usage.openCsv, url: `${settings.publicUrl}/exports/${id}` } as const;
  return { show: panelOf(usage.csv, [usage.csvLink], [open, back]) };
});

/** As RFC 4180 has it, with the mark by which a spreadsheet knows UTF-8. */
export function csvOf(rows: readonly (readonly (string | number)[])[]): Buffer {
  const lines = [COLUMNS, ...rows].map((row) => row.map(cellOf).join(","));
  return Buffer.from(`\uFEFF${lines.join("\r\n")}\r\n`.toWellFormed());
}

/** A spreadsheet takes a text for a formula that begins like one: an apostrophe before it keeps it a text. */
function cellOf(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
