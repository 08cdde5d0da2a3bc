/** Calls the agent: sends its modules and a request, and reads its answer. */
import { join } from "node:path";
import type { Client } from "ssh2";

import { sha256 } from "./entries";
import type { FileLook } from "./entries";
import { RemoteProgram } from "./remote-program";

/** How the unit that reads a file is notified of a change. */
export type Apply =
  | { readonly kind: "none" }
  | { readonly kind: "reload"; readonly unit: string }
  | { readonly kind: "restart"; readonly unit: string };

export interface PushedFile {
  readonly path: string;
  readonly owner: string;
  readonly mode: string;
  readonly content: string;
  /** Program and arguments; `{}` is the candidate's path. Empty: no validation. */
  readonly validate: readonly string[];
  readonly apply: Apply;
}

export interface Check {
  readonly name: string;
  readonly run: readonly string[];
  readonly timeoutSeconds: number;
}

export interface PushRequest {
  /** Run to completion before anything else. */
  readonly awaits: { readonly run: readonly string[]; readonly timeoutSeconds: number };
  readonly files: readonly PushedFile[];
  /** Paths that were pushed before: those no longer among the files are removed. */
  readonly previous: readonly string[];
  /** Units that start now, because all their files exist. */
  readonly units: readonly string[];
  readonly checks: readonly Check[];
}

/** What is at a path. */
export type Found = ({ readonly kind: "file" } & FileLook) | { readonly kind: "directory" | "other" };

export interface AgentAnswer {
  /** `refused`: nothing was replaced; `undone`: the old files were put back. */
  readonly outcome: "done" | "refused" | "undone";
  /** The machine's message, if the outcome is not `done`. */
  readonly problem: string;
  /** By path; null if there is no file. */
  readonly files: Readonly<Record<string, Found | null>>;
}

/** Ordered by their imports. */
const MODULES = ["machine_files", "machine_services", "machine_store", "machine_push", "machine_main"];

export class Agent {
  readonly #program = new RemoteProgram(join(__dirname, "agent"), MODULES);

  /** @param directory on the machine: of the journal, and of candidates */
  constructor(private readonly directory: string) {}

  push(client: Client, request: PushRequest): Promise<AgentAnswer> {
    const files = request.files.map(({ content, ...file }) => ({
      ...file,
      content: Buffer.from(content, "utf8").toString("base64"),
      sha256: sha256(content),
    }));
    return this.#ask(client, { action: "push", ...request, files });
  }

  /** The current files; an interrupted push is completed or undone first. */
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
    return answerOf(await this.#program.run(client, { ...request, directory: this.directory }));
  }
}

function answerOf(line: string): AgentAnswer {
  const { outcome, problem, files } = JSON.parse(line) as Partial<AgentAnswer>;
  if (outcome === undefined || files === undefined) throw new Error("the machine's answer is not complete");
  return { outcome, problem: problem ?? "", files };
}
