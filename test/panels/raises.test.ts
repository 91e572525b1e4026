import { describe, expect, test } from "vitest";
import { endOf, nextFriday, raiseSteps } from "../../src/panels/raises.ts";

describe("until Friday", () => {
  test.each([
    ["2026-11-30", "2026-12-04"], // a Monday
    ["2026-12-03", "2026-12-04"],
    ["2026-12-04", "2026-12-11"], // a Friday: the one to come
    ["2026-12-05", "2026-12-11"],
    ["2026-12-27", "2027-01-01"],
  ])("from %s is %s", (today, friday) => expect(nextFriday(today)).toBe(friday));

  test("is the moment after that day, in the installation's time zone", () => {
    expect(endOf("2026-12-04", "UTC").toISOString()).toBe("2026-12-05T00:00:00.000Z");
    expect(endOf("2026-12-04", "Europe/Zurich").toISOString()).toBe("2026-12-04T23:00:00.000Z");
    expect(endOf("2026-12-04", "Pacific/Kiritimati").toISOString()).toBe("2026-12-04T10:00:00.000Z");
    expect(endOf("2026-12-04", "Etc/GMT+12").toISOString()).toBe("2026-12-05T12:00:00.000Z");
    // The night in which clocks are put forward.
    expect(endOf("2026-03-28", "Europe/Zurich").toISOString()).toBe("2026-03-28T23:00:00.000Z");
    expect(endOf("2026-03-29", "Europe/Zurich").toISOString()).toBe("2026-03-29T22:00:00.000Z");
  });
});

test("a budget is raised in steps that suit it", () => {
  const budget = { scope: "person", per: "day" } as const;
  expect(raiseSteps({ ...budget, dollars: 20 })).toEqual([5, 20]);
  expect(raiseSteps({ ...budget, dollars: 100 })).toEqual([5, 50, 100]);
  expect(raiseSteps({ ...budget, dollars: 2 })).toEqual([0.5, 2, 5]);
  expect(raiseSteps({ ...budget, pictures: 20 })).toEqual([5, 20]);
  expect(raiseSteps({ ...budget, pictures: 3 })).toEqual([1, 5]);
  for (const dollars of [0, 0.01, 1, 9.99, 1_000_000]) {
    const steps = raiseSteps({ ...budget, dollars });
    expect(steps.length).toBeGreaterThan(0);
    expect(steps.every((step) => step > 0)).toBe(true);
  }
});
