/** A program that is sent to a machine with each request, so that nothing has to be installed there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "ssh2";

import { execute, SshFailure } from "./ssh";

/** Reads this number of bytes of modules, then the last one reads the request. Contains no shell quotes. */
const BOOTSTRAP = [
  "import sys, json, types",
  "source = sys.stdin.buffer",
  "modules = json.loads(source.read(int(source.readline())).decode())",
  "for name, text in modules:",
  "    module = types.ModuleType(name)",
  "    sys.modules[name] = module",
  '    exec(compile(text, name, "exec"), module.__dict__)',
  "sys.modules[modules[-1][0]].main()",
].join("\n");

/** It must run as root: another user needs passwordless sudo. */
const COMMAND = `sh -c 'if [ "$(id -u)" -eq 0 ]; then exec "$@"; else exec sudo -n "$@"; fi' push python3 -c '${BOOTSTRAP}'`;

const ANSWER = "labstead-answer:";

export class RemoteProgram {
  readonly #program: string;

  /** @param modules in Python, in the order of their imports; `main` of the last one is run */
  constructor(folder: string, modules: readonly string[]) {
    const read = (name: string) => [name, readFileSync(join(folder, `${name}.py`), "utf8")];
    const text = JSON.stringify(modules.map(read));
    this.#program = `${String(Buffer.byteLength(text))}\n${text}`;
  }

  /** @returns the JSON that it printed after its mark. @throws SshFailure */
  async run(client: Client, request: object): Promise<string> {
    const { code, stdout, stderr } = await execute(
      client,
      COMMAND,
      `${this.#program}${JSON.stringify(request)}`,
    );
    // The login shell of a user may print other text.
    const line = stdout.split("\n").findLast((each) => each.startsWith(ANSWER));
    if (line !== undefined) return line.slice(ANSWER.length);
    const message = stderr.trim().split("\n").slice(-3).join("\n");
    throw new SshFailure(
      "refused",
      `the machine does not run what is pushed with (it needs python3, and root or sudo without a password): ${message || `exit code ${code ?? "unknown"}`}`,
    );
  }
}
