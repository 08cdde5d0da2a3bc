/** The proof of identity for the next request: a kubeconfig's own, from a file that others renew, or from a program. */
import { readFile } from "node:fs/promises";

import { assertNever } from "../../errors/assert-never";
import { CredentialError, runExecProgram } from "./exec-program";
import type { ExecCredential, ExecProgram, Proof } from "./exec-program";
import type { ClusterAccess, Credentials } from "./kubeconfig";

/** Milliseconds before the end of a credential at which its program is run again. */
const EARLY = 10_000;

/** Of each program in this process: all requests share its runs. */
const runs = new Map<string, Promise<ExecCredential>>();

/** @throws CredentialError */
export async function proofOf({ credentials }: ClusterAccess): Promise<Proof> {
  switch (credentials.kind) {
    case "certificate":
    case "token":
    case "none":
      return credentials;
    case "tokenFile":
      return { kind: "token", token: await tokenIn(credentials.path) };
    case "exec":
      return proofBy(credentials.program);
    default:
      return assertNever(credentials);
  }
}

/** Whether another proof may be accepted after this one was refused. */
export function renews({ kind }: Credentials): boolean {
  return kind === "exec" || kind === "tokenFile";
}

/** The server has refused this proof: its program is run again, unless another request had it run already. */
export async function discard({ credentials }: ClusterAccess, refused: Proof): Promise<void> {
  if (credentials.kind !== "exec") return;
  const key = JSON.stringify(credentials.program);
  const run = runs.get(key);
  if ((await run)?.proof === refused && runs.get(key) === run) runs.delete(key);
}

async function proofBy(program: ExecProgram): Promise<Proof> {
  const key = JSON.stringify(program);
  const known = runs.get(key);
  if (known !== undefined) {
    const { proof, until = Infinity } = await known;
    if (until > Date.now() + EARLY) return proof;
    if (runs.get(key) === known) runs.delete(key);
  }
  return (await (runs.get(key) ?? started(key, program))).proof;
}

function started(key: string, program: ExecProgram): Promise<ExecCredential> {
  const run = runExecProgram(program);
  runs.set(key, run);
  run.catch(() => {
    if (runs.get(key) === run) runs.delete(key);
  });
  return run;
}

async function tokenIn(path: string): Promise<string> {
  const token = (await readFile(path, "utf8").catch(() => "")).trim();
  if (token !== "") return token;
  throw new CredentialError(
    `the kubeconfig's tokenFile ${path} cannot be read, or is empty`,
    "that the file exists on this machine, or give a token",
  );
}
