/** A lab as one component, beside a resource of the program's own, on the built-in cloud. */
import type { PulumiFn } from "@pulumi/pulumi/automation";
import * as random from "@pulumi/random";
import { defineEnvironment } from "../../environment/define";
import { Lab } from "../../stack/component";
import { EngineLab } from "../rehearsal/engine-lab";

const lab = new EngineLab();
beforeAll(() => lab.cloud());
afterAll(() => lab.close());

const SMALL = defineEnvironment({
  domain: "lab.example.org",
  image: "ubuntu-24.04",
  cluster: { kind: "own" },
  network: { kind: "managed", cidr: "192.168.3.0/24" },
  keyPair: { kind: "existing", name: "operators" },
  access: {
    kind: "bastion",
    operator: { kind: "allowlist", from: ["198.51.100.0/24"] },
    ssh: { from: ["198.51.100.0/24"] },
  },
  servers: {
    bastion: { flavor: "tiny", floatingIp: true },
    gateway: { flavor: "small", min: 2 },
    loadBalancer: { flavor: "small", min: 2 },
    controlPlane: { flavor: "medium", min: 3 },
    workers: { general: { flavor: "large", min: 2 } },
  },
  tenants: { test: { slot: 0, ingress: { http: 31080, https: 31443 }, namespaces: ["testlab"] } },
});

const program: PulumiFn = () => {
  const made = new Lab("prod", SMALL);
  const own = new random.RandomPassword("own", { length: 16 }, { dependsOn: [made] });
  const { kubeconfig, networkId, servers, floatingIps, urls } = made;
  return Promise.resolve({ kubeconfig, networkId, servers, floatingIps, urls, own: own.id });
};

interface StateResource {
  readonly urn: string;
  readonly dependencies?: readonly string[];
}

test("all of a lab stands below its component, and its outputs are typed values", async () => {
  const engine = await lab.engine(program, { checkpoints: false });
  const { changes } = await engine.up();
  expect(changes["create"]).toBeGreaterThan(150);
  const outputs = await engine.outputs();
  expect(outputs["kubeconfig"]?.secret).toBe(true);
  expect(outputs["servers"]).toMatchObject({
    secret: false,
    value: { "bastion/0": { name: "prod-bastion-0", address: "192.168.3.10" } },
  });
  expect(outputs["networkId"]?.secret).toBe(false);
  const { resources } = (await engine.export()).deployment as { resources: readonly StateResource[] };
  const outside = resources.map(({ urn }) => urn).filter((urn) => !urn.includes("::labstead:index:Lab"));
  expect(outside.map((urn) => urn.split("::").at(-1)).sort()).toEqual([
    "default_4_21_2",
    "default_5_6_1",
    "lab-test",
    "own",
  ]);
  const own = resources.find(({ urn }) => urn.endsWith("::own"));
  expect(own?.dependencies?.length).toBeGreaterThan(150);
});

test("again: no changes", async () => {
  const { changes } = await (await lab.engine(program, { checkpoints: false })).up();
  expect(Object.keys(changes)).toEqual(["same"]);
});
