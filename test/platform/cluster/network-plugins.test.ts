/** The network plugins, each as an owner's choice renders it. */
import { STAGES } from "../../../environment/parts/stages";
import { CATALOG } from "../../../catalog";
import { renderParts } from "../../../render";
import { changed, configOf, ownerBase, plannedOf, type Changes, type Json } from "../../environment/configs";
import {
  chartsOf,
  containersOf,
  ofKind,
  podOf,
  renderChart,
  specsOf,
  type Manifest,
} from "../../apps/manifests";
import { outline } from "../../apps/outline";

const NETWORK_PARTS = CATALOG.parts.filter(({ stage }) => stage === STAGES[0]).map(({ key }) => key);

/** Objects of the network plugin that an owner has chosen, by chart. */
function chosen(cni: Json, changes: Changes = {}): ReadonlyMap<string, readonly Manifest[]> {
  const planned = plannedOf(configOf("lab", changed(ownerBase(), { "cluster.cni": cni, ...changes })));
  const charts = chartsOf(planned).map(renderChart);
  return new Map(
    charts.filter(({ name }) => NETWORK_PARTS.includes(name)).map(({ name, manifests }) => [name, manifests]),
  );
}

function objects(cni: Json, changes: Changes = {}): readonly Manifest[] {
  return [...chosen(cni, changes).values()].flat();
}

const CHOICES: Readonly<Record<string, Json>> = {
  "calico by VXLAN": { kind: "calico" },
  "flannel with kube-router's policies": { kind: "flannel", policy: "kube-router" },
  "flannel with kube-network-policies": { kind: "flannel", policy: "kube-network-policies" },
  "kube-router": { kind: "kube-router" },
  weave: { kind: "weave" },
};

describe.each(Object.entries(CHOICES))("%s", (_, cni) => {
  const manifests = objects(cni);

  test("as it stands", () => {
    // The definitions are alike, but for their names.
    expect(outline(manifests.filter(({ kind }) => kind !== "CustomResourceDefinition"))).toMatchSnapshot();
  });

  test("renders what it claims, and only its own parts", () => {
    const planned = plannedOf(configOf("lab", changed(ownerBase(), { "cluster.cni": cni })));
    expect(() => renderParts(CATALOG, planned)).not.toThrow();
    expect(chosen(cni).size).toBe(cni["policy"] === undefined ? 1 : 2);
  });

  test("is on every node before anything else: whatever its taints, in the node's own network", () => {
    const agents = ofKind(manifests, "DaemonSet");
    expect(agents.length).toBeGreaterThan(0);
    for (const agent of agents)
      expect(podOf(agent).spec).toMatchObject({
        hostNetwork: true,
        priorityClassName: "system-node-critical",
        tolerations: [{ operator: "Exists" }],
      });
  });

  test("every other pod of it starts on a node that is not ready and not initialized", () => {
    for (const each of ofKind(manifests, "Deployment")) {
      const tolerated = JSON.stringify(podOf(each).spec);
      const all = tolerated.includes('"tolerations":[{"operator":"Exists"}]');
      expect(all || tolerated.includes("node.cloudprovider.kubernetes.io/uninitialized")).toBe(true);
    }
  });
});

/** A variable of the only container of that name. */
function variable(manifests: readonly Manifest[], container: string, name: string): unknown {
  const [found] = ofKind(manifests, "DaemonSet")
    .flatMap(containersOf)
    .filter((each) => each.name === container);
  return found?.env?.find((each) => each.name === name)?.value;
}

function data(manifests: readonly Manifest[], name: string): string {
  const [map] = ofKind(manifests, "ConfigMap").filter(({ metadata }) => metadata.name === name);
  return Object.values(map?.data ?? {}).join("");
}

describe("calico", () => {
  const pool = (encapsulation: string): readonly unknown[] => {
    const manifests = objects({ kind: "calico", encapsulation });
    return [
      "CALICO_IPV4POOL_IPIP",
      "CALICO_IPV4POOL_VXLAN",
      "CALICO_NETWORKING_BACKEND",
      "FELIX_VXLANMTU",
    ].map((name) => variable(manifests, "calico-node", name));
  };

  test("encapsulates every packet between nodes, and never only some: Neutron would drop the others", () => {
    expect(pool("vxlan")).toEqual(["Never", "Always", "vxlan", "1400"]);
    expect(pool("ipip")).toEqual(["Always", "Never", "bird", "1430"]);
    expect(pool("none")).toEqual(["Never", "Never", "bird", "1450"]);
  });

  test("its probes ask bird where it runs", () => {
    const probes = (encapsulation: string): string =>
      JSON.stringify(ofKind(objects({ kind: "calico", encapsulation }), "DaemonSet"));
    expect(probes("vxlan")).not.toContain("bird-");
    expect(probes("ipip")).toContain('"-felix-ready","-bird-ready"');
  });

  test("its rules are of the kind that kube-proxy's are", () => {
    const mode = (proxyMode: string): unknown =>
      variable(
        objects({ kind: "calico" }, { "cluster.nodes.proxyMode": proxyMode }),
        "calico-node",
        "FELIX_NFTABLESMODE",
      );
    expect(["iptables", "ipvs", "nftables"].map(mode)).toEqual(["Disabled", "Disabled", "Enabled"]);
  });

  test("from fifty nodes on Typha comes with the name by which nodes find it", () => {
    const large = objects({ kind: "calico" }, { "servers.workers.general.max": 100 });
    expect(variable(large, "calico-node", "FELIX_TYPHAK8SSERVICENAME")).toBe("calico-typha");
    expect(variable(large, "calico-node", "FELIX_TYPHAK8SNAMESPACE")).toBe("calico-system");
    const [typha] = ofKind(large, "Deployment").filter(({ metadata }) => metadata.name === "calico-typha");
    expect(typha?.spec).toMatchObject({ replicas: 3 });
    const [service] = specsOf(large, "Service");
    expect(service?.spec.ports).toMatchObject([{ name: "calico-typha", port: 5473 }]);
    const small = objects({ kind: "calico" });
    expect(variable(small, "calico-node", "FELIX_TYPHAK8SSERVICENAME")).toBeUndefined();
    expect(JSON.stringify(small)).not.toContain("typha");
  });

  test("defines its resources before it runs", () => {
    const planned = plannedOf(configOf("lab", changed(ownerBase(), { "cluster.cni": { kind: "calico" } })));
    const { deploy } = renderParts(CATALOG, planned);
    const at = (identity: string): number => deploy.objects.findIndex((each) => each.identity === identity);
    const definitions = deploy.objects.filter(
      ({ chart, manifest }) => chart === "calico" && manifest.kind === "CustomResourceDefinition",
    );
    expect(definitions).toHaveLength(22);
    for (const { identity } of definitions)
      expect(at(identity)).toBeLessThan(at("apps/DaemonSet calico-system/calico-node"));
  });
});

describe("flannel", () => {
  const network = (cni: Json, changes: Changes = {}): unknown =>
    JSON.parse(data(objects({ kind: "flannel", ...cni }, changes), "kube-flannel-net"));

  test("gets the MTU of the network outside, of which it takes VXLAN's share itself", () => {
    expect(network({}, { "network.mtu": 1500 })).toMatchObject({ Backend: { Type: "vxlan", MTU: 1500 } });
    expect(network({ backend: "host-gw" })).toMatchObject({ Backend: { Type: "host-gw" } });
  });

  test("knows the network of the pods, and the kind of kube-proxy's rules", () => {
    const changes = { "cluster.podCidr": "10.200.0.0/16", "cluster.nodes.proxyMode": "nftables" };
    expect(network({}, changes)).toMatchObject({ Network: "10.200.0.0/16", EnableNFTables: true });
    expect(network({})).toMatchObject({ EnableNFTables: false });
  });

  test("beside it kube-router is a firewall only", () => {
    const firewall = chosen({ kind: "flannel", policy: "kube-router" }).get("kube-router") ?? [];
    const [container] = ofKind(firewall, "DaemonSet").flatMap(containersOf);
    expect(container?.args).toEqual(
      expect.arrayContaining(["--run-firewall=true", "--run-router=false", "--enable-cni=false"]),
    );
    expect(ofKind(firewall, "ConfigMap")).toEqual([]);
  });
});

test("kube-router writes the network's MTU, since nothing is around the packets of its pods", () => {
  const manifests = objects({ kind: "kube-router" }, { "network.mtu": 1500 });
  expect(JSON.parse(data(manifests, "kube-router-cni"))).toMatchObject({ plugins: [{ mtu: 1500 }, {}] });
});

test("weave gets the pods' network, since its own default overlaps others, and has its password from a Secret", () => {
  const manifests = objects({ kind: "weave" }, { "cluster.podCidr": "10.200.0.0/16" });
  expect(variable(manifests, "weave", "IPALLOC_RANGE")).toBe("10.200.0.0/16");
  expect(variable(manifests, "weave", "WEAVE_PASSWORD")).toBeUndefined();
  expect(JSON.stringify(manifests)).toContain('"secretKeyRef":{"key":"password","name":"weave-password"}');
});
