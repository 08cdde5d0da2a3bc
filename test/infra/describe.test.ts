import { describe as describeInfra } from "../../infra/describe";
import { dependenciesOf, findDeferred, inOrder } from "../../infra/references";
import { boundValueMap } from "../../infra/named-values";
import type { InfraResource, Inputs, ResourceType } from "../../infra/types";
import { text, address, secret } from "../../values";
import { examplePlans, planWith, smallPlan } from "./plans";

const EXAMPLES = examplePlans();
const example = (name: string) => {
  const plan = EXAMPLES.get(name);
  if (plan === undefined) throw new Error(`no example ${name}`);
  return plan;
};

function inputsOf<T extends ResourceType>(
  resources: readonly InfraResource[],
  type: T,
  key: string,
): Inputs<T> {
  return find(resources, type, key).inputs as Inputs<T>;
}

function find(resources: readonly InfraResource[], type: ResourceType, key: string): InfraResource {
  const found = resources.find((each) => each.key === key);
  expect(found?.type).toBe(type);
  if (found === undefined) throw new Error(key);
  return found;
}

const ofType = (resources: readonly InfraResource[], type: ResourceType) =>
  resources.filter((each) => each.type === type);

const INSTANCE = "openstack:compute/instance:Instance";
const PORT = "openstack:networking/port:Port";
const RULE = "openstack:networking/secGroupRule:SecGroupRule";

describe("a small environment", () => {
  it("is described as it was", () => {
    const lines = describeInfra(smallPlan()).map(
      ({ key, type, inputs, options }) =>
        `${key} ${type}\n  ${JSON.stringify(inputs)}\n  ${JSON.stringify(options)}`,
    );
    expect(lines.join("\n")).toMatchSnapshot();
  });
});

describe.each([...EXAMPLES])("the example %s", (_name, plan) => {
  const resources = describeInfra(plan);
  const bound = boundValueMap(plan);

  it("can be put in order, each resource after those it needs", () => {
    const seen = new Set<string>();
    for (const each of inOrder(resources, bound)) {
      expect(dependenciesOf(each, bound).filter((key) => !seen.has(key))).toEqual([]);
      seen.add(each.key);
    }
    expect(seen.size).toBe(resources.length);
  });

  it("takes its keys from the plan, so that the same plan in another order gives the same resources", () => {
    const turned = describeInfra({
      ...plan,
      servers: [...plan.servers].reverse(),
      volumes: [...plan.volumes].reverse(),
      securityGroups: [...plan.securityGroups]
        .reverse()
        .map((g) => ({ ...g, rules: [...g.rules].reverse() })),
      vips: [...plan.vips].reverse(),
      floatingIps: [...plan.floatingIps].reverse(),
      loadBalancers: [...plan.loadBalancers].reverse(),
    });
    const sorted = (list: readonly InfraResource[]) => [...list].sort((a, b) => (a.key < b.key ? -1 : 1));
    expect(sorted(turned)).toEqual(sorted(resources));
  });

  it("lets ports carry the security groups, never servers; names no device; and closes what Neutron opens", () => {
    for (const { inputs } of ofType(resources, INSTANCE)) {
      expect(inputs).not.toHaveProperty("securityGroups");
      expect(inputs).toMatchObject({ configDrive: true, networks: [{ port: { output: "id" } }] });
    }
    for (const { inputs } of ofType(resources, "openstack:compute/volumeAttach:VolumeAttach")) {
      expect(Object.keys(inputs).sort()).toEqual(["instanceId", "volumeId"]);
    }
    for (const { key, inputs } of ofType(resources, "openstack:networking/secGroup:SecGroup")) {
      expect(inputs).toMatchObject({ deleteDefaultRules: true });
      expect(resources.map((each) => each.key)).toContain(
        `egress/${key.replace("security-group/", "")}/ipv4`,
      );
    }
  });

  it("gives every rule one remote, a reason and its own replacement order", () => {
    for (const { inputs, options } of ofType(resources, RULE)) {
      expect(["remoteIpPrefix", "remoteGroupId"].filter((name) => name in inputs)).toHaveLength(1);
      expect(Reflect.get(inputs, "description")).toMatch(/\w/);
      expect("portRangeMin" in inputs).toBe("portRangeMax" in inputs);
      if ("portRangeMin" in inputs) expect(Reflect.get(inputs, "protocol")).toMatch(/^(tcp|udp|icmp)$/);
      expect(options.deleteBeforeReplace).toBe(true);
    }
  });

  it("protects data and addresses", () => {
    const guarded = resources.filter((each) => each.options.protect === true).map((each) => each.key);
    const expected = [
      ...plan.volumes.filter((each) => each.protect).map((each) => `volume/${each.key}`),
      ...plan.floatingIps.map((each) => `floating-ip/${each.key}`),
      ...plan.containers.map((each) => `container/${each.key}`),
    ];
    expect([...guarded].sort()).toEqual(expected.sort());
  });
});

describe("the network", () => {
  it("of one's own has router, pools outside the plan's addresses, and the external network by name", () => {
    const plan = smallPlan();
    const resources = describeInfra(plan);
    expect(inputsOf(resources, "openstack:networking/subnet:Subnet", "subnet")).toMatchObject({
      networkId: { ref: "network", output: "id" },
      allocationPools: plan.network.allocationPools,
      gatewayIp: plan.network.gatewayIp,
    });
    expect(inputsOf(resources, "openstack:networking/router:Router", "router").externalNetworkId).toEqual({
      lookup: "openstack:networking/getNetwork:getNetwork",
      args: { name: "public", external: true },
      output: "id",
    });
    expect(inputsOf(resources, "openstack:networking/network:Network", "network").mtu).toBe(1450);
  });

  const existing = { kind: "existing", cidr: "10.0.0.0/16", name: "team", subnet: "team-v4" };

  it("that exists is looked up by name, its subnet within it", () => {
    const resources = describeInfra(smallPlan({}, { network: existing }));
    const network = {
      lookup: "openstack:networking/getNetwork:getNetwork",
      args: { name: "team" },
      output: "id",
    };
    expect(inputsOf(resources, PORT, "port/bastion/0")).toMatchObject({
      networkId: network,
      fixedIps: [
        {
          subnetId: {
            lookup: "openstack:networking/getSubnet:getSubnet",
            args: { name: "team-v4", networkId: network },
          },
        },
      ],
    });
    expect(resources.some((each) => each.component === "network")).toBe(false);
  });

  it("that exists needs no cloud for a preview when its ids are given", () => {
    const ids = {
      network: "11111111-2222-3333-4444-555555555555",
      subnet: "66666666-7777-8888-9999-000000000000",
    };
    const resources = describeInfra(smallPlan({}, { network: { ...existing, ids } }));
    expect(resources.flatMap((each) => findDeferred(each.inputs).lookups)).toEqual([]);
    expect(inputsOf(resources, PORT, "port/bastion/0").networkId).toBe(ids.network);
  });

  it("of another project leaves addresses and port security to its owner", () => {
    const plan = example("savu");
    const resources = describeInfra(plan);
    for (const server of plan.servers) {
      const port = inputsOf(resources, PORT, `port/${server.key}`);
      expect(port).not.toHaveProperty("portSecurityEnabled");
      expect(port).not.toHaveProperty("allowedAddressPairs");
      expect(JSON.stringify(port.fixedIps)).not.toContain("ipAddress");
    }
  });
});

describe("security-group rules", () => {
  const plan = smallPlan();
  const [base] = plan.securityGroups;
  const withRule = (rule: object) => {
    const rules = [
      {
        key: "x",
        protocol: "tcp" as const,
        remote: { kind: "cidr" as const, cidr: "10.0.0.0/8" },
        reason: "r",
        ...rule,
      },
    ];
    const group = { ...base!, key: "extra", rules };
    const resources = describeInfra({ ...plan, securityGroups: [...plan.securityGroups, group] });
    return inputsOf(resources, RULE, "rule/extra/x");
  };

  it.each([
    ["tcp", { protocol: "tcp" }],
    ["icmp", { protocol: "icmp" }],
    ["vrrp", { protocol: "112" }],
    ["ipip", { protocol: "4" }],
  ])("write %s as the plugin takes it", (protocol, expected) => {
    expect(withRule({ protocol })).toMatchObject(expected);
  });

  it("leave the protocol out for any, and the range out for all ports", () => {
    expect(withRule({ protocol: "any" })).not.toHaveProperty("protocol");
    expect(withRule({ portMin: 1, portMax: 65535 })).not.toHaveProperty("portRangeMin");
    expect(withRule({ portMin: 22, portMax: 22 })).toMatchObject({ portRangeMin: 22, portRangeMax: 22 });
  });

  it("refer to a group by its id, and refuse one that is not planned", () => {
    expect(withRule({ remote: { kind: "group", group: "base" } }).remoteGroupId).toEqual({
      ref: "security-group/base",
      output: "id",
    });
    expect(() => withRule({ remote: { kind: "group", group: "nobody" } })).toThrow(
      "security-group rule x: group nobody is not in the plan",
    );
  });
});

describe("servers", () => {
  const resources = describeInfra(smallPlan(), {
    userData: ({ name }) => `#cloud-config\nhostname: ${name}\n`,
  });
  const worker = find(resources, INSTANCE, "server/workers.general/1");

  it("keep what they were made from until their generation counts up", () => {
    expect(worker.options).toEqual({
      deleteBeforeReplace: true,
      ignoreChanges: ["userData", "imageId", "imageName", "keyPair", "blockDevices", "schedulerHints"],
      replaceOnChanges: ["metadata.generation"],
      dependsOn: ["key-pair", "router-interface"],
    });
    expect(worker.inputs).toMatchObject({
      name: "dev-worker-general-1",
      imageName: "ubuntu-24.04",
      userData: "#cloud-config\nhostname: dev-worker-general-1\n",
      metadata: { generation: "1", environment: "dev", groups: "kubernetes,worker,workers-general" },
      tags: ["labstead", "environment=dev"],
      schedulerHints: [{ group: { ref: "server-group/workers.general", output: "id" } }],
    });
  });

  it("do not refer to the key pair: replacing it first deletes it, and with it all that refers to it", () => {
    expect(findDeferred(worker.inputs).refs.map(({ ref }) => ref)).toEqual([
      "port/workers.general/1",
      "server-group/workers.general",
    ]);
  });

  it("boot from a volume of their own where asked, with the image looked up unless given by id", () => {
    const boot = (image: string) =>
      inputsOf(
        describeInfra(smallPlan({ bootVolume: { size: "40Gi", type: "ssd" }, image })),
        INSTANCE,
        "server/workers.general/0",
      );
    const id = "0a1b2c3d-1111-2222-3333-444455556666";
    expect(boot(id)).not.toHaveProperty("imageId");
    expect(boot(id).blockDevices).toEqual([
      {
        bootIndex: 0,
        sourceType: "image",
        uuid: id,
        destinationType: "volume",
        volumeSize: 40,
        deleteOnTermination: true,
        volumeType: "ssd",
      },
    ]);
    expect(boot("debian-12").blockDevices).toMatchObject([
      {
        uuid: { lookup: "openstack:images/getImage:getImage", args: { name: "debian-12", mostRecent: true } },
      },
    ]);
  });

  it("name an image by its id when it is one", () => {
    const id = "0a1b2c3d-1111-2222-3333-444455556666";
    const inputs = inputsOf(describeInfra(smallPlan({ image: id })), INSTANCE, "server/workers.general/0");
    expect(inputs.imageId).toBe(id);
    expect(inputs).not.toHaveProperty("imageName");
  });

  it("name a flavor by its id when it is one", () => {
    const id = "0a1b2c3d-1111-2222-3333-444455556666";
    const inputs = inputsOf(describeInfra(smallPlan({ flavor: id })), INSTANCE, "server/workers.general/0");
    expect(inputs.flavorId).toBe(id);
    expect(inputs).not.toHaveProperty("flavorName");
  });

  it("get their volumes in the plan's order, one after the other", () => {
    expect(
      find(resources, "openstack:compute/volumeAttach:VolumeAttach", "attachment/workers.general/0/data")
        .options,
    ).toEqual({
      deleteBeforeReplace: true,
    });
    expect(
      find(resources, "openstack:compute/volumeAttach:VolumeAttach", "attachment/workers.general/0/scratch")
        .options,
    ).toEqual({
      deleteBeforeReplace: true,
      dependsOn: ["attachment/workers.general/0/data"],
    });
    expect(
      inputsOf(resources, "openstack:blockstorage/volume:Volume", "volume/workers.general/0/data").metadata,
    ).toMatchObject({
      mount_point: "/data",
    });
  });
});

describe("addresses", () => {
  it("of a VIP stand on a port of its own, and the holders' ports may use them", () => {
    const plan = smallPlan();
    const resources = describeInfra(plan);
    const vip = plan.vips.find((each) => each.key === "api")!.address;
    const ip = vip.kind === "planned" ? vip.ip : "";
    expect(inputsOf(resources, PORT, "vip-port/api").fixedIps).toMatchObject([{ ipAddress: ip }]);
    expect(inputsOf(resources, PORT, "port/gateway/1").allowedAddressPairs).toEqual([{ ipAddress: ip }]);
    expect(
      find(resources, "openstack:networking/floatingIpAssociate:FloatingIpAssociate", "association/vip/api"),
    ).toMatchObject({
      inputs: {
        floatingIp: { ref: "floating-ip/vip/api", output: "address" },
        portId: { ref: "vip-port/api", output: "id" },
      },
      options: { deleteBeforeReplace: true, dependsOn: ["router-interface"] },
    });
  });

  it("that are assigned become references, in a holder's address pairs too", () => {
    const plan = smallPlan();
    const assigned = { kind: "assigned" as const, value: address("vip/api") };
    const resources = describeInfra({
      ...plan,
      vips: plan.vips.map((each) => (each.key === "api" ? { ...each, address: assigned } : each)),
      servers: plan.servers.map((each) =>
        each.key === "gateway/0" ? { ...each, allowedAddressPairs: [assigned.value.toString()] } : each,
      ),
    });
    expect(inputsOf(resources, PORT, "port/gateway/0").allowedAddressPairs).toEqual([
      { ipAddress: { ref: "vip-port/api", output: "allFixedIps", at: 0 } },
    ]);
  });

  it("of Octavia's VIP lead to the port that Octavia makes", () => {
    const plan = example("jupyterhub");
    const resources = describeInfra(plan);
    const association = inputsOf(
      resources,
      "openstack:networking/floatingIpAssociate:FloatingIpAssociate",
      "association/vip/edge",
    );
    expect(association.portId).toEqual({ ref: "load-balancer/edge", output: "vipPortId" });
    expect(resources.some((each) => each.key.startsWith("vip-port/"))).toBe(false);
  });
});

describe("Octavia", () => {
  const plan = example("jupyterhub");
  const resources = describeInfra(plan);

  it("has for each frontend a listener with its CIDRs, a pool, a monitor, and a member for each backend", () => {
    for (const balancer of plan.loadBalancers) {
      for (const front of balancer.frontends) {
        const path = `${balancer.key}/${front.port}`;
        expect(
          inputsOf(resources, "openstack:loadbalancer/listener:Listener", `listener/${path}`),
        ).toMatchObject({
          allowedCidrs: front.admits.map(({ cidr }) => cidr).sort(),
          protocolPort: front.listen,
          timeoutClientData: 600_000,
        });
        expect(inputsOf(resources, "openstack:loadbalancer/pool:Pool", `pool/${path}`).lbMethod).toBe(
          "ROUND_ROBIN",
        );
        find(resources, "openstack:loadbalancer/monitor:Monitor", `monitor/${path}`);
        const members = ofType(resources, "openstack:loadbalancer/member:Member").filter((each) =>
          each.key.startsWith(`member/${path}/`),
        );
        expect(members.map((each) => each.key)).toEqual(
          front.backends.map((each) => `member/${path}/${each.server}`),
        );
      }
    }
  });

  it.each([
    ["jupyterhub", ["10.20.0.0/20", "198.51.100.0/24"], true],
    ["ska", ["10.20.0.0/22"], false],
  ] as const)(
    "lets the nodes of %s come to the API, and besides them its operators alone",
    (name, from, floating) => {
      const described = describeInfra(example(name));
      expect(
        inputsOf(described, "openstack:loadbalancer/listener:Listener", "listener/api/api").allowedCidrs,
      ).toEqual(from);
      expect(described.some(({ key }) => key === "floating-ip/vip/api")).toBe(floating);
    },
  );

  it("probes as the plan says, UDP by UDP, and a port beside the service's on the member", () => {
    const [balancer] = plan.loadBalancers;
    const [front] = balancer!.frontends;
    const described = (change: object) => {
      const changed = { ...balancer!, frontends: [{ ...front!, ...change }] };
      return describeInfra({ ...plan, loadBalancers: [changed, ...plan.loadBalancers.slice(1)] });
    };
    const path = `${balancer!.key}/${front!.port}`;
    const monitor = (change: object) =>
      inputsOf(described(change), "openstack:loadbalancer/monitor:Monitor", `monitor/${path}`);
    expect(monitor({ probe: { kind: "tcp" } }).type).toBe("TCP");
    expect(monitor({ probe: { kind: "https", path: "/readyz" } })).toMatchObject({
      type: "HTTPS",
      urlPath: "/readyz",
      expectedCodes: "200",
    });
    expect(monitor({ probe: { kind: "tcp" }, protocol: "udp" }).type).toBe("UDP-CONNECT");
    const udp = described({ protocol: "udp", probe: { kind: "tcp" } });
    expect(inputsOf(udp, "openstack:loadbalancer/listener:Listener", `listener/${path}`)).not.toHaveProperty(
      "timeoutClientData",
    );
    const http = described({ probe: { kind: "http", path: "/healthz", port: 31911 } });
    const member = `member/${path}/${front!.backends[0]!.server}`;
    expect(inputsOf(http, "openstack:loadbalancer/member:Member", member).monitorPort).toBe(31911);
  });
});

describe("application credentials", () => {
  const credential = (change: object) => {
    const plan = planWith({ applicationCredentials: { csi: change } });
    const key = "application-credential/csi";
    return inputsOf(
      describeInfra(plan),
      "openstack:identity/applicationCredential:ApplicationCredential",
      key,
    );
  };

  it("change their name with what they grant, so that the new one is made before the old one goes", () => {
    const first = credential({}).name;
    expect(first).toMatch(/^dev-csi-[0-9a-f]{8}$/);
    expect(credential({}).name).toBe(first);
    expect(credential({ generation: 2 }).name).not.toBe(first);
    expect(credential({ roles: ["reader"] }).name).not.toBe(first);
  });
});

describe("overrides", () => {
  it("reach the inputs of every resource of their type, and may tell them apart", () => {
    const resources = describeInfra(smallPlan(), {
      overrides: {
        [INSTANCE]: (inputs, { key }) =>
          key === "server/bastion/0" ? { ...inputs, powerState: "active" } : inputs,
      },
    });
    const overridden = ofType(resources, INSTANCE).filter((each) => "powerState" in each.inputs);
    expect(overridden.map((each) => each.key)).toEqual(["server/bastion/0"]);
  });

  it("may not refer to what is not described", () => {
    const overrides = {
      [PORT]: (inputs: Inputs<typeof PORT>) => ({ ...inputs, qosPolicyId: { ref: "qos", output: "id" } }),
    };
    expect(() => describeInfra(smallPlan(), { overrides })).toThrow(
      "port/bastion/0 refers to qos, which is not described",
    );
  });
});

describe("order", () => {
  const plan = smallPlan();
  const [first, second] = describeInfra(plan);

  it("follows named values inside user data", () => {
    const userData = () => text`floating ${address("floating/vip/api")} ${secret("x")}`.toString();
    const resources = describeInfra(plan, { userData });
    const bound = boundValueMap(plan);
    const server = find(resources, INSTANCE, "server/bastion/0");
    expect(dependenciesOf(server, bound)).toContain("floating-ip/vip/api");
    const order = inOrder(resources, bound).map((each) => each.key);
    expect(order.indexOf("floating-ip/vip/api")).toBeLessThan(order.indexOf("server/bastion/0"));
  });

  it("is refused to resources that need each other", () => {
    const round = [
      { ...first!, key: "a", options: { dependsOn: ["b"] } },
      { ...second!, key: "b", inputs: { networkId: { ref: "a", output: "id" } } },
    ];
    expect(() => inOrder(round, new Map())).toThrow("these need each other: a → b → a");
  });
});
