/** Changes of objects on which the built-in cloud and a real API server have to agree. */
import type { Manifest } from "../../../deploy/manifest";
import type { PlainMap, PlainValue } from "../../../provider-protocol";

export interface ChangeRow {
  readonly what: string;
  readonly base: Manifest;
  /** Set over the base, key by key; null removes. */
  readonly change: PlainMap;
  readonly server: "accepts" | "refuses";
  /** What the engine is asked to do, and what a try of an update meets. */
  readonly builtIn: "updates" | "replaces" | "refuses";
}

export const NAMESPACE = "lab";

type Row = readonly [
  what: string,
  change: PlainMap,
  server: ChangeRow["server"],
  builtIn: ChangeRow["builtIn"],
];

function rows(apiVersion: string, kind: string, base: PlainMap, list: readonly Row[]): readonly ChangeRow[] {
  return list.map(([what, change, server, builtIn], index) => {
    const name = `${kind.toLowerCase()}-${String(index)}`;
    const metadata = CLUSTER_SCOPED.includes(kind) ? { name } : { name, namespace: NAMESPACE };
    return {
      what: `${kind}: ${what}`,
      base: { apiVersion, kind, metadata, ...base },
      change,
      server,
      builtIn,
    };
  });
}

const CLUSTER_SCOPED = [
  "StorageClass",
  "ClusterRoleBinding",
  "PersistentVolume",
  "PriorityClass",
  "IngressClass",
];

function template(app: string, image = "a:1"): PlainMap {
  return { metadata: { labels: { app } }, spec: { containers: [{ name: "main", image }] } };
}

const WORKLOAD: PlainMap = { selector: { matchLabels: { app: "a" } }, template: template("a") };
const OTHER: PlainMap = { selector: { matchLabels: { app: "b" } }, template: template("b") };

function claim(name: string, size: string): PlainValue {
  return {
    metadata: { name },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: size } } },
  };
}

const JOB_TEMPLATE = (image: string): PlainMap => ({
  spec: { restartPolicy: "Never", containers: [{ name: "main", image }] },
});

const RBAC = "rbac.authorization.k8s.io";
const ROLE = { apiGroup: RBAC, kind: "ClusterRole", name: "view" };

export const CHANGES: readonly ChangeRow[] = [
  ...rows("apps/v1", "Deployment", { spec: { ...WORKLOAD, replicas: 1 } }, [
    ["replicas", { spec: { replicas: 2 } }, "accepts", "updates"],
    ["image", { spec: { template: template("a", "a:2") } }, "accepts", "updates"],
    ["selector", { spec: OTHER }, "refuses", "replaces"],
    [
      "template that the selector does not match",
      { spec: { template: template("b") } },
      "refuses",
      "refuses",
    ],
  ]),
  ...rows("apps/v1", "DaemonSet", { spec: WORKLOAD }, [
    ["image", { spec: { template: template("a", "a:2") } }, "accepts", "updates"],
    ["selector", { spec: OTHER }, "refuses", "replaces"],
  ]),
  ...rows(
    "apps/v1",
    "StatefulSet",
    {
      spec: {
        ...WORKLOAD,
        serviceName: "a",
        replicas: 1,
        revisionHistoryLimit: 3,
        podManagementPolicy: "OrderedReady",
        volumeClaimTemplates: [claim("data", "1Gi")],
      },
    },
    [
      ["replicas and image", { spec: { replicas: 2, template: template("a", "a:2") } }, "accepts", "updates"],
      ["selector", { spec: OTHER }, "refuses", "replaces"],
      [
        "volume claim templates",
        { spec: { volumeClaimTemplates: [claim("data", "2Gi")] } },
        "refuses",
        "replaces",
      ],
      ["service", { spec: { serviceName: "b" } }, "refuses", "replaces"],
      ["pod management", { spec: { podManagementPolicy: "Parallel" } }, "refuses", "replaces"],
      // The official provider takes it for immutable; the API server does not since 1.34.
      ["history", { spec: { revisionHistoryLimit: 4 } }, "accepts", "replaces"],
    ],
  ),
  ...rows("v1", "Service", { spec: { selector: { app: "a" }, ports: [{ name: "http", port: 80 }] } }, [
    ["selector", { spec: { selector: { app: "b" } } }, "accepts", "updates"],
    ["type", { spec: { type: "NodePort" } }, "accepts", "updates"],
    ["address", { spec: { clusterIP: "10.96.0.77" } }, "refuses", "replaces"],
    ["no address", { spec: { clusterIP: "None" } }, "refuses", "replaces"],
    [
      "a NodePort without the type",
      { spec: { ports: [{ name: "http", port: 80, nodePort: 30077 }] } },
      "refuses",
      "refuses",
    ],
    [
      "a NodePort out of range",
      { spec: { type: "NodePort", ports: [{ name: "http", port: 80, nodePort: 80 }] } },
      "refuses",
      "refuses",
    ],
    [
      "a NodePort that is taken",
      { spec: { type: "NodePort", ports: [{ name: "http", port: 80, nodePort: 30099 }] } },
      "refuses",
      "refuses",
    ],
    ["two ports without names", { spec: { ports: [{ port: 80 }, { port: 81 }] } }, "refuses", "refuses"],
    ["no ports", { spec: { ports: [] } }, "refuses", "refuses"],
  ]),
  ...rows(
    "v1",
    "PersistentVolumeClaim",
    {
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "grows",
        volumeName: "",
        resources: { requests: { storage: "10Gi" } },
      },
    },
    [
      ["labels", { metadata: { labels: { a: "b" } } }, "accepts", "updates"],
      ["class", { spec: { storageClassName: "other" } }, "refuses", "replaces"],
      ["access modes", { spec: { accessModes: ["ReadWriteMany"] } }, "refuses", "replaces"],
      ["volume mode", { spec: { volumeMode: "Block" } }, "refuses", "refuses"],
    ],
  ),
  ...rows(
    "storage.k8s.io/v1",
    "StorageClass",
    {
      provisioner: "cinder.csi.openstack.org",
      parameters: { type: "ssd" },
      allowVolumeExpansion: false,
      reclaimPolicy: "Delete",
      volumeBindingMode: "Immediate",
    },
    [
      ["expansion", { allowVolumeExpansion: true }, "accepts", "updates"],
      ["parameters", { parameters: { type: "hdd" } }, "refuses", "replaces"],
      ["provisioner", { provisioner: "other" }, "refuses", "replaces"],
      ["reclaim policy", { reclaimPolicy: "Retain" }, "refuses", "refuses"],
      ["binding mode", { volumeBindingMode: "WaitForFirstConsumer" }, "refuses", "refuses"],
    ],
  ),
  ...["RoleBinding", "ClusterRoleBinding"].flatMap((kind) =>
    rows(`${RBAC}/v1`, kind, { roleRef: ROLE, subjects: [{ kind: "User", name: "a", apiGroup: RBAC }] }, [
      ["subjects", { subjects: [{ kind: "User", name: "b", apiGroup: RBAC }] }, "accepts", "updates"],
      ["role", { roleRef: { ...ROLE, name: "edit" } }, "refuses", "replaces"],
    ]),
  ),
  ...rows("v1", "Secret", { type: "Opaque", stringData: { a: "b" } }, [
    ["data", { stringData: { a: "c" } }, "accepts", "updates"],
    ["type", { type: "example.org/token" }, "refuses", "replaces"],
  ]),
  ...rows("v1", "Secret", { type: "Opaque", stringData: { a: "b" }, immutable: true }, [
    ["data of an immutable one", { stringData: { a: "c" } }, "refuses", "replaces"],
    ["no longer immutable", { immutable: false }, "refuses", "refuses"],
  ]).map((row) => renamed(row, "fixed")),
  ...rows("v1", "ConfigMap", { data: { a: "b" } }, [
    ["data", { data: { a: "c" } }, "accepts", "updates"],
    ["more than fits", { data: { a: "x".repeat(1024 * 1024 + 1) } }, "refuses", "refuses"],
  ]),
  ...rows("v1", "ConfigMap", { data: { a: "b" }, immutable: true }, [
    ["data of an immutable one", { data: { a: "c" } }, "refuses", "replaces"],
    ["no longer immutable", { immutable: false }, "refuses", "refuses"],
  ]).map((row) => renamed(row, "fixed")),
  ...rows("batch/v1", "Job", { spec: { template: JOB_TEMPLATE("a:1"), completions: 1, parallelism: 1 } }, [
    ["template", { spec: { template: JOB_TEMPLATE("a:2") } }, "refuses", "replaces"],
    ["completions", { spec: { completions: 2 } }, "refuses", "replaces"],
    // The official provider makes a new Job, which the API server would not need.
    ["parallelism", { spec: { parallelism: 2 } }, "accepts", "replaces"],
    ["time to live", { spec: { ttlSecondsAfterFinished: 100 } }, "accepts", "updates"],
  ]),
  ...rows(
    "v1",
    "Pod",
    { spec: { serviceAccountName: "default", containers: [{ name: "main", image: "a:1" }] } },
    [
      [
        "command",
        { spec: { containers: [{ name: "main", image: "a:1", command: ["b"] }] } },
        "refuses",
        "replaces",
      ],
    ],
  ),
  ...rows(
    "v1",
    "PersistentVolume",
    {
      spec: {
        accessModes: ["ReadWriteMany"],
        capacity: { storage: "1Gi" },
        nfs: { server: "192.0.2.1", path: "/a" },
      },
    },
    [
      ["size", { spec: { capacity: { storage: "2Gi" } } }, "accepts", "updates"],
      ["source", { spec: { nfs: { server: "192.0.2.1", path: "/b" } } }, "refuses", "replaces"],
    ],
  ),
  ...rows(
    "policy/v1",
    "PodDisruptionBudget",
    { spec: { minAvailable: 1, selector: { matchLabels: { app: "a" } } } },
    [["selector", { spec: { selector: { matchLabels: { app: "b" } } } }, "accepts", "updates"]],
  ),
  ...rows("scheduling.k8s.io/v1", "PriorityClass", { value: 10, description: "a" }, [
    ["description", { description: "b" }, "accepts", "updates"],
    ["value", { value: 20 }, "refuses", "refuses"],
  ]),
  ...rows("networking.k8s.io/v1", "IngressClass", { spec: { controller: "example.org/a" } }, [
    ["controller", { spec: { controller: "example.org/b" } }, "refuses", "refuses"],
  ]),
  ...rows("v1", "ResourceQuota", { spec: { hard: { pods: "1" }, scopes: ["BestEffort"] } }, [
    ["amount", { spec: { hard: { pods: "2" } } }, "accepts", "updates"],
    ["scopes", { spec: { scopes: ["NotBestEffort"] } }, "refuses", "replaces"],
  ]),
];

function renamed(row: ChangeRow, suffix: string): ChangeRow {
  const { metadata } = row.base;
  return { ...row, base: { ...row.base, metadata: { ...metadata, name: `${metadata.name}-${suffix}` } } };
}

/** An object that no cluster takes. */
export interface RefusedRow {
  readonly what: string;
  readonly manifest: Manifest;
}

function refused(
  what: string,
  apiVersion: string,
  kind: string,
  metadata: Manifest["metadata"],
  fields: PlainMap,
): RefusedRow {
  return { what, manifest: { apiVersion, kind, metadata, ...fields } };
}

const inLab = (name: string): Manifest["metadata"] => ({ name, namespace: NAMESPACE });
const PORTS: PlainMap = { spec: { ports: [{ port: 80 }] } };

export const REFUSED: readonly RefusedRow[] = [
  refused("a namespace that does not exist", "v1", "ConfigMap", { name: "a", namespace: "nowhere" }, {}),
  refused("a name with capitals", "v1", "ConfigMap", inLab("A"), {}),
  refused("a name that is too long", "v1", "ConfigMap", inLab("a".repeat(254)), {}),
  refused("a Service whose name is too long", "v1", "Service", inLab("a".repeat(64)), PORTS),
  refused("a Namespace with a dot", "v1", "Namespace", { name: "a.b" }, {}),
  refused("a role with a sign of paths", `${RBAC}/v1`, "Role", inLab("a%b"), { rules: [] }),
  refused("a Service without ports", "v1", "Service", inLab("a"), { spec: {} }),
  refused("a NodePort that is taken", "v1", "Service", inLab("a"), {
    spec: { type: "NodePort", ports: [{ port: 80, nodePort: 30099 }] },
  }),
  refused("a NodePort below the range", "v1", "Service", inLab("a"), {
    spec: { type: "NodePort", ports: [{ port: 80, nodePort: 29999 }] },
  }),
  refused("a NodePort above the range", "v1", "Service", inLab("a"), {
    spec: { type: "NodePort", ports: [{ port: 80, nodePort: 32768 }] },
  }),
  refused("an address that is taken", "v1", "Service", inLab("a"), {
    spec: { clusterIP: "10.96.0.1", ports: [{ port: 80 }] },
  }),
  refused("a Deployment without a selector", "apps/v1", "Deployment", inLab("a"), {
    spec: { template: template("a") },
  }),
  refused("a Deployment whose pods it does not select", "apps/v1", "Deployment", inLab("a"), {
    spec: { ...WORKLOAD, template: template("b") },
  }),
  refused("a Secret whose data is no base64", "v1", "Secret", inLab("a"), { data: { a: "no base64!" } }),
];
