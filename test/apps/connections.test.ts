/** What refers to what: Services, ports, budgets, hosts, policies, secrets, quotas; in prod, and in test beside it. */
import type { SecretPlan } from "../../environment/plan/types";
import { requiredReferences } from "../../values";
import { DEFAULT_QUOTA } from "../../apps";
import {
  COMPONENT_NAMESPACES,
  containersOf,
  keyOf,
  mebibytes,
  millis,
  ofKind,
  podOf,
  render,
  selects,
  specsOf,
  volumesOf,
  workloadOf,
  workloads,
  type Container,
  type Labels,
  type Manifest,
  type ServiceSpec,
} from "./manifests";

const prod = render("prod");
const test_ = render("test");
const environments = [prod, test_].map((rendered) => [rendered.plan.environment, rendered] as const);
/** One cluster holds both. */
const cluster = [...prod.manifests, ...test_.manifests];

function podsBehind({ metadata }: Manifest, selector: Labels): Manifest[] {
  return workloads(cluster).filter(
    (workload) =>
      workload.metadata.namespace === metadata.namespace &&
      selects(selector, podOf(workload).metadata.labels),
  );
}

function serviceNamed(
  namespace: string | undefined,
  name: string,
): (Manifest & { spec: ServiceSpec }) | undefined {
  return specsOf(cluster, "Service").find(
    ({ metadata }) => metadata.namespace === namespace && metadata.name === name,
  );
}

test("prod and test share a cluster without one object that both make", () => {
  const keys = cluster.map(keyOf);
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test("a tenant makes nothing for the whole cluster but its namespace", () => {
  const unscoped = test_.manifests.filter(({ metadata }) => metadata.namespace === undefined);
  expect(unscoped.map(keyOf)).toEqual(["Namespace -/testlab"]);
  const elsewhere = test_.manifests.filter(
    ({ metadata }) => metadata.namespace !== undefined && metadata.namespace !== "testlab",
  );
  expect(elsewhere.map(keyOf)).toEqual(["Service kube-system/ingress-nginx-test"]);
});

describe.each(specsOf(cluster, "Service").map((service) => [keyOf(service), service] as const))(
  "%s",
  (_, service) => {
    test("finds pods of one workload, on ports they have", () => {
      const behind = podsBehind(service, service.spec.selector);
      expect(behind).toHaveLength(1);
      const ports = behind.flatMap(containersOf).flatMap((container) => container.ports ?? []);
      for (const { targetPort } of service.spec.ports) {
        expect(ports.map(({ containerPort }) => containerPort)).toContain(targetPort);
      }
    });
  },
);

test.each(environments)("%s: NodePorts are those of the plan", (_, { plan, manifests }) => {
  const nodePorts = specsOf(manifests, "Service")
    .filter(({ spec }) => spec.type === "NodePort")
    .flatMap(({ spec }) => spec.ports)
    .map(({ port, nodePort }) => [port, nodePort]);
  const wanted = plan.ports
    .filter(({ purpose }) => purpose === "ingress")
    .map(({ external, backend }) => [external, backend]);
  expect(nodePorts).toEqual(wanted);
  expect(wanted).toHaveLength(2);
});

test.each(environments)(
  "%s: a budget for each workload with replicas, which a drain can use",
  (_, { manifests }) => {
    const budgets = specsOf(manifests, "PodDisruptionBudget");
    const replicated = workloads(manifests).filter((each) => workloadOf(each).replicas > 1);
    expect(budgets.map(({ metadata }) => metadata.name).sort()).toEqual(
      replicated.map(({ metadata }) => metadata.name).sort(),
    );
    for (const budget of budgets) {
      const guarded = podsBehind(budget, budget.spec.selector.matchLabels);
      expect(guarded.map(({ metadata }) => metadata.name)).toEqual([budget.metadata.name]);
      expect(budget.spec).toMatchObject({ maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" });
    }
  },
);

test.each(environments)(
  "%s: every host leads to a Service that exists, by the shared class",
  (_, rendered) => {
    const classes = specsOf(cluster, "IngressClass").map(({ metadata }) => metadata.name);
    const hosts = new Set<string>();
    for (const ingress of specsOf(rendered.manifests, "Ingress")) {
      expect(classes).toContain(ingress.spec.ingressClassName);
      expect(ingress.spec.tls).toEqual([{ hosts: ingress.spec.rules.map(({ host }) => host) }]);
      for (const { host, http } of ingress.spec.rules) {
        hosts.add(host);
        for (const { backend } of http.paths) {
          const service = serviceNamed(ingress.metadata.namespace, backend.service.name);
          expect(service?.spec.ports.map(({ port }) => port)).toContain(backend.service.port.number);
        }
      }
    }
    expect([...hosts].sort()).toEqual(rendered.plan.hosts);
    expect(hosts.size).toBe(3);
  },
);

test("the default certificate covers every host of the cluster", () => {
  const certificate = prod.plan.secrets.find(
    (planned): planned is Extract<SecretPlan, { kind: "certificate" }> =>
      planned.kind === "certificate" && planned.name === "ingress.default-certificate",
  );
  const names = certificate?.hosts ?? [];
  for (const host of [...prod.plan.hosts, ...test_.plan.hosts]) {
    expect(names.some((name) => name === host || name === `*.${host.slice(host.indexOf(".") + 1)}`)).toBe(
      true,
    );
  }
});

test.each(environments)("%s: what is mounted or read from a key exists", (_, { manifests }) => {
  const keysOf = (kind: string, namespace: string | undefined, name: string): string[] => {
    const found = ofKind(manifests, kind).find(
      (each) => each.metadata.namespace === namespace && each.metadata.name === name,
    );
    if (found === undefined) throw new Error(`no ${kind} ${namespace}/${name}`);
    return Object.keys(found.data ?? found.stringData ?? {});
  };
  for (const workload of workloads(manifests)) {
    const { namespace } = workload.metadata;
    const volumes = volumesOf(workload);
    const configs = new Map(
      volumes.flatMap(({ name, configMap }) => (configMap ? [[name, configMap.name] as const] : [])),
    );
    for (const { env = [], volumeMounts = [] } of containersOf(workload)) {
      for (const { valueFrom } of env) {
        const ref = valueFrom?.secretKeyRef;
        if (ref) expect(keysOf("Secret", namespace, ref.name)).toContain(ref.key);
      }
      for (const { name, subPath } of volumeMounts) {
        const config = configs.get(name);
        if (config !== undefined) expect(keysOf("ConfigMap", namespace, config)).toContain(subPath);
      }
    }
    for (const { secret, persistentVolumeClaim } of volumes) {
      if (secret) expect(keysOf("Secret", namespace, secret.secretName)).not.toEqual([]);
      if (persistentVolumeClaim) keysOf("PersistentVolumeClaim", namespace, persistentVolumeClaim.claimName);
    }
  }
});

/** Roles that every cluster has (Kubernetes, "User-facing roles"). */
const KUBERNETES_OWN = ["view", "edit", "admin", "cluster-admin"].map((name) => `ClusterRole ${name}`);

/** The names that a planned secret yields. */
function namesOf(planned: SecretPlan): string[] {
  switch (planned.kind) {
    case "keyPair":
    case "wireGuardKey":
      return [`${planned.name}.key`, `${planned.name}.public`];
    case "certificate":
      return [`${planned.name}.key`, `${planned.name}.certificate`];
    case "password":
    case "given":
      return [planned.name];
  }
}

test.each(environments)(
  "%s: secrets stand in Secrets only, and each is planned",
  (_, { manifests, plan }) => {
    const credentials = plan.applicationCredentials.map(({ key }) => `application-credential/${key}`);
    const planned = [...plan.secrets.flatMap(namesOf), ...credentials];
    const secretsIn = (objects: readonly Manifest[]): readonly string[] =>
      requiredReferences(objects).flatMap(({ kind, name }) => (kind === "secret" ? [name] : []));
    expect(secretsIn(manifests.filter(({ kind }) => kind !== "Secret"))).toEqual([]);
    const used = secretsIn(ofKind(manifests, "Secret"));
    expect(used.length).toBeGreaterThanOrEqual(5);
    for (const name of used) expect(planned).toContain(name);
  },
);

test.each(environments)("%s: service accounts and roles that are named exist", (_, { manifests }) => {
  const accounts = ofKind(manifests, "ServiceAccount").map(({ metadata }) => metadata.name);
  for (const workload of workloads(manifests)) {
    const name = podOf(workload).spec.serviceAccountName;
    if (name !== undefined) expect(accounts).toContain(name);
  }
  const roles = ofKind(cluster, "Role", "ClusterRole").map(
    ({ kind, metadata }) => `${kind} ${metadata.name}`,
  );
  for (const { roleRef } of ofKind(manifests, "RoleBinding", "ClusterRoleBinding")) {
    expect([...roles, ...KUBERNETES_OWN]).toContain(`${roleRef?.kind} ${roleRef?.name}`);
  }
});

test.each(environments)(
  "%s: the namespace enforces the restricted standard and holds all its pods in an update",
  (_, { manifests }) => {
    const [namespace, ...more] = ofKind(manifests, "Namespace").filter(
      ({ metadata }) => !COMPONENT_NAMESPACES.has(metadata.name),
    );
    expect(more).toEqual([]);
    expect(namespace?.metadata.labels).toMatchObject({
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/warn": "restricted",
      "pod-security.kubernetes.io/audit": "restricted",
    });
    const hard = specsOf(manifests, "ResourceQuota")[0]?.spec.hard ?? {};
    const inside = workloads(manifests).filter(
      (each) => each.metadata.namespace === namespace?.metadata.name,
    );
    const pods = inside.map((each): [number, Container[]] => [
      workloadOf(each).replicas + (workloadOf(each).strategy?.rollingUpdate?.maxSurge ?? 0),
      containersOf(each),
    ]);
    const total = (read: (container: Container) => number): number =>
      pods.reduce(
        (sum, [count, list]) => sum + count * list.reduce((inner, each) => inner + read(each), 0),
        0,
      );
    expect(Number(hard["pods"])).toBeGreaterThanOrEqual(pods.reduce((sum, [count]) => sum + count, 0));
    expect(millis(hard["limits.cpu"] ?? "0")).toBeGreaterThanOrEqual(
      total(({ resources }) => millis(resources.limits["cpu"] ?? "")),
    );
    expect(mebibytes(hard["limits.memory"] ?? "0Mi")).toBeGreaterThanOrEqual(
      total(({ resources }) => mebibytes(resources.limits["memory"] ?? "")),
    );
    expect(millis(hard["requests.cpu"] ?? "0")).toBeGreaterThanOrEqual(
      total(({ resources }) => millis(resources.requests["cpu"] ?? "")),
    );
    expect(mebibytes(hard["requests.memory"] ?? "0Mi")).toBeGreaterThanOrEqual(
      DEFAULT_QUOTA.requests.memoryMiB,
    );
  },
);
