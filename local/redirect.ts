/**
 * Loaded with `--import` before the bot: sends connections for the hosts named in REDIRECT to ports on this machine and
 * refuses every other host that is not this machine. It works below TLS, so names and certificates are still checked:
 * against the authority in NODE_EXTRA_CA_CERTS, or against the certificate in REDIRECT_CERTIFICATE and no other.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { Socket } from "node:net";
import { env, execArgv } from "node:process";
import { setDefaultCACertificates } from "node:tls";
import { fileURLToPath } from "node:url";

/** Host names, exact or `*.suffix`, and the port on 127.0.0.1 that stands for each. */
export type RedirectedHosts = Record<string, number>;

export type RedirectDecision = {
  decision: "redirected" | "local" | "refused";
  host: string;
  port: number;
  to?: number;
};

type Target = { host?: string; port?: number | string; path?: string };

/** The environment of a child process that lives behind the redirect. */
export function redirectEnvironment(redirect: {
  hosts: RedirectedHosts;
  authority: string;
  log: string;
}): Record<string, string> {
  return {
    NODE_OPTIONS: `--import=${import.meta.url}`,
    NODE_EXTRA_CA_CERTS: redirect.authority,
    REDIRECT: JSON.stringify(redirect.hosts),
    REDIRECT_LOG: redirect.log,
  };
}

/** The same for a process that is forked with `execArgv`, and that trusts one certificate, a PEM text, alone. */
export function redirectTo(
  hosts: RedirectedHosts,
  certificate: string,
): { execArgv: string[]; env: Record<string, string> } {
  return {
    execArgv: ["--import", import.meta.url],
    env: { REDIRECT: JSON.stringify(hosts), REDIRECT_CERTIFICATE: certificate },
  };
}

export function readRedirectLog(log: string): RedirectDecision[] {
  if (!existsSync(log)) return [];
  const lines = readFileSync(log, "utf8").trim().split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as RedirectDecision);
}

const fileName = fileURLToPath(import.meta.url);
const isPreload = [...execArgv, env.NODE_OPTIONS ?? ""].some(
  (argument) => argument.includes(import.meta.url) || argument.includes(fileName) || argument.endsWith("redirect.ts"),
);

if (env.REDIRECT !== undefined && env.REDIRECT_CERTIFICATE) setDefaultCACertificates([env.REDIRECT_CERTIFICATE]);
if (env.REDIRECT !== undefined) redirectConnections(JSON.parse(env.REDIRECT) as RedirectedHosts, env.REDIRECT_LOG);
else if (isPreload) throw new Error("redirect.ts is preloaded without REDIRECT: the real world would be within reach");

function redirectConnections(hosts: RedirectedHosts, log: string | undefined): void {
  const prototype: { connect: (this: Socket, ...parameters: unknown[]) => Socket } = Socket.prototype as never;
  const { connect } = prototype;

  prototype.connect = function (...parameters) {
    const { options, listener } = readParameters(parameters);
    if (options.path) return connect.apply(this, parameters);

    const { host = "localhost", port } = options;
    const decision = decide(hosts, host, Number(port));
    if (log) appendFileSync(log, `${JSON.stringify(decision)}\n`);
    if (decision.decision === "local") return connect.apply(this, parameters);

    const changed =
      decision.decision === "redirected"
        ? { ...options, host: "127.0.0.1", port: decision.to }
        : // An address would never be looked up, so it could not fail as a name does.
          { ...options, host: "refused.invalid", lookup: notFound(host) };
    return connect.call(this, changed, ...(listener ? [listener] : []));
  };
}

/** `connect` is called as (options, listener), (port, host, listener), (path, listener), or by Node with one array of the first form. */
function readParameters(parameters: unknown[]): { options: Target; listener?: unknown } {
  const flat: unknown[] = Array.isArray(parameters[0]) ? parameters[0] : parameters;
  const [first, second] = flat;
  const listener = flat.find((parameter) => typeof parameter === "function");
  if (typeof first === "object" && first !== null) return { options: first, listener };
  const isPort = typeof first === "number" || (typeof first === "string" && /^\d+$/.test(first));
  if (!isPort) return { options: { path: String(first) }, listener };
  return { options: { port: Number(first), ...(typeof second === "string" && { host: second }) }, listener };
}

function decide(hosts: RedirectedHosts, host: string, port: number): RedirectDecision {
  const name = host.toLowerCase().replace(/\.$/, "");
  if (isLoopback(name)) return { decision: "local", host: name, port };
  const suffix = name.slice(name.indexOf("."));
  const to = hosts[name] ?? hosts[`*${suffix}`];
  return to === undefined
    ? { decision: "refused", host: name, port }
    : { decision: "redirected", host: name, port, to };
}

function isLoopback(name: string): boolean {
  return name === "localhost" || name === "::1" || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(name);
}

function notFound(host: string) {
  return (_name: string, _options: unknown, answer: (error: Error) => void): void => {
    const error = new Error(`getaddrinfo ENOTFOUND ${host}`);
    answer(Object.assign(error, { code: "ENOTFOUND", errno: -3008, syscall: "getaddrinfo", hostname: host }));
  };
}
