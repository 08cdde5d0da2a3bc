/** What is declared in a project against what its services list, as data. */
import fc from "fast-check";
import { compareCloud, resourceKey, type DeclaredResource } from "../../../openstack-api/drift/compare";
import { fieldDifferences } from "../../../openstack-api/drift/compared";
import { EMPTY, LISTED_KINDS, type ProjectListing } from "../../../openstack-api/drift/listing";
import { undeclaredThings, type KnownThings } from "../../../openstack-api/drift/undeclared";
import * as t from "../../../openstack-api/resources/tokens";
import type { PlainMap } from "../../../provider-protocol";

const NOBODY: KnownThings = { declared: new Set(), others: new Map() };

function undeclared(listing: Partial<ProjectListing>, known: Partial<KnownThings> = {}): readonly string[] {
  const found = undeclaredThings({ ...EMPTY, ...listing }, { ...NOBODY, ...known });
  return [
    ...found.undeclared.map(({ kind, name, id }) => `${kind} ${name} ${id}`.trim()),
    ...[...found.known].map(([whose, count]) => `${String(count)} of ${whose}`),
  ];
}

const group = (id: string, name: string): PlainMap => ({ id, name });
const rule = (id: string, of: string, more: PlainMap = {}): PlainMap => ({
  id,
  security_group_id: of,
  direction: "ingress",
  protocol: "tcp",
  port_range_min: 22,
  port_range_max: 22,
  remote_ip_prefix: "0.0.0.0/0",
  ...more,
});

test("one thing of every listed kind that nobody declared is found", () => {
  const listing: ProjectListing = {
    server: [{ id: "s1", name: "by-hand" }],
    serverGroup: [{ id: "g1", name: "by-hand" }],
    keyPair: [{ name: "mallory" }],
    volume: [{ id: "v1", name: "by-hand", attachments: [] }],
    network: [{ id: "n1", name: "by-hand" }],
    subnet: [{ id: "u1", name: "by-hand", network_id: "ours" }],
    router: [{ id: "r1", name: "by-hand" }],
    port: [{ id: "p1", name: "by-hand", device_owner: "" }],
    securityGroup: [group("sg1", "by-hand"), group("ours", "prod-workers")],
    rule: [rule("ru1", "ours")],
    floatingIp: [{ id: "f1", floating_ip_address: "203.0.113.9" }],
    loadBalancer: [{ id: "l1", name: "by-hand" }],
  };
  const found = undeclared(listing, { declared: new Set(["ours"]) });
  expect(found).toEqual([
    "server by-hand s1",
    "serverGroup by-hand g1",
    "keyPair mallory mallory",
    "volume by-hand v1",
    "network by-hand n1",
    "subnet by-hand u1",
    "router by-hand r1",
    "port by-hand p1",
    "securityGroup by-hand sg1",
    "rule ingress tcp 22 from 0.0.0.0/0 in prod-workers ru1",
    "floatingIp 203.0.113.9 f1",
    "loadBalancer by-hand l1",
  ]);
  expect(found).toHaveLength(LISTED_KINDS.length);
});

describe("no false alarm", () => {
  test("for what the cluster made, by its marks", () => {
    const listing = {
      loadBalancer: [{ id: "b1", name: "kube_service_lab_default_web" }],
      floatingIp: [
        {
          id: "f1",
          description:
            "Floating IP for Kubernetes external service kube_service_lab_default_web from cluster lab",
        },
      ],
      volume: [{ id: "v1", name: "pvc-1", metadata: { "cinder.csi.openstack.org/cluster": "lab" } }],
      port: [{ id: "p1", name: "octavia-lb-b1", device_owner: "Octavia" }],
    };
    expect(undeclared(listing, { cluster: "lab" })).toEqual(["3 of the cluster", "1 of OpenStack"]);
    expect(undeclared(listing, { cluster: "another" })).toHaveLength(4);
  });

  test("for what Neutron and Nova make by themselves", () => {
    const listing = {
      port: [
        { id: "p1", device_owner: "network:dhcp", device_id: "x" },
        { id: "p2", device_owner: "network:router_gateway", device_id: "r" },
        { id: "p3", device_owner: "compute:nova", device_id: "stranger" },
      ],
      securityGroup: [group("d", "default")],
      rule: [
        rule("r1", "d", {
          direction: "egress",
          protocol: null,
          remote_ip_prefix: null,
          remote_group_id: null,
        }),
        rule("r2", "d", { protocol: null, remote_ip_prefix: null, remote_group_id: "d" }),
        rule("r3", "stranger"),
      ],
      volume: [{ id: "v1", name: "", bootable: "true", attachments: [{ server_id: "ours" }] }],
    };
    expect(undeclared(listing, { declared: new Set(["ours"]) })).toEqual(["5 of OpenStack"]);
  });

  test("for an existing network, an existing key pair, and other stacks of the project", () => {
    const listing = {
      network: [{ id: "n1", name: "shared-net" }],
      subnet: [{ id: "u1", name: "shared-subnet", network_id: "n1" }],
      router: [{ id: "r1", name: "shared-router" }],
      keyPair: [{ name: "team" }],
      server: [{ id: "s2", name: "test-gateway" }],
    };
    const known = {
      existingNetwork: "shared-net",
      existingKeyPair: "team",
      others: new Map([["s2", "test"]]),
    };
    expect(undeclared(listing, known)).toEqual([
      "1 of stack test",
      "1 of the existing key pair",
      "3 of the existing network",
    ]);
  });
});

test("a rule in the group default, and a port on a server of ours, are alarms", () => {
  const listing = {
    securityGroup: [group("d", "default")],
    rule: [rule("r1", "d")],
    port: [{ id: "p1", name: "second", device_owner: "compute:nova", device_id: "ours" }],
  };
  expect(undeclared(listing, { declared: new Set(["ours"]) })).toEqual([
    "port second p1",
    "rule ingress tcp 22 from 0.0.0.0/0 in default r1",
    "1 of OpenStack",
  ]);
});

const server = (id: string): DeclaredResource => ({
  type: t.INSTANCE,
  id,
  name: `server/${id}`,
  inputs: { name: id, flavorName: "small", metadata: { role: "worker" }, tags: ["a", "b"] },
});

test("declared resources are missing, changed or the same", () => {
  const declared = ["gone", "big", "off", "same", "unread"].map(server);
  const live = (id: string, more: PlainMap = {}): readonly [string, PlainMap | undefined] => [
    resourceKey({ type: t.INSTANCE, id }),
    { name: id, flavorName: "small", metadata: { role: "worker", by: "nova" }, tags: ["b", "a"], ...more },
  ];
  const found = new Map([
    [resourceKey({ type: t.INSTANCE, id: "gone" }), undefined] as const,
    live("big", { flavorName: "big" }),
    live("off"),
    live("same"),
  ]);
  const listing = {
    ...EMPTY,
    server: [
      { id: "off", status: "SHUTOFF" },
      { id: "same", status: "ACTIVE" },
    ],
  };
  const { drift, compared } = compareCloud(declared, { found, listing }, { others: new Map() });
  expect(compared).toBe(4);
  expect(
    drift.map((each) => ({
      change: each.change,
      ...("resource" in each ? { name: each.resource.name } : {}),
      ...("differences" in each ? { differences: each.differences } : {}),
    })),
  ).toEqual([
    { change: "missing", name: "server/gone" },
    {
      change: "changed",
      name: "server/big",
      differences: [{ field: "flavorName", declared: "small", found: "big" }],
    },
    {
      change: "changed",
      name: "server/off",
      differences: [{ field: "status", declared: "ACTIVE", found: "SHUTOFF" }],
    },
  ]);
});

test("an address pair that nobody declared is a change, an unset description is none, and a secret is not compared", () => {
  const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "x" };
  const found = {
    description: "by Neutron",
    allowedAddressPairs: [{ ipAddress: "10.0.0.9" }],
    name: "other",
  };
  expect(fieldDifferences(t.PORT, { name: secret }, found)).toEqual([
    { field: "allowedAddressPairs", declared: "none", found: '[{"ipAddress":"10.0.0.9"}]' },
  ]);
});

describe("of any project", () => {
  const ids = fc.uniqueArray(fc.uuid(), { maxLength: 30 });

  test("what is declared is never undeclared, and what is left is found", () => {
    fc.assert(
      fc.property(ids, fc.func(fc.boolean()), fc.constantFrom(...LISTED_KINDS), (all, isDeclared, kind) => {
        const declared = new Set(all.filter((id) => isDeclared(id)));
        const things = all.map((id) => ({ id, name: id, network_id: "ours", security_group_id: "ours" }));
        const known = { ...NOBODY, declared: new Set([...declared, "ours"]) };
        const found = undeclaredThings({ ...EMPTY, [kind]: things }, known);
        expect(found.undeclared.map(({ id }) => id)).toEqual(all.filter((id) => !declared.has(id)));
      }),
    );
  });

  test("the inputs themselves are no difference", () => {
    const inputs = fc.dictionary(
      fc.constantFrom("name", "description", "tags", "securityGroupIds", "fixedIps"),
      fc.oneof(fc.string(), fc.array(fc.string(), { maxLength: 3 })),
    );
    fc.assert(fc.property(inputs, (given) => fieldDifferences(t.PORT, given, given).length === 0));
  });
});
