/** What registration sends to the engine for a description: types, places in the tree, options, references, secrets. */
import { gunzipSync } from "node:zlib";
import * as pulumi from "@pulumi/pulumi";
import type { MockCallArgs, MockResourceArgs } from "@pulumi/pulumi/runtime/mocks";
import type { EnvironmentPlan } from "../../environment/plan/types";
import { address, secret, text } from "../../values";
import { describe as describeInfra, type DescribeOptions } from "../../infra/describe";
import { infraValues } from "../../infra/named-values";
import { register, type Infrastructure, type RegisterOptions } from "../../infra/register";
import type { ResourceType } from "../../infra/types";
import { recordRequests, settled, type SentResource } from "../deploy/requests";
import { examplePlans, planWith, smallPlan } from "./plans";

// The SDK takes about 10 ms for each resource where the processor is shared.
const PROVIDER = "openstack::openstack-id";
const calls: MockCallArgs[] = [];
const AUTH_SCOPE = "openstack:identity/getAuthScope:getAuthScope";
/** The catalog of a login without a region of its own. */
const SCOPE = {
  region: "",
  serviceCatalogs: [
    { type: "compute", endpoints: [{ interface: "public", region: "RegionOne", url: "https://nova" }] },
    {
      type: "identity",
      endpoints: [
        { interface: "internal", region: "RegionOne", url: "https://inside" },
        { interface: "public", region: "RegionOne", url: "https://keystone/v3" },
      ],
    },
  ],
};

/** What the cloud would add to some resources' outputs. */
function madeUp({ type, name }: MockResourceArgs): object {
  switch (type) {
    case "openstack:networking/port:Port":
      return { allFixedIps: [`10.9.9.${name.length}`] };
    case "openstack:networking/floatingIp:FloatingIp":
      return { address: "203.0.113.7" };
    case "openstack:loadbalancer/loadBalancer:LoadBalancer":
      return { vipPortId: `${name}-port`, vipAddress: "10.9.9.200" };
    case "openstack:identity/applicationCredential:ApplicationCredential":
      return { secret: "s3cret" };
    default:
      return {};
  }
}

interface Registered {
  readonly infra: Infrastructure;
  readonly sent: readonly SentResource[];
  readonly find: (key: string) => SentResource;
}

async function registered(
  plan: EnvironmentPlan,
  options: RegisterOptions | (() => RegisterOptions) = {},
  how: DescribeOptions & { readonly preview?: boolean } = {},
): Promise<Registered> {
  calls.length = 0;
  const sent = await recordRequests(how.preview ?? false, {
    newResource: (args) => ({
      id: args.custom === true ? `${args.name}-id` : undefined,
      state: { ...(args.inputs as object), ...madeUp(args) },
    }),
    call: (args) => {
      calls.push(args);
      const { name } = args.inputs as { name: string };
      return args.token === AUTH_SCOPE ? SCOPE : { id: `found-${name}` };
    },
  });
  const infra = register(plan, describeInfra(plan, how), typeof options === "function" ? options() : options);
  await Promise.all([...infra.resources.values(), infra.provider!].map((each) => settled(each.urn)));
  const find = (key: string): SentResource => {
    const found = sent.find((each) => each.name === key);
    if (found === undefined) throw new Error(`${key} was not registered`);
    return found;
  };
  return { infra, sent, find };
}

const settledValue = async (value: pulumi.Output<unknown> | undefined) =>
  value === undefined ? undefined : (await settled(value)).value;

describe("registration", () => {
  it("registers each described resource once, under its key, type and component, with the explicit provider", async () => {
    const plan = planWith({ containers: { state: { purpose: "state" } } });
    const { sent, infra } = await registered(plan);
    const described = describeInfra(plan);
    const resources = sent.filter((each) => each.type.startsWith("openstack:"));
    expect(resources.map(({ name, type }) => `${type} ${name}`).sort()).toEqual(
      described.map(({ key, type }) => `${type} ${key}`).sort(),
    );
    expect(new Set(resources.map((each) => each.provider))).toEqual(new Set([PROVIDER]));
    expect([...infra.resources.keys()].sort()).toEqual(described.map(({ key }) => key).sort());
    const parents: Partial<Record<ResourceType, string>> = {
      "openstack:networking/network:Network": "network",
      "openstack:networking/secGroupRule:SecGroupRule": "security",
      "openstack:compute/keypair:Keypair": "identity",
      "openstack:compute/instance:Instance": "servers",
      "openstack:blockstorage/volume:Volume": "storage",
      "openstack:objectstorage/container:Container": "storage",
      "openstack:networking/floatingIp:FloatingIp": "addresses",
    };
    for (const [type, parent] of Object.entries(parents)) {
      expect(new Set(resources.filter((each) => each.type === type).map((each) => each.parent))).toEqual(
        new Set([parent]),
      );
    }
    expect(
      sent.filter((each) => each.type.startsWith("labstead:")).map(({ type, name }) => `${type} ${name}`),
    ).toEqual([
      "labstead:infra:Network network",
      "labstead:infra:Security security",
      "labstead:infra:Identity identity",
      "labstead:infra:Servers servers",
      "labstead:infra:Storage storage",
      "labstead:infra:Addresses addresses",
    ]);
  });

  it("always tells the plugin to use Octavia, and passes on where the cloud is", async () => {
    const { find } = await registered(smallPlan(), { provider: { cloud: "lab", region: "RegionOne" } });
    expect(find("openstack")).toMatchObject({
      type: "pulumi:providers:openstack",
      inputs: { useOctavia: "true", cloud: "lab", region: "RegionOne" },
    });
  });

  it("puts everything below a parent where one is given", async () => {
    const { find } = await registered(smallPlan(), (): RegisterOptions => {
      class Lab extends pulumi.ComponentResource {}
      return { parent: new Lab("labstead:Lab", "lab") };
    });
    expect(find("servers").parent).toBe("lab");
    expect(find("server/bastion/0").parent).toBe("servers");
  });

  it("turns references into what the cloud answered, and makes waiting explicit", async () => {
    const { find } = await registered(smallPlan());
    expect(find("port/workers.general/0").inputs).toMatchObject({
      networkId: "network-id",
      fixedIps: [{ subnetId: "subnet-id", ipAddress: "10.0.112.0" }],
      securityGroupIds: ["security-group/base-id", "security-group/nodes-id", "security-group/workers-id"],
    });
    expect(find("association/vip/api").inputs).toEqual({
      floatingIp: "203.0.113.7",
      portId: "vip-port/api-id",
    });
    expect(find("router").inputs).toMatchObject({ externalNetworkId: "found-public" });
    const server = find("server/workers.general/0");
    expect(server.inputs).toMatchObject({
      networks: [{ port: "port/workers.general/0-id" }],
      flavorName: "large",
    });
    expect(server.dependsOn.map((each) => each.split("::")[0])).toEqual(
      ["key-pair", "port/workers.general/0", "router-interface", "server-group/workers.general"].sort(),
    );
  });

  it("passes the options of the description", async () => {
    const { find } = await registered(smallPlan());
    expect(find("volume/workers.general/0/data").protect).toBe(true);
    expect(find("volume/workers.general/0/scratch").protect).toBe(false);
    expect(find("floating-ip/vip/api").protect).toBe(true);
    expect(find("server/controlPlane/0")).toMatchObject({
      protect: false,
      deleteBeforeReplace: true,
      ignoreChanges: ["userData", "imageId", "imageName", "keyPair", "blockDevices", "schedulerHints"],
      replaceOnChanges: ["metadata.generation"],
    });
    expect(find("server-group/workers.general").deleteBeforeReplace).toBe(false);
  });

  it("looks each thing up once, through the explicit provider", async () => {
    const existing = { kind: "existing", cidr: "10.0.0.0/16", name: "team", subnet: "team-v4" };
    const { find, infra } = await registered(planWith({ network: existing }));
    expect(calls.map(({ token, inputs }) => ({ token, inputs: inputs as unknown }))).toEqual([
      { token: AUTH_SCOPE, inputs: { name: "labstead" } },
      { token: "openstack:networking/getNetwork:getNetwork", inputs: { name: "team" } },
      {
        token: "openstack:networking/getSubnet:getSubnet",
        inputs: { name: "team-v4", networkId: "found-team" },
      },
    ]);
    expect(calls.map(({ provider }) => provider?.endsWith(PROVIDER))).toEqual([true, true, true]);
    expect(await settledValue(infra.values.get("output:cloud/auth-url"))).toBe("https://keystone/v3");
    expect(await settledValue(infra.values.get("output:cloud/region"))).toBe("RegionOne");
    expect(find("port/bastion/0").inputs).toMatchObject({
      networkId: "found-team",
      fixedIps: [{ subnetId: "found-team-v4" }],
    });
    expect(await settledValue(infra.networkId)).toBe("found-team");
    expect(await settledValue(infra.subnetId)).toBe("found-team-v4");
  });
});

describe("named values", () => {
  const PASSWORD = "correct horse battery";
  const values = () => new Map([["secret:join", pulumi.secret(PASSWORD)]]);
  const userData = () =>
    text`#cloud-config\nip: ${address("floating/vip/api")}\nkey: ${secret("join").base64()}\n`.toString();

  it("are put into user data, which is compressed and stays secret", async () => {
    const { find } = await registered(smallPlan(), { values: values() }, { userData });
    const { inputs } = find("server/bastion/0") as { inputs: { userData: { secret: string } } };
    const unpacked = gunzipSync(Buffer.from(inputs.userData.secret, "base64")).toString("utf8");
    expect(unpacked).toBe(
      `#cloud-config\nip: 203.0.113.7\nkey: ${Buffer.from(PASSWORD).toString("base64")}\n`,
    );
  });

  it("stay secret even when what is bound was not marked as one", async () => {
    const plain = new Map([["secret:join", pulumi.output(PASSWORD)]]);
    const { find } = await registered(smallPlan(), { values: plain }, { userData });
    expect(find("server/bastion/0").inputs).toMatchObject({
      userData: { secret: expect.any(String) as string },
    });
  });

  it("leave user data without them in the clear", async () => {
    const { find } = await registered(smallPlan(), {}, { userData: () => "#cloud-config\n" });
    expect(find("server/bastion/0").inputs).toMatchObject({ userData: expect.any(String) as string });
  });

  it("that nothing binds stop everything, all of them named, before anything is registered", async () => {
    const sent = await recordRequests(false);
    const plan = smallPlan();
    const described = describeInfra(plan, {
      userData: ({ key }) => (key.startsWith("gateway/") ? userData() : undefined),
    });
    expect(() => register(plan, described)).toThrow(
      'server/gateway/0: nothing is bound to secret("join")\nserver/gateway/1: nothing is bound to secret("join")',
    );
    expect(sent).toEqual([]);
  });

  it("are bound for others: floating IPs, ids and credentials", async () => {
    const plan = planWith({ applicationCredentials: { csi: {} } });
    const { infra } = await registered(plan);
    const value = (name: { readonly source: object }) => {
      const { kind, name: id } = name.source as { kind: string; name: string };
      return infra.values.get(`${kind}:${id}`);
    };
    expect(await settledValue(value(infraValues.floatingIp("vip/api")))).toBe("203.0.113.7");
    expect(await settledValue(value(infraValues.serverId("bastion/0")))).toBe("server/bastion/0-id");
    expect(await settledValue(value(infraValues.volumeId("workers.general/0/data")))).toBe(
      "volume/workers.general/0/data-id",
    );
    expect(await settled(value(infraValues.applicationCredentialSecret("csi"))!)).toEqual({
      known: true,
      secret: true,
      value: "s3cret",
    });
  });
});

describe("outputs", () => {
  it("are typed, by key: addresses, ids, names, credentials with secret secrets", async () => {
    const plan = planWith({
      applicationCredentials: { csi: {} },
      containers: { state: { purpose: "state" } },
    });
    const { infra } = await registered(plan);
    expect([...infra.servers.keys()]).toEqual(plan.servers.map((each) => each.key));
    expect(await settledValue(infra.servers.get("workers.general/1")?.address)).toBe("10.0.112.1");
    expect(await settledValue(infra.servers.get("workers.general/1")?.id)).toBe(
      "server/workers.general/1-id",
    );
    expect(await settledValue(infra.vips.get("api"))).toBe("10.0.4.0");
    expect(await settledValue(infra.floatingIps.get("server/bastion/0"))).toBe("203.0.113.7");
    expect(await settledValue(infra.volumes.get("workers.general/0/data"))).toBe(
      "volume/workers.general/0/data-id",
    );
    expect(await settledValue(infra.containers.get("state"))).toBe("dev-state");
    const credential = infra.applicationCredentials.get("csi");
    expect(await settled(credential!.secret)).toEqual({ known: true, secret: true, value: "s3cret" });
  });

  it("hold the addresses that Neutron and Octavia chose where ours are not planned", async () => {
    const savu = examplePlans().get("savu")!;
    const { infra } = await registered(savu);
    const [server] = savu.servers;
    expect(await settledValue(infra.servers.get(server!.key)?.address)).toBe(
      `10.9.9.${`port/${server!.key}`.length}`,
    );
    expect(await settledValue(infra.vips.get("edge"))).toBe("10.9.9.200");
  });
});

describe.each([...examplePlans()].filter(([, plan]) => plan.cluster.kind === "own"))(
  "the example %s",
  (_name, plan) => {
    it("is registered completely in a preview, with nothing left of references and named values", async () => {
      const { sent } = await registered(plan, {}, { preview: true });
      const openstack = sent.filter((each) => each.type.startsWith("openstack:"));
      expect(openstack).toHaveLength(describeInfra(plan).length);
      expect(JSON.stringify(openstack)).not.toMatch(/Calling \[|\(\(labstead:|"ref":|"lookup":/);
    });
  },
);
