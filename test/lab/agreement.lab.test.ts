/** The built-in cloud's clusters beside a real API server: the same verdicts, the same words. */
import type { Manifest } from "../../deploy/manifest";
import type { PlainMap, PlainValue } from "../../provider-protocol";
import type { ClusterApi } from "../../rehearsal/kubernetes/api";
import { ApiError } from "../../rehearsal/kubernetes/api-error";
import type { Kind } from "../../rehearsal/kubernetes/kinds";
import { CLUSTER_ADDRESS, Folder, type Provider } from "../rehearsal/kubernetes/harness";
import { setUp } from "./host/undo";
import { said, type Answer, type ApiClient } from "./kubernetes/api-client";
import { CHANGES, NAMESPACE, REFUSED } from "./kubernetes/changes";
import { ControlPlane } from "./kubernetes/control-plane";

/** What both worlds have before a row begins. */
const FIXTURES: readonly Manifest[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } },
  { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: NAMESPACE } },
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "grows" },
    provisioner: "a",
    allowVolumeExpansion: true,
  },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "taken", namespace: NAMESPACE },
    spec: { type: "NodePort", ports: [{ port: 80, nodePort: 30099 }] },
  },
];

let cluster: ControlPlane;
let real: ApiClient;
let folder: Folder;
let builtIn: Provider;
let store: ClusterApi;

setUp(async (undo) => {
  cluster = undo.use(await ControlPlane.start());
  real = await cluster.client();
  folder = new Folder();
  undo.later(() => folder.remove());
  builtIn = await folder.provider();
  store = folder.clusters.cluster(CLUSTER_ADDRESS);
  for (const manifest of FIXTURES) {
    expect(said(await real.apply(manifest))).toBe("201");
    await store.create(kindOf(manifest), plain(manifest), { dryRun: false });
  }
});

test.each(CHANGES)(
  "$what: the verdict of the real API server",
  async ({ base, change, server, builtIn: expected }) => {
    const changed = merged(plain(base), change);
    expect(said(await real.apply(base))).toBe("201");
    const answer = await real.apply(changed);
    expect([answer.status < 300 ? "accepts" : "refuses", said(answer)]).toEqual([server, said(answer)]);
    const state = await builtIn.create(plain(base));
    const { changes } = await builtIn.diff(state, changed);
    const replaces = Object.values(changes).some(({ replace }) => replace);
    const refusal = await refusalOf(() => store.apply(kindOf(base), changed, { dryRun: true }));
    const verdict = replaces ? "replaces" : refusal === undefined ? "updates" : "refuses";
    expect([verdict, refusal]).toEqual([expected, refusal]);
    if (server === "refuses") expectSameWords(refusal, answer);
    else expect(refusal).toBeUndefined();
  },
);

test.each(REFUSED)("$what is refused in the same words", async ({ manifest }) => {
  const answer = await real.create(manifest);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expectSameWords(
    await refusalOf(() => store.create(kindOf(manifest), plain(manifest), { dryRun: true })),
    answer,
  );
});

test("what exists already is refused in the same words", async () => {
  for (const manifest of FIXTURES) {
    const refusal = await refusalOf(() => store.create(kindOf(manifest), plain(manifest), { dryRun: true }));
    expectSameWords(refusal, await real.create(manifest));
  }
});

test("a Service may begin with a digit", async () => {
  const service = { apiVersion: "v1", kind: "Service", metadata: { name: "1a", namespace: NAMESPACE } };
  const manifest: Manifest = { ...service, spec: { ports: [{ port: 80 }] } };
  expect(said(await real.create(manifest))).toBe("201");
  expect(
    await refusalOf(() => store.create(kindOf(manifest), plain(manifest), { dryRun: true })),
  ).toBeUndefined();
});

describe("a claim that is bound", () => {
  const claim = (storage: string, className = "grows"): Manifest => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "bound", namespace: NAMESPACE },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: className,
      volumeName: "volume",
      resources: { requests: { storage } },
    },
  });

  beforeAll(async () => {
    const base = claim("10Gi");
    expect(said(await real.apply(base))).toBe("201");
    const path = `${await real.objectPath(base)}/status`;
    const status = { phase: "Bound", capacity: { storage: "10Gi" }, accessModes: ["ReadWriteOnce"] };
    expect((await real.ask("PATCH", path, { status }, "application/merge-patch+json")).status).toBe(200);
    await store.create(kindOf(base), plain(base), { dryRun: false });
  });

  test("grows", async () => {
    const larger = claim("20Gi");
    expect(said(await real.apply(larger, { dryRun: "All" }))).toBe("200");
    expect(
      await refusalOf(() => store.apply(kindOf(larger), plain(larger), { dryRun: true })),
    ).toBeUndefined();
  });

  test.each([
    ["does not shrink", claim("5Gi")],
    ["keeps its class", claim("10Gi", "other")],
  ])("%s", async (_, changed) => {
    const refusal = await refusalOf(() => store.apply(kindOf(changed), plain(changed), { dryRun: true }));
    expectSameWords(refusal, await real.apply(changed, { dryRun: "All" }));
  });
});

test("a permanent namespace is kept in the same words", async () => {
  const kind = kindOf({ apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } });
  for (const name of ["default", "kube-system"]) {
    const refusal = await refusalOf(() => store.delete(kind, { namespace: "", name }));
    expectSameWords(refusal, await real.delete(`/api/v1/namespaces/${name}`));
  }
});

function plain(manifest: Manifest): PlainMap & Manifest {
  return structuredClone(manifest) as PlainMap & Manifest;
}

function kindOf({ apiVersion, kind }: Manifest): Kind {
  const found = store.kind(apiVersion, kind);
  if (found === undefined) throw new Error(`the built-in cloud serves no ${apiVersion} ${kind}`);
  return found;
}

function merged(base: PlainMap & Manifest, change: PlainMap): PlainMap & Manifest {
  return mergedMap(base, change) as PlainMap & Manifest;
}

function mergedMap(base: PlainMap, change: PlainMap): PlainMap {
  const entries = Object.entries(change).map(([key, value]): [string, PlainValue] => {
    const before = base[key];
    return [key, isMap(before) && isMap(value) ? mergedMap(before, value) : value];
  });
  return { ...base, ...Object.fromEntries(entries) };
}

function isMap(value: PlainValue | undefined): value is PlainMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function refusalOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return `${error.reason} ${error.message}`;
    throw error;
  }
}

interface Cause {
  readonly field?: string;
  readonly message: string;
}

/** The reason, the object, each field that is wrong, and what is wrong with it; a value may be printed otherwise. */
function expectSameWords(refusal: string | undefined, { body }: Answer): void {
  const { reason, message, details } = body as {
    reason: string;
    message: string;
    details?: { causes?: readonly Cause[] };
  };
  const words = refusal ?? "nothing";
  const causes = details?.causes ?? [];
  if (reason !== "Invalid" || causes.length === 0) {
    expect(words).toBe(`${reason} ${message}`);
    return;
  }
  const subject = `Invalid ${message.slice(0, message.indexOf(" is invalid: "))} is invalid: `;
  const wanted = [subject, ...causes.flatMap(({ field = "", message: why }) => [field, withoutValue(why)])];
  expect({ words, missing: wanted.filter((each) => !words.includes(each)) }).toEqual({ words, missing: [] });
}

/** `Invalid value: {"a": "b"}: field is immutable` → `field is immutable`; without the differences that follow some. */
function withoutValue(why: string): string {
  const [line = ""] = why.split("\n");
  return line.replace(/^Invalid value: ("(?:[^"\\]|\\.)*"|[[{].*[\]}]|\S+?): /, "");
}
