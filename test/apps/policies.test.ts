/** NetworkPolicies evaluated as Kubernetes does: nothing passes that no policy allows, at both ends. */
import {
  containersOf,
  keyOf,
  podOf,
  render,
  selects,
  workloads,
  type Labels,
  specsOf,
  type Manifest,
  type Peer,
  type PolicyRule,
  type ServiceSpec,
} from "./manifests";

const { manifests } = render("prod");
const NAMESPACE = "datalab";
const inside = workloads(manifests).filter(({ metadata }) => metadata.namespace === NAMESPACE);

type ServiceManifest = Manifest & { spec: ServiceSpec };

interface Party {
  readonly namespace: string;
  readonly labels: Labels;
}

function labelsIn(name: string): Party {
  const found = workloads(manifests).find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw new Error(`no workload ${name}`);
  return { namespace: found.metadata.namespace ?? "", labels: podOf(found).metadata.labels };
}

function rules(of: Party, direction: "ingress" | "egress"): { isolated: boolean; rules: PolicyRule[] } {
  const type = direction === "ingress" ? "Ingress" : "Egress";
  const policies = specsOf(manifests, "NetworkPolicy").filter(({ metadata, spec }) => {
    const wanted = Object.entries(spec.podSelector.matchLabels ?? {});
    const chosen = wanted.every(([key, value]) => of.labels[key] === value);
    return metadata.namespace === of.namespace && spec.policyTypes.includes(type) && chosen;
  });
  return {
    isolated: policies.length > 0,
    rules: policies.flatMap(({ spec }) => spec[direction] ?? []),
  };
}

function matches(peer: Peer, party: Party, home: string): boolean {
  if (peer.ipBlock !== undefined) return false;
  const namespace = peer.namespaceSelector?.matchLabels?.["kubernetes.io/metadata.name"] ?? home;
  return namespace === party.namespace && selects(peer.podSelector?.matchLabels, party.labels);
}

function passes(from: Party, to: Party, port: number): boolean {
  const open = (own: Party, other: Party, direction: "ingress" | "egress"): boolean => {
    const { isolated, rules: allowed } = rules(own, direction);
    if (!isolated) return true;
    return allowed.some(
      ({ from: sources = [], to: targets = [], ports = [] }) =>
        [...sources, ...targets].some((peer) => matches(peer, other, own.namespace)) &&
        ports.some((each) => each.port === port && each.protocol === "TCP"),
    );
  };
  return open(from, to, "egress") && open(to, from, "ingress");
}

/** Services that a workload names in its environment: `http://datalab-auth-service`, `mongo-service`. */
function calledBy(workload: Manifest): ServiceManifest[] {
  const values = containersOf(workload).flatMap(({ env = [] }) => env.map(({ value }) => value ?? ""));
  const hosts = values.map((value) => value.replace(/^https?:\/\//, "").split(/[.:/]/)[0] ?? "");
  return specsOf(manifests, "Service").filter(
    ({ metadata }) => metadata.namespace === NAMESPACE && hosts.includes(metadata.name),
  );
}

function behind(service: ServiceManifest): Manifest {
  const found = inside.find((workload) => selects(service.spec.selector, podOf(workload).metadata.labels));
  if (found === undefined) throw new Error(`nothing behind ${keyOf(service)}`);
  return found;
}

const calls = inside.flatMap((caller) =>
  calledBy(caller).map((service) => [caller.metadata.name, service.metadata.name, caller, service] as const),
);

test("the environment names these callers and called", () => {
  expect(calls.map(([caller, called]) => `${caller} → ${called}`).sort()).toEqual([
    "datalab-api → datalab-auth-service",
    "datalab-api → infrastructure-api-service",
    "datalab-api → mongo-service",
    "datalab-auth → mongo-service",
    "infrastructure-api → datalab-auth-service",
    "infrastructure-api → mongo-service",
  ]);
});

test.each(calls)("%s reaches %s", (_caller, _service, caller, service) => {
  const target = behind(service);
  const port = service.spec.ports[0].targetPort;
  expect(passes(labelsIn(caller.metadata.name), labelsIn(target.metadata.name), port)).toBe(true);
});

test("the ingress controller reaches the web and the API, not the database", () => {
  const controller = labelsIn("ingress-nginx-controller");
  expect(passes(controller, labelsIn("datalab-app"), 80)).toBe(true);
  expect(passes(controller, labelsIn("docs"), 80)).toBe(true);
  expect(passes(controller, labelsIn("datalab-api"), 8000)).toBe(true);
  expect(passes(controller, labelsIn("datalab-auth"), 9000)).toBe(true);
  expect(passes(controller, labelsIn("infrastructure-api"), 8000)).toBe(false);
  expect(passes(controller, labelsIn("mongodb"), 27017)).toBe(false);
});

test("nobody else reaches the database", () => {
  const stranger = { namespace: NAMESPACE, labels: { "app.kubernetes.io/name": "stranger" } };
  const neighbour = { namespace: "testlab", labels: labelsIn("datalab-api").labels };
  for (const party of [stranger, neighbour, labelsIn("datalab-app"), labelsIn("docs")]) {
    expect(passes(party, labelsIn("mongodb"), 27017)).toBe(false);
  }
});

test("whoever calls by name may ask the cluster's DNS", () => {
  const dns = { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } };
  const askers = [...new Set(calls.map(([caller]) => caller))];
  for (const asker of askers) {
    const { rules: egress } = rules(labelsIn(asker), "egress");
    const ports = egress
      .filter(({ to = [] }) => to.some((peer) => matches(peer, dns, NAMESPACE)))
      .flatMap(({ ports: list = [] }) => list.map(({ port, protocol }) => `${protocol} ${port}`));
    expect(ports.sort()).toEqual(["TCP 53", "UDP 53"]);
  }
});

test("outside of the cluster's pods, only sign-in and the Kubernetes API are open", () => {
  const blocks = inside.flatMap(({ metadata }) =>
    rules(labelsIn(metadata.name), "egress").rules.flatMap(({ to = [], ports = [] }) =>
      to.flatMap(({ ipBlock }) =>
        ipBlock === undefined
          ? []
          : [
              `${metadata.name} → ${ipBlock.cidr} ${ports.map(({ port }) => port).join()} except ${(ipBlock.except ?? []).join()}`,
            ],
      ),
    ),
  );
  expect(blocks.sort()).toEqual([
    "datalab-auth → 0.0.0.0/0 443 except 169.254.0.0/16",
    "infrastructure-api → 10.96.0.0/12 443 except ",
    "infrastructure-api → 192.168.3.0/24 6443 except ",
  ]);
});
