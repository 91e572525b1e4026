import { expect, it } from "vitest";
import { openPlaces, openRoom } from "../../src/work/places.ts";

it("a room that one platform has filled is open to the other", async () => {
  const room = openRoom(1);
  const hang = Promise.withResolvers<string>();
  const inside = room("discord", () => hang.promise);
  expect(await room("discord", () => Promise.resolve("sent"))).toBe("full");
  expect(await room("teams", () => Promise.resolve("sent"))).toBe("sent");
  hang.resolve("sent");
  expect(await inside).toBe("sent");
  expect(await room("discord", () => Promise.resolve("sent"))).toBe("sent");
});

it("a place that is left twice is free once, and whoever enters again takes one more", async () => {
  const places = openPlaces(1);
  const [first, stopping] = [places.take(), new AbortController().signal];
  const freed = places.untilFree(stopping);
  first.leave();
  first.leave();
  await freed;
  expect(places.free()).toBe(1);
  const second = places.take();
  first.enter();
  const free = places.untilFree(stopping).then(() => places.free());
  first.leave();
  expect(places.free()).toBe(0);
  await Promise.resolve();
  second.leave();
  expect(await free).toBe(1);
});
