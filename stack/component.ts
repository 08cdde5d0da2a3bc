/** A whole lab as one component, in a program with other resources. */
import * as pulumi from "@pulumi/pulumi";
import { environments as OUR_ENVIRONMENTS } from "../catalog";
import { environmentOf } from "../environment/define";
import type { EnvironmentInput, OwnerInput } from "../environment/input";
import type { EnvironmentPair } from "../environment/stack-file";
import { lab, type Lab as ComposedLab, type LabOptions } from "../lab";
import { registrations } from "./guard";
import { claimStack } from "./one-lab";
import { urlsOf, type ServerOutput, type StackOutputs } from "./outputs";
import type { OwnerOptions } from "./owner";
import { registerLab } from "./register-lab";
import { asRunError } from "./run-error";
import { withSettings } from "./settings";

/** Options of `Lab` in addition to the environment. */
export interface LabArgs extends LabOptions, Pick<OwnerOptions, "hasState"> {
  /** Of a tenant: its owner, written in TypeScript. @default the environment is an owner itself */
  readonly owner?: OwnerInput;
}

/**
 * One environment with all its resources, as a component: its resources are its children. A stack holds one lab,
 * because names of its resources are those of the environment's own servers, volumes and objects.
 *
 * Secrets of the environment are read from the stack's configuration (`labstead:…`), and so is the kubeconfig of an
 * existing cluster (`labstead:kubeconfig`).
 *
 * A tenant's stack reads the outputs of this stack: let the program return `lab.outputs`.
 * @throws RunError with all problems of the environment, before anything is registered; and for a second lab in a stack
 * @example
 * import { Lab } from "labstead";
 * import { prod } from "./environment";
 *
 * const lab = new Lab("prod", prod);
 * export const kubeconfig = lab.kubeconfig;
 */
export class Lab extends pulumi.ComponentResource<StackOutputs> {
  /** The outputs that `program` gives its stack. */
  readonly outputs: Promise<StackOutputs>;
  /** Of the administrator, secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Neutron's id; undefined without a network. */
  readonly networkId: pulumi.Output<string | undefined>;
  /** Neutron's id; undefined without a network. */
  readonly subnetId: pulumi.Output<string | undefined>;
  /** By server key (`workers.general/0`): name in Nova, id, and address in the network. */
  readonly servers: pulumi.Output<Readonly<Record<string, pulumi.Unwrap<ServerOutput>>>>;
  /** Public addresses by `vip/<key>` or `server/<key>`. */
  readonly floatingIps: pulumi.Output<Readonly<Record<string, string>>>;
  /** Addresses in the network, by VIP. */
  readonly vips: pulumi.Output<Readonly<Record<string, string>>>;
  /** Cinder's ids, by volume key (`gluster/0/brick`). */
  readonly volumes: pulumi.Output<Readonly<Record<string, string>>>;
  /** Addresses of the environment's services; known at once. */
  readonly urls: readonly string[];
  readonly #register: () => Promise<StackOutputs>;

  /**
   * @param name of the component, and of an environment that is written in TypeScript
   * @param environment in TypeScript, or as `environments.read` reads it from a stack file
   */
  constructor(
    name: string,
    environment: EnvironmentInput | EnvironmentPair,
    args: LabArgs = {},
    options: pulumi.ComponentResourceOptions = {},
  ) {
    refuseSecond(name);
    const planned = composed(name, environment, args);
    const { resources, transformation } = registrations();
    const transformations = [...(options.transformations ?? []), transformation];
    super("labstead:index:Lab", name, {}, { ...options, transformations });
    this.#register = () => registerLab(planned, { ...args, parent: this, resources });
    this.outputs = this.getData();
    this.kubeconfig = this.output("kubeconfig");
    this.networkId = this.output("networkId");
    this.subnetId = this.output("subnetId");
    this.servers = this.output("servers");
    this.floatingIps = this.output("floatingIps");
    this.vips = this.output("vips");
    this.volumes = this.output("volumes");
    this.urls = urlsOf(planned.plan);
  }

  /** Dependents of the component wait for it. Called by the base class, before the constructor continues. */
  protected override async initialize(): Promise<StackOutputs> {
    // Between its steps there may be no pending request to the engine, which would then consider the program finished.
    const done = pulumi.runtime.rpcKeepAlive();
    try {
      await Promise.resolve();
      return await this.#register();
    } catch (error) {
      throw asRunError(error);
    } finally {
      done();
    }
  }

  /** Individually: as one value, all would be as secret as the kubeconfig. */
  private output<K extends keyof StackOutputs & string>(
    key: K,
  ): pulumi.Output<pulumi.Unwrap<StackOutputs[K]>> {
    return pulumi.output(this.outputs.then((outputs) => outputs[key]));
  }
}

function refuseSecond(name: string): void {
  try {
    claimStack(name);
  } catch (error) {
    throw asRunError(error);
  }
}

function composed(
  name: string,
  environment: EnvironmentInput | EnvironmentPair,
  { owner, ...options }: LabArgs,
): ComposedLab {
  const { environments = OUR_ENVIRONMENTS } = options;
  try {
    const pair =
      "config" in environment ? environment : environmentOf(environments.parse, name, environment, owner);
    return withSettings(() => lab(pair, options));
  } catch (error) {
    throw asRunError(error);
  }
}
