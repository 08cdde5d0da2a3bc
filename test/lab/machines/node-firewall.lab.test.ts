/** The firewall of a worker of prod, with a NodePort that kube-proxy would send to a pod before any input chain sees it. */
import { runs } from "../host/programs";
import { setUp } from "../host/undo";
import { MachineLab } from "./lab";
import type { Machine } from "./machine";
import { Outside } from "./outside";
import { bakedPlan, PlannedMachines } from "./planned-machines";

runs("ip");

const WORKER = "192.168.3.112";
const BALANCER = "192.168.3.18";
const NEIGHBOUR = "192.168.3.12";
const OTHER_NODE = "192.168.3.113";
const POD = "10.244.0.2";

let lab: MachineLab;
let outside: Outside;
let worker: Machine;

setUp(async (undo) => {
  const plan = bakedPlan();
  lab = undo.use(await MachineLab.open(`${plan.network.gatewayIp}/24`));
  outside = undo.use(new Outside(lab.network));
  for (const each of [BALANCER, NEIGHBOUR, OTHER_NODE]) await lab.network.addNeighbour(`${each}/24`);
  await lab.network.addOutside("169.254.169.254");
  outside.serve([{ address: "0.0.0.0", port: 80, says: "outside" }]);
  worker = await new PlannedMachines(lab, plan).up("workers.general/0");
  await makePod();
});

/** A pod that answers on 8080, behind NodePorts 30080 (the plan's) and 30999 (nobody's) and a hostPort 9000. */
async function makePod(): Promise<void> {
  const script = `set -e
ip netns add pod
ip link add pod0 type veth peer name eth0 netns pod
ip addr add 10.244.0.1/24 dev pod0 && ip link set pod0 up
ip -n pod addr add ${POD}/24 dev eth0 && ip -n pod link set eth0 up && ip -n pod link set lo up
ip -n pod route add default via 10.244.0.1
echo 1 > /proc/sys/net/ipv4/ip_forward
nft -f - <<RULES
table ip services {
  chain prerouting { type nat hook prerouting priority dstnat; tcp dport { 30080, 30999, 9000 } dnat to ${POD}:8080; }
  chain postrouting { type nat hook postrouting priority srcnat; ip saddr 10.244.0.0/24 oifname "host0" masquerade; }
}
RULES
mkdir -p /srv/pod && echo pod > /srv/pod/index.html
systemd-run --quiet --unit pod ip netns exec pod python3 -m http.server --directory /srv/pod 8080
for try in $(seq 50); do curl -s http://${POD}:8080/ && exit; sleep 0.2; done; exit 1`;
  await worker.must(["sh", "-c", script]);
}

const get = async (from: string, port: number) =>
  (await outside.get(from, `http://${WORKER}:${String(port)}/`))?.trim();

test("a NodePort of the plan answers its load balancer, and nobody else", async () => {
  expect(await get(BALANCER, 30080)).toBe("pod");
  expect(await get(NEIGHBOUR, 30080)).toBeUndefined();
});

test("a NodePort that the plan does not list answers no one but the cluster's own servers", async () => {
  expect(await get(BALANCER, 30999)).toBeUndefined();
  expect(await get(NEIGHBOUR, 30999)).toBeUndefined();
  expect(await get(OTHER_NODE, 30999)).toBe("pod");
});

test("a hostPort is no way around the firewall", async () => {
  expect(await get(BALANCER, 9000)).toBeUndefined();
});

test("pods are reached by the cluster's servers only", async () => {
  await lab.network.outside(["ip", "route", "add", "10.244.0.0/24", "via", WORKER]);
  const url = `http://${POD}:8080/`;
  expect((await outside.get(OTHER_NODE, url))?.trim()).toBe("pod");
  expect(await outside.get(NEIGHBOUR, url)).toBeUndefined();
});

test("a pod reaches the network, and not the metadata service", async () => {
  const fromPod = (address: string) =>
    worker.run(["ip", "netns", "exec", "pod", "curl", "--silent", "--max-time", "3", `http://${address}/`]);
  expect((await fromPod(NEIGHBOUR)).stdout).toBe("outside");
  expect((await fromPod("169.254.169.254")).code).not.toBe(0);
  expect(await worker.must(["curl", "--silent", "--max-time", "3", "http://169.254.169.254/"])).toBe(
    "outside",
  );
});
