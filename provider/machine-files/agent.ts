/** Asks the agent: sends its modules and a request, and reads its answer. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "ssh2";

import { sha256 } from "./entries";
import type { FileLook } from "./entries";
import { execute, SshFailure } from "./ssh";

/** How what reads a file is told that it changed. */
export type Apply =
  | { readonly kind: "none" }
  | { readonly kind: "reload"; readonly unit: string }
  | { readonly kind: "restart"; readonly unit: string };

export interface PushedFile {
  readonly path: string;
  readonly owner: string;
  readonly mode: string;
  readonly content: string;
  /** Program and arguments; `{}` is the candidate's path. Empty: nothing is asked. */
  readonly validate: readonly string[];
  readonly apply: Apply;
}

export interface Check {
  readonly name: string;
  readonly run: readonly string[];
  readonly timeoutSeconds: number;
}

export interface PushRequest {
  /** Run before anything else, to its end. */
  readonly awaits: { readonly run: readonly string[]; readonly timeoutSeconds: number };
  readonly files: readonly PushedFile[];
  /** Paths that were pushed before: those no longer among the files are removed. */
  readonly previous: readonly string[];
  /** Units that start now, as everything they need has come. */
  readonly units: readonly string[];
  readonly checks: readonly Check[];
}

/** What stands at a path. */
export type Found = ({ readonly kind: "file" } & FileLook) | { readonly kind: "directory" | "other" };

export interface AgentAnswer {
  /** `refused`: nothing was replaced; `undone`: the old files were put back. */
  readonly outcome: "done" | "refused" | "undone";
  /** The machine's own words, where the outcome is not `done`. */
  readonly problem: string;
  /** By path; null where nothing is. */
  readonly files: Readonly<Record<string, Found | null>>;
}

/** In the order of their imports. */
const MODULES = ["machine_files", "machine_services", "machine_store", "machine_push", "machine_main"];

/** Reads so many bytes of modules, then lets the last one read the request. Holds no quote of the shell's. */
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

/** The agent needs to be root: another user has to have sudo without a password. */
const COMMAND = `sh -c 'if [ "$(id -u)" -eq 0 ]; then exec "$@"; else exec sudo -n "$@"; fi' push python3 -c '${BOOTSTRAP}'`;

const ANSWER = "labstead-answer:";

export class Agent {
  readonly #program: string;

  /** @param directory on the machine: of the journal, and of candidates */
  constructor(private readonly directory: string) {
    const read = (name: string) => [name, readFileSync(join(__dirname, "agent", `${name}.py`), "utf8")];
    const modules = JSON.stringify(MODULES.map(read));
    this.#program = `${String(Buffer.byteLength(modules))}\n${modules}`;
  }

  push(client: Client, request: PushRequest): Promise<AgentAnswer> {
    const files = request.files.map(({ content, ...file }) => ({
      ...file,
      content: Buffer.from(content, "utf8").toString("base64"),
      sha256: sha256(content),
    }));
    return this.#ask(client, { action: "push", ...request, files });
  }

  /** How files are now; an interrupted push is ended or undone before. */
  look(client: Client, paths: readonly string[]): Promise<AgentAnswer> {
    return this.#ask(client, {
      action: "look",
      awaits: { run: [] },
      files: [],
      previous: paths,
      units: [],
      checks: [],
    });
  }

  async #ask(client: Client, request: object): Promise<AgentAnswer> {
    const input = JSON.stringify({ ...request, directory: this.directory });
    const { code, stdout, stderr } = await execute(client, COMMAND, `${this.#program}${input}`);
    // The login shell of a user may print something of its own.
    const line = stdout.split("\n").findLast((each) => each.startsWith(ANSWER));
    if (line !== undefined) return answerOf(line.slice(ANSWER.length));
    const words = stderr.trim().split("\n").slice(-3).join("\n");
    throw new SshFailure(
      "refused",
      `the machine does not run what is pushed with (it needs python3, and root or sudo without a password): ${words || `exit code ${code ?? "unknown"}`}`,
    );
  }
}

function answerOf(line: string): AgentAnswer {
  const { outcome, problem, files } = JSON.parse(line) as Partial<AgentAnswer>;
  if (outcome === undefined || files === undefined) throw new Error("the machine's answer is not complete");
  return { outcome, problem: problem ?? "", files };
}
