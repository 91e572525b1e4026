import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { refusalOf } from "../../adapters/discord/rest/faults.ts";
import { makeRest } from "../../adapters/discord/rest/first-answer.ts";
import { DISCORD_TIMES } from "../../adapters/discord/times.ts";

const faultOfCall = (api: string, signal?: AbortSignal) =>
  makeRest({ token: "t", applicationId: "1", api, times: DISCORD_TIMES })
    .get("/users/@me", { signal })
    .then(
      () => expect.fail(),
      (error: unknown) => refusalOf(error, "bot", "a look").fault,
    );

it("tells a call that never went out from one whose answer was lost", async () => {
  const answers = [
    (socket: { destroy(): void }) => socket.destroy(),
    () => undefined, // Hangs, until the caller gives up.
  ];
  const server = createServer(({ socket }) => answers.shift()?.(socket)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
  expect(await faultOfCall(api)).toBe("answer lost");
  expect(await faultOfCall(api, AbortSignal.timeout(300))).toBe("answer lost");
  server.closeAllConnections();
  server.close();
  expect(await faultOfCall(api)).toBe("trouble");
  expect(await faultOfCall("http://discord.invalid/api")).toBe("trouble");
});
