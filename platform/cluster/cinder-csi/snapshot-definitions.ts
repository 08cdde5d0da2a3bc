/**
 * The three kinds of the snapshot API, version v1, as external-snapshotter 8.4 serves them: fields and their types, the
 * rules that keep a snapshot from changing what it is of, and what `kubectl get` shows.
 */

/** A field of a structural schema. */
interface Field {
  readonly type: "object" | "string" | "boolean" | "integer";
  readonly [key: string]: unknown;
}

const TEXT: Field = { type: "string" };
const TIME: Field = { type: "string", format: "date-time" };
const READY: Field = { type: "boolean" };
const POLICY: Field = { type: "string", enum: ["Delete", "Retain"] };
const FIXED: Field = {
  type: "string",
  "x-kubernetes-validations": [rule("self == oldSelf", "is immutable")],
};

function rule(expression: string, message: string) {
  return { rule: expression, message };
}

function fields(properties: Readonly<Record<string, Field>>, required: readonly string[] = []): Field {
  return { type: "object", properties, ...(required.length === 0 ? {} : { required }) };
}

/** Exactly one of two texts, which neither appears nor goes later. */
function oneOf(first: string, second: string): Field {
  return {
    ...fields({ [first]: FIXED, [second]: FIXED }),
    "x-kubernetes-validations": [
      ...[first, second].map((each) =>
        rule(`!has(oldSelf.${each}) || has(self.${each})`, `${each} is required once set`),
      ),
      rule(
        `(has(self.${first}) && !has(self.${second})) || (!has(self.${first}) && has(self.${second}))`,
        `exactly one of ${first} and ${second} must be set`,
      ),
    ],
  };
}

const ERROR = fields({ message: TEXT, time: TIME });
const QUANTITY: Field = {
  type: "string",
  pattern:
    "^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$",
};

type Column = readonly [name: string, path: string, type: "string" | "boolean" | "date" | "integer"];
const AGE: Column = ["Age", ".metadata.creationTimestamp", "date"];

interface Kind {
  readonly kind: string;
  readonly shortNames: readonly string[];
  readonly scope: "Cluster" | "Namespaced";
  readonly columns: readonly Column[];
  readonly properties: Readonly<Record<string, Field>>;
  readonly required: readonly string[];
  readonly hasStatus: boolean;
}

const KINDS: readonly Kind[] = [
  {
    kind: "VolumeSnapshotClass",
    shortNames: ["vsclass", "vsclasses"],
    scope: "Cluster",
    columns: [["Driver", ".driver", "string"], ["DeletionPolicy", ".deletionPolicy", "string"], AGE],
    properties: {
      driver: TEXT,
      deletionPolicy: POLICY,
      parameters: { type: "object", additionalProperties: TEXT },
    },
    required: ["deletionPolicy", "driver"],
    hasStatus: false,
  },
  {
    kind: "VolumeSnapshotContent",
    shortNames: ["vsc", "vscs"],
    scope: "Cluster",
    columns: [
      ["ReadyToUse", ".status.readyToUse", "boolean"],
      ["RestoreSize", ".status.restoreSize", "integer"],
      ["DeletionPolicy", ".spec.deletionPolicy", "string"],
      ["Driver", ".spec.driver", "string"],
      ["VolumeSnapshot", ".spec.volumeSnapshotRef.name", "string"],
      ["VolumeSnapshotNamespace", ".spec.volumeSnapshotRef.namespace", "string"],
      AGE,
    ],
    properties: {
      spec: fields(
        {
          deletionPolicy: POLICY,
          driver: TEXT,
          source: oneOf("volumeHandle", "snapshotHandle"),
          sourceVolumeMode: FIXED,
          volumeSnapshotClassName: TEXT,
          volumeSnapshotRef: fields(
            {
              apiVersion: TEXT,
              fieldPath: TEXT,
              kind: TEXT,
              name: TEXT,
              namespace: TEXT,
              resourceVersion: TEXT,
              uid: TEXT,
            },
            ["name", "namespace"],
          ),
        },
        ["deletionPolicy", "driver", "source", "volumeSnapshotRef"],
      ),
      status: fields({
        creationTime: { type: "integer", format: "int64" },
        error: ERROR,
        readyToUse: READY,
        restoreSize: { type: "integer", format: "int64", minimum: 0 },
        snapshotHandle: TEXT,
        volumeGroupSnapshotHandle: TEXT,
      }),
    },
    required: ["spec"],
    hasStatus: true,
  },
  {
    kind: "VolumeSnapshot",
    shortNames: ["vs"],
    scope: "Namespaced",
    columns: [
      ["ReadyToUse", ".status.readyToUse", "boolean"],
      ["SourcePVC", ".spec.source.persistentVolumeClaimName", "string"],
      ["RestoreSize", ".status.restoreSize", "string"],
      ["SnapshotClass", ".spec.volumeSnapshotClassName", "string"],
      ["SnapshotContent", ".status.boundVolumeSnapshotContentName", "string"],
      ["CreationTime", ".status.creationTime", "date"],
      AGE,
    ],
    properties: {
      spec: fields(
        {
          source: oneOf("persistentVolumeClaimName", "volumeSnapshotContentName"),
          volumeSnapshotClassName: { ...TEXT, minLength: 1 },
        },
        ["source"],
      ),
      status: fields({
        boundVolumeSnapshotContentName: TEXT,
        creationTime: TIME,
        error: ERROR,
        readyToUse: READY,
        restoreSize: QUANTITY,
        volumeGroupSnapshotName: TEXT,
      }),
    },
    required: ["spec"],
    hasStatus: true,
  },
];

/** A CustomResourceDefinition. */
export interface SnapshotDefinition {
  readonly name: string;
  /** The API review that Kubernetes demands of every kind of its own domain. */
  readonly approved: string;
  readonly spec: object;
}

const GROUP = "snapshot.storage.k8s.io";
const APPROVED = "https://github.com/kubernetes-csi/external-snapshotter/pull/814";

export const SNAPSHOT_DEFINITIONS: readonly SnapshotDefinition[] = KINDS.map((each) => {
  const singular = each.kind.toLowerCase();
  const plural = singular.endsWith("s") ? `${singular}es` : `${singular}s`;
  return {
    name: `${plural}.${GROUP}`,
    approved: APPROVED,
    spec: {
      group: GROUP,
      names: {
        kind: each.kind,
        listKind: `${each.kind}List`,
        plural,
        singular,
        shortNames: each.shortNames,
      },
      scope: each.scope,
      versions: [version(each)],
    },
  };
});

function version({ columns, properties, required, hasStatus }: Kind): object {
  return {
    name: "v1",
    served: true,
    storage: true,
    ...(hasStatus ? { subresources: { status: {} } } : {}),
    additionalPrinterColumns: columns.map(([name, jsonPath, type]) => ({ name, jsonPath, type })),
    schema: { openAPIV3Schema: fields(properties, required) },
  };
}
