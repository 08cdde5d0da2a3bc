/** What a container carries beside probes and security: variables, devices, the folder that it starts in. */
import { ConfigMap, Secret } from "cdk8s-plus-27";
import { Controller, deviceClaims, type ContainerSpec, type Devices } from "../../kit";
import { podOf, workloads } from "../apps/manifests";
import { CONTAINER, IDENTITY, objectsOf } from "./rendering";

function rendered(container: Partial<ContainerSpec>): unknown {
  const objects = objectsOf((chart) => {
    const containers = [{ ...CONTAINER, ...container }];
    new Controller(chart, "Web", { ...IDENTITY, namespace: "lab", replicas: 1, containers });
  });
  const [workload] = workloads(objects);
  return workload && podOf(workload).spec.containers[0];
}

test("all keys of a ConfigMap or a Secret become variables, in the order in which they are given", () => {
  let made: unknown;
  objectsOf((chart) => {
    const configMap = ConfigMap.fromConfigMapName(chart, "ConfigMap", "web-settings");
    const secret = Secret.fromSecretName(chart, "Secret", "web-keys");
    made = rendered({
      workingDirectory: "/srv",
      envFrom: [
        { kind: "configMap", configMap },
        { kind: "secret", secret, prefix: "DB_" },
      ],
    });
  });
  expect(made).toMatchObject({
    workingDir: "/srv",
    envFrom: [{ configMapRef: { name: "web-settings" } }, { prefix: "DB_", secretRef: { name: "web-keys" } }],
  });
});

test("what is not chosen is not written", () => {
  for (const key of ["workingDir", "envFrom"]) expect(rendered({})).not.toHaveProperty(key);
});

test("devices stand in requests and limits alike, and a part claims them by the setting that they come from", () => {
  const devices: Devices = { "nvidia.com/gpu": 1, "example.org/fpga": 2 };
  expect(rendered({ devices })).toMatchObject({
    resources: {
      requests: { cpu: "50m", memory: "128Mi", "nvidia.com/gpu": "1", "example.org/fpga": "2" },
      limits: { cpu: "500m", memory: "512Mi", "nvidia.com/gpu": "1", "example.org/fpga": "2" },
    },
  });
  expect(deviceClaims("apps.hub.gpu", devices)).toEqual([
    { path: "apps.hub.gpu", resource: "nvidia.com/gpu" },
    { path: "apps.hub.gpu", resource: "example.org/fpga" },
  ]);
  // @ts-expect-error the domain of who offers it
  const nameless: Devices = { gpu: 1 };
  expect(nameless).toBeDefined();
});

const NO_NAME =
  "is no name of a device; write the domain of who offers it and its name, such as nvidia.com/gpu";

test.each<[Devices, string]>([
  [{ "Nvidia.com/gpu": 1 }, `web: "Nvidia.com/gpu" ${NO_NAME}`],
  [{ "kubernetes.io/gpu": 1 }, `web: "kubernetes.io/gpu" ${NO_NAME}`],
  [{ "device.kubernetes.io/gpu": 1 }, `web: "device.kubernetes.io/gpu" ${NO_NAME}`],
  [
    { "nvidia.com/gpu": 0 },
    "web: requests 0 of nvidia.com/gpu; a device is not shared, so request 1 or more, or leave it out",
  ],
  [
    { "nvidia.com/gpu": 0.5 },
    "web: requests 0.5 of nvidia.com/gpu; a device is not shared, so request 1 or more, or leave it out",
  ],
])("the devices %j are refused", (devices, message) => {
  expect(() => rendered({ devices })).toThrow(new Error(message));
});
