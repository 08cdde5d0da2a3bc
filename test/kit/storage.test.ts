/** Volume claims and storage classes. */
import { Yaml, type ApiObject } from "cdk8s";
import { objectOptions } from "../../deploy/object-options";
import { StorageClass, VolumeClaim, type VolumeClaimProps } from "../../kit";
import type { Manifest } from "../apps/manifests";
import { IDENTITY, objectsOf } from "./rendering";

const CLAIM: VolumeClaimProps = {
  ...IDENTITY,
  namespace: "lab",
  size: "20Gi",
  storageClass: "cinder",
};

function claims(...each: Partial<VolumeClaimProps>[]): Manifest[] {
  return objectsOf((chart) => {
    each.forEach((props, index) => new VolumeClaim(chart, `Claim${index}`, { ...CLAIM, ...props }));
  });
}

function isProtected(props: Partial<VolumeClaimProps>): boolean | undefined {
  let options: ReturnType<typeof objectOptions> = {};
  objectsOf((chart) => {
    const { node } = new VolumeClaim(chart, "Claim", { ...CLAIM, ...props });
    options = objectOptions(node.findChild("Claim") as ApiObject);
  });
  return options.protect;
}

test("a claim as it stands", () => {
  expect(Yaml.stringify(...claims({}))).toMatchInlineSnapshot(`
    "apiVersion: v1
    kind: PersistentVolumeClaim
    metadata:
      labels:
        app.kubernetes.io/component: web
        app.kubernetes.io/managed-by: labstead
        app.kubernetes.io/name: web
        app.kubernetes.io/part-of: lab
        labstead.dev/environment: prod
      name: web
      namespace: lab
    spec:
      accessModes:
        - ReadWriteOnce
      resources:
        requests:
          storage: 20Gi
      storageClassName: cinder
    "
  `);
});

test("who mounts at once, and what the library writes beside it", () => {
  const made = claims({ accessMode: "ReadWriteMany", size: "2Ti" }, { spelling: "full", size: "2Ti" });
  expect(made.map(({ spec }) => spec)).toMatchObject([
    { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "2Ti" } } },
    { volumeMode: "Filesystem", resources: { requests: { storage: "2048Gi" } } },
  ]);
  expect(claims({})[0]?.spec).not.toHaveProperty("volumeMode");
});

test("a claim is never deleted by a change of the program, unless somebody says that it may", () => {
  expect(isProtected({})).toBe(true);
  expect(isProtected({ protect: false })).toBeUndefined();
});

test("mounts refer to it by its name", () => {
  let name = "";
  objectsOf((chart) => {
    name = new VolumeClaim(chart, "Claim", CLAIM).claim.name;
  });
  expect(name).toBe("web");
});

test("a class as it stands, and without what nobody chose", () => {
  const common = { ...IDENTITY, provisioner: "cinder.csi.openstack.org", expandable: false } as const;
  const made = objectsOf((chart) => {
    new StorageClass(chart, "Chosen", {
      ...common,
      parameters: { type: "ssd" },
      mountOptions: ["noatime"],
      reclaimPolicy: "Retain",
      binding: "Immediate",
    });
    new StorageClass(chart, "Least", { ...common, reclaimPolicy: "Delete", binding: "WaitForFirstConsumer" });
  });
  expect(Yaml.stringify(...made)).toMatchInlineSnapshot(`
    "apiVersion: storage.k8s.io/v1
    kind: StorageClass
    metadata:
      labels:
        app.kubernetes.io/component: web
        app.kubernetes.io/managed-by: labstead
        app.kubernetes.io/name: web
        app.kubernetes.io/part-of: lab
        labstead.dev/environment: prod
      name: web
    allowVolumeExpansion: false
    mountOptions:
      - noatime
    parameters:
      type: ssd
    provisioner: cinder.csi.openstack.org
    reclaimPolicy: Retain
    volumeBindingMode: Immediate
    ---
    apiVersion: storage.k8s.io/v1
    kind: StorageClass
    metadata:
      labels:
        app.kubernetes.io/component: web
        app.kubernetes.io/managed-by: labstead
        app.kubernetes.io/name: web
        app.kubernetes.io/part-of: lab
        labstead.dev/environment: prod
      name: web
    allowVolumeExpansion: false
    provisioner: cinder.csi.openstack.org
    reclaimPolicy: Delete
    volumeBindingMode: WaitForFirstConsumer
    "
  `);
});
