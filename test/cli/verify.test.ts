/** What `labstead verify` would ask of each environment, why a check fails in plain words, and how results are printed. */
import { environments } from "../../catalog";
import { stackFile } from "../../environment/stack-file";
import { verifyPlan, type VerifyPlan } from "../../cli/verify/plan";
import {
  CheckFailure,
  claimReason,
  podReason,
  refusalReason,
  timeReason,
  type ClaimFacts,
  type PodFacts,
} from "../../cli/verify/reasons";
import { claimFacts, eventsOf, podFacts } from "../../cli/verify/read";
import { hasFailed, resultsJson, resultsTable } from "../../cli/verify/report";
import { benchmarkText } from "../../cli/verify/tasks";
import type { CheckResult } from "../../cli/verify/verify";
import { ROOT } from "../environment/configs";

function planOf(stack: string, folder = ".", options: Parameters<typeof verifyPlan>[2] = {}): VerifyPlan {
  const { config, owner } = environments.read(stackFile(`${ROOT}/${folder}`, stack));
  return verifyPlan(
    environments.plan(config, owner),
    { "vip/edge": "203.0.113.7", "vip/api": "203.0.113.7" },
    options,
  );
}

function lines({ checks }: VerifyPlan): readonly string[] {
  return checks.map(({ id, task }) =>
    task.kind === "skipped" ? `${id}: ${task.why}` : `${id}: ${JSON.stringify(task)}`,
  );
}

describe("the checks of an environment follow from its plan", () => {
  test("MK's: the last NodePort of its window through the edge, block and shared claims", () => {
    expect(lines(planOf("managed-kubernetes", "examples", { fio: "registry.example.org/fio:3.38" }))).toEqual(
      [
        'nodePort: {"kind":"nodePort","nodePort":30060,"dial":{"address":"203.0.113.7","port":30060}}',
        'blockClaim: {"kind":"blockClaim","storageClass":"csi-sc-cinderplugin"}',
        'sharedClaim: {"kind":"sharedClaim","storageClass":"nfs","nodeLabel":{"key":"name","value":"worker1"}}',
        'dns: {"kind":"dns","names":["kubernetes.default.svc.cluster.local"]}',
        'ingress: {"kind":"ingress","host":"labstead-verify.k8s.example.org","path":"/labstead-verify","className":"nginx","dial":{"address":"203.0.113.7","port":443}}',
        'benchmark-csi-sc-cinderplugin: {"kind":"benchmark","storageClass":"csi-sc-cinderplugin","mode":"ReadWriteOnce","image":"registry.example.org/fio:3.38"}',
        'benchmark-nfs: {"kind":"benchmark","storageClass":"nfs","mode":"ReadWriteMany","image":"registry.example.org/fio:3.38"}',
      ],
    );
  });

  test("a tenant's: in its own namespace, at its own NodePort and host", () => {
    const plan = planOf("test");
    expect(plan.place).toEqual({ kind: "given", namespace: "testlab" });
    const [nodePort, , , , ingress] = lines(plan);
    expect(nodePort).toContain('"nodePort":30060');
    expect(ingress).toContain('"host":"test-datalabs');
    expect(planOf("prod").place).toEqual({ kind: "own", namespace: "labstead-verify" });
  });

  test("what an environment does not have is left out, with the reason", () => {
    expect(lines(planOf("existing-cluster", "examples")).filter((line) => !line.includes("{"))).toEqual([
      "nodePort: no test window: ports.window is not set",
      "ingress: the address of the ingress controller is not known from here",
      expect.stringMatching(/^benchmark-.*: no image with fio: name one with --fio-image$/),
      expect.stringMatching(/^benchmark-.*: no image with fio: name one with --fio-image$/),
    ]);
  });

  test("--only leaves the others out, by id or by kind", () => {
    const run = (only: readonly string[]): readonly string[] =>
      planOf("prod", ".", { only, fio: "f:1" }).checks.flatMap(({ id, task }) =>
        task.kind === "skipped" ? [] : [id],
      );
    expect(run(["dns", "nodePort"])).toEqual(["nodePort", "dns"]);
    expect(run(["benchmark"])).toEqual(["benchmark-csi-sc-cinderplugin", "benchmark-glusterfs-storage"]);
    expect(lines(planOf("prod", ".", { only: ["dns"] }))[0]).toBe("nodePort: --only names others");
  });

  test("an address that only the cloud knows leaves out what needs it", () => {
    const { config, owner } = environments.read(stackFile(ROOT, "prod"));
    const { plan, claims } = environments.plan(config, owner);
    const vips = plan.vips.map((vip) => ({ ...vip, address: { kind: "assigned", value: "x" } as never }));
    expect(lines(verifyPlan({ plan: { ...plan, vips }, claims }, {}))[0]).toBe(
      "nodePort: the address of window-30054 is not known from here",
    );
  });
});

const POD: PodFacts = { name: "verify-nginx", phase: "Pending", containers: [], warnings: [] };
const CLAIM: ClaimFacts = {
  name: "verify-nfs",
  storageClass: "nfs",
  provisioner: "example.com/nfs",
  events: [],
};
const waiting = (reason: string) => ({
  ...POD,
  containers: [{ name: "a", waiting: { reason, message: "no such host" } }],
});

describe("a pod that does not come is explained", () => {
  test("by its image, at once", () => {
    expect(podReason(waiting("ImagePullBackOff"), "early")).toEqual({
      cause: "image",
      explanation: "the image of pod verify-nginx cannot be pulled (ImagePullBackOff): no such host",
      fix: "check the nodes' way to the registry, or name an image that they reach with --image or --fio-image",
    });
    expect(podReason(waiting("CreateContainerError"), "early")?.cause).toBe("image");
    expect(podReason(waiting("ContainerCreating"), "late")).toBeUndefined();
  });

  test("by its program, at once", () => {
    const terminated = {
      exitCode: 1,
      reason: "Error",
      message: "touch: /mnt/busybox-A: Permission denied\n",
    };
    expect(podReason({ ...POD, containers: [{ name: "a", terminated }] }, "early")).toEqual({
      cause: "program",
      explanation:
        "the program of pod verify-nginx ended with exit code 1: touch: /mnt/busybox-A: Permission denied",
      fix: "its output is in: kubectl logs verify-nginx",
    });
  });

  test("by its node or its volume, when the time is over", () => {
    const unschedulable = "0/4 nodes are available: 4 Insufficient cpu.";
    expect(podReason({ ...POD, unschedulable }, "early")).toBeUndefined();
    expect(podReason({ ...POD, unschedulable }, "late")).toMatchObject({
      cause: "scheduling",
      explanation: "no node takes pod verify-nginx: 0/4 nodes are available: 4 Insufficient cpu.",
    });
    const warnings = [{ reason: "FailedMount", message: "mount.nfs: Connection timed out" }];
    expect(podReason({ ...POD, warnings }, "late")).toMatchObject({
      cause: "volume",
      explanation:
        "the node of pod verify-nginx cannot attach or mount its volume (FailedMount): mount.nfs: Connection timed out",
    });
    expect(podReason(POD, "late")).toBeUndefined();
  });
});

describe("a claim that is not bound is explained", () => {
  test("by a class that does not exist, at once", () => {
    expect(claimReason({ ...CLAIM, provisioner: undefined }, "early")).toMatchObject({
      explanation: "claim verify-nfs waits for the class nfs, which does not exist",
    });
  });

  test("by what its driver says, at once", () => {
    const events = [{ reason: "ProvisioningFailed", message: "quota exceeded" }];
    expect(claimReason({ ...CLAIM, events }, "early")).toMatchObject({
      cause: "volume",
      explanation: "example.com/nfs makes no volume for claim verify-nfs: quota exceeded",
    });
  });

  test("by a driver that nobody runs, when the time is over", () => {
    expect(claimReason(CLAIM, "early")).toBeUndefined();
    expect(claimReason(CLAIM, "late")).toMatchObject({
      cause: "volume",
      explanation:
        "nobody makes a volume for claim verify-nfs: the class nfs waits for example.com/nfs, and no such driver answers",
    });
  });
});

test.each([
  ["ValidatingAdmissionPolicy 'x' denied request: the NodePorts are", 422, "see docs/cluster-rules.md"],
  ['pods "a" is forbidden: violates PodSecurity "restricted:latest"', 403, "Pod Security level"],
  ['pods "a" is forbidden: exceeded quota: namespace-quota', 403, "raise its quota"],
  ['pods is forbidden: User "x" cannot create', 403, "lacks the right"],
  ["spec.ports[0].nodePort: Invalid value: 30060", 422, "the message names the field"],
])("a refusal is explained: %s", (message, status, fix) => {
  const reason = refusalReason("Pod a", status, message);
  expect(reason).toMatchObject({
    cause: "admission",
    explanation: `the API server refuses Pod a: ${message}`,
  });
  expect(reason.fix).toContain(fix);
});

test("facts are read from what the API server answers", () => {
  const pod = {
    metadata: { name: "a" },
    status: {
      phase: "Pending",
      conditions: [{ type: "PodScheduled", status: "False", message: "no node" }],
      containerStatuses: [
        { name: "main", state: { waiting: { reason: "ErrImagePull", message: "m" } } },
        { name: "done", state: { terminated: { exitCode: 3, reason: "Error" } } },
      ],
    },
  };
  expect(podFacts(pod, [])).toEqual({
    name: "a",
    phase: "Pending",
    unschedulable: "no node",
    containers: [
      { name: "main", waiting: { reason: "ErrImagePull", message: "m" } },
      { name: "done", terminated: { exitCode: 3, reason: "Error", message: "" } },
    ],
    warnings: [],
  });
  expect(podFacts({}, []).containers).toEqual([]);
  expect(claimFacts({ metadata: { name: "c" } }, { kind: "Status" }, []).provisioner).toBeUndefined();
  const items = [
    { reason: "B", message: "2", lastTimestamp: "2026-01-02T00:00:00Z" },
    { reason: "A", message: "1", eventTime: "2026-01-01T00:00:00Z" },
  ];
  expect(eventsOf({ items }).map(({ reason }) => reason)).toEqual(["A", "B"]);
});

test("fio's report is one line, and anything else is a failure", () => {
  const side = { iops: 1234.6, bw_bytes: 5_056_921, clat_ns: { mean: 12_345_678 } };
  const output = `fio: a warning\n${JSON.stringify({ jobs: [{ read: side, write: side }] })}`;
  expect(benchmarkText(output)).toBe(
    "read 1235 IOPS, 4.8 MiB/s, 12.3 ms; write 1235 IOPS, 4.8 MiB/s, 12.3 ms",
  );
  expect(() => benchmarkText("sh: fio: not found")).toThrow(CheckFailure);
  expect(() => benchmarkText("sh: fio: not found")).toThrow("fio gives no report: sh: fio: not found");
});

test("results are a table for people, and JSON for programs", () => {
  const results: readonly CheckResult[] = [
    { id: "dns", proves: "names", outcome: { kind: "passed", seconds: 2, seen: "found on w0" } },
    {
      id: "nodePort",
      proves: "a Service",
      outcome: { kind: "failed", seconds: 120, reason: timeReason(120, "a Service") },
    },
    { id: "ingress", proves: "a page", outcome: { kind: "skipped", why: "the environment serves no host" } },
  ];
  expect(resultsTable("prod", results)).toMatchInlineSnapshot(`
    "prod: what was verified
      result   check     s    what it proves
      passed   dns       2    names
      failed   nodePort  120  a Service
      skipped  ingress        a page

      dns: found on w0
      nodePort failed, by its time: a Service was not there after 120 s; look at it with kubectl describe, or give more time with --patience
      ingress is skipped: the environment serves no host
    "
  `);
  expect(hasFailed(results)).toBe(true);
  expect(hasFailed(results.filter(({ outcome }) => outcome.kind !== "failed"))).toBe(false);
  expect(JSON.parse(resultsJson("prod", results))).toMatchObject({
    environment: "prod",
    passed: false,
    checks: [{ id: "dns" }, { outcome: { reason: { cause: "time" } } }, { outcome: { kind: "skipped" } }],
  });
});
