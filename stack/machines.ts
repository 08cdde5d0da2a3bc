/** Registers the sealed files of each server as MachineFiles: connections and order. */
import * as pulumi from "@pulumi/pulumi";
import type { ValueBindings } from "../deploy/bindings";
import type { EnvironmentPlan } from "../environment/plan/types";
import { plainText, reference, requiredReferences } from "../values";
import { created } from "../infra/register-rolling";
import type { Lab } from "../lab";
import { ClusterInit, MachineFiles } from "../provider/sdk";
import type { LabsteadProvider, MachineFileArgs } from "../provider/sdk";
import { connection, type ConnectionLink } from "./connections";
import { under, type Placed } from "./parent";

/** What runs on one server. */
type MachineConfig = Lab["machines"] extends ReadonlyMap<string, infer Config> ? Config : never;
type FileConfig = MachineConfig["files"][number];

export interface MachinesLink extends ConnectionLink, Placed {
  readonly provider: LabsteadProvider;
  /** Every named value of the files. */
  readonly bindings: ValueBindings;
  /** Gets the registered resources, by server. @default none */
  readonly machineFiles?: DeferredMachineFiles;
}

/** MachineFiles that other resources wait for before they are registered. */
export class DeferredMachineFiles {
  readonly #files: Promise<ReadonlyMap<string, pulumi.Resource>>;
  #resolve: (files: ReadonlyMap<string, pulumi.Resource>) => void = () => undefined;

  constructor() {
    this.#files = new Promise((resolve) => (this.#resolve = resolve));
  }

  /** @param files the registered resources, by server */
  resolve(files: ReadonlyMap<string, pulumi.Resource>): void {
    this.#resolve(files);
  }

  /** Resolves when a server has its files; at once if it has none. */
  async created(server: string): Promise<void> {
    await created((await this.#files).get(server));
  }
}

/**
 * A push waits for the end of the first boot, which installs the programs that validate and read the files. 2 is
 * degraded, but done.
 */
const BOOTED = ["sh", "-c", "cloud-init status --wait --long || [ $? -eq 2 ]"];

/**
 * Whether this program sets servers up. Not if the cluster is given (`labstead:kubeconfig`): then the cluster's
 * administrator sets them up.
 */
export function setsUpServers(given: pulumi.Config): boolean {
  return given.get("kubeconfig") === undefined;
}

/**
 * Pushes the files that servers need in addition to their user data, and permits the first control plane to initialize
 * the cluster.
 * @returns what the cluster has to wait for
 */
export function setUpMachines(
  { plan, machines }: Pick<Lab, "plan" | "machines">,
  config: pulumi.Config,
  link: MachinesLink,
): readonly pulumi.Resource[] {
  if (!setsUpServers(config)) {
    link.machineFiles?.resolve(new Map());
    return [];
  }
  const files = registerMachineFiles(plan, machines, link);
  link.machineFiles?.resolve(files);
  const founder = plan.servers.find(({ role }) => role === "controlPlane");
  if (founder === undefined) return [...files.values()];
  const init = new ClusterInit(
    plan.cluster.name,
    {
      cluster: plan.cluster.name,
      server: founder.key,
      connection: connection(plan, founder.key, link),
    },
    { provider: link.provider, dependsOn: [...files.values()], ...under(link) },
  );
  return [...files.values(), init];
}

/**
 * One resource for each server that has sealed files, by the server's key. As many machines of a pool are changed at
 * once as may be replaced at once (`maxUnavailable` of workers, else one), in the order of their slots: each waits for
 * the previous one, so a file that one refuses is not pushed to the next.
 */
export function registerMachineFiles(
  plan: EnvironmentPlan,
  configs: Lab["machines"],
  link: MachinesLink,
): ReadonlyMap<string, MachineFiles> {
  const registered = new Map<string, MachineFiles>();
  for (const { pool, lanes } of plan.rolling) {
    lanes.forEach((lane, number) => {
      const group = lanes.length === 1 ? pool : `${pool}, lane ${number + 1}`;
      let before: MachineFiles | undefined;
      for (const key of lane) {
        const files = registerServerFiles(plan, configs.get(key), key, { link, group, before });
        if (files === undefined) continue;
        registered.set(key, files);
        before = files;
      }
    });
  }
  return registered;
}

interface Place {
  readonly link: MachinesLink;
  readonly group: string;
  /** In the same lane. */
  readonly before: MachineFiles | undefined;
}

function registerServerFiles(
  plan: EnvironmentPlan,
  config: MachineConfig | undefined,
  key: string,
  { link, group, before }: Place,
): MachineFiles | undefined {
  const sealed = config?.files.filter(({ delivery }) => delivery.kind === "sealed") ?? [];
  const server = link.infra.servers.get(key);
  if (config === undefined || server === undefined || sealed.length === 0) return undefined;
  const { provider, trust, bindings } = link;
  const dependsOn = before === undefined ? [] : [before];
  return new MachineFiles(
    `files/${key}`,
    {
      server: key,
      machine: server.id,
      connection: connection(plan, key, link),
      group,
      salt: trust.salt,
      awaits: BOOTED,
      files: Object.fromEntries(sealed.map((file) => [file.path, fileArgs(file, bindings)])),
      units: pendingUnits(config),
      checks: config.checks,
      mask: secretsOf(sealed, bindings),
    },
    { provider, dependsOn, ...under(link) },
  );
}

function fileArgs({ content, owner, mode, delivery }: FileConfig, bindings: ValueBindings): MachineFileArgs {
  if (delivery.kind !== "sealed") throw new Error("only sealed files are pushed");
  const { validate, apply } = delivery;
  const file = { content: bindings.text(content), owner, mode, apply };
  return validate === undefined ? file : { ...file, validate };
}

/** Enabled units that start only once their files exist. */
function pendingUnits({ units }: MachineConfig): readonly { name: string; needs: readonly string[] }[] {
  return units
    .filter(({ needs, state }) => needs.length > 0 && state === "enabled")
    .map(({ name, needs }) => ({ name, needs }));
}

/** Secret values as they appear in files: plain and in base64. */
function secretsOf(files: readonly FileConfig[], bindings: ValueBindings): readonly pulumi.Output<string>[] {
  const names = files
    .flatMap(({ content }) => requiredReferences(content))
    .filter(({ kind }) => kind === "secret")
    .map(({ name }) => name);
  return [...new Set(names)].flatMap((name) => {
    const value = pulumi.secret(bindings.text(reference("secret", name)).apply(plainText));
    return [value, value.apply((text) => Buffer.from(text, "utf8").toString("base64"))];
  });
}
