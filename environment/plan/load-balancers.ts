/** Load balancers with their VIPs: which ports they forward to which servers. */
import { address } from "../../values";
import type { EdgeConfig, ServersEnvironmentConfig, OwnerConfig } from "../config";
import { balancedExposure, INGRESS_BALANCER } from "../ingress-controller";
import { servesNfs, STORAGE_VIP } from "../shared-storage";
import { addressInRange, type Ranges } from "./ranges";
import type {
  BackendPlan,
  FloatingIpPlan,
  FrontendPlan,
  LoadBalancerPlan,
  NetworkPlan,
  PortPlan,
  ServerPlan,
  VipPlan,
} from "./types";

/** Offsets of the VIPs in their range: by purpose, never by number. */
const VIP_OFFSETS = { api: 0, edge: 1, storage: 2, ingress: 3 } as const;
type VipKey = keyof typeof VIP_OFFSETS;

/** Required size of the VIPs' range. */
export function vipAddresses({ ingress, storage }: OwnerConfig): number {
  if (balancedExposure(ingress) !== undefined) return 1 + VIP_OFFSETS.ingress;
  return 1 + (servesNfs(storage.shared) ? VIP_OFFSETS.storage : VIP_OFFSETS.edge);
}

/** The servers that forward and answer traffic. */
export interface Traffic {
  readonly ports: readonly PortPlan[];
  readonly servers: readonly ServerPlan[];
  /** Servers that answer NodePorts. */
  readonly nodePortServers: readonly ServerPlan[];
  readonly controlPlane: readonly ServerPlan[];
}

/** On the gateways, API and edge share one VIP, so that one floating IP serves both. */
export function edgeVip(config: OwnerConfig): VipKey {
  const onGateway = config.edge.kind === "haproxy" && config.edge.on === "gateway";
  return onGateway && config.cluster.api.kind === "haproxy" ? "api" : "edge";
}

/** True if the API's address is reachable from outside; on a shared VIP also if the edge needs it. */
export function apiFloatingIp(config: OwnerConfig): boolean {
  const { api } = config.cluster;
  if (api.kind === "direct") return config.servers.controlPlane.floatingIp;
  const byEdge = edgeVip(config) === "api" && config.edge.kind !== "none" && config.edge.floatingIp;
  return (api.floatingIp ?? usesApiVip(config)) || byEdge;
}

/** Whether clients connect from outside to the VIP, for the API or for WireGuard on the gateways that hold it. */
export function usesApiVip({ access, cluster }: OwnerConfig): boolean {
  return (
    access.operator.kind === "allowlist" || (cluster.api.kind === "haproxy" && access.kind !== "bastion")
  );
}

export function vipPlans(config: OwnerConfig, network: NetworkPlan, ranges: Ranges): readonly VipPlan[] {
  const api = config.cluster.api;
  const apiVip =
    api.kind === "direct"
      ? []
      : [vip(config, "api", holderOf(api.kind), apiFloatingIp(config), ["gateway"], network, ranges)];
  const storageVip = servesNfs(config.storage.shared)
    ? [vip(config, STORAGE_VIP, "keepalived", false, ["gluster"], network, ranges)]
    : [];
  const edgeVips = edgeVipPlans(config, network, ranges);
  return [...apiVip, ...edgeVips, ...storageVip, ...ingressVipPlans(config, network, ranges)];
}

function ingressVipPlans(config: OwnerConfig, network: NetworkPlan, ranges: Ranges): readonly VipPlan[] {
  const exposure = balancedExposure(config.ingress);
  if (exposure === undefined) return [];
  const { kind, floatingIp } = exposure;
  const [holder, group] =
    kind === "octavia" ? (["octaviaService", INGRESS_BALANCER] as const) : (["metallb", "workers"] as const);
  return [vip(config, INGRESS_BALANCER, holder, floatingIp, [group], network, ranges)];
}

function edgeVipPlans(config: OwnerConfig, network: NetworkPlan, ranges: Ranges): readonly VipPlan[] {
  const edge = config.edge;
  if (edge.kind === "none" || edgeVip(config) === "api") return [];
  const groups = edge.kind === "haproxy" ? [edge.on] : ["edge"];
  return [vip(config, "edge", holderOf(edge.kind), edge.floatingIp, groups, network, ranges)];
}

function vip(
  config: ServersEnvironmentConfig,
  key: VipKey,
  holder: VipPlan["holder"],
  floatingIp: boolean,
  groups: readonly string[],
  network: NetworkPlan,
  ranges: Ranges,
): VipPlan {
  const planned = holder !== "octavia" && network.fixedAddresses;
  return {
    key,
    name: `${config.name}-vip-${key}`,
    address: planned
      ? { kind: "planned", ip: addressInRange(ranges.vip, VIP_OFFSETS[key]) }
      : { kind: "assigned", value: address(`vip/${key}`) },
    floatingIp,
    securityGroups: holder === "octavia" ? [key] : groups,
    holder,
  };
}

const holderOf = (kind: "haproxy" | "octavia"): VipPlan["holder"] =>
  kind === "haproxy" ? "keepalived" : "octavia";

export function loadBalancerPlans(config: OwnerConfig, traffic: Traffic): readonly LoadBalancerPlan[] {
  const api = config.cluster.api;
  const apiBalancer: LoadBalancerPlan[] =
    api.kind === "direct"
      ? []
      : [
          {
            key: "api",
            name: `${config.name}-api`,
            kind: api.kind,
            servers: api.kind === "haproxy" ? keysOf(traffic.servers, "gateway") : [],
            vip: "api",
            frontends: frontends(traffic.ports, "api", traffic.controlPlane),
          },
        ];
  const edge = edgeBalancer(config.name, config.edge, edgeVip(config), traffic);
  return [...apiBalancer, ...edge, ...ingressBalancer(config, traffic)];
}

function ingressBalancer(config: OwnerConfig, traffic: Traffic): readonly LoadBalancerPlan[] {
  const exposure = balancedExposure(config.ingress);
  if (exposure === undefined) return [];
  return [
    {
      key: INGRESS_BALANCER,
      name: `${config.name}-ingress`,
      kind: exposure.kind === "octavia" ? "octaviaService" : "metallb",
      servers: [],
      vip: INGRESS_BALANCER,
      frontends: frontends(traffic.ports, INGRESS_BALANCER, traffic.nodePortServers),
    },
  ];
}

export function edgeBalancer(
  environment: string,
  edge: EdgeConfig,
  vipKey: string,
  traffic: Traffic,
): readonly LoadBalancerPlan[] {
  if (edge.kind === "none") return [];
  return [
    {
      key: "edge",
      name: `${environment}-edge`,
      kind: edge.kind,
      servers: edge.kind === "haproxy" ? keysOf(traffic.servers, edge.on) : [],
      vip: vipKey,
      frontends: frontends(traffic.ports, "edge", traffic.nodePortServers),
    },
  ];
}

function keysOf(servers: readonly ServerPlan[], role: ServerPlan["role"]): readonly string[] {
  return servers.filter((server) => server.role === role).map((server) => server.key);
}

function frontends(
  ports: readonly PortPlan[],
  balancer: string,
  servers: readonly ServerPlan[],
): readonly FrontendPlan[] {
  return ports
    .filter((port) => port.loadBalancer === balancer)
    .map((port) => ({
      port: port.name,
      listen: port.external,
      protocol: port.protocol,
      admits: port.admits,
      backends: servers.map((server): BackendPlan => ({
        server: server.key,
        address: server.address,
        port: port.backend,
      })),
      probe: port.probe,
      proxyProtocol: port.proxyProtocol,
    }));
}

export function floatingIpPlans(
  network: NetworkPlan,
  vips: readonly VipPlan[],
  servers: readonly ServerPlan[],
): readonly FloatingIpPlan[] {
  const pool = network.externalNetwork;
  return [
    ...vips
      .filter((each) => each.floatingIp)
      .map((each): FloatingIpPlan => ({
        key: `vip/${each.key}`,
        pool,
        target: { kind: "vip", vip: each.key },
      })),
    ...servers
      .filter((each) => each.floatingIp)
      .map((each): FloatingIpPlan => ({
        key: `server/${each.key}`,
        pool,
        target: { kind: "server", server: each.key },
      })),
  ];
}
