import { expect, test } from "vitest";
import { csvOf } from "../../src/panels/usage-csv.ts";

test("a table says the same to any spreadsheet, whatever somebody is called", () => {
  const text = csvOf([
    ["person", 'Ada "the" first, of us', "1", "month", "1.500000", 3],
    ["person", '=HYPERLINK("http://example.org")', "2", "month", "0.000000", 0],
    ["person", "@sum(1)", "3", "month", "0.000000", 0],
    ["person", "two\nlines", "4", "month", "0.000000", 0],
    ["day", "2026-11-30", "", "2026-11-30", "-0.000001", 1],
  ]).toString("utf8");
  expect(text.startsWith("\uFEFFwhat,name,id,period,dollars,pictures\r\n")).toBe(true);
  expect(text.slice(1).split("\r\n")).toEqual([
    "what,name,id,period,dollars,pictures",
    'person,"Ada ""the"" first, of us",1,month,1.500000,3',
    `person,"'=HYPERLINK(""http://example.org"")",2,month,0.000000,0`,
    "person,'@sum(1),3,month,0.000000,0",
    'person,"two\nlines",4,month,0.000000,0',
    "day,2026-11-30,,2026-11-30,-0.000001,1",
    "",
  ]);
});
