import { parse, parseAllDocuments } from "yaml";
import { identityPrefix } from "../../../../environment/secrets";
import { maskText, requiredReferences } from "../../../../values";
import type { MachinePart } from "../../../../platform/machines/config";
import { mayLabelItself } from "../../../../environment/node-labels";
import { CLUSTER_INIT, INIT, JOIN, NODE_LABELS } from "../../../../platform/machines/kubernetes/paths";
import type { Json } from "../../../environment/configs";
import { fileOf, partOf, planWith, RELEASES } from "./node-plans";

const CONTROL_PLANE = "controlPlane/0";
const WORKER = "workers.general/0";

/** Everything but the scripts, which are files of their own. */
function page(part: MachinePart): string {
  const files = (part.files ?? []).filter(({ path }) => !path.endsWith(".sh"));
  return [
    ...files.map(({ path, owner, mode, delivery, content }) => {
      const apply = delivery.kind === "sealed" ? ` ${JSON.stringify(delivery)}` : "";
      return `# ${path} ${owner} ${mode} ${delivery.kind}${apply}\n${maskText(content)}`;
    }),
    ...(part.units ?? []).map((unit) => `# ${unit.name} ${unit.state}\n${JSON.stringify(unit, null, 2)}`),
    JSON.stringify({ packages: part.packages, commands: part.commands, checks: part.checks }, null, 2),
  ].join("\n");
}

test.each([CONTROL_PLANE, WORKER])("%s of prod", (key) => {
  expect(page(partOf(key, planWith()))).toMatchSnapshot();
});

test.each([CONTROL_PLANE, WORKER])("user data of %s holds no secret but its own identity", (key) => {
  const boot = partOf(key, planWith()).files?.filter(({ delivery }) => delivery.kind === "boot") ?? [];
  const secrets = boot
    .flatMap(({ content }) => requiredReferences(content))
    .filter(({ kind }) => kind === "secret");
  expect(secrets.map(({ name }) => name)).toEqual([
    `${identityPrefix(key)}kubernetes.certificate`,
    `${identityPrefix(key)}kubernetes.key`,
  ]);
});

test("a worker needs nothing that is pushed", () => {
  const part = partOf(WORKER, planWith());
  expect(part.files?.filter(({ delivery }) => delivery.kind === "sealed")).toEqual([]);
  expect(part.units?.flatMap(({ needs }) => needs)).toEqual([]);
});

test("a control plane waits for all that is pushed, and for the volume of etcd", () => {
  const part = partOf(CONTROL_PLANE, planWith());
  const unit = part.units?.find(({ name }) => name === "labstead-kubernetes.service");
  const sealed = part.files?.filter(({ delivery }) => delivery.kind === "sealed").map(({ path }) => path);
  expect(unit?.needs).toEqual(sealed);
  expect(unit?.dropIns?.["10-labstead"]).toContain("Requires=labstead-volume@etcd.service\n");
});

const documents = (part: MachinePart, path: string): readonly Json[] =>
  parseAllDocuments(fileOf(part, path).content).map((each) => each.toJS() as Json);

test("only the file that founds the cluster lets etcd begin with an empty folder", () => {
  const part = partOf(CONTROL_PLANE, planWith());
  expect(fileOf(part, INIT).content).toContain("initial-cluster-state");
  expect(fileOf(part, CLUSTER_INIT).content).not.toContain("initial-cluster-state");
  const [, init] = documents(part, INIT);
  const [, found] = documents(part, CLUSTER_INIT);
  expect({ ...init, etcd: null }).toEqual({ ...found, etcd: null });
});

test("the API is known by its name, its VIP, its floating IP and the ends of a tunnel", () => {
  const [, cluster] = documents(partOf(CONTROL_PLANE, planWith()), INIT);
  expect((cluster?.["apiServer"] as Json)["certSANs"]).toEqual([
    "api.lab.example.org",
    "192.168.3.4",
    "((labstead:address:floating/vip/api))",
    "localhost",
    "127.0.0.1",
  ]);
  expect(cluster?.["controlPlaneEndpoint"]).toBe("192.168.3.4:8888");
});

test.each(Object.entries(RELEASES))("kubeadm's files of %s are in its format", (release, changes) => {
  const join = parse(fileOf(partOf(WORKER, planWith(changes)), JOIN).content) as Json;
  const legacy = release === "1.25";
  expect(join["apiVersion"]).toBe(`kubeadm.k8s.io/${legacy ? "v1beta3" : "v1beta4"}`);
  const flags = (join["nodeRegistration"] as Json)["kubeletExtraArgs"];
  expect(Array.isArray(flags)).toBe(!legacy);
});

test("OIDC, the mode of kube-proxy and the tolerations come from the environment", () => {
  const oidc = { issuer: "https://sso.example.org", clientId: "lab", groupsClaim: "groups" };
  const nodes = { proxyMode: "nftables", notReadySeconds: 60, maxPods: 200 };
  const part = partOf(CONTROL_PLANE, planWith({ people: {}, "cluster.oidc": oidc, "cluster.nodes": nodes }));
  const text = fileOf(part, INIT).content;
  const [, cluster, kubelet, proxy] = documents(part, INIT);
  expect((cluster?.["apiServer"] as Json)["extraArgs"]).toEqual(
    expect.arrayContaining([
      { name: "oidc-issuer-url", value: "https://sso.example.org" },
      { name: "oidc-groups-prefix", value: "oidc:" },
      { name: "default-unreachable-toleration-seconds", value: "60" },
    ]),
  );
  expect(kubelet?.["maxPods"]).toBe(200);
  expect(proxy?.["mode"]).toBe("nftables");
  expect(text).toContain("encryption-provider-config");
});

test("a schedulable control plane has no taint, a worker those of its pool", () => {
  const taints = [{ key: "gpu", value: "yes", effect: "NoSchedule" }];
  const plan = planWith({
    "servers.controlPlane.schedulable": true,
    "servers.workers.general.taints": taints,
  });
  const of = (key: string): unknown =>
    ((parse(fileOf(partOf(key, plan), JOIN).content) as Json)["nodeRegistration"] as Json)["taints"];
  expect(of(CONTROL_PLANE)).toEqual([]);
  expect(of(WORKER)).toEqual(taints);
});

test.each([
  ["disk", true],
  ["example.org/disk", true],
  ["node.kubernetes.io/disk", true],
  ["kubelet.kubernetes.io/disk", true],
  ["node-restriction.kubernetes.io/pool", false],
  ["node-role.kubernetes.io/worker", false],
  ["scheduling.k8s.io/disk", false],
  ["notkubernetes.io/disk", true],
])("whether a kubelet may give itself the label %s: %s", (key, may) => {
  expect(mayLabelItself(key)).toBe(may);
});

test("labels that a kubelet may not give itself are a control plane's to give", () => {
  const labels = { "node-role.kubernetes.io/compute": "yes", "example.org/disk": "fast" };
  const plan = planWith({ "servers.workers.general.labels": labels });
  const given = fileOf(partOf(CONTROL_PLANE, plan), NODE_LABELS).content;
  expect(given.split("\n")[0]).toBe(
    "prod-worker-general-0 node-role.kubernetes.io/compute=yes node-restriction.kubernetes.io/pool=general",
  );
  expect(fileOf(partOf(WORKER, plan), JOIN).content).toContain("value: example.org/disk=fast");
});

test("a server that is no node is a fault of the program", () => {
  expect(() => partOf("gateway/0", planWith())).toThrow("gateway/0 is no Kubernetes node of prod");
});

test("control planes renew their certificates on days of their own", () => {
  const plan = planWith();
  const days = [0, 1, 2].map(
    (slot) =>
      /OnCalendar=.*/.exec(
        partOf(`controlPlane/${String(slot)}`, plan).units?.find(
          ({ name }) => name === "labstead-certificates.timer",
        )?.content ?? "",
      )?.[0],
  );
  expect(days).toEqual([
    "OnCalendar=*-*-01 03:00:00",
    "OnCalendar=*-*-06 03:00:00",
    "OnCalendar=*-*-11 03:00:00",
  ]);
});
