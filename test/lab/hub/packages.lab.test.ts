/** What the packages of PyPI make of a hub's settings, without a cluster: every trait known, every pod "restricted". */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { SHARED_CLAIM } from "../../../apps/hub/server/settings";
import { hubSettings } from "../../../apps/hub/settings";
import type { HubPlan } from "../../../apps/hub/plan";
import { SECRET_VARIABLES } from "../../../apps/hub/secrets";
import { traitletsFile } from "../../../kit";
import { hubManifests, hubPlan, NATIVE, SIGN_INS, VARIANTS } from "../../apps/hub/hubs";
import { specsOf, selects, type Labels } from "../../apps/manifests";
import { inScratch } from "../host/undo";
import { NO_CLUSTER } from "./no-cluster";
import { HUB_VERSIONS, hubPython, type HubVersion } from "./python";

/** The variables that a configuration reads. */
const SECRETS = Object.fromEntries(Object.values(SECRET_VARIABLES).map((name) => [name, "secret"]));

/** Of the module that hubs with a drive load. */
const SPAWNER_FOLDER = join(__dirname, "../../../apps/hub/server/programs");

/** What a script of this folder prints about configurations, by their names. */
function asked(
  version: HubVersion,
  script: string,
  plans: Readonly<Record<string, HubPlan>>,
  args: (files: readonly string[]) => readonly string[],
): unknown {
  return inScratch("hub-packages", (folder) => {
    const files = Object.entries(plans).map(([name, plan]) => {
      const file = join(folder, `${name}.py`);
      writeFileSync(file, traitletsFile(hubSettings(plan)));
      return file;
    });
    const kubeconfig = join(folder, "kubeconfig");
    writeFileSync(kubeconfig, NO_CLUSTER);
    const { status, stdout, stderr } = spawnSync(
      hubPython(version),
      [join(__dirname, script), ...args(files)],
      {
        encoding: "utf8",
        env: { ...process.env, KUBECONFIG: kubeconfig, PYTHONPATH: SPAWNER_FOLDER, ...SECRETS },
      },
    );
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as unknown;
  });
}

const PLANS = {
  ...Object.fromEntries(Object.entries(SIGN_INS).map(([name, each]) => [name, hubPlan(each)])),
  ...Object.fromEntries(
    Object.entries(VARIANTS).map(([name, each]) => [name, hubPlan({ ...NATIVE, ...each })]),
  ),
};

test.each(HUB_VERSIONS)("JupyterHub %s has every trait that is set, and takes its value", (version) => {
  const unknown = Object.values(asked(version, "traits.py", PLANS, (files) => files) as object);
  expect(unknown).toEqual(Object.keys(PLANS).map(() => []));
  const wrong = { ...hubPlan(NATIVE), traitlets: { "KubeSpawner.delete_pvcs": true } };
  expect(Object.values(asked(version, "traits.py", { wrong }, (files) => files) as object)).toEqual([
    ["KubeSpawner.delete_pvcs"],
  ]);
});

interface Made {
  readonly profile: string | null;
  readonly claim: { readonly metadata: { readonly name: string } };
  readonly pod: {
    readonly metadata: { readonly name: string; readonly labels: Labels };
    readonly spec: Readonly<Record<string, unknown>> & {
      readonly containers: readonly Readonly<Record<string, unknown>>[];
    };
  };
}

function podsOf(
  version: HubVersion,
  plan: HubPlan,
  ...people: readonly string[]
): Readonly<Record<string, readonly Made[]>> {
  return asked(version, "pods.py", { hub: plan }, (files) => [...files, ...people]) as Readonly<
    Record<string, readonly Made[]>
  >;
}

describe.each(HUB_VERSIONS)("KubeSpawner under JupyterHub %s", (version) => {
  test("names homes by its safe scheme, in folders and in claims", () => {
    const names = { ada: "ada", "12345": "x-12345---5994471a", "fed.id": "fed-id---13215251" };
    const claims = podsOf(version, hubPlan(NATIVE), ...Object.keys(names));
    const shared = podsOf(version, hubPlan({ ...NATIVE, ...VARIANTS["shared"] }), ...Object.keys(names));
    for (const [person, name] of Object.entries(names)) {
      expect(claims[person]?.[0]?.claim.metadata.name).toBe(`claim-${name}`);
      expect(claims[person]?.[0]?.pod.spec["volumes"]).toEqual([
        { name: "home", persistentVolumeClaim: { claimName: `claim-${name}` } },
      ]);
      expect(shared[person]?.[0]?.pod.spec["volumes"]).toContainEqual({
        name: "home",
        persistentVolumeClaim: { claimName: SHARED_CLAIM },
      });
      expect(shared[person]?.[0]?.pod.spec.containers[0]?.["volumeMounts"]).toContainEqual({
        name: "home",
        mountPath: "/home/jovyan",
        subPath: name,
      });
    }
  });

  test("makes pods that the level restricted admits, with every profile, and without a token of the API", () => {
    const { ada = [] } = podsOf(version, hubPlan({ ...NATIVE, ...VARIANTS["profiles"] }), "ada");
    expect(ada.map(({ profile }) => profile)).toEqual([null, "small", "large"]);
    const groups = podsOf(version, hubPlan({ ...NATIVE, ...VARIANTS["profiles of groups"] }), "ada");
    expect(groups["ada"]?.map(({ profile }) => profile)).toEqual([null, "small"]);
    for (const { pod } of ada) {
      expect(pod.spec).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { fsGroup: 100, seccompProfile: { type: "RuntimeDefault" } },
      });
      for (const hostNamespace of ["hostNetwork", "hostPID", "hostIPC", "initContainers"])
        expect(pod.spec[hostNamespace]).toBeUndefined();
      expect(pod.spec.containers).toMatchObject([
        {
          securityContext: {
            runAsUser: 1000,
            runAsGroup: 100,
            runAsNonRoot: true,
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
          },
        },
      ]);
    }
    expect(ada[2]?.pod.spec.containers[0]?.["resources"]).toEqual({
      requests: { cpu: 2, memory: 4 * 1024 ** 3, "nvidia.com/gpu": "1" },
      limits: { cpu: 4, memory: 8 * 1024 ** 3, "nvidia.com/gpu": "1" },
    });
  });

  test("gives pods the labels by which policies select them and the hub's access labels admit them", () => {
    const plan = hubPlan(NATIVE);
    const labels = podsOf(version, plan, "ada")["ada"]?.[0]?.pod.metadata.labels ?? {};
    const manifests = hubManifests(plan);
    const selecting = specsOf(manifests, "NetworkPolicy")
      .filter(({ spec }) => selects(spec.podSelector.matchLabels ?? {}, labels))
      .map(({ metadata }) => metadata.name);
    expect(selecting.sort()).toEqual(["server", "server-by-label", "singleuser-internet"]);
    expect(labels).toMatchObject({
      app: "jupyterhub",
      component: "singleuser-server",
      "hub.jupyter.org/network-access-hub": "true",
      "app.kubernetes.io/managed-by": "kubespawner",
    });
    expect(specsOf(manifests, "Service").filter(({ spec }) => selects(spec.selector, labels))).toEqual([]);
  });
});
