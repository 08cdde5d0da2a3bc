/** `labstead check --cloud`: what an environment names and needs, against what a project of a cloud is offered. */
import { cloudFindings } from "../../../cli/check/cloud";
import { readCloud } from "../../../cli/check/cloud-facts";
import { findingText } from "../../../environment/findings";
import { lab } from "../../../lab";
import { Session } from "../../../openstack-api/session";
import { changed, configOf, ownerBase, type Changes } from "../../environment/configs";
import { reply, Services } from "../../openstack-api/services";

let services: Services;
let session: Session;
beforeEach(async () => {
  services = new Services();
  services.types = ["compute", "image", "network", "volumev3", "load-balancer"];
  session = new Session(await services.start(), 0);
});
afterEach(() => services.stop());

const NETWORKS = [
  { name: "public", "router:external": true, mtu: 1500 },
  { name: "campus", "router:external": false, mtu: 1400 },
];

const ANSWERS: Readonly<Record<string, object>> = {
  "/flavors/detail": {
    flavors: ["tiny", "small", "medium", "large"].map((name) => ({ name, vcpus: 2, ram: 4096 })),
  },
  "/os-availability-zone": { availabilityZoneInfo: [{ zoneName: "AZ1" }, { zoneName: "AZ2" }] },
  "/limits": {
    limits: { absolute: { maxTotalInstances: 100, maxTotalCores: -1, maxTotalVolumes: 100 } },
  },
  "/v2/images": { images: [{ name: "ubuntu-24.04" }, { name: "debian-12" }] },
  "/v2.0/networks": { networks: NETWORKS },
  "/v2.0/quotas/p1": { quota: { port: 500, floatingip: 50, network: 100 } },
  "/types": { volume_types: [{ name: "ssd" }] },
  "/v2/lbaas/quotas/p1": { quota: { load_balancer: 5 } },
};

function answering(changes: Readonly<Record<string, object>> = {}, broken?: string): void {
  services.answer = ({ url = "" }, response) => {
    const [path = ""] = url.split("?");
    if (path === broken) reply(response, 403, { error: { message: "not for you" } });
    else reply(response, 200, { ...ANSWERS, ...changes }[path] ?? {});
  };
}

const BASE = { "network.externalNetwork": "public" };

async function said(changes: Changes = {}): Promise<readonly string[]> {
  const composed = lab({ config: configOf("lab", changed(ownerBase(), { ...BASE, ...changes })) });
  const findings = cloudFindings(composed, await readCloud(session));
  return findings.map((each) => `${each.severity} ${findingText(each)}`);
}

test("nothing is said of a lab that fits, and nothing but GET is asked", async () => {
  answering();
  expect(await said()).toEqual([]);
  expect(services.requests.filter((each) => !/^GET |auth\/tokens/.test(each))).toEqual([]);
});

test("names that the cloud does not know, each once, with what it has", async () => {
  answering();
  expect(
    await said({
      "servers.workers.general.flavor": "lrge",
      "servers.gateway.flavor": "no such flavor",
      image: "debian-99-of-nobody",
      availabilityZones: ["AZ1", "north"],
      volumeZones: "server",
      "servers.workers.general.volumes.data.type": "tape",
      "network.externalNetwork": "campus",
    }),
  ).toEqual([
    'error image: the project can use no image "debian-99-of-nobody"; write one that it lists: debian-12, ubuntu-24.04',
    'error servers.gateway.flavor: the project can use no flavor "no such flavor"; write one that it lists: large, medium, small, tiny',
    'error availabilityZones: the project can use no zone for servers "north"; write one that it lists: AZ1, AZ2',
    'error servers.workers.general.flavor: the project can use no flavor "lrge"; did you mean large?',
    'error volumeZones: the project can use no zone for volumes "north"; write one that it lists: AZ1, AZ2',
    'error servers.workers.general.volumes.data.type: the project can use no volume type "tape"; write one that it lists: ssd',
    'error network.externalNetwork: the project can use no external network "campus"; write one that it lists: public',
  ]);
});

test("an existing network with a smaller MTU, and one of the same", async () => {
  answering();
  const existing = (name: string, mtu: number): Changes => ({
    network: { kind: "existing", cidr: "10.0.0.0/24", name, subnet: "s", mtu },
    "network.externalNetwork": "public",
  });
  expect(await said(existing("campus", 1450))).toEqual([
    "error network.mtu: 1450 bytes are more than the 1400 of campus, which drops larger packets; write 1400",
  ]);
  expect(await said(existing("campus", 1400))).toEqual([]);
  expect(await said(existing("other", 1400))).toEqual([
    'error network.name: the project can use no network "other"; write one that it lists: campus',
  ]);
});

test("sizes of flavors and limits of the project, at their edges", async () => {
  const sizes = { flavors: { small: { vcpus: 4, ramMiB: 4096 }, medium: { vcpus: 2, ramMiB: 4096 } } };
  answering();
  expect(await said(sizes)).toEqual([
    "warning flavors.small: is 4 vCPUs with 4096 MiB here, and 2 vCPUs with 4096 MiB in the cloud; write the cloud's size",
  ]);
  const { quota } = lab({ config: configOf("lab", changed(ownerBase(), BASE)) });
  const needed = quota.rows.find(({ name }) => name === "instances")?.needed ?? 0;
  const limited = (maxTotalInstances: number): void => {
    answering({ "/limits": { limits: { absolute: { maxTotalInstances } } } });
  };
  limited(needed - 1);
  expect(await said()).toEqual([
    `error quota.instances: the environment needs ${String(needed)}, and the cloud allows the project ${String(needed - 1)}; request a larger quota, or make the environment smaller`,
  ]);
  limited(needed);
  expect(await said()).toEqual([]);
});

test("a service that may not be read is named, and hides no other", async () => {
  answering({}, "/v2/images");
  const lines = await said({ "servers.gateway.flavor": "no such flavor" });
  expect(lines.map((each) => each.split(":")[0])).toEqual(["error servers.gateway.flavor", "info OS_CLOUD"]);
  expect(lines[1]).toMatch(/^info OS_CLOUD: image could not be asked: .*not for you/);
});
