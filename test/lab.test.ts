import { parseEnvironment, readEnvironment } from "./environments";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { isOwner } from "../environment/config";
import { configOf, stackFile, stacksIn } from "../environment/stack-file";
import { requiredReferences } from "../values";
import type { ObjectOverride } from "../deploy/override";
import { planReferences } from "../deploy/plan";
import { findingText } from "../environment/findings";
import { boundValues } from "../infra/named-values";
import { certificateNames, keyPairNames } from "../environment/secrets";
import type { SecretPlan } from "../environment/plan/types";
import { lab } from "../lab";
import type { FileOverride } from "../platform/machines/override";

const ROOT = join(__dirname, "..");
const files = [
  ...stacksIn(ROOT).map((stack) => stackFile(ROOT, stack)),
  ...readdirSync(join(ROOT, "examples")).map((name) => join(ROOT, "examples", name)),
];

function secretNames(secret: SecretPlan): readonly string[] {
  switch (secret.kind) {
    case "password":
    case "given":
      return [secret.name];
    case "keyPair":
    case "wireGuardKey":
      return Object.values(keyPairNames(secret.name));
    case "certificate":
      return Object.values(certificateNames(secret.name));
  }
}

test("prod, test, an example for each of the five systems, one for an existing cluster and one for projects are there", () => {
  expect(files.map((file) => file.slice(ROOT.length + 1)).sort()).toEqual([
    "Pulumi.prod.yaml",
    "Pulumi.test.yaml",
    "examples/datalabs-test.yaml",
    "examples/datalabs.yaml",
    "examples/existing-cluster.yaml",
    "examples/jupyterhub.yaml",
    "examples/managed-kubernetes.yaml",
    "examples/projects.yaml",
    "examples/savu.yaml",
    "examples/ska.yaml",
  ]);
});

describe.each(files)("%s", (file) => {
  test("composes all layers, the same each time", () => {
    const first = lab(readEnvironment(file));
    if (first.plan.cluster.kind === "existing") expect(first.infra).toEqual([]);
    else expect(first.infra.length).toBeGreaterThan(10);
    expect(first.deploy.objects.length).toBeGreaterThan(0);
    expect(JSON.stringify(lab(readEnvironment(file)))).toBe(JSON.stringify(first));
  });

  test("every named value of the charts has a source", () => {
    const { plan, deploy } = lab(readEnvironment(file));
    const sources = new Set([
      ...boundValues(plan).map(({ reference }) => `${reference.kind} ${reference.name}`),
      ...plan.secrets.flatMap(secretNames).map((name) => `secret ${name}`),
    ]);
    const missing = planReferences(deploy).filter(({ kind, name }) => !sources.has(`${kind} ${name}`));
    expect(missing).toEqual([]);
    expect(requiredReferences(plan.securityGroups)).toEqual([]);
  });

  test("refuses default providers", () => {
    const content = parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> };
    expect(content.config["pulumi:disable-default-providers"]).toEqual([
      "kubernetes",
      "labstead",
      "openstack",
    ]);
  });
});

test("errors of the quota stop the lab like those of the plan, all at once", () => {
  const content = parse(readFileSync(stackFile(ROOT, "prod"), "utf8")) as {
    config: Record<string, Record<string, unknown>>;
  };
  const environment = parse(stringify(content.config["labstead:environment"])) as Record<string, unknown>;
  const config = configOf(
    "prod",
    parseEnvironment("prod", { ...environment, quota: { instances: 10, volumes: 5 } }),
  );
  expect(() => lab({ config })).toThrow(
    /^environment prod: 2 errors, nothing was changed\n {2}quota\.instances: the environment needs 15, the project's limit is 10; .*\n {2}quota\.volumes: the environment needs 13, the project's limit is 5; /,
  );
});

test("an override reaches the arguments of a resource, and no other", () => {
  const environment = readEnvironment(stackFile(ROOT, "prod"));
  const overridden = lab(environment, {
    overrides: {
      resources: {
        "openstack:compute/instance:Instance": (inputs, { key }) =>
          key.startsWith("server/gluster/") ? { ...inputs, powerState: "active" } : inputs,
      },
    },
  });
  const changed = overridden.infra.filter((each) => "powerState" in each.inputs).map(({ key }) => key);
  expect(changed).toEqual(["server/gluster/0", "server/gluster/1", "server/gluster/2"]);
  const unchanged = lab(environment).infra.filter(({ key }) => !changed.includes(key));
  expect(overridden.infra.filter(({ key }) => !changed.includes(key))).toEqual(unchanged);
});

test("an override reaches a file of one server, or of a pool, and what boots or is pushed with it", () => {
  const path = "/etc/chrony/conf.d/labstead.conf";
  const environment = readEnvironment(stackFile(ROOT, "prod"));
  const comment =
    (text: string): FileOverride =>
    (file) => ({ ...file, content: `${file.content}# ${text}\n` });
  const overridden = lab(environment, {
    overrides: {
      machines: { gateway: { [path]: comment("pool") }, "gateway/1": { [path]: comment("one") } },
    },
  });
  const contents = (key: string) =>
    overridden.machines
      .get(key)
      ?.files.find((file) => file.path === path)
      ?.content.split("\n")
      .slice(-3);
  expect(contents("gateway/0")?.slice(1)).toEqual(["# pool", ""]);
  expect(contents("gateway/1")).toEqual(["# pool", "# one", ""]);
  expect(contents("bastion/0")?.join()).not.toContain("#");
  const changed = overridden.infra.filter(({ inputs }) => JSON.stringify(inputs).includes("# pool"));
  expect(changed.map(({ key }) => key)).toEqual(["server/gateway/0", "server/gateway/1"]);
  expect(overridden.findings.filter(({ id }) => id === "override.unmatched")).toEqual([]);
});

test("an override reaches a Kubernetes object, and no other", () => {
  const environment = readEnvironment(stackFile(ROOT, "prod"));
  const identity = "apps/Deployment datalab/docs";
  const overridden = lab(environment, {
    overrides: { objects: { [identity]: (manifest) => ({ ...manifest, paused: true }) } },
  });
  const before = lab(environment).deploy.objects;
  expect(
    overridden.deploy.objects
      .filter((each, index) => each.manifest !== before[index]?.manifest && "paused" in each.manifest)
      .map((each) => each.identity),
  ).toEqual([identity]);
  expect(overridden.findings.filter(({ id }) => id === "override.unmatched")).toEqual([]);
});

test("override that matches nothing is a finding", () => {
  const environment = readEnvironment(stackFile(ROOT, "prod"));
  const { findings } = lab(environment, {
    overrides: {
      resources: { "openstack:loadbalancer/pool:Pool": (inputs) => inputs },
      machines: {
        gatewy: {},
        "gateway/7": {},
        bastion: { "/etc/chrony/conf.d/labsted.conf": (file) => file },
      },
      objects: { "apps/Deployment datalab/doc": (manifest) => manifest },
    },
  });
  const unmatched = findings.filter(({ id }) => id === "override.unmatched").map(findingText);
  expect(unmatched).toEqual([
    'overrides["resources"]["openstack:loadbalancer/pool:Pool"]: matches nothing of this environment; correct its key, or remove it',
    'overrides["machines"]["gatewy"]: matches nothing of this environment; did you mean gateway?',
    'overrides["machines"]["gateway/7"]: matches nothing of this environment; did you mean gateway/0?',
    'overrides["machines"]["bastion"]["/etc/chrony/conf.d/labsted.conf"]: matches nothing of this environment; did you mean /etc/chrony/conf.d/labstead.conf?',
    'overrides["objects"]["apps/Deployment datalab/doc"]: matches nothing of this environment; did you mean apps/Deployment datalab/docs?',
  ]);
});

test("an override that changes what something is, is an error", () => {
  const environment = readEnvironment(stackFile(ROOT, "prod"));
  const renamed: ObjectOverride = (manifest) => ({ ...manifest, kind: "DaemonSet" });
  expect(() =>
    lab(environment, { overrides: { objects: { "apps/Deployment datalab/docs": renamed } } }),
  ).toThrow(
    "its override makes apps/Deployment datalab/docs into apps/DaemonSet datalab/docs; an override keeps kind, namespace and name",
  );
  const moved: FileOverride = (file) => ({ ...file, path: "/etc/other" });
  const path = "/etc/chrony/conf.d/labstead.conf";
  expect(() => lab(environment, { overrides: { machines: { "bastion/0": { [path]: moved } } } })).toThrow(
    "bastion/0: the override of /etc/chrony/conf.d/labstead.conf makes it /etc/other; an override keeps the path",
  );
});

test("an error of the checks is reported with what the other layers have to say", () => {
  const { config } = readEnvironment(stackFile(ROOT, "prod"));
  if (!isOwner(config)) throw new Error("prod is an owner");
  const issuer = { kind: "ClusterIssuer" as const, name: "letsencrypt" };
  const wrong = { ...config, ingress: { ...config.ingress, issuer }, quota: { instances: 1 } };
  expect(() => lab({ config: wrong })).toThrow(
    [
      "environment prod: 2 errors, nothing was changed",
      '  ingress.issuer: is not asked, since ingress.certificate is "selfSigned"; write certificate: issuer, or leave the key out',
      "  quota.instances: the environment needs 15, the project's limit is 1; request a larger quota and raise the number here, or make the environment smaller",
    ].join("\n"),
  );
});
