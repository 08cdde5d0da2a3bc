/** Who may run as which user, on a real API server: every way to another UID or GID, by everyone who may write pods. */
import { App } from "cdk8s";
import type { Manifest } from "../../deploy/manifest";
import { planCharts } from "../../deploy/plan";
import { UserPodsChart } from "../../apps/user-pods/chart";
import { UserPodsApi } from "../../cli/users/api";
import { listPods, startPod, stopPod } from "../../cli/users/pods";
import { callerOf, userOf } from "../../cli/users/target";
import { parseKubeconfig } from "../../provider/kubernetes-api/kubeconfig";
import { userPodsPlan } from "../apps/user-pods/pods";
import { setUp } from "./host/undo";
import { said, type ApiClient } from "./kubernetes/api-client";
import { ControlPlane } from "./kubernetes/control-plane";
import { applyAll } from "./kubernetes/environments";
import { serviceAccount, untilMay, untilRefused } from "./kubernetes/reviews";

const [ADA, GRACE] = [37214, 37877];
const IMAGE = "registry.example.org/hebi/web:1.4.0";

interface Ids {
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
}
const OWN: Ids = { runAsUser: ADA, runAsGroup: ADA };
const OTHER: Ids = { runAsUser: GRACE, runAsGroup: ADA };

const RESOURCES = {
  requests: { cpu: "10m", memory: "16Mi" },
  limits: { cpu: "100m", memory: "64Mi" },
};

function container(ids: Ids | undefined, name = "main"): object {
  return {
    name,
    image: IMAGE,
    resources: RESOURCES,
    securityContext: {
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      ...ids,
    },
  };
}

/** Admitted of ada, but for what is given. */
function podSpec({
  pod = {},
  main = OWN,
  ...more
}: { pod?: object; main?: Ids; [key: string]: unknown } = {}) {
  return {
    automountServiceAccountToken: false,
    securityContext: {
      seccompProfile: { type: "RuntimeDefault" },
      supplementalGroupsPolicy: "Strict",
      ...pod,
    },
    containers: [container(main)],
    ...more,
  };
}

function object(apiVersion: string, kind: string, content: object): Manifest {
  return { apiVersion, kind, metadata: { name: "probe", namespace: "tux" }, ...content };
}

const LABELS = { app: "probe" };
const template = (spec: object) => ({ metadata: { labels: LABELS }, spec });
const forJob = (spec: object) => template({ restartPolicy: "Never", ...spec });
const selector = { matchLabels: LABELS };

/** Every kind that Kubernetes makes pods from. */
const KINDS: Readonly<Record<string, (spec: object) => Manifest>> = {
  Pod: (spec) => object("v1", "Pod", { spec }),
  PodTemplate: (spec) => object("v1", "PodTemplate", { template: template(spec) }),
  ReplicationController: (spec) =>
    object("v1", "ReplicationController", { spec: { selector: LABELS, template: template(spec) } }),
  ReplicaSet: (spec) => object("apps/v1", "ReplicaSet", { spec: { selector, template: template(spec) } }),
  Deployment: (spec) => object("apps/v1", "Deployment", { spec: { selector, template: template(spec) } }),
  StatefulSet: (spec) =>
    object("apps/v1", "StatefulSet", { spec: { selector, serviceName: "probe", template: template(spec) } }),
  DaemonSet: (spec) => object("apps/v1", "DaemonSet", { spec: { selector, template: template(spec) } }),
  Job: (spec) => object("batch/v1", "Job", { spec: { template: forJob(spec) } }),
  CronJob: (spec) =>
    object("batch/v1", "CronJob", {
      spec: { schedule: "0 * * * *", jobTemplate: { spec: { template: forJob(spec) } } },
    }),
};

const mayNot = (what: string, number: number): string =>
  `ada may not use the ${what} ${number} in tux; it takes the verb use on ${what === "UID" ? "uids" : "gids"}/${number} of labstead.dev`;

/** Every place of a pod in which a user or group can be written, or left to the image. */
const PLACES: readonly (readonly [what: string, spec: object, message: string])[] = [
  ["the UID of a container", podSpec({ main: OTHER }), mayNot("UID", GRACE)],
  ["the UID of the pod", podSpec({ pod: { runAsUser: GRACE } }), mayNot("UID", GRACE)],
  [
    "the UID of an init container",
    podSpec({ initContainers: [container(OTHER, "first")] }),
    mayNot("UID", GRACE),
  ],
  ["a lower UID beside the own one", podSpec({ pod: { runAsUser: 1 } }), mayNot("UID", 1)],
  [
    "a UID between two others",
    podSpec({ pod: { runAsUser: 1 }, initContainers: [container({ ...OWN, runAsUser: 50_000 }, "first")] }),
    "the containers of a pod have at most two users; write one runAsUser for all of them",
  ],
  [
    "no UID, so that the image decides",
    podSpec({ main: { runAsGroup: ADA } }),
    "each container, or its pod, names its user under securityContext.runAsUser; without: main",
  ],
  [
    "no UID of an init container",
    podSpec({ initContainers: [container({ runAsGroup: ADA }, "first")] }),
    "names its user under securityContext.runAsUser; without: first",
  ],
  ["the GID of a container", podSpec({ main: { ...OWN, runAsGroup: GRACE } }), mayNot("GID", GRACE)],
  ["the GID of the pod", podSpec({ pod: { runAsGroup: GRACE } }), mayNot("GID", GRACE)],
  ["root's group", podSpec({ main: { ...OWN, runAsGroup: 0 } }), mayNot("GID", 0)],
  [
    "no GID, which is root's group",
    podSpec({ main: { runAsUser: ADA } }),
    "names its group under securityContext.runAsGroup; without: main",
  ],
  ["the group of volumes", podSpec({ pod: { fsGroup: GRACE } }), mayNot("GID", GRACE)],
  ["a further group", podSpec({ pod: { supplementalGroups: [ADA, GRACE] } }), mayNot("GID", GRACE)],
  [
    "a further group after many own ones",
    podSpec({ pod: { supplementalGroups: [...Array<number>(8).fill(ADA), GRACE] } }),
    "a pod has at most 8 groups in fsGroup and supplementalGroups together",
  ],
  [
    "groups of the image",
    podSpec({ pod: { supplementalGroupsPolicy: "Merge" } }),
    "set securityContext.supplementalGroupsPolicy: Strict of the pod",
  ],
];

describe("users and groups of pods", () => {
  let cluster: ControlPlane;
  let admin: ApiClient;
  let ada: ApiClient;

  setUp(async (undo) => {
    cluster = undo.use(await ControlPlane.start());
    admin = await cluster.client();
    await cluster.startControllers();
    const app = new App();
    new UserPodsChart(
      app,
      "pods",
      userPodsPlan({
        "users.ada.kubernetesUser": "ada",
        "users.grace.kubernetesUser": "grace",
        "volumes.data": { kind: "perUser" },
      }),
    );
    await applyAll(
      admin,
      planCharts(app).objects.map(({ manifest }) => manifest),
    );
    await applyAll(
      admin,
      ["ada", "mallory"].flatMap((user) => [edits(user), ...rightsOn(user, "", "podtemplates")]),
    );
    ada = admin.as({ user: "ada", groups: ["system:authenticated"] });
    undo.later(() => ada.close());
    await untilMay(ada, { verb: "create", resource: "pods", namespace: "tux" });
    await untilMay(ada, {
      verb: "use",
      group: "labstead.dev",
      resource: "uids",
      name: String(ADA),
      namespace: "tux",
    });
    for (const made of Object.values(KINDS))
      await untilRefused(ada, made(podSpec({ main: OTHER })), mayNot("UID", GRACE));
  });

  const kinds = Object.entries(KINDS);

  test.each(
    kinds.flatMap(([kind, made]) =>
      PLACES.map(([what, spec, text]) => [kind, what, made(spec), text] as const),
    ),
  )("a %s is refused for %s", async (_kind, _what, manifest, text) => {
    const answer = await ada.create(manifest, { dryRun: "All" });
    expect(said(answer)).toContain(text);
    expect(said(answer)).toContain("denied request");
  });

  test.each(kinds)("a %s with the own UID and GID is let in", async (_, made) => {
    const groups = { pod: { fsGroup: ADA, supplementalGroups: [ADA] } };
    for (const spec of [podSpec(), podSpec({ ...groups, initContainers: [container(OWN, "first")] })])
      expect(said(await ada.create(made(spec), { dryRun: "All" }))).toBe("201");
  });

  test.each(kinds)("a %s of somebody without any right to a UID is refused", async (_, made) => {
    const mallory = admin.as({ user: "mallory", groups: ["system:authenticated"] });
    const answer = await mallory.create(made(podSpec()), { dryRun: "All" });
    expect(said(answer)).toContain(`mallory may not use the UID ${ADA} in tux`);
    mallory.close();
  });

  test.each([
    ["cronjob", "Job"],
    ["daemon-set", "Pod"],
    ["deployment", "ReplicaSet"],
    ["job", "Pod"],
    ["replicaset", "Pod"],
    ["replication", "Pod"],
    ["statefulset", "Pod"],
  ])("what the %s-controller makes, a %s, was checked before", async (name, kind) => {
    const controller = serviceAccount(admin, "kube-system", `${name}-controller`);
    const made = KINDS[kind]?.(podSpec({ main: OTHER })) as Manifest;
    expect(said(await controller.create(made, { dryRun: "All" }))).toBe("201");
    controller.close();
  });

  test("a service account of the namespace is no controller", async () => {
    await applyAll(admin, [edits("system:serviceaccount:tux:replicaset-controller")]);
    const impostor = serviceAccount(admin, "tux", "replicaset-controller");
    await untilMay(impostor, { verb: "create", resource: "pods", namespace: "tux" });
    const pod = KINDS["Pod"]?.(podSpec({ main: OTHER })) as Manifest;
    expect(said(await impostor.create(pod, { dryRun: "All" }))).toContain(`may not use the UID ${GRACE}`);
    impostor.close();
  });

  test("a user writes no ControllerRevision, from which pods would be made", async () => {
    await applyAll(admin, rightsOn("ada", "apps", "controllerrevisions"));
    await untilMay(ada, { verb: "create", group: "apps", resource: "controllerrevisions", namespace: "tux" });
    const revision = object("apps/v1", "ControllerRevision", {
      revision: 1,
      data: { spec: { template: template(podSpec({ main: OTHER })) } },
    });
    expect(said(await ada.create(revision, { dryRun: "All" }))).toContain(
      "only Kubernetes' own controllers write the content of a ControllerRevision",
    );
  });

  describe("for what runs", () => {
    const patch = async (client: ApiClient, path: string, body: object): Promise<string> =>
      said(await client.ask("PATCH", path, body, "application/strategic-merge-patch+json"));
    const DEPLOYMENT = "/apis/apps/v1/namespaces/tux/deployments";

    setUp(async () => {
      expect(said(await ada.create(KINDS["Pod"]?.(podSpec()) as Manifest))).toBe("201");
      expect(said(await ada.create(KINDS["Deployment"]?.(podSpec()) as Manifest))).toBe("201");
    });

    test("a container for debugging as somebody else, or as the image's user, is refused", async () => {
      await applyAll(admin, rightsOn("ada", "", "pods/ephemeralcontainers"));
      const debugs = {
        verb: "patch",
        resource: "pods",
        subresource: "ephemeralcontainers",
        namespace: "tux",
      };
      await untilMay(ada, debugs);
      const at = "/api/v1/namespaces/tux/pods/probe/ephemeralcontainers";
      const debug = (ids?: Ids) => {
        const { resources: _, ...each } = container(ids, "debug") as { resources: object };
        return { spec: { ephemeralContainers: [each] } };
      };
      expect(await patch(ada, at, debug(OTHER))).toContain(mayNot("UID", GRACE));
      expect(await patch(ada, at, debug({ runAsGroup: ADA }))).toContain(
        "securityContext.runAsUser; without: debug",
      );
      expect(await patch(ada, at, debug(OWN))).toBe("200");
    });

    test("a Deployment that is let in takes no other user afterwards", async () => {
      const at = `${DEPLOYMENT}/probe`;
      const other = { spec: { template: { spec: { containers: [container(OTHER)] } } } };
      expect(await patch(ada, at, other)).toContain(mayNot("UID", GRACE));
      expect(await patch(ada, at, { spec: { replicas: 2 } })).toBe("200");
    });

    test("users start and stop their own pod, and nobody else's", async () => {
      const scale = (client: ApiClient, uid: number): Promise<string> =>
        patch(client, `${DEPLOYMENT}/uid${uid}/scale`, { spec: { replicas: 1 } });
      const starter = admin.as({ user: "ada-without-edit", groups: ["system:authenticated"] });
      await applyAll(admin, [binding("starter", "ada-without-edit", `uid${ADA}`)]);
      await untilMay(starter, {
        verb: "patch",
        group: "apps",
        resource: "deployments",
        subresource: "scale",
        name: `uid${ADA}`,
        namespace: "tux",
      });
      expect(await scale(starter, ADA)).toBe("200");
      expect(await scale(starter, GRACE)).toMatch(/^403 /);
      starter.close();
    });

    test("labstead users needs no other rights than a user has", async () => {
      const plan = userPodsPlan({ "users.grace.kubernetesUser": "grace" });
      const access = parseKubeconfig(await cluster.kubeconfig({ user: "grace" }));
      const api = new UserPodsApi(access, "tux", new AbortController().signal);
      const waiting = { seconds: 3, progress: () => undefined };
      const grace = await callerOf(plan, api);
      // There is no node.
      await expect(startPod(api, grace, waiting)).rejects.toThrow("it has 0 of 1 replicas ready");
      expect(await api.pods(GRACE)).toBe(1);
      expect(await stopPod(api, grace, { ...waiting, seconds: 60 })).toBe(`uid${GRACE} is stopped`);
      expect(await listPods(api, () => callerOf(plan, api))).toEqual([{ uid: GRACE, state: "stopped" }]);
      await expect(startPod(api, userOf(plan, String(ADA)), waiting)).rejects.toThrow(
        `deployments.apps "uid${ADA}" is forbidden`,
      );
    });

    test("the pod of a user is made by Kubernetes, as the user", async () => {
      const path = `/api/v1/namespaces/tux/pods?labelSelector=hebi-user%3D${ADA}`;
      const deadline = Date.now() + 30_000;
      const pods = async () =>
        ((await admin.get(path)).body["items"] ?? []) as {
          spec: {
            containers: { securityContext: Ids }[];
            securityContext: { supplementalGroupsPolicy?: string };
          };
        }[];
      while ((await pods()).length === 0 && Date.now() < deadline)
        await new Promise((done) => setTimeout(done, 200));
      const [pod] = await pods();
      expect(pod?.spec.containers.map(({ securityContext }) => securityContext.runAsUser)).toEqual([
        ADA,
        ADA,
        ADA,
      ]);
      expect(pod?.spec.securityContext.supplementalGroupsPolicy).toBe("Strict");
    });
  });

  test("no expression is doubted by the API server's own check of types", async () => {
    const list = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";
    interface Policy {
      readonly metadata: { readonly name: string };
      readonly status?: { readonly typeChecking?: { readonly expressionWarnings?: readonly object[] } };
    }
    const policies = async () => (await admin.get(list)).body["items"] as readonly Policy[];
    const deadline = Date.now() + 30_000;
    while (
      (await policies()).some(({ status }) => status?.typeChecking === undefined) &&
      Date.now() < deadline
    )
      await new Promise((done) => setTimeout(done, 200));
    const all = await policies();
    expect(all).toHaveLength(5);
    expect(all.map(({ metadata, status }) => [metadata.name, status?.typeChecking])).toEqual(
      all.map(({ metadata }) => [metadata.name, {}]),
    );
  });
});

function binding(name: string, user: string, role: string, kind = "Role"): Manifest {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name, namespace: "tux" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: role },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
  };
}

/** Kubernetes' own role. */
function edits(user: string): Manifest {
  return binding(`edits-${user.replaceAll(":", "-")}`, user, "edit", "ClusterRole");
}

/** On a kind that the role `edit` leaves out. */
function rightsOn(user: string, group: string, resource: string): readonly Manifest[] {
  const name = `${user}-${resource.replace("/", "-")}`;
  return [
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: { name, namespace: "tux" },
      rules: [{ apiGroups: [group], resources: [resource], verbs: ["create", "patch"] }],
    },
    binding(name, user, name),
  ];
}
