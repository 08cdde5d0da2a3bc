/**
 * The files of one server that are pushed after it has booted, as a resource. Its inputs contain entries (owner, mode,
 * keyed hash) instead of contents; its outputs contain the entries of the files on the machine, and changes are
 * computed against those, since after a failed push the inputs differ from them.
 */
import { isMap, PartialFailure, sameValue, Unknown } from "../../provider-protocol";
import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DiffRequest,
  DiffResult,
  LongRequest,
  PropertyDiff,
  PropertyMap,
  ReadRequest,
  ReadResult,
  ResourceHandler,
  UpdateRequest,
} from "../../provider-protocol";
import { refuseImport } from "../inputs";
import { Agent } from "./agent";
import type { AgentAnswer, Found, PushRequest } from "./agent";
import { Connections } from "./connections";
import { entryOf } from "./entries";
import { Groups } from "./groups";
import { checked } from "./inputs";
import { masked } from "./mask";
import { Memory } from "./memory";
import { retryUntilReached } from "./reach";
import type { ReachPace } from "./reach";
import { entriesOf, settings } from "./settings";
import type { Settings } from "./settings";
import { SshFailure } from "./ssh";
import type { SshPace } from "./ssh";

/** The part that differs between a real and the built-in cloud. */
export type MachineAccess =
  | {
      readonly kind: "ssh";
      /** On the machines, only for root. @default /var/lib/labstead/machine-files */
      readonly directory?: string;
      /** @default an attempt every 5 s of at most 20 s; a refusal is final after 60 s */
      readonly pace?: Pace;
    }
  /** There are no machines: files are only recorded in the state. */
  | { readonly kind: "none"; readonly because: string };

export type Pace = SshPace & ReachPace;

const DIRECTORY = "/var/lib/labstead/machine-files";
const PACE: Pace = { ready: 20_000, keepalive: 10_000, betweenAttempts: 5_000, refusedFor: 60_000 };

/** Serves one provider of one run: it stores the inputs of `Check`. */
export function machineFilesHandler(access: MachineAccess): ResourceHandler {
  const memory = new Memory();
  const machines = access.kind === "ssh" ? new Pushes(access, memory) : new NoMachines(access.because);
  return {
    check: (request) => Promise.resolve(check(request, memory)),
    diff: (request) => Promise.resolve(diff(request)),
    create: async (request) => {
      const { inputs, preview } = request;
      const id = typeof inputs["machine"] === "string" ? inputs["machine"] : "";
      if (preview) return { id, outputs: { files: inputs["files"] ?? {} } };
      return machines.create(request, id);
    },
    read: (request) => {
      refuseImport("MachineFiles", request);
      return machines.read(request);
    },
    update: async (request) =>
      request.preview ? { files: request.newInputs["files"] ?? {} } : machines.update(request),
    // The files are deleted with their server; a remaining server keeps serving.
    delete: () => Promise.resolve(),
  };
}

function check({ urn, newInputs }: CheckRequest, memory: Memory): CheckResult {
  const { inputs, failures, remembered } = checked(newInputs);
  memory.keep(urn, remembered);
  return { inputs, failures };
}

/** Another machine under the same key has none of the files. How to connect and how to apply are not a change. */
function diff({ oldInputs, newInputs, oldState }: DiffRequest): DiffResult {
  const changes: Record<string, PropertyDiff> = {};
  for (const name of ["server", "machine"])
    if (!sameValue(oldInputs[name], newInputs[name])) changes[name] = { change: "update", replace: true };
  if (!sameValue(oldInputs["units"], newInputs["units"]))
    changes["units"] = { change: "update", replace: false };
  return { changes: { ...changes, ...fileChanges(oldState["files"], newInputs["files"]) } };
}

function fileChanges(
  applied: PropertyMap[string] | undefined,
  wanted: PropertyMap[string] | undefined,
): Readonly<Record<string, PropertyDiff>> {
  if (wanted instanceof Unknown) return { files: { change: "update", replace: false } };
  const [before, after] = [isMap(applied) ? applied : {}, isMap(wanted) ? wanted : {}];
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((path) => !sameValue(before[path], after[path]))
    .sort();
  return Object.fromEntries(
    changed.map((path) => {
      const change = before[path] === undefined ? "add" : after[path] === undefined ? "delete" : "update";
      return [`files["${path}"]`, { change, replace: false, against: "state" }];
    }),
  );
}

/** For clouds with machines. */
class Pushes {
  readonly #connections: Connections;
  readonly #groups = new Groups();
  readonly #agent: Agent;
  readonly #pace: Pace;

  constructor(
    { directory = DIRECTORY, pace = PACE }: Extract<MachineAccess, { readonly kind: "ssh" }>,
    private readonly memory: Memory,
  ) {
    this.#pace = pace;
    this.#connections = new Connections(pace);
    this.#agent = new Agent(directory);
  }

  async create(request: CreateRequest, id: string): Promise<CreateResult> {
    const wanted = settings(request.inputs);
    const answer = await this.push(request, wanted, []);
    if (answer.outcome !== "done") throw new Error(this.failureText(request.urn, wanted, answer));
    return { id, outputs: applied(wanted, answer) };
  }

  async update(request: UpdateRequest): Promise<PropertyMap> {
    const { oldState, newInputs, id, urn } = request;
    const wanted = settings(newInputs);
    const answer = await this.push(request, wanted, [...entriesOf(oldState["files"]).keys()]);
    const outputs = applied(wanted, answer);
    if (answer.outcome === "done") return outputs;
    const message = this.failureText(urn, wanted, answer);
    // If the files are as in the state, nothing happened; else the state is updated.
    if (sameValue(outputs["files"], oldState["files"])) throw new Error(message);
    throw new PartialFailure(id, outputs, [message]);
  }

  /** A machine that does not answer keeps its state: a short outage changes no file. */
  async read(request: ReadRequest): Promise<ReadResult> {
    const { id, inputs, state } = request;
    const wanted = settings(inputs);
    const paths = [...new Set([...wanted.entries.keys(), ...entriesOf(state["files"]).keys()])];
    try {
      const answer = await this.#groups.run(undefined, wanted.server, () =>
        this.#connections.with(wanted.target, request.signal, (client) => this.#agent.look(client, paths)),
      );
      if (answer.problem !== "") request.log("warning", answer.problem);
      return { id, inputs, outputs: applied(wanted, answer) };
    } catch (error) {
      if (!(error instanceof SshFailure)) throw error;
      request.log("warning", `the files of ${wanted.server} could not be looked at: ${error.message}`);
      return { id, inputs, outputs: state };
    }
  }

  private async push(
    request: LongRequest,
    wanted: Settings,
    previous: readonly string[],
  ): Promise<AgentAnswer> {
    const pushed = this.pushed(request.urn, wanted, previous);
    const { group, server, target } = wanted;
    const answer = await this.#groups
      .run(group, server, () =>
        retryUntilReached(request, wanted, this.#pace, async () => {
          const each = await this.#connections.with(target, request.signal, (client) =>
            this.#agent.push(client, pushed),
          );
          // Within the group's turn: the next machine must not be changed.
          if (each.outcome !== "done") throw new NotDone(each);
          return each;
        }),
      )
      .catch((error: unknown) => {
        if (error instanceof NotDone) return error.answer;
        throw error;
      });
    if (answer.outcome === "done") this.memory.forget(request.urn);
    return answer;
  }

  private pushed(urn: string, wanted: Settings, previous: readonly string[]): PushRequest {
    const contents = this.memory.contents(urn, wanted.entries);
    const files = [...wanted.entries].map(([path, entry]) => {
      const [mode = "", owner = ""] = entry.split(" ");
      const { validate, apply } = wanted.handling.get(path) ?? { validate: [], apply: { kind: "none" } };
      return { path, owner, mode, content: contents.get(path) ?? "", validate, apply };
    });
    const { awaits, timeoutSeconds, units, checks } = wanted;
    return { awaits: { run: awaits, timeoutSeconds }, files, previous, units, checks };
  }

  private failureText(urn: string, { server }: Settings, { outcome, problem }: AgentAnswer): string {
    const what =
      outcome === "undone"
        ? `the new files of ${server} did not work, so the old ones were put back`
        : `${server} does not take its new files, so none was replaced`;
    const lines = masked(problem, this.memory.mask(urn)).split("\n");
    return [what, ...lines.map((line) => `  ${line}`)].join("\n");
  }
}

/** A push that the machine refused or rolled back: another attempt would not help. */
class NotDone extends Error {
  constructor(readonly answer: AgentAnswer) {
    super(answer.problem);
  }
}

/** For clouds without machines. */
class NoMachines {
  constructor(private readonly because: string) {}

  create(request: CreateRequest, id: string): Promise<CreateResult> {
    return Promise.resolve({ id, outputs: this.taken(request, request.inputs) });
  }

  update(request: UpdateRequest): Promise<PropertyMap> {
    return Promise.resolve(this.taken(request, request.newInputs));
  }

  read({ id, inputs, state }: ReadRequest): Promise<ReadResult> {
    return Promise.resolve({ id, inputs, outputs: state });
  }

  private taken(request: LongRequest, inputs: PropertyMap): PropertyMap {
    const count = entriesOf(inputs["files"]).size;
    const files = count === 1 ? "1 file was" : `${count} files were`;
    request.log("info", `no SSH here: ${files} not pushed (${this.because})`);
    return { files: inputs["files"] ?? {} };
  }
}

/** The entries of the files on the machine, as outputs. */
function applied({ salt }: Settings, { files }: AgentAnswer): PropertyMap {
  const entries = Object.entries(files).flatMap(([path, found]) =>
    found === null ? [] : [[path, foundEntry(salt, path, found)] as const],
  );
  return { files: Object.fromEntries(entries) };
}

function foundEntry(salt: string, path: string, found: Found): string {
  return found.kind === "file" ? entryOf(salt, path, found) : NO_FILE[found.kind];
}

const NO_FILE = { directory: "a directory", other: "no file" } as const;
