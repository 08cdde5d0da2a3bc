/** The rules of a cluster as the plan decides them, and the policies that are made of them. */
import { App } from "cdk8s";
import fc from "fast-check";
import { fieldOf } from "../../../deploy/manifest";
import { planCharts } from "../../../deploy/plan";
import { imageRepository } from "../../../environment/parts/images";
import { AdmissionRulesChart } from "../../../platform/cluster/admission-rules/chart";
import { celText, RULES_LABEL } from "../../../kit";
import { outline } from "../../apps/outline";
import { changed, ownerBase, ownerOf, plannedOf } from "../../environment/configs";
import type { Changes } from "../../environment/configs";
import type { RulesPlan } from "../../../environment/plan/types";
import { boundLab } from "../../lab/kubernetes/environments";

function rulesOf(changes: Changes = {}): RulesPlan {
  const { rules } = plannedOf(ownerOf("lab", changed(ownerBase(), changes))).plan;
  if (rules === undefined) throw new Error("no rules");
  return rules;
}

const SMALL: RulesPlan = {
  environments: [
    {
      environment: "prod",
      namespaces: { kind: "labelled" },
      nodePorts: [{ from: 30048, to: 30054 }],
      loadBalancers: "refused",
      images: { kind: "listed", sources: ["docker.io/library/mongo", "quay.io"] },
      hosts: {
        names: ["lab.example.com"],
        domain: { name: "lab.example.org", except: ["t.lab.example.org"] },
      },
    },
    {
      environment: "test",
      namespaces: { kind: "named", names: ["testlab"] },
      nodePorts: [],
      loadBalancers: "refused",
      images: { kind: "any" },
      hosts: { names: ["t.lab.example.org"] },
    },
  ],
  entries: { namespace: "kube-system", nodePorts: [30080, 30443] },
  exceptions: [{ namespace: "gitlab", allow: ["images"], reason: "its images are its own" }],
};

test("each environment has its policies and their bindings", () => {
  const app = new App();
  new AdmissionRulesChart(app, "rules", { environment: "prod", ...SMALL });
  const { objects } = planCharts(app);
  expect(outline(objects.map(({ manifest }) => manifest))).toMatchSnapshot();
  const kinds = objects.map(({ manifest }) => manifest.kind);
  expect(kinds.filter((kind) => kind === "ValidatingAdmissionPolicy")).toHaveLength(1 + 6 + 5);
  for (const { identity, manifest, dependsOn } of objects)
    if (manifest.kind === "ValidatingAdmissionPolicyBinding")
      expect(dependsOn).toEqual([identity.replace("PolicyBinding", "Policy")]);
});

describe("the plan gives the owner", () => {
  const [owner] = rulesOf().environments;

  test("its window, and ports that are declared by themselves", () => {
    expect(owner?.nodePorts).toEqual([
      { from: 30048, to: 30050 },
      { from: 30022, to: 30022 },
      { from: 30090, to: 30090 },
    ]);
    const [internal] = rulesOf({
      "ports.internal": { cache: 31050 },
      "ports.window": undefined,
    }).environments;
    expect(internal?.nodePorts).toEqual([
      { from: 30022, to: 30022 },
      { from: 31050, to: 31050 },
    ]);
  });

  test("its domain without the hosts of tenants", () => {
    const [{ hosts } = { hosts: undefined }] = rulesOf({
      "rules.hosts": ["lab.example.com"],
      "tenants.test.hosts": ["t.lab.example.org"],
    }).environments;
    expect(hosts?.names).toContain("lab.example.com");
    expect(hosts?.domain).toEqual({ name: "lab.example.org", except: ["t.lab.example.org"] });
  });

  test("the repositories of all parts and of what their users start, and the sources of the configuration", () => {
    const sources = ["docker.io/nerc/datalab-api", "docker.io/nerc/rstudio", "docker.io/library/mongo"];
    const { images } = rulesOf({ "rules.images": { kind: "listed", from: ["quay.io/jupyter"] } })
      .environments[0] ?? { images: undefined };
    expect(images).toMatchObject({ kind: "listed" });
    expect(images?.kind === "listed" ? images.sources : []).toEqual(
      expect.arrayContaining([...sources, "quay.io/jupyter"]),
    );
    const any = rulesOf({ "rules.images": { kind: "any" } });
    for (const each of any.environments) expect(each.images).toEqual({ kind: "any" });
  });
});

test("the plan gives a tenant what its entry lists, and never a load balancer", () => {
  const changes = {
    "rules.loadBalancers": "allowed",
    "tenants.test.window": { from: 30055, to: 30060 },
    "tenants.test.images": ["ghcr.io/lab"],
  };
  const [owner, tenant] = rulesOf(changes).environments;
  expect(owner?.loadBalancers).toBe("allowed");
  expect(tenant).toMatchObject({
    environment: "test",
    namespaces: { kind: "named", names: ["testlab"] },
    nodePorts: [{ from: 30055, to: 30060 }],
    loadBalancers: "refused",
    hosts: {
      names: ["test-catalogue.lab.example.org", "test-docs.lab.example.org", "test.lab.example.org"],
    },
  });
  expect(tenant?.images.kind === "listed" ? tenant.images.sources : []).toContain("ghcr.io/lab");
  expect(owner?.images.kind === "listed" ? owner.images.sources : []).not.toContain("ghcr.io/lab");
});

test("a cluster without admission policies has no such plan", () => {
  const { plan } = boundLab("datalabs", "examples");
  expect(plan.cluster.version).toBe("1.25");
  expect(plan.rules).toBeUndefined();
});

test("the owner's namespaces carry the label, and no tenant's or component's does", () => {
  const labelled = (stack: string): readonly string[] =>
    boundLab(stack).manifests.flatMap(({ kind, metadata }) =>
      kind === "Namespace" && fieldOf(metadata, "labels", RULES_LABEL) === stack ? [metadata.name] : [],
    );
  expect(labelled("prod")).toEqual(["datalab"]);
  expect(labelled("test")).toEqual([]);
});

test("policies are made before everything that they apply to", () => {
  const { objects } = boundLab("prod").deploy;
  const namespace = objects.findIndex(({ manifest: { kind, metadata } }) => {
    const labelled = fieldOf(metadata, "labels", RULES_LABEL) !== undefined;
    return kind === "Namespace" && labelled;
  });
  const last = objects.findLastIndex(({ chart }) => chart === "rules");
  expect(last).toBeGreaterThan(0);
  expect(last).toBeLessThan(namespace);
});

describe("the repository of an image is completed as a container runtime does it", () => {
  test.each([
    ["mongo", "docker.io/library/mongo"],
    ["mongo:4.4.29", "docker.io/library/mongo"],
    ["nerc/datalab-api:1", "docker.io/nerc/datalab-api"],
    ["quay.io/jupyter/base:1", "quay.io/jupyter/base"],
    ["localhost/x:1", "localhost/x"],
    ["registry:5000/x", "registry:5000/x"],
    ["registry:5000/x:1", "registry:5000/x"],
    [`quay.io/x/y:1@sha256:${"0".repeat(64)}`, "quay.io/x/y"],
    [`quay.io/x/y@sha256:${"0".repeat(64)}`, "quay.io/x/y"],
  ])("%s", (image, repository) => {
    expect(imageRepository(image)).toBe(repository);
  });

  test("whatever its tag", () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), tag, (words, version) => {
        const path = words.join("/");
        expect(imageRepository(`${path}:${version}`)).toBe(imageRepository(path));
        expect(imageRepository(imageRepository(path))).toBe(imageRepository(path));
      }),
    );
  });
});

test("a text that would end early is no text of CEL", () => {
  expect(celText("lab.example.org")).toBe("'lab.example.org'");
  for (const text of ["it's", "a\\b", "a\nb"])
    expect(() => celText(text)).toThrow("cannot be written in CEL");
});
