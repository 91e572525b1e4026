import { afterEach, expect, it, vi } from "vitest";
import { RestError } from "@azure/storage-blob";
import { log } from "../../src/log.ts";
import { untilReached } from "../../src/storage/until-reached.ts";
import { TIMES } from "../../src/times.ts";
import { tenth } from "../times.ts";

afterEach(() => void vi.restoreAllMocks());

it("says the same fault once for a while, another one at once, and how to mend it", async () => {
  const said = vi.spyOn(log, "error");
  const stopping = new AbortController();
  const policy = { statusCode: 409, code: "BlobImmutableDueToPolicy" };
  let tries = 0;
  const reach = () => {
    tries += 1;
    if (tries === 4) stopping.abort();
    if (tries < 3) throw new RestError("This operation is not permitted.", policy);
    throw new Error("connect ECONNREFUSED");
  };
  await untilReached("storage", () => new Promise(reach), tenth(TIMES), stopping.signal);
  expect(said.mock.calls.map(([line]) => line)).toEqual([
    expect.objectContaining({
      because: "409 BlobImmutableDueToPolicy This operation is not permitted.",
      mend: expect.stringContaining("immutability policy"),
    }),
    expect.objectContaining({ because: "connect ECONNREFUSED" }),
  ]);
});
