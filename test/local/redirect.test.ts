import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { createServer } from "node:https";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeCertificates, type Certificates } from "../fakes/certificates.ts";
import { readRedirectLog, redirectEnvironment } from "../../local/redirect.ts";

let certificates: Certificates;
let port: number;
const server = createServer();

beforeAll(async () => {
  certificates = makeCertificates(["discord.com", "*.blob.core.windows.net"]);
  server.setSecureContext({ key: readFileSync(certificates.key), cert: readFileSync(certificates.cert) });
  server.on("request", (request, response) => response.end(`this is ${request.headers.host}`));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ({ port } = server.address() as AddressInfo);
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(certificates.directory, { recursive: true });
});

/** Runs the code in a process behind the redirect; `reach` is there and gives the text or the code of the error. */
async function run(name: string, code: string) {
  const log = join(certificates.directory, `${name}.log`);
  const hosts = { "discord.com": port, "*.blob.core.windows.net": port, "cdn.discordapp.com": port };
  const reach = `
    const innermost = (error) => (error.cause ? innermost(error.cause) : (error.code ?? error.message));
    const reach = (address) => fetch(address).then((answer) => answer.text(), innermost);
    const say = (value) => process.stdout.write(JSON.stringify(value));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", `${reach}\n${code}`], {
    env: { ...process.env, ...redirectEnvironment({ hosts, authority: certificates.ca, log }) },
  });
  return { answer: JSON.parse(stdout) as unknown, decisions: readRedirectLog(log) };
}

test("a named host leads to its port, with its own name checked by its own certificate", async () => {
  const { answer, decisions } = await run("named", `say(await reach("https://discord.com/api"))`);
  expect(answer).toBe("this is discord.com");
  expect(decisions).toEqual([{ decision: "redirected", host: "discord.com", port: 443, to: port }]);
});

test("a suffix stands for every name before it", async () => {
  const { answer } = await run("suffix", `say(await reach("https://easel.blob.core.windows.net/"))`);
  expect(answer).toBe("this is easel.blob.core.windows.net");
});

test("a suffix stands for one label, and not for the bare domain", async () => {
  const code = `say([await reach("https://a.b.blob.core.windows.net/"), await reach("https://blob.core.windows.net/")])`;
  const { answer } = await run("labels", code);
  expect(answer).toEqual(["ENOTFOUND", "ENOTFOUND"]);
});

test("a redirected host whose certificate names another is turned away", async () => {
  const { answer } = await run("certificate", `say(await reach("https://cdn.discordapp.com/"))`);
  expect(answer).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
});

test("every other host fails as one that does not exist, addresses too", async () => {
  const code = `say([await reach("https://example.com"), await reach("http://169.254.169.254/"), await reach("http://[2001:db8::1]/")])`;
  const { answer, decisions } = await run("refused", code);
  expect(answer).toEqual(["ENOTFOUND", "ENOTFOUND", "ENOTFOUND"]);
  expect(decisions.map(({ decision, host }) => `${decision} ${host}`)).toEqual([
    "refused example.com",
    "refused 169.254.169.254",
    "refused 2001:db8::1",
  ]);
});

test("this machine stays within reach", async () => {
  const { answer, decisions } = await run("local", `say(await reach("https://localhost:${port}/"))`);
  expect(answer).toBe(`this is localhost:${port}`);
  expect(decisions).toEqual([{ decision: "local", host: "localhost", port }]);
});

test("https, tls, net, a worker and a child process all pass through it", async () => {
  const { answer, decisions } = await run(
    "clients",
    `
    import https from "node:https"; import tls from "node:tls"; import net from "node:net";
    import { Worker } from "node:worker_threads"; import { execFileSync } from "node:child_process";
    const codeOf = (emitter) => new Promise((resolve) => emitter.on("error", (error) => resolve(error.code)));
    const workerCode = \`import net from "node:net"; import { parentPort } from "node:worker_threads";
      net.connect(443, "four.example").on("error", (error) => parentPort.postMessage(error.code))\`;
    const inWorker = new Worker(workerCode, { eval: true });
    say([
      await codeOf(https.get("https://one.example")),
      await codeOf(tls.connect(443, "two.example")),
      await codeOf(net.connect({ host: "three.example", port: 443 })),
      await new Promise((resolve) => inWorker.on("message", resolve)),
      execFileSync(process.execPath, ["-e", 'require("net").connect(443, "five.example").on("error", (error) => console.log(error.code))']).toString().trim(),
    ]);`,
  );
  expect(answer).toEqual(Array.from({ length: 5 }, () => "ENOTFOUND"));
  expect(decisions.map(({ host }) => host)).toEqual(
    ["one", "two", "three", "four", "five"].map((name) => `${name}.example`),
  );
});

test("a process that forgot the map of hosts does not start", async () => {
  const environment = {
    ...process.env,
    NODE_OPTIONS: redirectEnvironment({ hosts: {}, authority: "", log: "" }).NODE_OPTIONS,
  };
  const start = promisify(execFile)(process.execPath, ["-e", ""], { env: environment });
  await expect(start).rejects.toThrow(/without REDIRECT/);
});
