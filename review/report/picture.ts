/**
 * The picture of an environment: boxes and the connections between them. Servers of one pool are one box with a small
 * box for each, so that a lab of hundreds stays readable.
 */
import { NODES_GROUP } from "../../environment/plan/constants";
import type { LoadBalancerPlan } from "../../environment/plan/types";
import { STORAGE_VIP } from "../../environment/shared-storage";
import { portList } from "../ports-text";
import { hostRoutes, namespaceOf } from "./cluster-objects";
import { grouped } from "../grouped";
import { countedText, distinct, shownAddress, type Plan, type ReportInput } from "./context";
import { ids } from "./ids";
import { openings, type Opening } from "./openings";
import type { Box, Edge, Picture, Section } from "./types";

const CLUSTER_FRAME = "cluster";
const NETWORK_FRAME = "network";

/** @param sections whose namespaces are the small boxes of the cluster */
export function picture(input: ReportInput, sections: readonly Section[]): Picture {
  const { plan } = input.lab;
  const open = openings(plan);
  const boxes = [
    ...sourceBoxes(open),
    ...tenantBoxes(plan),
    ...ownerBox(plan),
    ...vipBoxes(plan),
    ...poolBoxes(plan),
    ...clusterBoxes(input, sections),
  ];
  const known = new Set(boxes.map(({ id }) => id));
  const edges = [
    ...openEdges(open),
    ...tenantEdges(plan),
    ...plan.loadBalancers.flatMap((each) => balancerEdges(each, plan)),
    ...storageEdges(plan),
    ...clusterEdges(input),
  ].filter(({ from, to }) => known.has(from) && known.has(to));
  return {
    boxes,
    edges,
    frames: {
      ...(plan.network.kind === "none"
        ? {}
        : { [NETWORK_FRAME]: `network ${plan.network.name} ${plan.network.cidr}` }),
      [CLUSTER_FRAME]: `in the Kubernetes cluster ${plan.cluster.name}`,
    },
  };
}

/** Ids of boxes that show no thing of the report. */
const NODES_OF_OWNER = "owner";
const INGRESS = "ingress";
const NAMESPACES = "namespaces";
const sourceId = (from: string) => `source/${from}`;

function sourceBoxes(open: readonly Opening[]): readonly Box[] {
  return distinct(open.map(({ from }) => from)).map((from) => ({
    id: sourceId(from),
    kind: "outside",
    title: from,
    lines: [],
    cells: [],
  }));
}

function tenantBoxes({ tenants }: Plan): readonly Box[] {
  return tenants.map(({ name, cidr }) => ({
    id: ids.tenant(name),
    kind: "outside",
    title: `tenant ${name}`,
    lines: [cidr],
    cells: [],
    to: ids.tenant(name),
  }));
}

function ownerBox({ cluster }: Plan): readonly Box[] {
  if (cluster.kind === "own") return [];
  const title = cluster.kind === "shared" ? `nodes of ${cluster.owner}` : `nodes of ${cluster.name}`;
  return [{ id: NODES_OF_OWNER, kind: "servers", title, lines: [], cells: [], to: ids.cluster }];
}

function vipBoxes({ vips }: Plan): readonly Box[] {
  return vips.map(({ key, address, floatingIp, holder }) => ({
    id: ids.vip(key),
    kind: "address",
    title: `address ${key}`,
    lines: [
      address.kind === "planned" ? shownAddress(address) : "chosen by Octavia",
      ...(floatingIp ? ["with a floating IP"] : []),
      ...(holder === "octavia" ? ["Octavia"] : []),
    ],
    cells: [],
    to: ids.vip(key),
    frame: NETWORK_FRAME,
  }));
}

function poolBoxes(plan: Plan): readonly Box[] {
  const gib = new Map<string, number>();
  for (const { server, sizeGiB } of plan.volumes) gib.set(server, (gib.get(server) ?? 0) + sizeGiB);
  return [...grouped(plan.servers, ({ pool }) => pool)].map(([pool, servers]): Box => {
    const total = servers.reduce((sum, { key }) => sum + (gib.get(key) ?? 0), 0);
    const flavors = distinct(servers.map(({ flavor }) => flavor));
    const role = servers[0]?.role;
    return {
      id: ids.pool(pool),
      kind: role === "gluster" || role === "nfs" ? "storage" : "servers",
      title: `${String(servers.length)} × ${pool}`,
      lines: [
        flavors.length > 3
          ? `${String(flavors.length)} flavors`
          : countedText(servers.map(({ flavor }) => flavor)),
        ...(total === 0 ? [] : [`${String(total)} GiB in volumes`]),
      ],
      cells: servers.map(({ key, name }) => ({ text: name, to: ids.server(key) })),
      to: ids.pool(pool),
      frame: NETWORK_FRAME,
    };
  });
}

function clusterBoxes(input: ReportInput, sections: readonly Section[]): readonly Box[] {
  const { plan, deploy } = input.lab;
  const namespaces = sections.find(({ id }) => id === "namespaces")?.things ?? [];
  const hosts = distinct(deploy.objects.flatMap(hostRoutes).map(({ host }) => host));
  const { className, namespace } = plan.cluster.ingress;
  const known = namespaces.some(({ id }) => id === ids.namespace(namespace));
  const cluster = { kind: "cluster", frame: CLUSTER_FRAME } as const;
  return [
    {
      ...cluster,
      id: INGRESS,
      title: `ingress class ${className}`,
      lines: hosts.length > 3 ? [`${String(hosts.length)} hosts`] : hosts,
      cells: [],
      to: known ? ids.namespace(namespace) : ids.cluster,
    },
    ...(namespaces.length === 0
      ? []
      : [
          {
            ...cluster,
            id: NAMESPACES,
            title: `${String(namespaces.length)} ${namespaces.length === 1 ? "namespace" : "namespaces"}`,
            lines: [],
            cells: namespaces.map(({ id, title }) => ({ text: title, to: id })),
          },
        ]),
  ];
}

function openEdges(open: readonly Opening[]): readonly Edge[] {
  const byEnds = grouped(open, ({ from, to }) => `${from}\n${to}`);
  return [...byEnds.values()].flatMap((each) => {
    const [first] = each;
    if (first === undefined) return [];
    return [{ from: sourceId(first.from), to: first.to, text: openText(each), kind: "open" as const }];
  });
}

/** `80, 443`, with the protocol where it is not TCP. */
function openText(each: readonly Opening[]): string {
  const tcp = each.flatMap(({ protocol, ports }) => (protocol === "tcp" ? ports : []));
  const others = each
    .filter(({ protocol }) => protocol !== "tcp")
    .map(({ protocol, ports }) => `${protocol} ${portList(ports)}`);
  return [...(tcp.length === 0 ? [] : [portList(tcp)]), ...others].join(", ");
}

function tenantEdges(plan: Plan): readonly Edge[] {
  const nodes = poolsOf(plan, (groups) => groups.includes("workers"));
  return plan.tenants.flatMap(({ name, ingress }) =>
    nodes.map((pool): Edge => ({
      from: ids.tenant(name),
      to: ids.pool(pool),
      text: portList([ingress.http, ingress.https]),
      kind: "inside",
    })),
  );
}

function poolsOf({ servers }: Plan, has: (groups: readonly string[]) => boolean): readonly string[] {
  return distinct(servers.flatMap(({ pool, securityGroups }) => (has(securityGroups) ? [pool] : [])));
}

/** From the address to the servers that hold it, and from these to the servers behind. */
function balancerEdges(balancer: LoadBalancerPlan, plan: Plan): readonly Edge[] {
  const poolBy = new Map(plan.servers.map(({ key, pool }) => [key, pool]));
  const boxesOf = (servers: readonly string[]): readonly string[] => {
    const own = servers.flatMap((server) => poolBy.get(server) ?? []).map(ids.pool);
    return own.length === 0 && servers.length > 0 ? [NODES_OF_OWNER] : distinct(own);
  };
  const carriers = boxesOf(balancer.servers);
  const targets = boxesOf(balancer.frontends.flatMap(({ backends }) => backends.map(({ server }) => server)));
  const vip = ids.vip(balancer.vip);
  const inside = (from: string, to: string, text: string): Edge => ({ from, to, text, kind: "inside" });
  return [
    ...carriers.map((carrier) => inside(vip, carrier, "keepalived")),
    ...(carriers.length > 0 ? carriers : [vip]).flatMap((from) =>
      targets.map((to) => inside(from, to, balancer.key)),
    ),
  ];
}

/** Nodes mount the shared volume from the address that the storage servers share, or from the NFS server. */
function storageEdges(plan: Plan): readonly Edge[] {
  const nodes = poolsOf(plan, (groups) => groups.includes(NODES_GROUP) && groups.includes("workers"));
  const gluster = plan.vips.some(({ key }) => key === STORAGE_VIP);
  const servers = poolsOf(plan, (groups) => groups.includes("nfs"));
  const from = gluster ? [ids.vip(STORAGE_VIP)] : servers.map(ids.pool);
  return [
    ...(gluster
      ? [{ from: ids.vip(STORAGE_VIP), to: ids.pool("gluster"), text: "keepalived", kind: "inside" as const }]
      : []),
    ...from.flatMap((to) =>
      nodes.map((pool): Edge => ({ from: ids.pool(pool), to, text: "NFS", kind: "inside" })),
    ),
  ];
}

function clusterEdges({ lab: { plan, deploy } }: ReportInput): readonly Edge[] {
  const own = poolsOf(plan, (groups) => groups.includes("workers")).map(ids.pool);
  const nodes = own.length === 0 ? [NODES_OF_OWNER] : own;
  const ports = plan.ports.flatMap(({ purpose, backend }) => (purpose === "ingress" ? [backend] : []));
  const served = deploy.objects.filter((object) => hostRoutes(object).length > 0);
  const namespaces = distinct(served.map(namespaceOf));
  const text = `hosts of ${namespaces.length === 1 ? (namespaces[0] ?? "") : `${String(namespaces.length)} namespaces`}`;
  return [
    ...nodes.map((from): Edge => ({
      from,
      to: INGRESS,
      text: ports.length === 0 ? "" : `NodePorts ${portList(ports)}`,
      kind: "inside",
    })),
    { from: INGRESS, to: NAMESPACES, text: namespaces.length === 0 ? "" : text, kind: "inside" },
  ];
}
