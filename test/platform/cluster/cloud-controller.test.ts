/** OpenStack's cloud controller manager: its objects, and what its file says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "cdk8s";
import {
  CloudControllerChart,
  type CloudControllerChartProps,
} from "../../../platform/cluster/cloud-controller/chart";
import { KUBERNETES_VERSIONS } from "../../../environment/schema/cluster";
import { CLOUD_CONTROLLER_IMAGES } from "../../../platform/cluster/cloud-controller/images";
import { maskValues } from "../../../values";
import { changed, configOf, ownerBase, plannedOf, type Changes } from "../../environment/configs";
import { containersOf, ofKind, podOf, renderChart, type Manifest } from "../../apps/manifests";
import { outline } from "../../apps/outline";

const ID = "0f1e2d3c-0000-4000-8000-000000000001";
const AMPHORA = { "cluster.cloud.loadBalancers": { kind: "amphora" } };
const OVN = { "cluster.cloud.loadBalancers": { kind: "ovn", from: ["198.51.100.0/24"] } };

const planOf = (changes: Changes = {}) => plannedOf(configOf("lab", changed(ownerBase(), changes)));

function chart(changes: Changes = {}): readonly Manifest[] {
  const props = planOf(changes).parts["cloud-controller"] as CloudControllerChartProps | undefined;
  if (props === undefined) throw new Error("the plan has no cloud controller");
  return renderChart(new CloudControllerChart(new App(), "cloud-controller", props)).manifests;
}

function fileOf(manifests: readonly Manifest[]): string {
  return maskValues(ofKind(manifests, "Secret")[0]?.stringData?.["cloud.conf"]) as string;
}

function daemon(manifests: readonly Manifest[]): Manifest {
  const [only] = ofKind(manifests, "DaemonSet");
  if (only === undefined) throw new Error("the chart has no DaemonSet");
  return only;
}

test("as it stands", () => {
  expect(outline(chart())).toMatchSnapshot();
});

test("its file without load balancers, and with each provider", () => {
  expect(fileOf(chart())).toMatchSnapshot("none");
  expect(fileOf(chart({ ...AMPHORA, "cluster.cloud.region": 'Region "One" #1' }))).toMatchSnapshot("amphora");
  expect(
    fileOf(
      chart({
        "cluster.cloud.loadBalancers": {
          kind: "ovn",
          from: ["198.51.100.0/24"],
          floatingIps: false,
          monitor: false,
          sharedBy: 4,
          classes: { dmz: { floatingNetworkId: ID, subnetId: ID } },
        },
        "cluster.cloud.authUrl": "https://keystone.example.org:5000/v3",
      }),
    ),
  ).toMatchSnapshot("ovn");
});

test("a new credential starts it again, although no secret is in the pods' template", () => {
  const template = podOf(daemon(chart()));
  const checksum = template.metadata.annotations?.["labstead.dev/config-checksum"];
  expect(checksum).toContain("application-credential/cloud-provider/id");
  expect(JSON.stringify(template)).not.toContain("labstead:secret:");
});

test("its image follows the cluster's version", () => {
  for (const version of KUBERNETES_VERSIONS.filter((each) => each !== "1.25")) {
    const [container] = containersOf(daemon(chart({ "cluster.version": version })));
    expect(container?.image).toBe(
      `${CLOUD_CONTROLLER_IMAGES[version].repository}:${CLOUD_CONTROLLER_IMAGES[version].tag}`,
    );
  }
});

test("an authority of the cloud is beside the file, which names it", () => {
  const authority = readFileSync(join(__dirname, "../../environment/sample-authority.pem"), "utf8");
  const manifests = chart({ "cluster.cloud.authority": authority });
  expect(ofKind(manifests, "Secret")[0]?.stringData?.["ca.crt"]).toBe(authority);
  expect(fileOf(manifests)).toContain('ca-file = "/etc/config/ca.crt"');
});

test("credentials are made with the roles that their users need", () => {
  const roles = (changes: Changes): Readonly<Record<string, readonly string[]>> =>
    Object.fromEntries(
      planOf(changes).plan.applicationCredentials.map(({ key, roles: each }) => [key, each]),
    );
  expect(roles({})).toMatchObject({ "cloud-provider": ["member"], "cinder-csi": ["member"] });
  expect(roles(AMPHORA)).toMatchObject({ "cloud-provider": ["member", "load-balancer_member"] });
  expect(roles({ ...AMPHORA, "cluster.cloud.credentials": { controller: "both", volumes: "both" } })).toEqual(
    {
      cloud: ["member"],
      both: ["member", "load-balancer_member"],
    },
  );
  expect(
    roles({ ...AMPHORA, "applicationCredentials.cloud-provider": { roles: ["creator"] } })["cloud-provider"],
  ).toEqual(["creator"]);
  expect(roles({ "cluster.nodes.cloudProvider": "none" })).not.toHaveProperty("cloud-provider");
});

test("NodePorts are open to amphorae from the subnet, and with OVN to the clients themselves", () => {
  const opened = (changes: Changes): readonly string[] =>
    (planOf(changes).plan.securityGroups.find(({ key }) => key === "workers")?.rules ?? [])
      .map(({ key }) => key)
      .filter((key) => key.includes("30000-32767"));
  expect(opened({})).toEqual([]);
  expect(opened(AMPHORA)).toEqual(["tcp/30000-32767/10.0.0.0/24", "udp/30000-32767/10.0.0.0/24"]);
  expect(opened(OVN)).toEqual(["tcp/30000-32767/198.51.100.0/24", "udp/30000-32767/198.51.100.0/24"]);
});

test("a cluster whose nodes wait for none has none", () => {
  expect(planOf({ "cluster.nodes.cloudProvider": "none" }).parts).not.toHaveProperty("cloud-controller");
});
