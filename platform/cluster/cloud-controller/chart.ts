/**
 * OpenStack's cloud controller manager: it gives each node its provider id, zone and addresses and takes off the taint
 * of new nodes, deletes nodes whose server is gone, and serves Services of type LoadBalancer by Octavia.
 */
import { Chart, type App } from "cdk8s";
import type { Construct } from "constructs";
import type { PinnedImage } from "../../../environment/parts/images";
import {
  ComponentNamespace,
  Naming,
  NodeAgent,
  ON_CONTROL_PLANES,
  pinnedImage,
  type ContainerSpec,
  type Mount,
  type Probes,
  type ProbeSpec,
  type Toleration,
} from "../../../kit";
import { CLOUD_CONTROLLER, CloudControllerAccess } from "./access";
import type { CloudConfig } from "./cloud-config";
import { CLOUD_CONFIG_PATH, cloudSecret } from "./cloud-secret";
import type { CloudLogin } from "./login";

export interface CloudControllerChartProps {
  readonly environment: string;
  /** Unique in the project: names of load balancers begin with `kube_service_<cluster>_`. */
  readonly cluster: string;
  readonly image: PinnedImage;
  readonly login: CloudLogin;
  readonly sections: Omit<CloudConfig, "Global">;
}

/** Its own port, on the host's loopback. */
const HEALTH_PORT = 10258;

/** The image's own user. */
const USER = { uid: 1001, gid: 1001 } as const;

/**
 * It has to run before anything else can: on nodes that are not initialized, and before the network plugin has made them
 * ready.
 */
const TOLERATIONS: readonly Toleration[] = [
  ON_CONTROL_PLANES,
  { kind: "taint", key: "node.cloudprovider.kubernetes.io/uninitialized", effect: "NoSchedule" },
  { kind: "taint", key: "node.kubernetes.io/not-ready", effect: "NoSchedule" },
];

export class CloudControllerChart extends Chart {
  private readonly names: Naming;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: CloudControllerChartProps,
  ) {
    super(scope, id);
    const { environment, login, sections } = props;
    this.names = new Naming("cloud-controller", environment);
    const { namespace, name } = CLOUD_CONTROLLER;
    const componentNamespace = new ComponentNamespace(this, "Namespace", {
      ...this.names.identity(namespace, "controller"),
      enforce: "privileged",
    });
    const { account } = new CloudControllerAccess(this, "Access", { environment });
    const identity = { ...this.names.identity(name, "controller"), namespace };
    const config = cloudSecret(this, "Config", {
      ...identity,
      name: "cloud-config",
      login,
      sections,
    });
    componentNamespace.admit(
      new NodeAgent(this, "Controller", {
        ...identity,
        serviceAccount: account.name,
        priorityClass: "system-cluster-critical",
        hostNetwork: true,
        // The cluster's DNS runs only once nodes are initialized.
        dns: "node",
        nodeSelector: { "node-role.kubernetes.io/control-plane": "" },
        tolerations: TOLERATIONS,
        fsGroup: USER.gid,
        containers: [this.container(config)],
      }),
    );
  }

  private container(config: Mount): ContainerSpec {
    const { image, cluster } = this.props;
    return {
      name: "controller",
      image: pinnedImage(image),
      command: ["/bin/openstack-cloud-controller-manager"],
      args: [
        "--v=1",
        `--cluster-name=${cluster}`,
        `--cloud-config=${CLOUD_CONFIG_PATH}`,
        "--cloud-provider=openstack",
        "--use-service-account-credentials=false",
        // The network plugin carries pods' packets.
        "--configure-cloud-routes=false",
        `--leader-elect-resource-name=${CLOUD_CONTROLLER.lease}`,
        `--leader-elect-resource-namespace=${CLOUD_CONTROLLER.namespace}`,
        "--bind-address=127.0.0.1",
        `--secure-port=${HEALTH_PORT}`,
        // Nobody but the kubelet asks it, for its health, which needs no account.
        "--authentication-skip-lookup=true",
      ],
      mounts: [config, { kind: "serviceAccount" }],
      ports: { https: HEALTH_PORT },
      resources: {
        request: { cpuMillis: 50, memoryMiB: 64 },
        limit: { cpuMillis: 500, memoryMiB: 256 },
      },
      user: USER,
      security: { reason: "nodes have no pod network before it runs", allow: ["hostNetwork"] },
      probes: PROBES,
    };
  }
}

const PROBE: ProbeSpec = {
  kind: "http",
  scheme: "HTTPS",
  host: "127.0.0.1",
  path: "/healthz",
  port: HEALTH_PORT,
  period: 30,
  failures: 5,
};
const PROBES: Probes = { kind: "both", readiness: PROBE, liveness: PROBE };

export function cloudControllerCharts(scope: App, plan: CloudControllerChartProps): void {
  new CloudControllerChart(scope, "cloud-controller", plan);
}
