/** The building blocks of charts: what they refuse, and what they keep stable. */
import { Testing, type Chart } from "cdk8s";
import { Construct } from "constructs";
import fc from "fast-check";
import { address, secret } from "../../values";
import {
  addNeeds,
  ConfigFile,
  image,
  needOf,
  NO_NEED,
  NOBODY,
  ReplicatedService,
  securityLevel,
  SERVICE_RESOURCES,
  type ContainerSpec,
  type ReplicatedServiceProps,
  type Resources,
} from "../../kit";
import { containerResources } from "../../kit/resources";
import { podOf, workloads, type Manifest } from "../apps/manifests";

const IDENTITY = { name: "web", partOf: "lab", component: "web", environment: "prod" } as const;
const PROBE = { kind: "tcp", port: 8080 } as const;
const CONTAINER: ContainerSpec = {
  name: "web",
  image: image("example/web", "1.0.0"),
  ports: { http: 8080 },
  resources: SERVICE_RESOURCES,
  user: NOBODY,
  probes: { kind: "both", readiness: PROBE, liveness: PROBE },
};
const PROPS: ReplicatedServiceProps = {
  ...IDENTITY,
  namespace: "lab",
  replicas: 2,
  containers: [CONTAINER],
  service: { name: "web", port: 80, targetPort: 8080 },
};

function chartOf(build: (chart: Chart) => void): Manifest[] {
  const chart = Testing.chart();
  build(chart);
  return chart.toJson() as Manifest[];
}

function podWith(container: Partial<ContainerSpec>): ReturnType<typeof podOf> {
  const manifests = chartOf((chart) => {
    new ReplicatedService(chart, "Web", { ...PROPS, containers: [{ ...CONTAINER, ...container }] });
  });
  const [workload] = workloads(manifests);
  if (workload === undefined) throw new Error("no workload");
  return podOf(workload);
}

test("a service moved in the code renders the same objects", () => {
  const here = chartOf((chart) => new ReplicatedService(chart, "Web", PROPS));
  const there = chartOf((chart) => new ReplicatedService(new Construct(chart, "Elsewhere"), "Other", PROPS));
  expect(there).toEqual(here);
});

test("one replica has neither a budget nor a spread: both would only stand in a drain's way", () => {
  const kinds = (replicas: number): string[] =>
    chartOf((chart) => new ReplicatedService(chart, "Web", { ...PROPS, replicas })).map(({ kind }) => kind);
  expect(kinds(2)).toEqual(["Deployment", "PodDisruptionBudget", "Service"]);
  expect(kinds(1)).toEqual(["Deployment", "Service"]);
});

test("a request that is not below its limit is refused, whatever the amounts", () => {
  const amount = fc.integer({ min: -2, max: 2000 });
  fc.assert(
    fc.property(amount, amount, (request, limit) => {
      const resources: Resources = {
        request: { cpuMillis: request, memoryMiB: 1 },
        limit: { cpuMillis: limit, memoryMiB: 2 },
      };
      const make = (): unknown => containerResources({ name: "web", resources }, "full");
      if (request > 0 && request < limit) expect(make).not.toThrow();
      else
        expect(make).toThrow(
          `web: cpuMillis requests ${request} of at most ${limit}; request less than the limit`,
        );
    }),
  );
});

test("needs add up in any order", () => {
  const amounts = fc.record({ cpuMillis: fc.nat(4000), memoryMiB: fc.nat(8192) });
  const needs = fc.tuple(
    fc.nat(20),
    fc.array(fc.record({ request: amounts, limit: amounts }), { maxLength: 4 }),
  );
  fc.assert(
    fc.property(fc.array(needs, { maxLength: 6 }), (list) => {
      const sum = (items: typeof list): unknown =>
        items.map((each) => needOf(...each)).reduce(addNeeds, NO_NEED);
      expect(sum(list)).toEqual(sum([...list].reverse()));
    }),
  );
  expect(needOf(3, [SERVICE_RESOURCES])).toEqual({
    pods: 3,
    request: { cpuMillis: 150, memoryMiB: 384 },
    limit: { cpuMillis: 1500, memoryMiB: 1536 },
  });
});

test.each(["latest", "", "1.0 ", "a/b", "v1@sha256"])("the tag %j is refused", (tag) => {
  expect(() => image("example/web", tag)).toThrow("is no fixed tag; name one version, such as 1.2.3");
});

test("a secret is refused in an environment variable and in a ConfigMap; an address is not", () => {
  expect(() => podWith({ env: { TOKEN: `Bearer ${secret("token")}` } })).toThrow(
    "web: TOKEN would hold a secret; put it into a Secret and refer to its key",
  );
  expect(() => podWith({ env: { TOKEN: secret("token").hash(8).toString() } })).toThrow(
    "would hold a secret",
  );
  expect(podWith({ env: { HOST: address("vip.floating").toString() } }).spec.containers[0]?.env).toEqual([
    { name: "HOST", value: "((labstead:address:vip.floating))" },
  ]);
  expect(() =>
    chartOf((chart) => {
      new ConfigFile(chart, "File", {
        ...IDENTITY,
        namespace: "lab",
        content: `password=${secret("token")}`,
      });
    }),
  ).toThrow("ConfigMap lab/web would hold a secret; put it into a Secret");
});

test("a file with a later value gives a checksum that is bound with it", () => {
  const checksum = (content: string): string | undefined => {
    const manifests = chartOf((chart) => {
      const config = new ConfigFile(chart, "File", { ...IDENTITY, namespace: "lab", content });
      const mounts = [{ kind: "config", path: "/etc/web.conf", config }] as const;
      new ReplicatedService(chart, "Web", { ...PROPS, containers: [{ ...CONTAINER, mounts }] });
    });
    const [workload] = workloads(manifests);
    return workload && podOf(workload).metadata.annotations?.["labstead.dev/config-checksum"];
  };
  expect(checksum("a")).toMatch(/^[0-9a-f]{64}$/);
  expect(checksum("a")).not.toBe(checksum("b"));
  expect(checksum(`host=${address("vip.floating")}`)).toMatch(
    /^\(\(labstead:text:.*\{address:vip\.floating\}.*\|hash\)\)$/,
  );
});

test("an exception opens what it names, and says why on the pod", () => {
  const reason = "the image starts as root to change to the user it is given";
  const pod = podWith({
    user: { uid: 0, gid: 0 },
    security: { reason, allow: ["rootUser", "netBindService"] },
  });
  expect(pod.spec.containers[0]?.securityContext).toMatchObject({
    runAsNonRoot: false,
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
  });
  expect(pod.metadata.annotations).toEqual({
    "labstead.dev/security-exception.web": `netBindService, rootUser: ${reason}`,
  });
  expect(securityLevel([{ reason, allow: ["writableRootFilesystem"] }])).toBe("restricted");
  expect(securityLevel([{ reason, allow: ["rootUser"] }])).toBe("baseline");
});

test("low ports are opened inside the pod, not by a capability", () => {
  const manifests = chartOf((chart) => {
    new ReplicatedService(chart, "Web", { ...PROPS, lowPorts: true });
  });
  const [workload] = workloads(manifests);
  expect(workload && podOf(workload).spec.securityContext.sysctls).toEqual([
    { name: "net.ipv4.ip_unprivileged_port_start", value: "0" },
  ]);
});
