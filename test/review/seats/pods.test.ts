import { podAmounts } from "../../../review/seats/pods";

const deployment = (...containers: readonly object[]) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: { template: { spec: { containers } } },
});

test("a pod takes what its containers request, and of those that request nothing their limit, as the scheduler counts", () => {
  const asking = {
    resources: { requests: { cpu: "100m", memory: "64Mi" }, limits: { cpu: 1, memory: "1Gi" } },
  };
  const limited = { resources: { limits: { cpu: "0.3", memory: "128Mi" } } };
  const free = { name: "neither" };
  expect(podAmounts(deployment(asking, limited, free))).toEqual({ cpuMillis: 400, memoryMiB: 192, pods: 1 });
});
