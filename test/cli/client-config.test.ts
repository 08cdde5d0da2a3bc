/** Messages where a stack's outputs are not what a person's files or the tunnel need. */
import { clientFacts } from "../../cli/client-config/client-facts";
import { stackFacts } from "../../cli/shared/stack-facts";
import { accountOf, tunnelRoute } from "../../cli/tunnel/run";
import type { EnvironmentPlan } from "../../environment/plan/types";
import { clients } from "../../platform/clients";
import { configOf, ownerBase, planOf, type Json } from "../environment/configs";
import { ed25519Line } from "../environment/ssh-lines";

const PEOPLE = {
  alan: { ssh: { key: ed25519Line("alan", 1), as: "operator" } },
  eve: { ssh: { key: ed25519Line("eve", 2) } },
  kim: { kubernetes: { everywhere: "view" } },
  lea: { ssh: { key: ed25519Line("lea", 3) }, kubernetes: { everywhere: "view" } },
};

function planWith(change: (environment: Json) => void = () => undefined): EnvironmentPlan {
  const environment: Json = { ...ownerBase(), people: PEOPLE };
  change(environment);
  return planOf(configOf("lab", environment));
}

const plan = planWith();
const up = "labstead up lab";

function outputs(change: Json = {}): { values: Json; up: string } {
  const byServer = (value: unknown) => Object.fromEntries(plan.servers.map(({ key }) => [key, value]));
  return {
    up,
    values: {
      servers: byServer({ name: "n", address: "10.0.0.9" }),
      floatingIps: { "server/bastion/0": "203.0.113.4", "vip/api": "203.0.113.2" },
      sshHostKeys: byServer("ssh-ed25519 AAAA"),
      personKubeconfigs: { kim: "{}" },
      wireGuardPublicKey: "key",
      ...change,
    },
  };
}

function standing(name: string, change: Json = {}) {
  const client = clients(plan).find((each) => each.name === name);
  if (client === undefined) throw new Error(`${name} is nobody`);
  return clientFacts(plan, client, outputs(change));
}

test("outputs of an older program", () => {
  const old = outputs({ sshHostKeys: undefined, personKubeconfigs: undefined });
  expect(() => stackFacts("lab", old)).toThrow(
    new Error(
      "lab was brought up by another version of this program, whose outputs lack sshHostKeys, personKubeconfigs; first run: labstead up lab",
    ),
  );
});

test.each([
  ["kim", { personKubeconfigs: { zoe: "{}" } }, "people.kim.kubernetes"],
  ["kim", { personKubeconfigs: {} }, "people.kim.kubernetes"],
  ["ada", { wireGuardPublicKey: undefined }, "the WireGuard gateway"],
  ["alan", { sshHostKeys: {} }, "server lab-bastion-0"],
])("what does not stand yet: %s %j", (name, change, what) => {
  expect(() => standing(name, change)).toThrow(
    new Error(`${what}: the configuration says so, and it does not exist yet; first run: labstead up lab`),
  );
});

test("each person gets what is theirs", () => {
  expect(standing("kim").kubeconfig).toBe("{}");
  expect(standing("kim").gateway).toBeUndefined();
  expect(standing("ada").gateway).toEqual({ address: "203.0.113.2", publicKey: "key" });
  expect(standing("ada", { personKubeconfigs: { ada: "{}" } }).kubeconfig).toBeUndefined();
  expect(standing("eve").addresses.outer).toEqual(new Map([["bastion/0", "203.0.113.4"]]));
});

test("a cluster that others gave has its kubeconfigs from them", () => {
  expect(standing("lea", { personKubeconfigs: {} }).kubeconfig).toBeUndefined();
});

test("the tunnel goes through the bastion where the kubeconfig does", () => {
  expect(tunnelRoute(plan).bastion.name).toBe("lab-bastion-0");
  const listed = planWith((environment) => {
    const operator = { kind: "allowlist", from: ["198.51.100.0/24"] };
    environment["access"] = { ...(environment["access"] as Json), operator };
  });
  expect(() => tunnelRoute(listed)).toThrow(
    new Error(
      "the kubeconfig of lab goes through no tunnel: access.operator is allowlist; write kind: tunnel there, or use kubectl as it is",
    ),
  );
});

test("the account of the tunnel", () => {
  expect(accountOf(plan, "Pulumi.lab.yaml", undefined)).toBe("labstead");
  expect(accountOf(plan, "Pulumi.lab.yaml", "alan")).toBe("labstead");
  expect(accountOf(plan, "Pulumi.lab.yaml", "eve")).toBe("jump");
  expect(() => accountOf(plan, "Pulumi.lab.yaml", "kim")).toThrow(
    new Error("people.kim of Pulumi.lab.yaml has no ssh, which the tunnel needs; give it, or leave out --as"),
  );
});
