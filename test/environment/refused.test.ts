/** Properties of what is refused: no more and no less than what cannot work. */
import fc from "fast-check";
import { findingText, type FindingId } from "../../environment/findings";
import { balancerListeners } from "../../environment/plan/listeners";
import { checkEnvironment, planEnvironment } from "../environments";
import { changed, configOf, environmentOf, ownerBase, stackFiles, type Changes } from "./configs";
import { ed25519Line } from "./ssh-lines";

function pathsOf(id: FindingId, changes: Changes): readonly string[] {
  const findings = checkEnvironment(configOf("lab", changed(ownerBase(), changes)));
  return findings.filter((each) => each.id === id).map(({ path }) => path);
}

test("an external port is refused where a program of the load balancer has it, and nowhere else", () => {
  const listeners = balancerListeners("loadBalancer", ["elasticsearch"]).filter(
    ({ protocol }) => protocol === "tcp",
  );
  const own = listeners.map(({ port }) => port);
  expect(own).toEqual(expect.arrayContaining([22, 53, 5355, 9100, 9200, 9300, 31911, 48981]));
  const port = fc.oneof(fc.constantFrom(...own), fc.integer({ min: 1, max: 65535 }));
  fc.assert(
    fc.property(port, (external) => {
      const changes = {
        "ports.published.git.external": external,
        "servers.loadBalancer.applications": ["elasticsearch"],
      };
      const expected = own.includes(external) ? ["ports.published.git.external"] : [];
      expect(pathsOf("port.reserved", changes)).toEqual(expected);
    }),
  );
});

test("Octavia has servers of its own, so that only ports of the gateways count", () => {
  const octavia = { edge: { kind: "octavia" }, "ports.published.git.external": 9100 };
  expect(pathsOf("port.reserved", octavia)).toEqual([]);
});

test("without an edge the plan says the NodePort, which is what clients dial", () => {
  const edgeless = changed(ownerBase(), { edge: { kind: "none" } });
  const result = planEnvironment(configOf("lab", edgeless));
  if (!result.ok) throw new Error(result.findings.map(findingText).join("\n"));
  const ports = result.plan.ports.filter(({ purpose }) => purpose !== "api");
  expect(ports.map(({ external }) => external)).toEqual(ports.map(({ backend }) => backend));
  expect(ports.map(({ external }) => external)).toEqual(expect.arrayContaining([30080, 30443, 30022]));
});

test("a name server at the address of a server that has the application dns is no finding", () => {
  const names = { slot: 5, flavor: "small", applications: ["dns"] };
  const changes = { "network.dnsNameservers": ["10.0.0.53"], "servers.applicationServers.names": names };
  expect(pathsOf("network.address", changes)).toEqual([]);
  expect(pathsOf("network.address", { "network.dnsNameservers": ["10.0.0.53"] })).toHaveLength(1);
});

test("planned addresses and an existing subnet's pools: reported where they meet", () => {
  const pool = fc.tuple(fc.integer({ min: 1, max: 254 }), fc.integer({ min: 1, max: 254 }));
  /** The default division, as docs/environment.md has it, of roles that the base has servers of. */
  const planned = { first: 4, last: 207 };
  fc.assert(
    fc.property(pool, ([one, other]) => {
      const [start, end] = [Math.min(one, other), Math.max(one, other)];
      const allocationPools = [{ start: `10.0.0.${start}`, end: `10.0.0.${end}` }];
      const network = { kind: "existing", cidr: "10.0.0.0/24", name: "n", subnet: "s", allocationPools };
      const meets = start <= planned.last && end >= planned.first;
      expect(pathsOf("network.pools", { network })).toEqual(meets ? ["network.allocationPools.0"] : []);
    }),
  );
});

test("software that is in the image comes with any system", () => {
  expect(pathsOf("server.image", { image: "Rocky-9", software: { kind: "baked" } })).toEqual([]);
});

test.each([
  "ubuntu-24.04",
  "debian-12-generic",
  "Debian 13",
  "lab-archive",
  "0a1b2c3d-1111-2222-3333-444455556666",
])("image %s", (image) => expect(pathsOf("server.image", { image })).toEqual([]));

test("the operators' own key may be written for an operator, and a person's on a desktop", () => {
  const key = ed25519Line("ada");
  const changes = {
    keyPair: { kind: "managed", publicKey: key },
    people: { alan: { ssh: { key, as: "operator" } } },
    "servers.desktops.users.ada.sshKey": key,
  };
  expect(pathsOf("access.person", changes)).toEqual([]);
});

test("the repository's own files have no error", () => {
  for (const [name, file] of stackFiles()) {
    const config = configOf(name, environmentOf(file));
    if (config.cluster.kind !== "own") continue;
    const errors = checkEnvironment(config).filter(({ severity }) => severity === "error");
    expect({ name, errors: errors.map(findingText) }).toEqual({ name, errors: [] });
  }
});

describe("settings that install nothing are reported with what is left to do", () => {
  const reported = (changes: Changes): readonly string[] =>
    checkEnvironment(configOf("lab", changed(ownerBase(), changes)))
      .filter(({ id }) => id === "setting.inactive")
      .map(findingText);
  const rest = { "servers.applicationServers": {}, "servers.workers.general.max": 2 };
  const quiet = { ...rest, "cluster.nodes.cloudProvider": "none" };

  test.each<readonly [Changes, string]>([
    [
      { ...quiet, "cluster.cloud.loadBalancers": { kind: "amphora" } },
      'cluster.cloud.loadBalancers.kind: "amphora" needs the cloud controller manager, which cluster.nodes.cloudProvider none leaves out; write cluster.nodes.cloudProvider external, or none here too',
    ],
    [
      { ...quiet, "servers.workers.general.max": 5 },
      "servers.workers.general.max: keeps 3 more addresses free, and no autoscaler is installed that would use them; raise min when more servers are needed, or install an autoscaler",
    ],
    [
      { ...quiet, "servers.workers.general.gpu": {} },
      "servers.workers.general.gpu: counts on nvidia.com/gpu, and installs neither a driver nor a device plugin: nodes do not offer it; install both on these nodes, or choose an image that has the driver",
    ],
    [
      { ...quiet, "servers.bastion.applications": ["node-exporter", "openvpn"] },
      "servers.bastion.applications: opens the ports of openvpn, and installs nothing there; install them on the servers, or leave them out",
    ],
    [
      { ...quiet, "servers.workers.general.applications": ["node-exporter"] },
      "servers.workers.general.applications: opens the ports of node-exporter, and installs nothing there; install them on the servers, or leave them out",
    ],
  ])("%j", (changes, message) => {
    expect(reported(changes)).toContain(message);
    expect(reported(changes)).toHaveLength(1);
  });
});
