import { expect, it } from "vitest";
import { isNeverSent } from "../../src/images-api/never-sent.ts";

const coded = (code: string, options?: ErrorOptions) => Object.assign(new Error("x", options), { code });

it.each<[string, unknown, boolean]>([
  ["a refused connection", new TypeError("fetch failed", { cause: coded("ECONNREFUSED") }), true],
  [
    "one that is refused at every address",
    new TypeError("x", { cause: new AggregateError([coded("ECONNREFUSED")]) }),
    true,
  ],
  ["a connection that took too long to stand", coded("UND_ERR_CONNECT_TIMEOUT"), true],
  ["a connection that stood and was cut", new TypeError("x", { cause: coded("UND_ERR_SOCKET") }), false],
  ["a connection that stood and fell silent", coded("ETIMEDOUT"), false],
  ["something else", "nonsense", false],
])("%s", (_, error, never) => expect(isNeverSent(error)).toBe(never));
