/** A set as the engine handles it, on the built-in cluster. */
import { Secret, UNKNOWN } from "../../../provider-protocol";
import type { PropertyMap } from "../../../provider-protocol";
import { CLUSTER_ADDRESS } from "../../rehearsal/kubernetes/harness";
import { builtInKind } from "../../../rehearsal/kubernetes/kinds";
import { text } from "../../../provider/inputs";
import { offerText } from "../../../provider/apply-set/manifest-socket";
import { pathKeys, withLiveFields } from "../../../provider/apply-set/initial-fields";
import { configMap, home, KUBECONFIG, LAB, SETTINGS, SetLab } from "./set";

let lab: SetLab;
beforeEach(() => {
  lab = new SetLab();
});
afterEach(() => lab.remove());

const RECORD = "default/users/ConfigMap";

function digests(outputs: PropertyMap): readonly string[] {
  return Object.keys(outputs["objects"] ?? {}).sort();
}

describe("check", () => {
  test("leaves digests of the manifests, and nothing of their contents", async () => {
    const { inputs, failures } = await lab.check([LAB, configMap("one", "swordfish")]);
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({
      name: "users",
      kubeconfig: new Secret(KUBECONFIG),
      objects: {
        "/lab/Namespace": expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        "lab/one/ConfigMap": expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      },
    });
    expect(Object.keys(inputs).sort()).toEqual(["kubeconfig", "name", "namespace", "objects", "salt"]);
    expect(JSON.stringify(inputs)).not.toContain("swordfish");
  });

  test("gets manifests that the program offers, and leaves the same digests of them", async () => {
    const offered = offerText(() => JSON.stringify({ "lab/one/ConfigMap": configMap("one", "swordfish") }));
    const given = { ...SETTINGS, manifests: new Secret(await offered.input) };
    const { inputs, failures } = await lab.checkInputs(given);
    expect(failures).toEqual([]);
    expect(inputs).toEqual((await lab.check([configMap("one", "swordfish")])).inputs);
    expect(JSON.stringify(given)).not.toContain("swordfish");
    offered.withdraw();
    await expect(lab.checkInputs(given)).rejects.toThrow("it has withdrawn them");
  });

  test("keeps what is not known yet unknown, one by one", async () => {
    const { inputs } = await lab.checkInputs({
      ...SETTINGS,
      manifests: new Secret(JSON.stringify({ "lab/one/ConfigMap": configMap("one") })),
      boundManifests: { "lab/two/ConfigMap": UNKNOWN },
    });
    expect(inputs["objects"]).toEqual({
      "lab/one/ConfigMap": expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      "lab/two/ConfigMap": UNKNOWN,
    });
  });

  test.each<[PropertyMap, string]>([
    [
      { name: "Users!" },
      "name: is a name of at most 50 lower-case letters, digits and hyphens, such as users",
    ],
    [
      { namespace: "" },
      "namespace: is a name of at most 63 lower-case letters, digits and hyphens, such as default",
    ],
    [
      { salt: "short" },
      "salt is a secret of at least 16 characters, the same for a whole stack and for ever, such as the result of a random.RandomPassword",
    ],
    [{ conflicts: "force" }, "conflicts: is one of refuse, overwrite"],
    [{ readiness: "soon" }, "readiness: is one of none, applied, ready"],
    [{ takesOver: "pulumi" }, 'takesOver: is a list of texts, such as ["pulumi-kubernetes"]'],
    [
      { initialOnly: ["spec.replicas"] },
      'initialOnly: is a map of entry keys to paths, such as {"lab/api/Deployment.apps": ["spec.replicas"]}',
    ],
    [{ notAwaited: "home" }, 'notAwaited: is a list of texts, such as ["lab/home/PersistentVolumeClaim"]'],
    [{ deletesData: "yes" }, "deletesData: is true or false"],
    [{ readyTimeoutSeconds: 0 }, "readyTimeoutSeconds: is a number of seconds above 0"],
    [
      { force: true },
      "force: ApplySet has no such input; it has kubeconfig, name, namespace, salt, manifests, boundManifests, conflicts, takesOver, initialOnly, notAwaited, deletesData, readiness, readyTimeoutSeconds, how",
    ],
    [{ manifests: "{" }, "manifests is no JSON of manifests by their keys"],
    [{ boundManifests: { "lab/one/ConfigMap": "{" } }, "the manifest of lab/one/ConfigMap is no JSON"],
    [{ manifests: '{"lab/one/ConfigMap":[]}' }, "the manifest of lab/one/ConfigMap is no object"],
    [
      { manifests: '{"lab/one/ConfigMap":{}}' },
      "the manifest of lab/one/ConfigMap has no apiVersion, kind or metadata.name",
    ],
    [
      { manifests: JSON.stringify({ "lab/one/ConfigMap": configMap("two") }) },
      "the manifest of lab/one/ConfigMap describes lab/two/ConfigMap",
    ],
  ])("refuses %j", async (given, message) => {
    expect((await lab.checkInputs({ ...SETTINGS, manifests: "{}", ...given })).failures).toEqual([message]);
  });

  test("refuses another name of a set that exists", async () => {
    const { inputs } = await lab.check([]);
    expect((await lab.check([], { name: "people" }, inputs)).failures).toEqual([
      'name: is "users" and cannot change: every object would be deleted and made again; give it back, or declare a second set and remove this one',
    ]);
  });
});

describe("up", () => {
  test("applies everything in order, then only what changed", async () => {
    const order: string[] = [];
    lab.before = (what, name) => void order.push(`${what} ${name}`);
    const first = await lab.up([configMap("one"), configMap("two"), LAB]);
    expect(lab.objects).toEqual(["/lab/Namespace", RECORD, "lab/one/ConfigMap", "lab/two/ConfigMap"]);
    expect(order).toEqual(["apply users", "apply lab", "apply one", "apply two"]);
    order.length = 0;
    expect((await lab.up([configMap("one"), configMap("two"), LAB], first.state)).changes).toEqual([]);
    const second = await lab.up([configMap("one"), configMap("two", "2"), LAB], first.state);
    expect(second.changes).toEqual(["update lab/two/ConfigMap"]);
    expect(order).toEqual(["apply two"]);
    expect((await lab.up([configMap("one"), configMap("two", "2"), LAB], second.state)).changes).toEqual([]);
  });

  test("deletes what leaves the set, and keeps and lists what holds data", async () => {
    const { state } = await lab.up([LAB, configMap("one"), configMap("two"), home("ada"), home("bob")]);
    const fewer = await lab.up([LAB, configMap("one"), home("ada")], state);
    expect(fewer.changes).toEqual(["delete lab/bob/PersistentVolumeClaim", "delete lab/two/ConfigMap"]);
    expect(lab.objects).toEqual([
      "/lab/Namespace",
      RECORD,
      "lab/ada/PersistentVolumeClaim",
      "lab/bob/PersistentVolumeClaim",
      "lab/one/ConfigMap",
    ]);
    expect(fewer.state.outputs["kept"]).toEqual(["lab/bob/PersistentVolumeClaim"]);
    expect(lab.logged).toEqual([
      "warning: 1 object that holds data stays in the cluster; to remove:\n  kubectl delete persistentvolumeclaim/bob --namespace lab",
    ]);
    // It is said once, and taken back where the user comes back.
    const again = await lab.up([LAB, configMap("one", "2"), home("ada")], fewer.state);
    expect(lab.logged).toHaveLength(1);
    expect(again.state.outputs["kept"]).toEqual(["lab/bob/PersistentVolumeClaim"]);
    const back = await lab.up([LAB, configMap("one", "2"), home("ada"), home("bob")], again.state);
    expect(back.state.outputs["kept"]).toEqual([]);
  });

  test("deletes what holds data where the set says so", async () => {
    const { state } = await lab.up([LAB, home("ada")]);
    await lab.up([LAB], state, { deletesData: true });
    expect(lab.objects).toEqual(["/lab/Namespace", RECORD]);
  });

  test("leaves alone what is not of the set", async () => {
    const kind = builtInKind("v1", "ConfigMap");
    if (kind === undefined) throw new Error("no kind");
    const { state } = await lab.up([LAB, configMap("one")]);
    await lab.clusters.cluster(CLUSTER_ADDRESS).apply(kind, configMap("theirs"), { dryRun: false });
    await lab.up([LAB], state);
    expect(lab.objects).toEqual(["/lab/Namespace", RECORD, "lab/theirs/ConfigMap"]);
  });

  test("does not delete another object of the name of one that left", async () => {
    const { state } = await lab.up([LAB, configMap("one")]);
    const written = JSON.parse(text(state.outputs["records"])) as PropertyMap;
    // As a map, the form of earlier versions.
    const records = { ...written, "lab/one/ConfigMap": "former 0" };
    const kind = builtInKind("v1", "ConfigMap");
    if (kind === undefined) throw new Error("no kind");
    const cluster = lab.clusters.cluster(CLUSTER_ADDRESS);
    cluster.edit(kind, { namespace: "lab", name: "one" }, (live) => ({
      ...live,
      metadata: { ...(live["metadata"] as object), labels: {} },
    }));
    await lab.up([LAB], { ...state, outputs: { ...state.outputs, records } });
    expect(lab.objects).toContain("lab/one/ConfigMap");
    expect(lab.logged).toEqual([
      "warning: 1 object left as it is:\n  lab/one/ConfigMap: somebody has made another object of this name",
    ]);
  });

  test("restores what somebody deletes while the set is applied", async () => {
    const kind = builtInKind("v1", "ConfigMap");
    if (kind === undefined) throw new Error("no kind");
    let deleted = false;
    lab.before = (_what, name) => {
      if (name !== "two" || deleted) return;
      deleted = true;
      void lab.clusters.cluster(CLUSTER_ADDRESS).delete(kind, { namespace: "lab", name: "one" });
    };
    await lab.up([LAB, configMap("one"), configMap("two")]);
    expect(deleted).toBe(true);
    expect(lab.objects).toContain("lab/one/ConfigMap");
  });
});

describe("a field that is set at the creation alone", () => {
  const only = { initialOnly: { "lab/one/ConfigMap": ["data.value"] } };

  test("keeps what others made of it", async () => {
    const { state } = await lab.up([LAB, configMap("one")], undefined, only);
    const kind = builtInKind("v1", "ConfigMap");
    if (kind === undefined) throw new Error("no kind");
    const cluster = lab.clusters.cluster(CLUSTER_ADDRESS);
    const name = { namespace: "lab", name: "one" };
    cluster.edit(kind, name, (live) => ({ ...live, data: { value: "by hand" } }));
    const changed = { ...configMap("one"), data: { value: "1", other: "2" } };
    await lab.up([LAB, changed], state, only);
    expect((await cluster.get(kind, name))?.["data"]).toEqual({ value: "by hand", other: "2" });
  });

  test.each([
    ["spec.replicas", ["spec", "replicas"]],
    ['data["app.conf"]', ["data", "app.conf"]],
    ["spec", ["spec"]],
  ])("is found by the path %s", (path, keys) => {
    expect(pathKeys(path)).toEqual(keys);
  });

  test("is left out where the live object has none", () => {
    const manifest = { spec: { replicas: 1, paused: true } };
    expect(withLiveFields(manifest, { spec: {} }, ["spec.replicas"])).toEqual({ spec: { paused: true } });
  });
});

test("a set without objects, such as an empty shard, leaves nothing in the cluster", async () => {
  const { state } = await lab.up([]);
  expect(lab.objects).toEqual([]);
  await lab.destroy(state);
});

describe("a failure", () => {
  const misplaced = { ...configMap("bad"), metadata: { name: "bad", namespace: "nowhere" } };

  test("of one object lets the others go on, deletes nothing, and state has what is applied", async () => {
    const { state } = await lab.up([LAB, configMap("one"), configMap("two")]);
    const failed = await lab.up([LAB, misplaced, configMap("one", "2")], state);
    expect(failed.problems).toEqual([
      '1 of 3 objects could not be applied, so nothing was deleted:\n  nowhere/bad/ConfigMap: namespaces "nowhere" not found',
    ]);
    expect(digests(failed.state.outputs)).toEqual([
      "/lab/Namespace",
      "lab/one/ConfigMap",
      "lab/two/ConfigMap",
    ]);
    expect(lab.objects).toContain("lab/two/ConfigMap");
    const mended = await lab.up([LAB, configMap("one", "2")], failed.state);
    expect(mended.changes).toEqual(["delete lab/two/ConfigMap"]);
    expect(lab.objects).toEqual(["/lab/Namespace", RECORD, "lab/one/ConfigMap"]);
  });

  test("hides what the server quotes of a secret manifest", async () => {
    const text = JSON.stringify({ ...misplaced, data: { value: "nowhere" } });
    const bound = (value: string | Secret) => ({ boundManifests: { "nowhere/bad/ConfigMap": value } });
    const { problems } = await lab.up([LAB], undefined, bound(new Secret(text)));
    expect(problems[0]).toContain('nowhere/bad/ConfigMap: namespaces "[secret]" not found');
    lab.restart();
    expect((await lab.up([LAB], undefined, bound(text))).problems[0]).toContain(
      'namespaces "nowhere" not found',
    );
  });

  test("of one object fails a new set that looks no further", async () => {
    const { problems } = await lab.up([LAB, misplaced], undefined, { readiness: "none" });
    expect(problems).toHaveLength(1);
  });

  test("of the cluster in the middle leaves in state what was applied until then", async () => {
    const many = Array.from({ length: 40 }, (_, index) => configMap(`c${index}`));
    lab.before = (_what, name) => {
      if (name === "c20") lab.problem = "connect ECONNREFUSED";
    };
    const failed = await lab.up([LAB, ...many]);
    const applied = digests(failed.state.outputs).length;
    expect(failed.problems).toEqual([
      `stopped after ${applied} of 41 objects: the Kubernetes API at ${CLUSTER_ADDRESS} does not answer: connect ECONNREFUSED; check that this machine reaches it (curl -k ${CLUSTER_ADDRESS}/readyz), and the control plane's log (journalctl -u kubelet)`,
    ]);
    lab.problem = undefined;
    lab.before = () => undefined;
    lab.restart();
    expect(lab.objects.filter((key) => key.startsWith("lab/"))).toHaveLength(applied - 1);
    await lab.up([LAB, ...many], failed.state);
    expect(lab.objects.filter((key) => key.startsWith("lab/"))).toHaveLength(40);
  });

  test("by the engine's wish to stop leaves what was applied, too", async () => {
    const many = Array.from({ length: 40 }, (_, index) => configMap(`c${index}`));
    lab.before = (_what, name) => {
      if (name === "c20") lab.cancel();
    };
    const failed = await lab.up([LAB, ...many]);
    expect(failed.problems).toEqual([
      `stopped after ${digests(failed.state.outputs).length} of 41 objects: cancelled`,
    ]);
    expect(digests(failed.state.outputs).length).toBeLessThan(41);
  });

  test("that state never learnt of is made good: the label finds what a killed run made", async () => {
    await lab.up([LAB, configMap("one"), configMap("orphan")]);
    lab.restart();
    // The engine lost everything that the killed creation did.
    await lab.up([LAB, configMap("one")]);
    expect(lab.objects).toEqual(["/lab/Namespace", RECORD, "lab/one/ConfigMap"]);
  });

  test("names the tool whose set has the name", async () => {
    const kind = builtInKind("v1", "ConfigMap");
    if (kind === undefined) throw new Error("no kind");
    const theirs = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "users", namespace: "default" } };
    await lab.clusters.cluster(CLUSTER_ADDRESS).apply(kind, theirs, { dryRun: false });
    expect((await lab.up([LAB])).problems).toEqual([
      "stopped after 0 of 1 object: ConfigMap default/users is no record of a set; give this set another name",
    ]);
  });
});

describe("a preview", () => {
  test("names the fields that change, and hides those of a Secret", async () => {
    const secret = (value: string) => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "password", namespace: "lab" },
      stringData: { value },
    });
    const { state } = await lab.up([LAB, configMap("one"), secret("swordfish")]);
    const changes = await lab.preview(
      [LAB, configMap("one", "2"), secret("salmon"), configMap("new")],
      state,
    );
    expect(changes).toEqual([
      "add lab/new/ConfigMap",
      "update lab/one/ConfigMap",
      "update lab/password/Secret",
    ]);
    expect(lab.logged).toEqual([
      'info: fields that change, by the server\'s dry run:\n  lab/one/ConfigMap: data.value: "1" → "2"\n  lab/password/Secret: contents alone',
    ]);
  });

  test("shows no value of a manifest that a secret is bound into", async () => {
    const bound = (value: string) => ({
      boundManifests: { "lab/one/ConfigMap": new Secret(JSON.stringify(configMap("one", value))) },
    });
    const { state } = await lab.up([LAB], undefined, bound("swordfish"));
    await lab.preview([LAB], state, bound("salmon"));
    expect(lab.logged).toEqual([
      "info: fields that change, by the server's dry run:\n  lab/one/ConfigMap: data.value",
    ]);
  });

  test("says what the server would refuse", async () => {
    const { state } = await lab.up([LAB, home("ada")]);
    const smaller = { ...home("ada"), spec: { accessModes: ["ReadWriteOnce"], volumeMode: "Block" } };
    await lab.preview([LAB, smaller], state);
    expect(lab.logged.join()).toContain("lab/ada/PersistentVolumeClaim: the server would refuse it:");
  });

  test("without the cluster says that only digests were compared", async () => {
    const { state } = await lab.up([LAB, configMap("one")]);
    lab.problem = "connect ECONNREFUSED";
    expect(await lab.preview([LAB, configMap("one", "2")], state)).toEqual(["update lab/one/ConfigMap"]);
    expect(lab.logged).toEqual([
      "info: only digests were compared, so it is not shown which fields change: connect ECONNREFUSED",
    ]);
  });
});

describe("a refresh", () => {
  test("finds what was deleted and changed by hand, and up restores it", async () => {
    const { state } = await lab.up([LAB, configMap("one"), configMap("two"), configMap("three")]);
    const kind = builtInKind("v1", "ConfigMap");
    if (kind === undefined) throw new Error("no kind");
    const cluster = lab.clusters.cluster(CLUSTER_ADDRESS);
    await cluster.delete(kind, { namespace: "lab", name: "one" });
    cluster.edit(kind, { namespace: "lab", name: "two" }, (live) => ({
      ...live,
      data: { value: "by hand" },
    }));
    const seen = await lab.refresh(state);
    const restored = await lab.up([LAB, configMap("one"), configMap("two"), configMap("three")], seen);
    expect(restored.changes).toEqual(["add lab/one/ConfigMap", "update lab/two/ConfigMap"]);
    expect(lab.objects).toContain("lab/one/ConfigMap");
  });

  test("without the cluster keeps the state, and says so", async () => {
    const { state } = await lab.up([LAB, configMap("one")]);
    lab.problem = "connect ECONNREFUSED";
    expect(await lab.refresh(state)).toEqual(state);
    expect(lab.logged).toEqual([
      "warning: the objects of users could not be looked at, so the state stays as it is: connect ECONNREFUSED",
    ]);
  });
});

describe("a destroy", () => {
  test("deletes all but what holds data, which it lists, and the record", async () => {
    const { state } = await lab.up([LAB, configMap("one"), home("ada")]);
    await lab.destroy(state);
    expect(lab.objects).toEqual(["/lab/Namespace", "lab/ada/PersistentVolumeClaim"]);
    expect(lab.logged).toEqual([
      "warning: 2 objects that hold data stay in the cluster; to remove:\n  kubectl delete namespace/lab\n  kubectl delete persistentvolumeclaim/ada --namespace lab",
    ]);
    await lab.destroy(state);
  });

  test("with data leaves nothing", async () => {
    const { state } = await lab.up([LAB, configMap("one"), home("ada")]);
    lab.restart(true);
    await lab.destroy(state);
    expect(lab.objects).toEqual([]);
    expect(lab.logged).toEqual([]);
  });

  test("deletes what pods use when the workload is gone with its pods", async () => {
    const labels = { app: "web" };
    const spec = { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: {} } };
    const metadata = { name: "web", namespace: "lab" };
    const web = { apiVersion: "apps/v1", kind: "Deployment", metadata, spec };
    const { state } = await lab.up([LAB, configMap("settings"), web]);
    lab.lingering.set("web", 5);
    const seen: string[] = [];
    lab.before = (what, name) =>
      void seen.push(
        `${what} ${name}${lab.objects.includes("lab/web/Deployment.apps") ? " beside web" : ""}`,
      );
    await lab.destroy(state);
    expect(seen.slice(0, 2)).toEqual(["delete web beside web", "delete settings"]);
  });

  test("without the cluster says how to go on", async () => {
    const { state } = await lab.up([LAB]);
    lab.problem = "connect ECONNREFUSED";
    await expect(lab.destroy(state)).rejects.toThrow(
      "If the cluster is gone for good, its objects are too: pulumi state delete 'urn:pulumi:prod::lab::labstead:index:ApplySet::users' -s prod",
    );
  });
});

test("is ready without the objects that nothing waits for", async () => {
  const settings = { readiness: "ready", readyTimeoutSeconds: 0.01 };
  const { problems, state } = await lab.up([LAB, home("ada")], undefined, settings);
  expect(problems).toEqual([
    "1 of 2 objects not ready after 0.01 s:\n  lab/ada/PersistentVolumeClaim is Pending",
  ]);
  const notAwaited = ["lab/ada/PersistentVolumeClaim"];
  const ready = await lab.up([LAB, home("ada"), configMap("one")], state, { ...settings, notAwaited });
  expect(ready.problems).toEqual([]);
});
