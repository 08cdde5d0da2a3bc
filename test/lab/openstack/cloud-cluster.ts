/**
 * A cluster whose nodes are servers of the real OpenStack: a real API server with its controllers, the objects of our
 * charts with the values that `up` bound, and Node objects as a kubelet registers them. The servers do not boot.
 */
import { isOwner, type EnvironmentConfig } from "../../../environment/config";
import { isNodeRole } from "../../../environment/plan/rolling";
import type { ServerPlan } from "../../../environment/plan/types";
import { lab } from "../../../lab";
import { bindValues, referenceKey } from "../../../values";
import type { Manifest } from "../../../deploy/manifest";
import type { Undo } from "../host/undo";
import { cloudBinaries } from "../kubernetes/binaries";
import { ControlPlane } from "../kubernetes/control-plane";
import { applyAll } from "../kubernetes/environments";
import { LabEnvironment } from "./environment";
import type { OpenStackLab } from "./openstack-lab";
import type { PodHost } from "./pod";

/** Charts whose programs run. */
const CHARTS: readonly string[] = ["cloud-controller", "cinder-csi", "storage"];

export interface CloudCluster extends PodHost {
  readonly environment: LabEnvironment;
  /** Servers of nodes, by name. */
  readonly nodes: ReadonlyMap<string, ServerPlan>;
}

/** Brings up the servers and credentials of an environment, and a cluster with the charts of its cloud components. */
export async function cloudCluster(
  undo: Undo,
  openStack: OpenStackLab,
  project: string,
  config: EnvironmentConfig,
): Promise<CloudCluster> {
  if (!isOwner(config)) throw new Error("a tenant has no cluster of its own");
  const { plan, deploy } = lab({ config });
  const environment = undo.use(
    await LabEnvironment.open(openStack, project, plan, { LABSTEAD_DELETE_DATA: "true" }),
  );
  const [plane] = await Promise.all([
    ControlPlane.start({ serviceCidr: plan.cluster.serviceCidr }).then((started) => undo.use(started)),
    environment.up(),
  ]);
  await plane.startControllers();
  const admin = await plane.client();
  const values = await environment.values();
  const bound = (manifest: Manifest) =>
    bindValues(manifest, (reference) => values[referenceKey(reference)]) as Manifest;
  const objects = deploy.objects.filter(({ chart }) => CHARTS.includes(chart));
  await applyAll(
    admin,
    objects.map(({ manifest }) => bound(manifest)),
  );
  const servers = plan.servers.filter(({ role }) => isNodeRole(role));
  for (const server of servers) await admin.create(nodeOf(server));
  const built = await cloudBinaries(log);
  return {
    plane,
    admin,
    environment,
    folder: undo.folder("pods"),
    programs: { ...built, controller: built["openstack-cloud-controller-manager"] },
    nodes: new Map(servers.map((server) => [server.name, server])),
  };
}

function log(line: string): void {
  process.stderr.write(`  ${line}\n`);
}

/** As a kubelet with `--cloud-provider=external` and `--node-ip` registers it. */
function nodeOf({ name, address }: ServerPlan): Manifest {
  const ip = address.kind === "planned" ? address.ip : "";
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: { "kubernetes.io/hostname": name },
      annotations: {
        "alpha.kubernetes.io/provided-node-ip": ip,
        "volumes.kubernetes.io/controller-managed-attach-detach": "true",
      },
    },
    spec: {
      taints: [
        { key: "node.cloudprovider.kubernetes.io/uninitialized", value: "true", effect: "NoSchedule" },
      ],
    },
  };
}
