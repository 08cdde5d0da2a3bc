/** The openstack package over a local store in a temporary folder, without an engine. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { toPlain } from "../../../provider-protocol";
import type {
  ConfiguredPackage,
  DiffResult,
  PlainMap,
  PropertyMap,
  ReadResult,
  ResourceHandler,
} from "../../../provider-protocol";
import { openLocalOpenStack } from "../../../rehearsal/openstack/package";
import type { OpenPackage } from "../../../rehearsal/open-package";

export interface Thing {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly outputs: PlainMap;
}

/** Speaks to the package as the engine would: check, then the operation. */
export class Lab {
  readonly directory = mkdtempSync(join(tmpdir(), "openstack-"));
  #open: OpenPackage;

  /** @param patienceMilliseconds how long deletions wait for what is in use */
  constructor(private readonly patienceMilliseconds = 0) {
    this.#open = this.#start();
  }

  #start(): OpenPackage {
    return openLocalOpenStack({ directory: this.directory, existingNetworks: [] }, this.patienceMilliseconds);
  }

  /** A new process over the same files. */
  restart(): void {
    this.#open.close();
    this.#open = this.#start();
  }

  close(): void {
    this.#open.close();
    rmSync(this.directory, { recursive: true });
  }

  configured(config: PropertyMap = { useOctavia: "true" }): Promise<ConfiguredPackage> {
    return this.#open.handler.configure({ urn: "", inputs: config });
  }

  async handler(type: string, config?: PropertyMap): Promise<ResourceHandler> {
    const handler = (await this.configured(config)).resource(type);
    if (handler === undefined) throw new Error(`no ${type}`);
    return handler;
  }

  async check(
    type: string,
    name: string,
    newInputs: PropertyMap,
    oldInputs: PropertyMap = {},
    config?: PropertyMap,
  ) {
    const handler = await this.handler(type, config);
    return handler.check({ ...about(type, name), newInputs, oldInputs, randomSeed: new Uint8Array() });
  }

  async create(type: string, name: string, given: PropertyMap): Promise<Thing> {
    const { inputs, failures = [] } = await this.check(type, name, given);
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
    const handler = await this.handler(type);
    const { id, outputs } = await handler.create({ ...long(type, name), inputs, preview: false });
    return { type, name, id, inputs, outputs: toPlain(outputs) };
  }

  async foretell(type: string, name: string, given: PropertyMap): Promise<PropertyMap> {
    const { inputs } = await this.check(type, name, given);
    return (await (await this.handler(type)).create({ ...long(type, name), inputs, preview: true })).outputs;
  }

  async read({ type, name, id, inputs, outputs }: Thing): Promise<ReadResult | undefined> {
    return (await this.handler(type)).read({ ...long(type, name), id, inputs, state: outputs });
  }

  async diff(thing: Thing, given: PropertyMap): Promise<DiffResult> {
    const { inputs } = await this.check(thing.type, thing.name, given, thing.inputs);
    const { type, name, id } = thing;
    const handler = await this.handler(type);
    return handler.diff({
      ...about(type, name),
      id,
      oldInputs: thing.inputs,
      oldState: thing.outputs,
      newInputs: inputs,
      ignoreChanges: [],
    });
  }

  async update(thing: Thing, given: PropertyMap): Promise<Thing> {
    const { type, name, id } = thing;
    const { inputs } = await this.check(type, name, given, thing.inputs);
    const request = {
      ...long(type, name),
      id,
      oldInputs: thing.inputs,
      oldState: thing.outputs,
      newInputs: inputs,
    };
    const outputs = await (
      await this.handler(type)
    ).update({ ...request, preview: false, ignoreChanges: [] });
    return { ...thing, inputs, outputs: toPlain(outputs) };
  }

  async delete({ type, name, id, inputs, outputs }: Thing): Promise<void> {
    await (await this.handler(type)).delete({ ...long(type, name), id, inputs, state: outputs });
  }

  async invoke(token: string, args: PropertyMap) {
    const answer = await (await this.configured()).invoke?.({ token, args, preview: false });
    if (answer === undefined) throw new Error("no functions");
    return answer;
  }
}

function about(type: string, name: string) {
  return { urn: `urn:pulumi:test::lab::${type}::${name}`, type, name, log: () => undefined };
}

function long(type: string, name: string) {
  return { ...about(type, name), timeoutSeconds: undefined, signal: new AbortController().signal };
}
