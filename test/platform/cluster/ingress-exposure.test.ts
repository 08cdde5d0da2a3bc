/** The ingress controller at a load balancer: the plan's rules and addresses, the Service, and MetalLB. */
import { App } from "cdk8s";
import { describe as describeInfra } from "../../../infra/describe";
import { boundValueMap } from "../../../infra/named-values";
import { IngressEntryChart, type IngressEntryProps } from "../../../platform/cluster/ingress-entry/chart";
import { MetallbChart, type MetallbChartProps } from "../../../platform/cluster/metallb/chart";
import { machines } from "../../../platform/machines";
import { INGRESS_PORT_ID } from "../../../environment/ingress-controller";
import { output, referenceKey } from "../../../values";
import { changed, configOf, ownerBase, plannedOf, type Changes } from "../../environment/configs";
import { ofKind, renderChart, type Manifest } from "../../apps/manifests";
import { outline } from "../../apps/outline";

const FROM = "198.51.100.0/24";
const METALLB: Changes = { "ingress.exposure": { kind: "metallb" }, "ingress.from": [FROM] };
const OCTAVIA: Changes = {
  "ingress.exposure": { kind: "octavia" },
  "ingress.from": [FROM],
  "cluster.cloud.loadBalancers": { kind: "amphora" },
};
const OVN: Changes = {
  ...OCTAVIA,
  "cluster.cloud.loadBalancers": { kind: "ovn", from: ["203.0.113.0/24"] },
};

const planOf = (changes: Changes) => plannedOf(configOf("lab", changed(ownerBase(), changes)));

function entry(changes: Changes): Manifest | undefined {
  const props = planOf(changes).parts["ingress-entry"] as IngressEntryProps;
  const { manifests } = renderChart(new IngressEntryChart(new App(), "ingress-entry", props));
  return ofKind(manifests, "Service").find(({ metadata }) => metadata.name === "ingress-nginx-lab");
}

/** Rules of the workers' group for the ports of the ingress: `tcp/80/<source>`. */
function workerRules(changes: Changes): readonly string[] {
  const { plan } = planOf(changes);
  const group = plan.securityGroups.find(({ key }) => key === "workers");
  return (group?.rules ?? []).map(({ key }) => key).filter((key) => /^tcp\/(80|443|30080|30443)\//.test(key));
}

describe("by NodePorts", () => {
  test("the edge forwards, and nothing else is planned", () => {
    const { plan, parts } = planOf({});
    expect(
      plan.ports.filter(({ purpose }) => purpose === "ingress").map((port) => port.loadBalancer),
    ).toEqual(["edge", "edge"]);
    expect(plan.vips.map(({ key }) => key)).not.toContain("ingress");
    expect(parts["metallb"]).toBeUndefined();
    expect(entry({})?.spec).toMatchObject({ type: "NodePort" });
  });
});

describe("by Octavia", () => {
  test("the Service gets the load balancer at the program's port, and keeps its NodePorts", () => {
    const service = entry({ ...OCTAVIA, "ingress.proxyProtocol": true });
    expect(service?.spec).toMatchObject({
      type: "LoadBalancer",
      externalTrafficPolicy: "Cluster",
      loadBalancerSourceRanges: [FROM],
      ports: [
        { name: "http", port: 80, nodePort: 30080 },
        { name: "https", port: 443, nodePort: 30443 },
      ],
    });
    expect(service?.spec).not.toHaveProperty("loadBalancerClass");
    expect(service?.metadata.annotations).toEqual({
      "loadbalancer.openstack.org/port-id": INGRESS_PORT_ID.toString(),
      "service.beta.kubernetes.io/openstack-internal-load-balancer": "false",
      "loadbalancer.openstack.org/proxy-protocol": "true",
    });
  });

  test("the port has the planned address and the group of its clients, and the floating IP before the id is known", () => {
    const { plan } = planOf(OCTAVIA);
    const resources = describeInfra(plan);
    const port = resources.find(({ key }) => key === "vip-port/ingress");
    expect(port?.inputs).toMatchObject({
      description: "Virtual address ingress, of the load balancer of a Service",
      securityGroupIds: [{ ref: "security-group/ingress", output: "id" }],
    });
    expect(boundValueMap(plan).get(referenceKey(referenceOf()))).toEqual({
      ref: "association/vip/ingress",
      output: "portId",
    });
    const group = plan.securityGroups.find(({ key }) => key === "ingress");
    expect(group?.rules.map(({ key }) => key)).toEqual([`tcp/80/${FROM}`, `tcp/443/${FROM}`]);
  });

  test("without a floating IP the controller makes none, and the id is the port's own", () => {
    const changes = { ...OCTAVIA, "ingress.exposure": { kind: "octavia", floatingIp: false } };
    expect(
      entry(changes)?.metadata.annotations?.["service.beta.kubernetes.io/openstack-internal-load-balancer"],
    ).toBe("true");
    const { plan } = planOf(changes);
    expect(plan.floatingIps.map(({ key }) => key)).not.toContain("vip/ingress");
    expect(boundValueMap(plan).get(referenceKey(referenceOf()))).toEqual({
      ref: "vip-port/ingress",
      output: "id",
    });
  });

  test("nodes admit amphorae from the network, and with OVN the clients themselves", () => {
    const network = planOf(OCTAVIA).plan.network.cidr;
    expect(workerRules(OCTAVIA)).toEqual([`tcp/30080/${network}`, `tcp/30443/${network}`]);
    expect(workerRules(OVN)).toEqual([`tcp/30080/${FROM}`, `tcp/30443/${FROM}`]);
  });
});

describe("by MetalLB", () => {
  test("the Service has MetalLB's class and pool, and shows applications their clients' addresses", () => {
    const service = entry(METALLB);
    expect(service?.spec).toMatchObject({
      type: "LoadBalancer",
      externalTrafficPolicy: "Local",
      loadBalancerClass: "labstead.dev/metallb",
      loadBalancerSourceRanges: [FROM],
    });
    expect(service?.metadata.annotations).toEqual({ "metallb.io/address-pool": "ingress" });
  });

  test("a port in Neutron reserves the address, and every worker's port, and no other one, may use it", () => {
    const { plan, parts } = planOf(METALLB);
    const { address } = parts["metallb"] as MetallbChartProps;
    expect(plan.vips.find(({ key }) => key === "ingress")).toMatchObject({
      address: { kind: "planned", ip: address },
      holder: "metallb",
      securityGroups: ["workers"],
    });
    for (const { role, allowedAddressPairs } of plan.servers)
      expect(allowedAddressPairs.includes(address)).toBe(role === "workers");
    expect(plan.floatingIps.map(({ key }) => key)).toContain("vip/ingress");
  });

  test("a schedulable control plane may have it too", () => {
    const { plan, parts } = planOf({ ...METALLB, "servers.controlPlane.schedulable": true });
    const { address } = parts["metallb"] as MetallbChartProps;
    for (const { role, allowedAddressPairs } of plan.servers)
      expect(allowedAddressPairs.includes(address)).toBe(role === "workers" || role === "controlPlane");
  });

  test("security groups and firewalls of the nodes admit the clients at the address, and nobody else", () => {
    expect(workerRules(METALLB)).toEqual([`tcp/80/${FROM}`, `tcp/443/${FROM}`]);
    const { plan, parts } = planOf(METALLB);
    const { address } = parts["metallb"] as MetallbChartProps;
    const firewalls = [...machines(plan).values()].map(({ server, files }) => ({
      worker: server.startsWith("workers"),
      text: String(files.find(({ path }) => path === "/etc/labstead/firewall.nft")?.content),
    }));
    expect(firewalls.some(({ worker }) => worker)).toBe(true);
    for (const { worker, text } of firewalls) {
      expect(text.includes(`ip daddr ${address} meta l4proto { tcp, udp } goto arriving`)).toBe(worker);
      if (worker) expect(text).toContain(`ip saddr ${FROM} tcp dport 443 accept`);
    }
  });

  test("has one pool, of the one address, which no other Service gets by itself", () => {
    const { parts } = planOf(METALLB);
    const props = parts["metallb"] as MetallbChartProps;
    const { manifests } = renderChart(new MetallbChart(new App(), "metallb", props));
    expect(manifests.find(({ kind }) => kind === "IPAddressPool")?.spec).toEqual({
      addresses: [`${props.address}/32`],
      autoAssign: false,
    });
    expect(outline(manifests)).toMatchSnapshot();
  });
});

function referenceOf() {
  const { source } = output("vip/ingress/port-id");
  if (source.kind === "text") throw new Error("a composed text");
  return source;
}
