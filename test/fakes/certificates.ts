import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";

/** Paths of PEM files. `ca` goes to NODE_EXTRA_CA_CERTS, `key` and `cert` to a server. */
export type Certificates = { directory: string; ca: string; key: string; cert: string };

/** Makes an authority and, signed by it, one certificate for this machine and all `names`; new for each file of tests. */
export function makeCertificates(names: string[]): Certificates {
  const directory = mkdtempSync(join(tmpdir(), "easel-certificates-"));
  const openssl = (...parameters: string[]) => execFileSync("openssl", parameters, { cwd: directory, stdio: "pipe" });
  const request = [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-days",
    "30",
  ];
  const alternatives = ["DNS:localhost", "IP:127.0.0.1", ...names.map((name) => `DNS:${name}`)];

  openssl(...request, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=easel test authority");
  const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-addext", "basicConstraints=critical,CA:FALSE"];
  const named = ["-subj", "/CN=easel-test", "-addext", `subjectAltName=${alternatives.join(",")}`];
  openssl(...request, ...signed, ...named, "-keyout", "leaf.key", "-out", "leaf.pem");
  const file = (name: string) => join(directory, name);
  return { directory, ca: file("ca.pem"), key: file("leaf.key"), cert: file("leaf.pem") };
}

/** Lets clients in this very process trust the authority, as NODE_EXTRA_CA_CERTS does for a new one. */
export function trustAuthority({ ca }: Certificates): void {
  setDefaultCACertificates([...getCACertificates("default"), readFileSync(ca, "utf8")]);
}
