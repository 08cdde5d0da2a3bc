/** Runs kubectl, which alone can open a pod's process to a caller. */
import { spawn } from "node:child_process";
import { UserError } from "../shared/failure";

export interface KubectlOptions {
  /** @default nothing */
  readonly input?: string;
  /** @default what kubectl uses by itself */
  readonly kubeconfig?: string;
}

/** What it printed. @throws UserError with what it said */
export function kubectl(
  namespace: string,
  args: readonly string[],
  { input = "", kubeconfig }: KubectlOptions,
): Promise<string> {
  const all = [...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]), "--namespace", namespace];
  return new Promise((resolve, reject) => {
    const process = spawn("kubectl", [...all, ...args], { stdio: "pipe" });
    const [out, said]: [Buffer[], Buffer[]] = [[], []];
    process.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    process.stderr.on("data", (chunk: Buffer) => said.push(chunk));
    process.on("error", (error) => {
      reject(new UserError(`kubectl does not start: ${error.message}; install it, see labstead doctor`));
    });
    process.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString());
      else reject(new UserError(problemOf(Buffer.concat(said).toString())));
    });
    // A program that ended before it read all of its input has said why.
    process.stdin.on("error", () => undefined);
    process.stdin.end(input);
  });
}

/** Without kubectl's own last line about the exit code of the process inside. */
function problemOf(said: string): string {
  const lines = said.split("\n").filter((line) => line !== "" && !line.startsWith("command terminated"));
  return lines.join("\n") || "kubectl failed without a word";
}
