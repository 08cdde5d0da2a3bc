/** Declared Kubernetes objects against live ones, as data. */
import fc from "fast-check";
import type { JsonObject } from "../../../deploy/manifest";
import { objectDifferences } from "../../../review/drift/object-differences";

const never = () => false;
const HIDDEN = { secret: true };
const isHidden = (value: unknown) => typeof value === "object" && value !== null && "secret" in value;

function fields(declared: JsonObject, live: JsonObject, initialOnly: readonly string[] = []) {
  return objectDifferences({ declared, live, initialOnly }, isHidden).map(
    ({ field, declared: was, found }) => `${field}: ${was} → ${found}`,
  );
}

const DEPLOYMENT = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", labels: { app: "web" } },
  spec: {
    replicas: 2,
    template: { spec: { containers: [{ name: "web", image: "web:1", env: [{ name: "A", value: "1" }] }] } },
  },
};

/** As an API server completes it. */
const LIVE = {
  ...DEPLOYMENT,
  metadata: { ...DEPLOYMENT.metadata, uid: "1", annotations: { "deployment.kubernetes.io/revision": "1" } },
  spec: {
    ...DEPLOYMENT.spec,
    strategy: { type: "RollingUpdate" },
    template: {
      spec: {
        restartPolicy: "Always",
        containers: [
          { name: "web", image: "web:1", imagePullPolicy: "Always", env: [{ name: "A", value: "1" }] },
        ],
      },
    },
  },
  status: { replicas: 2 },
};

test("defaults and status are no difference", () => {
  expect(fields(DEPLOYMENT, LIVE)).toEqual([]);
});

test("a changed value, label and list are named by their paths", () => {
  const containers = [{ name: "web", image: "web:2", env: [] }];
  const live = {
    ...LIVE,
    metadata: { ...LIVE.metadata, labels: {} },
    spec: { ...LIVE.spec, replicas: 5, template: { spec: { containers } } },
  };
  expect(fields(DEPLOYMENT, live)).toEqual([
    "spec.replicas: 2 → 5",
    "spec.template.spec.containers[web].image: web:1 → web:2",
    'spec.template.spec.containers[web].env: [{"name":"A","value":"1"}] → []',
    "metadata.labels.app: web → none",
  ]);
  expect(fields(DEPLOYMENT, live, ["spec.replicas"])).not.toContain("spec.replicas: 2 → 5");
});

test("the spelling of the API server counts", () => {
  const declared = { ...DEPLOYMENT, spec: { cpu: "0.5" } };
  const live = { ...LIVE, spec: { cpu: "500m" } };
  const pair = { declared, live, initialOnly: [] };
  expect(objectDifferences(pair, never)).toHaveLength(1);
  expect(objectDifferences({ ...pair, expected: { ...declared, spec: { cpu: "500m" } } }, never)).toEqual([]);
});

test("one more key of a map whose keys all count", () => {
  const declared = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" }, data: { a: "1" } };
  expect(fields(declared, { ...declared, data: { a: "1", b: "2" } })).toEqual(["data.b: none → 2"]);
});

const written = (manager: string, fieldsV1: JsonObject, more: JsonObject = {}) => ({
  ...LIVE,
  spec: { ...LIVE.spec, hostNetwork: true },
  metadata: { ...LIVE.metadata, managedFields: [{ manager, operation: "Update", fieldsV1, ...more }] },
});

test("a field that somebody added is found; what controllers and subresources write is not", () => {
  const added = { "f:spec": { "f:hostNetwork": {} }, "f:metadata": { "f:labels": {} } };
  expect(fields(DEPLOYMENT, written("kubectl-edit", added))).toEqual([
    "spec.hostNetwork: none → true, written by kubectl-edit",
  ]);
  for (const manager of ["kube-controller-manager", "cert-manager-cainjector", "pulumi-kubernetes-1a2b"])
    expect(fields(DEPLOYMENT, written(manager, added))).toEqual([]);
  expect(fields(DEPLOYMENT, written("kubectl", added, { subresource: "scale" }))).toEqual([]);
});

test("a map with one owner as a whole is compared as a whole", () => {
  const declared = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", spec: { podSelector: {} } };
  const by = (podSelector: JsonObject): JsonObject => ({
    spec: { podSelector },
    metadata: {
      managedFields: [{ manager: "kubectl", fieldsV1: { "f:spec": { "f:podSelector": {} } } }],
    },
  });
  expect(fields(declared, by({}))).toEqual([]);
  expect(fields(declared, by({ matchLabels: { app: "web" } }))).toEqual([
    'spec.podSelector: {} → {"matchLabels":{"app":"web"}}, written by kubectl',
  ]);
});

test("the content of a secret is compared by who wrote it, and never shown", () => {
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" } };
  const live = (manager: string): JsonObject => ({
    ...secret,
    data: { password: "c2VjcmV0" },
    metadata: {
      name: "s",
      managedFields: [
        { manager, operation: "Update", fieldsV1: { "f:data": { ".": {}, "f:password": {} } } },
      ],
    },
  });
  const expected = ["data.password: a secret or later value → another value, written by kubectl-edit"];
  for (const declared of [
    { ...secret, data: HIDDEN },
    { ...secret, stringData: HIDDEN },
    { ...secret, data: { password: "eA==" } },
  ]) {
    expect(fields(declared, live("kubectl-edit"))).toEqual(expected);
    expect(fields(declared, live("pulumi-kubernetes"))).toEqual([]);
  }
  expect(fields({ ...secret, data: { password: "eA==", user: "YQ==" } }, live("pulumi-kubernetes"))).toEqual([
    "data.user: a secret → none",
  ]);
});

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie("value"), { maxKeys: 4 }),
  ),
})).value;

describe("of any object", () => {
  const object = (spec: unknown): JsonObject => ({ apiVersion: "x/v1", kind: "X", metadata: {}, spec });

  test("itself is no difference", () => {
    fc.assert(fc.property(json, (spec) => objectDifferences(pairOf(spec, spec), never).length === 0));
  });

  test("another leaf is one", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,5}$/), { minLength: 1, maxLength: 5 }), (path) => {
        const nested = (leaf: unknown) =>
          path.reduceRight<unknown>((value, name) => ({ [name]: value }), leaf);
        const found = objectDifferences(pairOf(nested("a"), nested("b")), never);
        expect(found.map(({ field }) => field)).toEqual([["spec", ...path].join(".")]);
      }),
    );
  });

  function pairOf(declared: unknown, live: unknown) {
    return { declared: object(declared), live: object(live), initialOnly: [] };
  }
});
