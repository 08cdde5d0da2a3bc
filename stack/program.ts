/**
 * The Pulumi program: registers what `lab` composed, in the order of the layers. The official CLI runs it through
 * `index.ts`; the built-in tooling calls it inline. Both give the same resources.
 */
import * as pulumi from "@pulumi/pulumi";
import { ClusterReady, LabsteadProvider } from "../provider/sdk";
import { ValueBindings } from "../deploy/bindings";
import { kubernetesProvider } from "../deploy/kubernetes-provider";
import { registerPlan } from "../deploy/register";
import { MachineTrust } from "../trust/machine-trust";
import { registerSecrets } from "../trust/secrets";
import { environments } from "../catalog";
import { findingText, type Finding } from "../environment/findings";
import { Problem } from "../errors/problem";
import { configOf, type EnvironmentPair } from "../environment/stack-file";
import { register } from "../infra/register";
import { lab, type Lab, type LabOptions } from "../lab";
import { clusterAccess, clusterTrust, trustValues } from "./access";
import { guardChanges } from "./changes";
import { protectTenants, registrations, type ClusterLink } from "./guard";
import { connection, tenantWays } from "./connections";
import { Pushes, setsUpServers, setUpMachines } from "./machines";
import { EtcdSeats } from "./etcd";
import { ownerState } from "./owner";
import { stackOutputs, type StackOutputs } from "./outputs";
import { rollingOf } from "./rolling";

export interface ProgramOptions extends LabOptions {
  /** Folder of the stack files. @default the project's folder */
  readonly directory?: string;
  /** Whether the state of a stack can be read; asked in previews of tenants only. @default asks the pulumi executable */
  readonly hasState?: (stack: string) => Promise<boolean>;
}

/**
 * Registers the environment of the current stack.
 * @throws RunError for what the user can mend, before anything of the lab is registered: the engine tells it alone
 */
export async function program(options: ProgramOptions = {}): Promise<StackOutputs> {
  try {
    return await registered(options);
  } catch (error) {
    throw error instanceof Problem ? new pulumi.RunError(error.message) : error;
  }
}

async function registered(options: ProgramOptions): Promise<StackOutputs> {
  const config = new pulumi.Config("labstead");
  checkDefaultProviders();
  const environment = environmentOf(config, options.directory ?? process.cwd());
  const planned = lab(environment, options);
  say(planned.findings);

  const everything = registrations();
  const provider = new LabsteadProvider("labstead");
  const setsUp = setsUpServers(config);
  await guardChanges({ plan: planned.plan, infra: planned.infra, formedByServers: setsUp }, provider);
  const owner = await ownerState(planned.plan, { ...options, hasOwnKubeconfig: !setsUp });
  // The gates behind servers ask by the kubeconfig, which names an address that is registered with the servers.
  const [kubeconfig, bindKubeconfig] = pulumi.deferredOutput<string>();
  const link: ClusterLink = {
    provider,
    kubeconfig,
    cluster: `${planned.plan.cluster.owner}/${planned.plan.cluster.name}`,
    how: planned.plan.cluster.apiRoute,
  };
  const [pushes, etcd] = [new Pushes(), new EtcdSeats()];
  const trust = clusterTrust(planned.plan);
  const machineTrust = new MachineTrust(
    planned.plan.servers.map(({ key }) => key),
    planned.plan.tenants.map(({ name }) => name),
  );
  const trusted = new Map([...trustValues(planned.plan, trust), ...machineTrust.values()]);
  const infra = register(planned.plan, planned.infra, {
    values: new Map([...(owner?.values ?? []), ...trusted]),
    rolling: rollingOf(planned.plan, {
      ...link,
      formedByServers: setsUp,
      pushes,
      etcd,
    }),
  });
  const access = clusterAccess(planned.plan, infra, owner, trust, config);
  bindKubeconfig(access.kubeconfig);
  const bindings = ValueBindings.from(infra.values).and(registerSecrets(planned.plan.secrets, config));
  const connections = {
    trust: machineTrust,
    infra,
    ...(owner?.access !== undefined && { ownersWay: owner.access.way }),
  };
  etcd.register(planned.plan, {
    provider,
    cluster: link.cluster,
    formedByServers: setsUp,
    connection: (key) => connection(planned.plan, key, connections),
  });
  const machines = setUpMachines(planned, config, {
    ...connections,
    provider,
    bindings: bindings.and(ValueBindings.from(trusted)),
    pushes,
  });
  deployCharts(planned, [...infra.resources.values(), ...machines], link, bindings);
  protectTenants(planned.plan, link, everything);
  return stackOutputs(planned.plan, infra, {
    access,
    bindings,
    machineTrust,
    tenantWays: setsUp ? tenantWays(planned.plan, connections) : {},
  });
}

/** The stack's own configuration as Pulumi has it; an owner's from its file. */
function environmentOf(config: pulumi.Config, directory: string): EnvironmentPair {
  const stack = pulumi.getStack();
  const parsed = environments.parse(stack, config.getObject("environment"));
  return environments.withOwner(configOf(stack, parsed), directory);
}

/** Packages whose default provider would read more than it should. */
const EXPLICIT_PROVIDERS = ["kubernetes", "labstead", "openstack"] as const;

/** Without this, one forgotten `provider` would write to whatever cloud or cluster the user's shell points at. */
function checkDefaultProviders(): void {
  const disabled =
    new pulumi.Config("pulumi").getObject<readonly string[]>("disable-default-providers") ?? [];
  const missing = EXPLICIT_PROVIDERS.filter((name) => !disabled.includes(name) && !disabled.includes("*"));
  if (missing.length === 0) return;
  throw new pulumi.RunError(
    `pulumi:disable-default-providers does not list ${missing.join(" and ")}; add this line under config in Pulumi.${pulumi.getStack()}.yaml: pulumi:disable-default-providers: [${EXPLICIT_PROVIDERS.join(", ")}]`,
  );
}

function say(findings: readonly Finding[]): void {
  for (const each of findings) {
    const text = `${findingText(each)} [${each.id}]`;
    void (each.severity === "warning" ? pulumi.log.warn(text) : pulumi.log.info(text));
  }
}

/** Waits for the cluster, then registers its objects. */
function deployCharts(
  { plan, deploy }: Lab,
  dependsOn: pulumi.Resource[],
  { provider: labstead, ...link }: ClusterLink,
  bindings: ValueBindings,
): void {
  const gate = new ClusterReady(plan.cluster.name, link, { provider: labstead, dependsOn });
  const settings = { kubeconfig: link.kubeconfig, clusterIdentifier: plan.cluster.owner };
  const provider = kubernetesProvider("kubernetes", settings, { dependsOn: [gate] });
  registerPlan(deploy, { provider, bindings, gate: [gate] });
}
