/**
 * Rules that every pod of prod and test keeps, whichever chart makes it. Network plugins, drivers and the cloud controller
 * work on nodes and cannot keep them; what holds for them is in test/platform/cluster/.
 */
import {
  COMPONENT_NAMESPACES,
  containersOf,
  keyOf,
  mebibytes,
  millis,
  podOf,
  render,
  volumesOf,
  workloadOf,
  workloads,
  type Container,
  type Manifest,
} from "./manifests";

const all = [render("prod"), render("test")].flatMap(({ plan, manifests }) =>
  workloads(manifests)
    .filter(({ metadata }) => !COMPONENT_NAMESPACES.has(metadata.namespace))
    .map((workload) => [`${plan.environment}: ${keyOf(workload)}`, workload] as const),
);
const containers = all.flatMap(([name, workload]) =>
  containersOf(workload).map((container) => [`${name} ${container.name}`, container, workload] as const),
);

function exception(
  workload: Manifest,
  kind: "probes" | "security",
  container: Container,
): string | undefined {
  return podOf(workload).metadata.annotations?.[`labstead.dev/${kind}-exception.${container.name}`];
}

test("prod and test run what they should", () => {
  expect(all.map(([name]) => name).sort()).toEqual([
    "prod: Deployment datalab/datalab-api",
    "prod: Deployment datalab/datalab-app",
    "prod: Deployment datalab/datalab-auth",
    "prod: Deployment datalab/docs",
    "prod: Deployment datalab/infrastructure-api",
    "prod: Deployment kube-system/ingress-default-backend",
    "prod: Deployment kube-system/ingress-nginx-controller",
    "prod: StatefulSet datalab/mongodb",
    "test: Deployment testlab/datalab-api",
    "test: Deployment testlab/datalab-app",
    "test: Deployment testlab/datalab-auth",
    "test: Deployment testlab/docs",
    "test: Deployment testlab/infrastructure-api",
    "test: StatefulSet testlab/mongodb",
  ]);
  expect(containers).toHaveLength(18);
});

describe.each(containers)("%s", (_, container, workload) => {
  test("asks for less than it may take", () => {
    const { requests, limits } = container.resources;
    expect(millis(requests["cpu"] ?? "0")).toBeGreaterThan(0);
    expect(millis(requests["cpu"] ?? "0")).toBeLessThan(millis(limits["cpu"] ?? "0"));
    expect(mebibytes(requests["memory"] ?? "0Mi")).toBeGreaterThan(0);
    expect(mebibytes(requests["memory"] ?? "0Mi")).toBeLessThan(mebibytes(limits["memory"] ?? "0Mi"));
  });

  test("runs one fixed image", () => {
    expect(container.image).toMatch(/^[a-z0-9./-]+:[A-Za-z0-9._-]+$/);
    expect(container.image).not.toMatch(/:latest$/);
    expect(container.imagePullPolicy).toBe("IfNotPresent");
  });

  test("has both probes, or a reason", () => {
    const reason = exception(workload, "probes", container);
    if (reason === undefined) {
      expect(container.readinessProbe).toBeDefined();
      expect(container.livenessProbe).toBeDefined();
    } else {
      expect(reason.length).toBeGreaterThan(20);
      expect(container.livenessProbe).toBeUndefined();
    }
  });

  test("is alive whatever happens to others", () => {
    const probe = container.livenessProbe;
    if (probe?.httpGet !== undefined)
      expect(`${container.name} ${probe.httpGet.path}`).toBe(LOCAL_PAGES[container.name]);
    for (const host of (probe?.exec?.command.join(" ") ?? "").matchAll(/https?:\/\/([^/:\s]+)/g)) {
      expect(host[1]).toBe("127.0.0.1");
    }
    expect(probe?.exec?.command.join(" ") ?? "").not.toContain("healthz");
  });

  test("is probed on ports it has", () => {
    const ports = (container.ports ?? []).map(({ containerPort }) => containerPort);
    for (const probe of [container.livenessProbe, container.readinessProbe]) {
      const port = probe?.httpGet?.port ?? probe?.tcpSocket?.port;
      if (port !== undefined) expect(ports).toContain(port);
    }
  });

  test("keeps to the restricted standard, with a read-only root or a reason", () => {
    const { securityContext } = container;
    const reason = exception(workload, "security", container) ?? "";
    expect(securityContext).toMatchObject({
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      privileged: false,
    });
    expect(securityContext.runAsUser).toBeGreaterThan(0);
    expect(securityContext.capabilities.drop).toEqual(["ALL"]);
    expect(securityContext.capabilities.add ?? []).toEqual(
      reason.includes("netBindService") ? ["NET_BIND_SERVICE"] : [],
    );
    expect(securityContext.readOnlyRootFilesystem).toBe(!reason.includes("writableRootFilesystem"));
  });

  test("holds no password in its environment", () => {
    for (const { name, value } of container.env ?? []) {
      if (/PASSWORD|SECRET|TOKEN/.test(name)) expect(value).toBeUndefined();
      expect(value ?? "").not.toContain("((labstead:secret:");
    }
  });

  test("mounts volumes that its pod has", () => {
    const volumes = volumesOf(workload).map(({ name }) => name);
    for (const { name } of container.volumeMounts ?? []) expect(volumes).toContain(name);
  });
});

/** Pages that a server answers by itself. `/status` of the services asks the database. */
const LOCAL_PAGES: Readonly<Record<string, string>> = {
  "datalab-app": "datalab-app /",
  docs: "docs /",
  controller: "controller /healthz",
  "default-backend": "default-backend /healthz",
};

describe.each(all)("%s", (_, workload) => {
  const { spec } = podOf(workload);

  test("runs as the pod security standard wants it", () => {
    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      hostNetwork: false,
    });
    expect(spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    const safe = ["net.ipv4.ip_unprivileged_port_start"];
    for (const { name } of spec.securityContext.sysctls ?? []) expect(safe).toContain(name);
  });

  test("gives the service account only to containers that say so", () => {
    const holders = containersOf(workload)
      .filter(({ volumeMounts = [] }) => volumeMounts.some(({ name }) => name === "service-account"))
      .map(({ name }) => name);
    const projected = volumesOf(workload).filter((volume) => volume.projected !== undefined);
    expect(holders).toEqual(HOLDERS[workload.metadata.name] ?? []);
    expect(projected).toHaveLength(holders.length);
    for (const volume of projected) {
      expect(volume.projected?.sources.map((source) => Object.keys(source)[0])).toEqual([
        "serviceAccountToken",
        "configMap",
        "downwardAPI",
      ]);
    }
  });

  test("is spread over nodes where it has replicas", () => {
    const constraints = spec.topologySpreadConstraints ?? [];
    expect(constraints).toHaveLength(workloadOf(workload).replicas > 1 ? 1 : 0);
    for (const { labelSelector } of constraints) {
      expect(podOf(workload).metadata.labels).toMatchObject(labelSelector.matchLabels);
    }
  });

  test("selects its own pods by a label that does not depend on the code", () => {
    expect(workloadOf(workload).selector.matchLabels).toEqual({
      "app.kubernetes.io/name": workload.metadata.name,
    });
    expect(podOf(workload).metadata.labels).toMatchObject({
      "app.kubernetes.io/name": workload.metadata.name,
      "cdk8s.io/metadata.addr": workload.metadata.name,
    });
  });
});

const HOLDERS: Readonly<Record<string, readonly string[]>> = {
  "infrastructure-api": ["kubectl"],
  "ingress-nginx-controller": ["controller"],
};
