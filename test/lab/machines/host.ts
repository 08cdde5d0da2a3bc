/** Commands on the machine that runs the tests: it has to be Debian, and the tests root. */
import { execFile } from "node:child_process";
import { mustBeDeclared } from "../host/programs";

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface HostOptions {
  readonly input?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds; a longer run counts as failed. @default 120000 */
  readonly timeout?: number;
}

/** Bytes that a command may print. */
const MAX_OUTPUT = 32 * 1024 * 1024;

/**
 * Runs a program to its end, whatever its exit code; 124 as `timeout` gives for one that was ended.
 * @throws Error if the program is not declared, see `runs`
 */
export function attempt(argv: readonly string[], options: HostOptions = {}): Promise<Finished> {
  mustBeDeclared(argv);
  const [program = "", ...args] = argv;
  const { input, env = process.env, timeout = 480_000 } = options;
  return new Promise((resolve) => {
    const child = execFile(
      program,
      args,
      { env, timeout, maxBuffer: MAX_OUTPUT },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : error.killed === true ? 124 : exitCode(error.code);
        resolve({ code, stdout, stderr: code === 127 ? `${stderr}${error?.message ?? ""}` : stderr });
      },
    );
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input ?? "");
  });
}

function exitCode(code: unknown): number {
  return typeof code === "number" ? code : 127;
}

/** Runs a program that has to succeed. @throws Error with what it printed */
export async function host(argv: readonly string[], options: HostOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await attempt(argv, options);
  if (code === 0) return stdout;
  const said = `${stdout}\n${stderr}`.trim().split("\n").slice(-20).join("\n");
  throw new Error(`${argv.join(" ")}: exit code ${String(code)}\n${said}`);
}

/**
 * How many times longer a wait may take than it does on a machine with nothing else to do. Where a time is claimed, the
 * test measures it itself.
 */
const PATIENCE = 4;

/** Asks until the answer is not undefined. @throws Error naming what was waited for */
export async function until<T>(
  what: string,
  seconds: number,
  ask: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const limit = seconds * PATIENCE;
  const end = Date.now() + limit * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`${what}: not within ${String(limit)} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
