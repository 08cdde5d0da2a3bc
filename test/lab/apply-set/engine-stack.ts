/** A stack whose program makes a sharded set on a real API server, by the real engine and the plugin's own code. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { EngineEvent } from "@pulumi/pulumi/automation";

import { removeHalfWritten } from "../../../cli/shared/file-backend";
import { LabsteadProvider, ShardedApplySet } from "../../../provider/sdk";
import type { ApplySetManifest, ApplySetSettings } from "../../../provider/sdk";
import { Engine } from "../../../rehearsal/engine";
import { pulumiExecutable } from "../../rehearsal/engine-lab";
import { ownerOf } from "./users";

export const SALT = "a salt for the digests of tests";

const SOURCE = { project: "lab", stack: "test" };

export interface StackOptions {
  /** Of the work folder. */
  readonly directory: string;
  readonly kubeconfig: string;
  /** `labstead:<port>` */
  readonly debugProviders: string;
  readonly settings?: Partial<ApplySetSettings>;
  /** What is declared, asked at each run. */
  readonly objects: () => readonly ApplySetManifest[];
}

export function openStack({
  directory,
  kubeconfig,
  debugProviders,
  settings,
  objects,
}: StackOptions): Promise<Engine> {
  return Engine.open({
    directory,
    pulumi: pulumiExecutable(),
    source: SOURCE,
    debugProviders,
    program: async () => {
      const provider = new LabsteadProvider("labstead");
      const salt = pulumi.secret(SALT);
      const args = { kubeconfig, salt, ...settings, objects: objects(), ownerOf };
      new ShardedApplySet("users", args, { provider });
      await Promise.resolve();
    },
  });
}

/** Removes the lock of an engine that was killed, and what it wrote by halves, as `labstead recover` does. */
export async function afterKill(engine: Engine, directory: string): Promise<void> {
  removeHalfWritten(join(directory, "state"), SOURCE.project, SOURCE.stack);
  await engine.cancel();
}

/** What an operation says of entries, `operation key`, and its messages. */
export class Watched {
  readonly #entries: string[] = [];
  readonly #messages: string[] = [];

  readonly onEvent = ({ resourcePreEvent, diagnosticEvent }: EngineEvent): void => {
    for (const [path, { diffKind }] of Object.entries(resourcePreEvent?.metadata.detailedDiff ?? {}))
      this.#entries.push(`${diffKind} ${/"(.*)"/.exec(path)?.[1] ?? path}`);
    if (diagnosticEvent !== undefined) this.#messages.push(diagnosticEvent.message);
  };

  get entries(): readonly string[] {
    return [...this.#entries].sort();
  }

  get messages(): string {
    return this.#messages.join("\n");
  }
}

/** Everything that the engine wrote to disk. */
export function written(directory: string): string {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}
