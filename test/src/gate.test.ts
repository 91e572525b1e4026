import { expect, it } from "vitest";
import { openGate } from "../../src/gate.ts";

it("lets so many through at once, in order, and lets go of whoever no longer wants in", async () => {
  const gate = openGate(1);
  const order: string[] = [];
  const first = Promise.withResolvers<void>();
  const unwanted = new AbortController();
  const work = (name: string) => async () => void order.push(name);
  const all = [
    gate(() => first.promise),
    gate(work("second")),
    gate(work("given up"), unwanted.signal),
    gate(work("third"), new AbortController().signal),
  ];
  unwanted.abort();
  await all[2];
  expect(order).toEqual([]);
  first.resolve();
  await Promise.all(all);
  expect(order).toEqual(["second", "third"]);
  await gate(work("fourth"));
  expect(order.at(-1)).toBe("fourth");
});
