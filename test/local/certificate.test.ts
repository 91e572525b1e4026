import { X509Certificate } from "node:crypto";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { makeCertificate } from "../../local/certificate.ts";

test("is taken by whoever trusts it, for its hosts alone", async () => {
  const { key, cert } = makeCertificate(["discord.com", "cdn.discordapp.com"]);
  const server = createServer({ key, cert }, (_, answer) => answer.end("here"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const call = (servername: string, ca?: string) =>
    new Promise((resolve) => {
      const options = { host: "127.0.0.1", port, servername, ca, agent: false };
      request(options, (answer) => resolve(answer.statusCode))
        .on("error", (error: NodeJS.ErrnoException) => resolve(error.code))
        .end();
    });
  expect(await call("discord.com", cert)).toBe(200);
  expect(await call("cdn.discordapp.com", cert)).toBe(200);
  expect(await call("gateway.discord.gg", cert)).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
  expect(await call("discord.com")).toBe("DEPTH_ZERO_SELF_SIGNED_CERT");
  expect(new X509Certificate(cert).verify(new X509Certificate(cert).publicKey)).toBe(true);
});
