/** Which objects of a cluster nobody declared, as data; and that time grows with their number only. */
import fc from "fast-check";
import { entryKey, parseGroupKind } from "../../../provider/apply-set/entries";
import type { ListedObject } from "../../../provider/kubernetes-api/http-listing";
import { OWNER_LABEL, undeclaredObjects, type ClusterFacts } from "../../../review/drift/objects";

function listed(
  kind: string,
  namespace: string,
  name: string,
  more: Partial<ListedObject> = {},
): ListedObject {
  const groupKind = parseGroupKind(kind);
  const key = entryKey({ ...groupKind, namespace, name });
  return {
    ...{ key, kind: groupKind, namespace, name },
    ...{ labels: {}, annotations: {}, isOwned: false },
    ...more,
  };
}

const FACTS: ClusterFacts = {
  environment: "prod",
  namespaces: new Set(["datalab"]),
  others: new Map([["datalab/theirs/ConfigMap", "test"]]),
  environments: new Set(["test"]),
  kept: new Set(["datalab/home/PersistentVolumeClaim"]),
};

function judged(objects: readonly ListedObject[], declared: readonly string[] = []) {
  const { undeclared, known } = undeclaredObjects(objects, new Set(declared), FACTS);
  return { undeclared: undeclared.map(({ key }) => key), known: Object.fromEntries(known) };
}

test("what nobody declared in the lab's namespaces, or with its label, is found", () => {
  const environment = (name: string) => ({ labels: { "labstead.dev/environment": name } });
  const objects = [
    listed("ConfigMap", "datalab", "stray"),
    listed("ConfigMap", "datalab", "settings"),
    listed("ConfigMap", "elsewhere", "not-ours"),
    listed("ClusterRole.rbac.authorization.k8s.io", "", "left-over", environment("prod")),
    listed("ClusterRole.rbac.authorization.k8s.io", "", "view"),
    listed("ConfigMap", "datalab", "unknown-environment", environment("other")),
    listed("PersistentVolumeClaim", "datalab", "data-db-0"),
  ];
  expect(judged(objects, ["datalab/settings/ConfigMap"])).toEqual({
    undeclared: [
      "datalab/stray/ConfigMap",
      "/left-over/ClusterRole.rbac.authorization.k8s.io",
      "datalab/unknown-environment/ConfigMap",
      "datalab/data-db-0/PersistentVolumeClaim",
    ],
    known: {},
  });
});

test("what controllers, other stacks, hubs, people and Kubernetes made is known", () => {
  const labelled = (key: string, value: string) => ({ labels: { [key]: value } });
  const objects = [
    listed("Pod", "datalab", "web-1", { isOwned: true }),
    listed("StatefulSet.apps", "datalab", "my-db"),
    listed("PersistentVolumeClaim", "datalab", "data-my-db-0"),
    listed("Secret", "datalab", "tls", { annotations: { "cert-manager.io/certificate-name": "tls" } }),
    listed("ConfigMap", "datalab", "theirs"),
    listed("Service", "datalab", "shared", labelled("labstead.dev/environment", "test")),
    listed("Pod", "datalab", "jupyter-ada", labelled("app.kubernetes.io/managed-by", "kubespawner")),
    listed("Pod", "datalab", "try", labelled(OWNER_LABEL, "ada")),
    listed("PersistentVolumeClaim", "datalab", "home"),
    listed("ServiceAccount", "datalab", "default"),
    listed("ConfigMap", "datalab", "kube-root-ca.crt"),
    listed("ConfigMap", "datalab", "lab", labelled("applyset.kubernetes.io/id", "applyset-x-v1")),
  ];
  expect(judged(objects, ["datalab/my-db/StatefulSet.apps"])).toEqual({
    undeclared: [],
    known: {
      controllers: 3,
      "stack test": 2,
      "users of a hub": 1,
      [`people, by ${OWNER_LABEL}`]: 1,
      "data that a set kept": 1,
      Kubernetes: 3,
    },
  });
});

test("of any objects, exactly those are found that are not declared", () => {
  const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 40 }), fc.func(fc.boolean()), (names, isDeclared) => {
      const objects = names.map((each) => listed("Deployment.apps", "datalab", each));
      const declared = objects.map(({ key }) => key).filter((key) => isDeclared(key));
      const { undeclared } = judged(objects, declared);
      expect([...undeclared, ...declared].sort()).toEqual(objects.map(({ key }) => key).sort());
    }),
  );
});

test("takes time in proportion to the objects: 100,000 in seconds", () => {
  const objects = Array.from({ length: 100_000 }, (_, index) =>
    listed(index % 2 === 0 ? "Pod" : "PersistentVolumeClaim", "datalab", `data-user-${String(index)}`),
  );
  const started = Date.now();
  expect(judged(objects).undeclared).toHaveLength(objects.length);
  expect(Date.now() - started).toBeLessThan(5_000);
});
