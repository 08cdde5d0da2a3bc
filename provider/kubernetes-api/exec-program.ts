/**
 * Credential programs of kubeconfigs, such as kubelogin or those of clouds: the client runs one and reads an
 * ExecCredential from its output. Source: Kubernetes documentation, "Authenticating", client-go credential plugins.
 */
import { execFile } from "node:child_process";
import type { ExecFileException } from "node:child_process";

import { fieldOf, json, textOf } from "./json-fields";

export const EXEC_VERSIONS = [
  "client.authentication.k8s.io/v1",
  "client.authentication.k8s.io/v1beta1",
] as const;

/** `users[].user.exec` of a kubeconfig. */
export interface ExecProgram {
  readonly apiVersion: (typeof EXEC_VERSIONS)[number];
  /** A name in PATH, or an absolute path. */
  readonly command: string;
  readonly args: readonly string[];
  /** In addition to those of this process. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the program gets about the cluster; undefined if the kubeconfig does not ask for it. */
  readonly cluster: Readonly<Record<string, unknown>> | undefined;
  /** Where to get the program, in the kubeconfig's words; may be empty. */
  readonly installHint: string;
}

/** What proves the client's identity. */
export type Proof =
  | { readonly kind: "certificate"; readonly certificate: string; readonly key: string }
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "none" };

export interface ExecCredential {
  readonly proof: Proof;
  /** Milliseconds since 1970; undefined if it is valid until the server refuses it. */
  readonly until: number | undefined;
}

/** No credential could be had. The message has what a program wrote to its error output, and no credential. */
export class CredentialError extends Error {
  constructor(
    message: string,
    /** What to check. */
    readonly check: string,
  ) {
    super(message);
  }
}

/** Milliseconds for one run: a login in a browser is not possible here. */
const RUN_TIME = 60_000;

/** Characters of the program's error output that are shown. */
const SHOWN = 300;

/** @throws CredentialError */
export async function runExecProgram(program: ExecProgram): Promise<ExecCredential> {
  const output = await outputOf(program);
  const content = json(output);
  const status = fieldOf(content, "status");
  if (textOf(content, "apiVersion") !== program.apiVersion || textOf(content, "kind") !== "ExecCredential")
    throw failed(program, `prints no ExecCredential of ${program.apiVersion}`);
  const proof = proofIn(status);
  if (proof === undefined)
    throw failed(program, "prints neither a token nor a client certificate with its key");
  const end = Date.parse(textOf(status, "expirationTimestamp"));
  return { proof, until: Number.isNaN(end) ? undefined : end };
}

function proofIn(status: unknown): Proof | undefined {
  const certificate = textOf(status, "clientCertificateData");
  const key = textOf(status, "clientKeyData");
  if (certificate !== "" && key !== "") return { kind: "certificate", certificate, key };
  const token = textOf(status, "token");
  return token === "" ? undefined : { kind: "token", token };
}

function outputOf(program: ExecProgram): Promise<string> {
  const { apiVersion, command, args, environment, cluster } = program;
  const spec = { interactive: false, ...(cluster === undefined ? {} : { cluster }) };
  const info = JSON.stringify({ apiVersion, kind: "ExecCredential", spec });
  const env = { ...process.env, ...environment, KUBERNETES_EXEC_INFO: info };
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, { env, timeout: RUN_TIME }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(failed(program, reasonOf(error, stderr)));
    });
    child.stdin?.end();
  });
}

function reasonOf(error: ExecFileException, stderr: string): string {
  if (error.code === "ENOENT") return "is not installed on this machine";
  if (error.killed === true) return `does not end within ${RUN_TIME / 1000} s`;
  const said = stderr.trim();
  const shown = said.length > SHOWN ? `…${said.slice(-SHOWN)}` : said;
  return `ends with ${error.code ?? "a signal"}${shown === "" ? "" : `: ${shown}`}`;
}

function failed({ command, args, installHint }: ExecProgram, what: string): CredentialError {
  const hint = installHint.trim() === "" ? "" : `; ${installHint.trim()}`;
  return new CredentialError(
    `the kubeconfig's credential program ${command} ${what}`,
    `that this works without a terminal, and log in first if it asks: ${[command, ...args].join(" ")}${hint}`,
  );
}
