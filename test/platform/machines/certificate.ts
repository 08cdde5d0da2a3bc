/** Certificates that nobody trusts, for tests of what looks at them. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runs } from "../../lab/host/programs";
import { inScratch } from "../../lab/host/undo";

runs("openssl");

export interface Signed {
  /** Both PEM. */
  readonly certificate: string;
  readonly key: string;
}

/** Signed by itself, for this many days, for the host name too. */
export function selfSigned(name: string, days: number): Signed {
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", String(days)];
  const names = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`];
  return inScratch("certificate", (folder) => {
    const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
    execFileSync("openssl", ["req", "-x509", ...kind, ...names, "-keyout", key, "-out", certificate], {
      stdio: "ignore",
    });
    return { certificate: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") };
  });
}

export function certificateOf(name: string, days: number): string {
  return selfSigned(name, days).certificate;
}
