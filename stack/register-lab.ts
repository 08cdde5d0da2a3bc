/** Registers what `lab` composed, in the order of the layers: for the program, and for the component. */
import * as pulumi from "@pulumi/pulumi";
import { ValueBindings } from "../deploy/bindings";
import { findingText, type Finding } from "../environment/findings";
import type { EnvironmentPlan } from "../environment/plan/types";
import { NO_INFRASTRUCTURE, register } from "../infra/register";
import type { Lab } from "../lab";
import { ClusterMade, LabsteadProvider } from "../provider/sdk";
import { MachineTrust } from "../trust/machine-trust";
import { registerSecrets } from "../trust/secrets";
import { registerInfrastructure } from "./adopted";
import { clusterAccess, clusterTrust, trustValues } from "./access";
import { guardChanges } from "./changes";
import { connection, tenantConnections } from "./connections";
import { deployCharts, guardDeployment } from "./deployment";
import { DeferredEtcdMembers } from "./etcd";
import { protectTenants, type ClusterLink } from "./guard";
import { DeferredMachineFiles, setsUpServers, setUpMachines } from "./machines";
import { stackOutputs, type StackOutputs } from "./outputs";
import { ownerState, type OwnerOptions } from "./owner";
import { under, type Placed } from "./parent";
import { rollingOf } from "./rolling";

export interface RegisterLabOptions extends Placed, Pick<OwnerOptions, "hasState"> {
  /** The resources that the lab registers, so far: a destroy of an owner checks first whether its tenants exist. */
  readonly resources: readonly pulumi.Resource[];
}

/** @throws Problem for what the user can fix, before anything of the lab is registered */
export async function registerLab(
  planned: Lab,
  { resources, ...options }: RegisterLabOptions,
): Promise<StackOutputs> {
  const config = new pulumi.Config("labstead");
  logFindings(planned.findings);
  const placed = under(options);
  const provider = new LabsteadProvider("labstead", placed);
  const isInfrastructureOnly = planned.adopted?.infrastructureOnly === true;
  const setsUp = !isInfrastructureOnly && setsUpServers(config);
  const { plan, infra: described, machines: configs, partOfChart } = planned;
  const machinesWatched = setsUp ? configs : new Map();
  const watched = { plan, infra: described, machines: machinesWatched, partOfChart, formedByServers: setsUp };
  const { isNew } = await guardChanges(watched, provider, placed);
  if (isInfrastructureOnly) return registerInfrastructure(planned, options);
  await guardDeployment(planned.plan, isNew, provider, placed);
  if (planned.plan.cluster.kind === "existing") return onExistingCluster(planned, provider, config, options);
  const owner = await ownerState(planned.plan, { ...options, hasOwnKubeconfig: !setsUp });
  // The gates of servers use the kubeconfig, which has an address that is registered with the servers.
  const [kubeconfig, bindKubeconfig] = pulumi.deferredOutput<string>();
  const link: ClusterLink = {
    provider,
    kubeconfig,
    cluster: `${planned.plan.cluster.owner}/${planned.plan.cluster.name}`,
    how: planned.plan.cluster.apiRoute,
  };
  const [machineFiles, etcdMembers] = [new DeferredMachineFiles(), new DeferredEtcdMembers()];
  const trust = clusterTrust(planned.plan, placed);
  const machineTrust = new MachineTrust(
    planned.plan.servers.map(({ key }) => key),
    planned.plan.tenants.map(({ name }) => name),
    placed,
  );
  const trusted = new Map([...trustValues(planned.plan, trust), ...machineTrust.values()]);
  const infra = register(planned.plan, planned.infra, {
    ...placed,
    values: new Map([...(owner?.values ?? []), ...trusted]),
    rolling: rollingOf(planned.plan, {
      ...link,
      ...placed,
      formedByServers: setsUp,
      machineFiles,
      etcdMembers,
    }),
  });
  const access = clusterAccess(planned.plan, infra, owner, trust, config);
  bindKubeconfig(access.kubeconfig);
  const secrets = registerSecrets(planned.plan.secrets, config, placed);
  const bindings = ValueBindings.from(infra.values).and(secrets);
  const connections = {
    trust: machineTrust,
    infra,
    ...(owner?.access !== undefined && { ownerConnection: owner.access.connection }),
  };
  etcdMembers.register(planned.plan, {
    ...placed,
    provider,
    cluster: link.cluster,
    formedByServers: setsUp,
    connection: (key) => connection(planned.plan, key, connections),
  });
  const machines = setUpMachines(planned, config, {
    ...connections,
    ...placed,
    provider,
    bindings: bindings.and(ValueBindings.from(trusted)),
    machineFiles,
  });
  const after = [...infra.resources.values(), ...machines];
  deployCharts(planned, {
    link,
    bindings,
    placed,
    after: [...after, ...clusterMade(planned.plan, after, link, placed)],
  });
  protectTenants(planned.plan, link, resources, placed);
  return stackOutputs(planned.plan, infra, {
    access,
    bindings,
    machineTrust,
    tenantWays: setsUp ? tenantConnections(planned.plan, connections) : {},
  });
}

/** Between network and servers, and everything in the cluster. A tenant's cluster is its owner's. */
function clusterMade(
  { cluster, tenancy }: EnvironmentPlan,
  after: readonly pulumi.Resource[],
  { provider }: ClusterLink,
  placed: Placed,
): readonly pulumi.Resource[] {
  if (tenancy.kind !== "owner") return [];
  const options = { ...under(placed), provider, dependsOn: [...after] };
  return [new ClusterMade(`${cluster.name}-made`, { cluster: cluster.name }, options)];
}

/** Applications only: there are no servers to register, connect to or set up. */
function onExistingCluster(
  planned: Lab,
  provider: LabsteadProvider,
  config: pulumi.Config,
  placed: Placed,
): StackOutputs {
  const { plan } = planned;
  const access = clusterAccess(plan, NO_INFRASTRUCTURE, undefined, undefined, config);
  const bindings = registerSecrets(plan.secrets, config, under(placed));
  const { kubeconfig } = access;
  const link: ClusterLink = { provider, kubeconfig, cluster: plan.cluster.name, how: plan.cluster.apiRoute };
  deployCharts(planned, { link, bindings, placed, after: [] });
  return stackOutputs(plan, NO_INFRASTRUCTURE, { access, bindings, tenantWays: {} });
}

function logFindings(findings: readonly Finding[]): void {
  for (const each of findings) {
    const text = `${findingText(each)} [${each.id}]`;
    void (each.severity === "warning" ? pulumi.log.warn(text) : pulumi.log.info(text));
  }
}
